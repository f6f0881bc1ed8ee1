"""The gene space of Flames: what every operator promises, for any parents and settings."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.flames.layout import (
    GROUP_PLACES,
    MAP_PARTS,
    MAPS,
    PLACES,
    SIZE,
    pack,
    unpack,
)
from generation.genespaces.flames.orbit import spread
from generation.genespaces.flames.plan import read_plan
from generation.genespaces.flames.sampling import draw, judge, score, thumbnail
from generation.genespaces.flames.space import FlamesSpace
from tests.generation.genespaces.families import families_of

SPACE = FlamesSpace()
POOL = [draw(np.random.default_rng(seed)) for seed in range(12)]

seeds = st.integers(0, 2**32)


def is_sound(genes: np.ndarray) -> bool:
    """Whether they are genes, and read as a flame."""
    plan = read_plan(genes)
    shares = [sum(one.share for one in plan.maps), sum(share for _, share in plan.orders)]
    return genes.dtype == np.float32 and bool(np.isfinite(genes).all()) and np.allclose(shares, 1)


def test_every_gene_has_one_group():
    assert sorted(np.concatenate(list(GROUP_PLACES.values()))) == list(range(SIZE))
    assert SPACE.size == SIZE == 136


def test_packing_is_the_inverse_of_unpacking():
    assert np.array_equal(pack(unpack(POOL[0])), POOL[0])


def test_a_sample_follows_from_its_generator_and_is_better_than_a_draw():
    one, two, other = (SPACE.sample(np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert is_sound(one)
    assert np.array_equal(one, two) and not np.array_equal(one, other)
    assert min(score(one), score(other)) > np.mean([score(genes) for genes in POOL])


def test_neither_an_empty_picture_nor_dust_nor_a_blob_passes_for_a_flame():
    rng = np.random.default_rng(1)
    across = np.linspace(-1, 1, 48)
    blob = np.exp(-4 * (across**2 + across[:, None] ** 2))
    for light in (np.zeros((48, 48)), rng.uniform(0, 1, (48, 48)), 0.8 * blob):
        assert judge(np.stack([light, light * 0.2, light * 0], axis=-1)) < 0.3


def test_a_blend_melts_from_one_parent_to_the_other():
    for one, two in zip(POOL[:2], POOL[3:5], strict=True):
        ends = np.abs(thumbnail(one) - thumbnail(two)).mean()
        for share in (0.0, 0.5, 0.999):
            near = [SPACE.blend([one, two], [1 - part, part]) for part in (share, share + 0.001)]
            step = np.abs(thumbnail(near[0]) - thumbnail(near[1])).mean()
            assert step < 0.25 * ends


@given(families_of(POOL), seeds)
@settings(max_examples=30, deadline=None)
def test_a_crossover_takes_whole_maps_and_colours(family, seed):
    parents, weights = family
    child = SPACE.crossover(parents, weights, np.random.default_rng(seed))
    assert is_sound(child)
    each, parts = [unpack(genes) for genes in parents], unpack(child)
    for slot in range(MAPS):
        assert any(
            all(np.array_equal(parts[name][slot], one[name][slot]) for name in MAP_PARTS)
            for one in each
        )
    assert any(
        all(np.array_equal(parts[name], one[name]) for name in ("palette", "ground", "tint"))
        for one in each
    )


def test_only_new_species_change_their_symmetry():
    def changed(rate: float) -> int:
        mutants = [SPACE.mutate(POOL[0], rate, np.random.default_rng(seed)) for seed in range(40)]
        gate = PLACES["gate"]
        return sum(not np.array_equal(mutant[gate], POOL[0][gate]) for mutant in mutants)

    assert changed(0.08) == changed(0.2) == 0
    assert changed(0.8) > 4


def test_from_version_4_on_mutants_that_fell_to_dust_are_filled_and_others_are_as_they_were():
    parts = unpack(POOL[8])
    parts["scale"] -= 1.3
    for genes, is_dust in ((pack(parts), True), (POOL[8], False)):
        old, older, new = (
            SPACE.mutate(genes, 0.1, np.random.default_rng(3), version=version)
            for version in (1, 3, 4)
        )
        before, after = (spread(read_plan(mutant)) for mutant in (old, new))
        assert np.array_equal(old, older) and np.array_equal(old, new) != is_dust
        assert 1.5 * before < after if is_dust else before > 150


def test_families_of_twenty_generations_are_still_presentable():
    rng = np.random.default_rng(11)
    pool = POOL
    for _ in range(20):
        pairs = [[pool[index] for index in rng.choice(12, 2, replace=False)] for _ in pool]
        children = [
            SPACE.crossover(pair, [0.5, 0.5], rng)
            if rng.random() < 0.6
            else SPACE.blend(pair, [0.5, 0.5])
            for pair in pairs
        ]
        pool = [SPACE.mutate(child, float(rng.choice([0.08, 0.2, 0.5])), rng) for child in children]
    pictures = [thumbnail(genes) for genes in pool]
    assert np.median([judge(lab) for lab in pictures]) > 0.25
    chroma = [np.hypot(lab[..., 1], lab[..., 2]).max() for lab in pictures]
    assert np.mean(chroma) > 0.08  # The colours have not faded.
