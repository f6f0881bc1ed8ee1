"""The gene space of Patterns: what every operator promises, for any parents and settings."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.patterns.layout import (
    GROUP_PLACES,
    LAYOUT,
    MATERIALS,
    OLD_SIZE,
    PLACES,
    SIZE,
    pack,
    unpack,
)
from generation.genespaces.patterns.plan import read_plan
from generation.genespaces.patterns.sampling import draw, score
from generation.genespaces.patterns.shading import thumbnail
from generation.genespaces.patterns.space import PatternsSpace
from generation.refusal import Refused
from tests.generation.genespaces.families import families_of

SPACE = PatternsSpace()
POOL = [draw(np.random.default_rng(seed)) for seed in range(24)]

rates = st.floats(0, 1)
seeds = st.integers(0, 2**32)


def is_sound(genes: np.ndarray) -> bool:
    return (
        genes.shape in ((SIZE,), (OLD_SIZE,))
        and genes.dtype == np.float32
        and bool(np.isfinite(genes).all())
    )


def test_the_vector_has_1642_genes_of_which_older_ones_lack_nine():
    assert SIZE == SPACE.size == 1642 and OLD_SIZE == 1633
    assert sorted(np.concatenate(list(GROUP_PLACES.values()))) == list(range(SIZE))
    assert [group.label for group in SPACE.groups] == [
        "Shape",
        "Flow",
        "Pattern",
        "Colour",
        "Surface",
    ]


def test_packing_is_the_inverse_of_unpacking():
    genes = SPACE.sample(np.random.default_rng(1), version=3)
    assert np.array_equal(pack(unpack(genes)), genes)
    assert np.array_equal(pack(unpack(POOL[0]))[:OLD_SIZE], POOL[0])


def test_a_sample_follows_from_its_generator_and_is_sound():
    one, two, other = (SPACE.sample(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert is_sound(one)
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_blend_keeps_the_strength_of_neurons_and_colours():
    child, one, two = (unpack(genes) for genes in (SPACE.blend(POOL[:2], [0.5, 0.5]), *POOL[:2]))
    for name in ("w0", "w1", "w2", "wo"):
        wanted = (np.linalg.norm(one[name], axis=1) + np.linalg.norm(two[name], axis=1)).sum() / 2
        assert np.linalg.norm(child[name], axis=1).sum() > 0.95 * wanted
    chromas = [np.linalg.norm(parts["palette"][:, 1:], axis=1).sum() for parts in (child, one, two)]
    assert chromas[0] > 0.8 * (chromas[1] + chromas[2]) / 2


@given(families_of(POOL), seeds)
@settings(max_examples=40, deadline=None)
def test_a_crossover_takes_every_gene_from_a_parent(family, seed):
    parents, weights = family
    child = SPACE.crossover(parents, weights, np.random.default_rng(seed))
    assert is_sound(child)
    assert (np.stack(parents) == child).any(axis=0).all()


def test_a_crossover_takes_more_from_the_heavier_parent():
    rng = np.random.default_rng(1)
    shares = [(SPACE.crossover(POOL[:2], [0.8, 0.2], rng) == POOL[0]).mean() for _ in range(60)]
    assert 0.6 < np.mean(shares) < 0.95


@given(st.sampled_from(POOL), rates, seeds)
@settings(max_examples=60, deadline=None)
def test_a_mutant_is_sound_and_keeps_the_norm_of_its_neurons(genes, rate, seed):
    mutant = SPACE.mutate(genes, rate, np.random.default_rng(seed))
    assert is_sound(mutant)
    for name in ("w0", "w1", "w2", "wo"):
        norms = [np.linalg.norm(unpack(each)[name], axis=1) for each in (mutant, genes)]
        assert np.allclose(*norms, rtol=1e-3, atol=2e-3)


def test_only_new_species_change_their_symmetry():
    gate = slice(0, LAYOUT["gate"][0][0])

    def changed(rate: float) -> int:
        mutants = [SPACE.mutate(POOL[0], rate, np.random.default_rng(seed)) for seed in range(40)]
        return sum(not np.array_equal(mutant[gate], POOL[0][gate]) for mutant in mutants)

    assert changed(0.08) == changed(0.2) == 0
    assert changed(0.8) > 10


def test_fifty_breedings_neither_explode_nor_fade():
    rng = np.random.default_rng(7)
    pool = POOL[:8]
    for _ in range(50):
        weights = rng.dirichlet(np.ones(3))
        parents = [pool[index] for index in rng.choice(8, 3, replace=False)]
        child = (
            SPACE.blend(parents, weights)
            if rng.random() < 0.5
            else SPACE.crossover(parents, weights, rng)
        )
        pool[int(rng.integers(8))] = SPACE.mutate(child, float(rng.choice([0.08, 0.2, 0.6])), rng)
    for name in ("w0", "w1", "w2", "wo"):
        first, last = (
            np.mean([np.linalg.norm(unpack(genes)[name], axis=1).mean() for genes in each])
            for each in (POOL, pool)
        )
        assert 0.6 < last / first < 1.5


def test_the_best_of_four_candidates_is_kept():
    sampled = [score(SPACE.sample(np.random.default_rng(seed))) for seed in range(12)]
    drawn = [score(draw(np.random.default_rng(seed))) for seed in range(48)]
    assert np.mean(sampled) > np.mean(drawn) + 0.2
    assert min(sampled) > np.percentile(drawn, 25)


def test_families_of_twenty_five_generations_are_still_presentable():
    rng = np.random.default_rng(11)
    pool = [SPACE.sample(np.random.default_rng(seed)) for seed in range(12)]
    before = np.mean([score(genes) for genes in pool])
    for _ in range(25):
        parents = [[pool[index] for index in rng.choice(12, 2, replace=False)] for _ in pool]
        crossed = rng.random(12) < 0.6
        children = [
            SPACE.crossover(pair, [0.5, 0.5], rng) if is_crossed else SPACE.blend(pair, [0.5, 0.5])
            for pair, is_crossed in zip(parents, crossed, strict=True)
        ]
        pool = [SPACE.mutate(child, float(rng.choice([0.08, 0.2, 0.5])), rng) for child in children]
    pictures = np.stack([thumbnail(genes) for genes in pool])
    assert np.mean([score(genes) for genes in pool]) > before - 0.8
    assert pictures.mean(axis=1).std(axis=(1, 2)).mean() > 0.12  # Not faded to one tone,
    assert (
        np.abs(np.diff(pictures.mean(axis=1), axis=2)).mean() < 0.15
    )  # nor broken up into static.


def with_gate(seed: int, place: int) -> np.ndarray:
    """Older genes of one symmetry."""
    genes = POOL[seed].copy()
    genes[PLACES["gate"]] = np.eye(LAYOUT["gate"][0][0])[place]
    return genes


def shares(genes: np.ndarray) -> np.ndarray:
    """Shares of plain, mirror, tile, and all kaleidoscopes."""
    plan = read_plan(genes)
    return np.array([plan.plain, plan.mirror, plan.tile, sum(share for _, share in plan.folds)])


@pytest.mark.parametrize(("one", "other"), list(combinations((0, 1, 2, 5), 2)))
def test_a_blend_keeps_one_symmetry_in_the_middle_and_changes_it_gradually(one, other):
    parents = [with_gate(0, one), with_gate(1, other)]
    ways = np.linspace(0, 1, 401)
    seen = np.stack([shares(SPACE.blend(parents, [1 - way, way], version=3)) for way in ways])
    assert (seen.max(axis=1) == 1).mean() > 0.75
    assert seen[200].max() == 1
    assert np.abs(np.diff(seen, axis=0)).max() < 0.1


@pytest.mark.parametrize(("one", "other"), [(3, 5), (4, 8), (3, 7)])
def test_between_kaleidoscopes_the_sectors_are_counted(one, other):
    parents = [with_gate(0, one), with_gate(1, other)]
    counts = []
    for way in np.linspace(0, 1, 101):
        folds = read_plan(SPACE.blend(parents, [1 - way, way], version=3)).folds
        assert sum(share for _, share in folds) == pytest.approx(1)
        counts.append(sum(count * share for count, share in folds))
    assert counts == sorted(counts) and counts[50] == int(counts[50])
    assert {count for count in counts if count == int(count)} == set(
        range(int(counts[0]), int(counts[-1]) + 1)
    )


def test_works_without_materials_are_bred_as_before_and_with_new_ones():
    old, new = POOL[:2], SPACE.sample(np.random.default_rng(4), version=3)
    rng = np.random.default_rng(2)
    for version in (1, 2):
        assert len(SPACE.blend(old, [0.5, 0.5], version=version)) == OLD_SIZE
    assert len(SPACE.mutate(old[0], 0.8, rng)) == OLD_SIZE
    assert len(SPACE.crossover(old, [0.5, 0.5], rng)) == OLD_SIZE
    assert len(SPACE.take_group(*old, "surface")) == OLD_SIZE
    assert len(SPACE.edit(old[0], "gloss", 0.5)) == OLD_SIZE
    pair = [old[0], new]
    for child in (
        SPACE.blend(pair, [0.5, 0.5]),
        SPACE.crossover(pair, [0.5, 0.5], rng),
        SPACE.take_group(*pair, "surface"),
        SPACE.take_group(*reversed(pair), "palette"),
    ):
        assert len(child) == SIZE and is_sound(child)
    assert SPACE.chosen(SPACE.take_group(*pair, "surface"), "material") == SPACE.chosen(
        new, "material"
    )


def test_every_material_can_be_chosen_and_the_one_that_is_there_changes_nothing():
    for genes in (POOL[0], SPACE.blend(POOL[:2], [0.5, 0.5], version=3)):
        assert np.array_equal(SPACE.choose(genes, "material", "silk"), genes)
        for material in MATERIALS[1:]:
            chosen = SPACE.choose(genes, "material", material)
            assert SPACE.chosen(chosen, "material") == material
            assert np.array_equal(chosen[: PLACES["material"].start][:OLD_SIZE], genes[:OLD_SIZE])
    with pytest.raises(Refused, match="no material “marble”"):
        SPACE.choose(POOL[0], "material", "marble")
    with pytest.raises(Refused, match="no gene choice “size”"):
        SPACE.chosen(POOL[0], "size")


def test_founders_are_of_all_materials():
    founders = [SPACE.sample(np.random.default_rng(seed), version=3) for seed in range(40)]
    assert {SPACE.chosen(genes, "material") for genes in founders} == set(MATERIALS)
