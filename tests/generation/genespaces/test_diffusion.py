"""The genes of diffusion species: noise that stays noise, and words that breeding carries."""

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from generation.breeding import breed, brood, sample
from generation.genespaces import species
from generation.genespaces.diffusion import NOISES, DiffusionSpace, concepts
from generation.genome import Genome, Recipe
from generation.refusal import Refused
from tests.dreams import SETTINGS_JSON, add_species


@pytest.fixture
def dreams(more_checkpoints) -> Iterator[tuple[Genome, Genome, Genome]]:
    """Three founders of a species that paints from words, with these words."""
    add_species(more_checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    yield tuple(
        sample("dreams", seed=seed, words=words)
        for seed, words in ((1, "a red fox"), (2, "a paper boat"), (3, "a stone"))
    )


def noise_of(genome: Genome) -> np.ndarray:
    return genome.genes[:NOISES]


def length(genome: Genome) -> float:
    return float(np.linalg.norm(noise_of(genome)))


def test_a_founder_has_the_words_asked_for_or_some_of_our_own(dreams):
    assert dreams[0].prompts == (("a red fox", 1.0),)
    assert dreams[0].genes.size == NOISES + 4
    (words, weight) = sample("dreams", seed=1).prompts[0]
    assert words in concepts() and weight == 1
    assert sample("dreams", seed=1) == sample("dreams", seed=1)
    assert sample("dreams", seed=2).prompts != sample("dreams", seed=1).prompts
    # The noise follows from the seed alone, so that one can see what other words do.
    assert np.array_equal(noise_of(sample("dreams", seed=1)), noise_of(dreams[0]))


def test_the_concepts_are_two_hundred_and_all_different():
    assert len(concepts()) == len(set(concepts())) == 200
    assert all(10 <= len(words) <= 80 and words.startswith(("a ", "an ")) for words in concepts())


def test_words_for_a_species_that_takes_none_are_refused():
    with pytest.raises(Refused, match="does not paint from words"):
        sample("patterns", seed=1, words="a red fox")
    assert sample("patterns", seed=1).prompts == ()


@pytest.mark.parametrize("weights", [(0.5, 0.5, 0.0), (0.2, 0.3, 0.5), (0.9, 0.05, 0.05)])
def test_a_blend_is_noise_again_and_has_the_words_of_its_parents(dreams, weights):
    child = breed(dreams, Recipe(weights=weights))
    assert length(child) == pytest.approx(1, abs=1e-6)
    expected = {one.prompts[0][0]: w for one, w in zip(dreams, weights, strict=True) if w}
    assert dict(child.prompts) == pytest.approx(expected)


def test_a_weight_of_one_is_that_parent(dreams):
    child = breed(dreams, Recipe(weights=(0.0, 1.0, 0.0), seed=5))
    assert np.array_equal(child.genes, dreams[1].genes) and child.prompts == dreams[1].prompts


def test_a_walk_between_two_parents_jumps_nowhere(dreams):
    walk = [breed(dreams[:2], Recipe(weights=(1 - x, x))) for x in np.linspace(0, 1, 9)]
    steps = [
        float(np.linalg.norm(noise_of(b) - noise_of(a)))
        for a, b in zip(walk, walk[1:], strict=False)
    ]
    assert max(steps) < 2.5 * min(steps)


def test_opposite_noises_still_give_noise():
    space = DiffusionSpace()
    one = space.sample(np.random.default_rng(1))
    other = np.concatenate([-one[:NOISES], one[NOISES:]])
    child = space.blend([one, other], (0.5, 0.5))
    assert np.isfinite(child).all()
    assert np.linalg.norm(child[:NOISES]) == pytest.approx(1, abs=1e-6)


def test_a_crossover_takes_words_from_one_parent_and_noise_from_another(dreams):
    pairs = set()
    for seed in range(40):
        child = breed(dreams, Recipe("crossover", (0.4, 0.3, 0.3), seed=seed))
        (words,) = [n for n, one in enumerate(dreams) if one.prompts == child.prompts]
        (noise,) = [n for n, one in enumerate(dreams) if np.array_equal(one.genes, child.genes)]
        pairs.add((words, noise))
    assert pairs == {(a, b) for a in range(3) for b in range(3) if a != b}


def test_a_crossover_of_one_parent_is_that_parent(dreams):
    for weights, parents in (((1.0,), dreams[:1]), ((1.0, 0.0), dreams[:2])):
        child = breed(parents, Recipe("crossover", weights, seed=3))
        assert child.prompts == dreams[0].prompts and np.array_equal(child.genes, dreams[0].genes)


def test_a_mask_takes_words_or_composition_whole(dreams):
    child = breed(dreams, Recipe(weights=(0.5, 0.5, 0), mask={"words": 2, "composition": 0}))
    assert child.prompts == dreams[2].prompts
    assert np.array_equal(noise_of(child), noise_of(dreams[0]))


def test_a_graft_goes_with_the_composition_and_counts_by_its_weight(dreams):
    source = sample("patterns", seed=1)
    over = sample("dreams", seed=4, words="a stone", graft=source)
    assert over.grafts == ((source, 1.0),)
    assert over.prompts == (("a stone", 1.0),)
    assert np.array_equal(over.genes, sample("dreams", seed=4).genes)
    plain = dreams[0]
    assert breed([over, plain], Recipe(weights=(0.25, 0.75))).grafts == ((source, 0.25),)
    assert breed([over, plain], Recipe(weights=(1.0, 0.0))).grafts == over.grafts
    assert breed([over, plain], Recipe(weights=(0.0, 1.0))).grafts == ()
    assert breed([over, plain], Recipe(mask={"composition": 0})).grafts == over.grafts
    assert breed([over, plain], Recipe(mask={"composition": 1})).grafts == ()
    assert breed([over], Recipe(weights=(1.0,), mutation_rate=0.8, seed=3)).grafts == over.grafts
    crossed = [breed([over, plain], Recipe("crossover", (0.5, 0.5), seed=n)) for n in range(8)]
    assert {bool(each.grafts) for each in crossed} == {True, False}
    for each in crossed:
        assert bool(each.grafts) is np.array_equal(noise_of(each), noise_of(over))


def test_the_slider_of_the_graft_moves_how_much_of_it_stays(dreams):
    space = species("dreams").space
    assert isinstance(space, DiffusionSpace)
    kept = [
        space.closeness(breed(dreams[:1], Recipe(weights=(1.0,), edits={"graft": amount})).genes)
        for amount in (-1.0, 0.0, 1.0)
    ]
    assert kept == pytest.approx([0.05, 0.5, 0.95])


def test_genes_from_before_there_were_grafts_are_read_and_bred(dreams):
    old = replace(dreams[0], genes=dreams[0].genes[:-1])
    space = species("dreams").space
    assert isinstance(space, DiffusionSpace)
    assert space.closeness(old.genes) == 0.5
    assert space.lora_weights(old.genes) == {"ink": 1, "felt": 1}
    assert np.array_equal(breed([old], Recipe(weights=(1.0,))).genes, old.genes)
    for recipe in (
        Recipe(weights=(0.5, 0.5)),
        Recipe(weights=(1.0, 0.0), mask={"composition": 1, "style": 0}),
        Recipe(weights=(1.0, 0.0), mutation_rate=0.2, edits={"graft": 1.0, "lora-ink": 0.5}),
    ):
        assert np.array_equal(
            breed([old, dreams[1]], recipe).genes, breed([dreams[0], dreams[1]], recipe).genes
        )


def test_only_pictures_can_be_grafted_and_only_onto_what_paints_from_words(dreams):
    with pytest.raises(Refused, match="not a tune"):
        sample("dreams", seed=1, graft=sample("tunes", seed=1))
    with pytest.raises(Refused, match="does not paint from words"):
        sample("patterns", seed=1, graft=dreams[0])


def test_what_is_kept_away_from_goes_with_the_words(dreams):
    away = sample("dreams", seed=4, words="a stone", avoided="text")
    assert away.avoided == (("text", 1.0),) and dreams[0].avoided == ()
    assert np.array_equal(away.genes, sample("dreams", seed=4).genes)
    blended = breed([away, dreams[0]], Recipe(weights=(0.25, 0.75)))
    assert blended.avoided == (("text", 0.25),)
    assert breed([away, dreams[0]], Recipe(mask={"words": 0})).avoided == away.avoided
    assert breed([away, dreams[0]], Recipe(mask={"words": 1})).avoided == ()
    for seed in range(8):
        crossed = breed([away, dreams[0]], Recipe("crossover", (0.5, 0.5), seed=seed))
        assert (crossed.avoided == away.avoided) is (crossed.prompts == away.prompts)


def test_a_mutation_leaves_the_words_and_turns_the_noise(dreams):
    turns = []
    for rate in (0.08, 0.2, 0.4, 1.0):
        child = breed(dreams[:1], Recipe(weights=(1.0,), mutation_rate=rate, seed=5))
        assert child.prompts == dreams[0].prompts
        assert np.array_equal(child.genes[NOISES:], dreams[0].genes[NOISES:])
        assert length(child) == pytest.approx(1, abs=1e-6)
        turns.append(float(noise_of(child) @ noise_of(dreams[0])))
    assert turns == sorted(turns, reverse=True) and turns[0] > 0.98 and turns[-1] < 0.5


def test_a_brood_shows_several_words_and_compositions(dreams):
    recipe = Recipe(weights=(0.5, 0.5), seed=4)
    children = [breed(dreams[:2], each) for each in brood(recipe, parents=2)]
    assert len({child.identity for child in children}) == len(children)
    assert len({child.prompts for child in children}) > 2


def test_sliders_move_guidance_and_loras_and_nothing_else(dreams):
    space = species("dreams").space
    assert isinstance(space, DiffusionSpace)
    assert [slider.key for slider in space.sliders] == [
        "graft",
        "guidance",
        "lora-ink",
        "lora-felt",
    ]
    assert space.guidance(dreams[0].genes) == 5
    assert space.lora_weights(dreams[0].genes) == {"ink": 1, "felt": 1}
    child = breed(dreams[:1], Recipe(weights=(1.0,), edits={"guidance": 1.0, "lora-ink": -1.0}))
    assert space.guidance(child.genes) == 9
    assert space.lora_weights(child.genes) == {"ink": 0, "felt": 1}
    assert np.array_equal(noise_of(child), noise_of(dreams[0]))


def test_sliders_moved_again_and_again_stay_in_reach(dreams):
    space, genes = species("dreams").space, dreams[0].genes
    assert isinstance(space, DiffusionSpace)
    for _ in range(20):
        genes = space.edit(space.edit(genes, "guidance", 1.0), "lora-ink", 1.0)
    assert space.guidance(genes) < 16 and space.lora_weights(genes)["ink"] == 2


def test_a_net_that_compares_nothing_keeps_away_from_nothing(more_checkpoints):
    for number, changes in enumerate(({"guidance": 1}, {"pipeline": "FluxPipeline"})):
        key = f"flat-{number}"
        add_species(more_checkpoints / key, json.dumps(SETTINGS_JSON | changes), key)
        assert sample(key, seed=1, words="a fox").prompts == (("a fox", 1.0),)
        with pytest.raises(Refused, match="cannot keep away from words"):
            sample(key, seed=1, words="a fox", avoided="text")


def test_a_net_that_needs_no_guidance_has_no_slider_for_it():
    space = DiffusionSpace(guidance=1.0)
    assert [slider.key for slider in space.sliders] == ["graft"]
    assert [group.key for group in space.groups] == ["words", "composition"]
    genes = space.edit(space.sample(np.random.default_rng(1)), "guidance", 1.0)
    assert space.guidance(genes) == 1


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{}",
        json.dumps(SETTINGS_JSON | {"guidance": "much"}),
        json.dumps(SETTINGS_JSON | {"steps": 0}),
        json.dumps(SETTINGS_JSON | {"loras": [{}]}),
        json.dumps(SETTINGS_JSON | {"unknown": 1}),
    ],
)
def test_damaged_settings_are_refused(more_checkpoints, stored):
    add_species(more_checkpoints / "dreams", stored)
    with pytest.raises(Refused, match=r"settings\.json\) are missing or damaged"):
        sample("dreams", seed=1)
