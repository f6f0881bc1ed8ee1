import numpy as np
import pytest

from generation.finishing.latents import Latents, fit_latents
from generation.finishing.styles import STYLES
from generation.genespaces.tunes import STYLE_KEYS, TunesSpace
from generation.melodies.measures import ATTRIBUTES
from generation.refusal import Refused

Z = 12


def make_latents(*, bank=0):
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((400, Z)) @ rng.standard_normal((Z, Z))
    latents = fit_latents(codes)
    return Latents(latents.mean, latents.root, latents.sample(bank, rng=rng)) if bank else latents


SPACE = TunesSpace(make_latents())


def make_genes(seed=0):
    return SPACE.sample(np.random.default_rng(seed))


def measured(genes):
    """What a listener could tell apart, as plain values."""
    tune = SPACE.read(genes)
    return tune.a.tolist(), tune.b.tolist(), tune.style, tune.key, tune.bpm, tune.lead, tune.sliders


def test_samples_are_valid_varied_and_follow_the_seed():
    tunes = [SPACE.read(make_genes(seed)) for seed in range(60)]
    assert {tune.style for tune in tunes} == set(STYLES)
    assert len({tune.key for tune in tunes}) > 8 and {tune.lead for tune in tunes} == {0, 1, 2, 3}
    assert np.array_equal(make_genes(3), make_genes(3)) and not np.array_equal(
        make_genes(3), make_genes(4)
    )
    assert make_genes().dtype == np.float32 and len(make_genes()) == SPACE.size


def test_phrases_come_from_the_bank_a_little_changed():
    latents = make_latents(bank=5)
    space = TunesSpace(latents)
    tune = space.read(space.sample(np.random.default_rng(1)))
    white = latents.whiten(latents.bank)
    nearest = np.linalg.norm(white - latents.whiten(tune.a), axis=1).min()
    assert 0 < nearest < 0.6 * np.linalg.norm(white, axis=1).mean()


def test_genes_are_written_and_read_again():
    a, b = make_genes()[:Z], make_genes()[Z : 2 * Z]
    tune = SPACE.read(SPACE.write(a, b, style="lofi", key=-3, bpm=70.0, lead=0.6))
    assert np.array_equal(tune.a, a) and np.array_equal(tune.b, b)
    assert (tune.style, tune.key, tune.lead) == ("lofi", -3, 2) and tune.bpm == pytest.approx(
        70, abs=0.01
    )
    with pytest.raises(Refused, match="no style"):
        SPACE.write(a, b, style="polka")


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused):
        SPACE.read(np.zeros(7, dtype=np.float32))


def test_wild_genes_still_give_a_playable_tune():
    for seed in range(20):
        tune = SPACE.read(
            (np.random.default_rng(seed).standard_normal(SPACE.size) * 1e6).astype(np.float32)
        )
        assert (
            -6 <= tune.key <= 5
            and 50 < tune.bpm < 200
            and all(-1 <= value <= 1 for value in tune.sliders.values())
        )


def test_a_blend_with_one_whole_weight_is_that_parent():
    parents = [make_genes(1), make_genes(2)]
    assert np.array_equal(SPACE.blend(parents, [0.0, 1.0]), parents[1])


def test_a_blend_is_heard_between_its_parents():
    parents = [make_genes(1), make_genes(2)]
    child = SPACE.read(SPACE.blend(parents, [0.7, 0.3]))
    first, second = (SPACE.read(parent) for parent in parents)
    assert child.key == first.key and child.style == first.style
    white = [SPACE.latents.whiten(point) for point in (first.a, child.a, second.a)]
    assert 0 < np.linalg.norm(white[1] - white[0]) < np.linalg.norm(white[2] - white[0])


@pytest.mark.parametrize("seed", range(10))
def test_a_crossover_has_every_group_from_a_parent_and_something_of_both(seed):
    parents = [make_genes(1), make_genes(2)]
    child = SPACE.crossover(parents, [0.9, 0.1], np.random.default_rng(seed))

    def sources_of(group):
        return [
            i
            for i, parent in enumerate(parents)
            if np.array_equal(SPACE.take_group(child, parent, group), child)
        ]

    sources = {group.key: sources_of(group.key) for group in SPACE.groups}
    assert all(sources.values())
    assert {index for found in sources.values() for index in found} == {0, 1}


@pytest.mark.parametrize(
    "group", [group.key for group in SPACE.groups if group.key != "expression"]
)
def test_taking_a_group_changes_that_alone(group):
    taken = SPACE.take_group(make_genes(1), make_genes(2), group)
    others = [other.key for other in SPACE.groups if other.key != group]
    assert not np.array_equal(taken, make_genes(1))
    for other in others:
        assert np.array_equal(SPACE.take_group(taken, make_genes(1), other), taken)


def test_mutation_grows_with_its_rate_and_leaves_nothing_at_zero():
    genes = make_genes()
    assert np.array_equal(SPACE.mutate(genes, 0.0, np.random.default_rng(0)), genes)
    plain = SPACE.read(genes)

    def jumps(rate):
        mutants = [
            SPACE.read(SPACE.mutate(genes, rate, np.random.default_rng(seed))) for seed in range(80)
        ]
        return np.mean(
            [
                (t.style != plain.style) + (t.key != plain.key) + (t.lead != plain.lead)
                for t in mutants
            ]
        )

    assert jumps(0.08) < 0.3 < jumps(0.8)


@pytest.mark.parametrize("slider", [slider.key for slider in SPACE.sliders])
def test_every_slider_is_heard_and_does_nothing_at_zero(slider):
    genes = SPACE.write(make_genes()[:Z], make_genes()[Z : 2 * Z], style="folk")
    assert np.array_equal(SPACE.edit(genes, slider, 0.0), genes)
    assert (
        measured(SPACE.edit(genes, slider, -0.8))
        != measured(genes)
        != measured(SPACE.edit(genes, slider, 0.8))
    )


def test_expression_never_leaves_its_range():
    genes = make_genes()
    for name in ATTRIBUTES:
        genes = SPACE.edit(SPACE.edit(genes, name, 1.0), name, 1.0)
    assert set(SPACE.read(genes).sliders.values()) == {1.0}


def test_sliders_and_groups_fit_each_other():
    assert {slider.group for slider in SPACE.sliders} <= {group.key for group in SPACE.groups}
    assert len(STYLE_KEYS) == len(STYLES)


def test_a_choice_sets_style_or_lead_and_nothing_else():
    genes = make_genes(5)
    for choice in SPACE.choices:
        assert np.array_equal(
            SPACE.choose(genes, choice.key, SPACE.chosen(genes, choice.key)), genes
        )
        for value, _label in choice.options:
            chosen = SPACE.choose(genes, choice.key, value)
            assert SPACE.chosen(chosen, choice.key) == value
            assert np.array_equal(chosen[: 2 * Z], genes[: 2 * Z]) and SPACE.read(chosen).bpm > 0
