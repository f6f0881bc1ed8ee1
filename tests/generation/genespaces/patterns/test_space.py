"""The gene space of Patterns: what every operator promises, for any parents and settings."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.patterns.layout import GROUP_PLACES, LAYOUT, SIZE, pack, unpack
from generation.genespaces.patterns.sampling import draw, score
from generation.genespaces.patterns.shading import thumbnail
from generation.genespaces.patterns.space import PatternsSpace
from tests.generation.genespaces.families import families_of

SPACE = PatternsSpace()
POOL = [draw(np.random.default_rng(seed)) for seed in range(24)]

rates = st.floats(0, 1)
seeds = st.integers(0, 2**32)


def is_sound(genes: np.ndarray) -> bool:
    return genes.shape == (SIZE,) and genes.dtype == np.float32 and bool(np.isfinite(genes).all())


def test_the_vector_has_1633_genes_and_every_gene_one_group():
    assert SIZE == SPACE.size == 1633
    assert sorted(np.concatenate(list(GROUP_PLACES.values()))) == list(range(SIZE))
    assert [group.label for group in SPACE.groups] == [
        "Shape",
        "Flow",
        "Pattern",
        "Colour",
        "Surface",
    ]


def test_packing_is_the_inverse_of_unpacking():
    assert np.array_equal(pack(unpack(POOL[0])), POOL[0])


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
