"""The gene space of Glass: founders, inheritance, sliders."""

import numpy as np
import pytest

from generation.genespaces.glass.layout import DISCS, GROUP_PLACES, PLACES, SIZE, pack, unpack
from generation.genespaces.glass.plan import read_plan
from generation.genespaces.glass.sampling import EDGE, draw, judge, sketch
from generation.genespaces.glass.space import GlassSpace

SPACE = GlassSpace()
POOL = [draw(np.random.default_rng(seed)) for seed in range(10)]


def test_packing_is_the_inverse_of_unpacking():
    assert SPACE.size == SIZE == len(POOL[0])
    assert np.array_equal(pack(unpack(POOL[0])), POOL[0])


def test_a_sample_follows_from_its_generator_and_is_composed_better_than_a_draw():
    samples = [SPACE.sample(np.random.default_rng(seed)) for seed in (5, 5, 6, 7)]
    assert np.array_equal(samples[0], samples[1]) and not np.array_equal(samples[0], samples[2])
    scores = [judge(sketch(genes)) for genes in samples]
    assert min(scores) > np.mean([judge(sketch(genes)) for genes in POOL])


def test_neither_an_even_sheet_nor_a_bare_wall_nor_darkness_passes():
    even = np.full((EDGE, EDGE, 3), (0.6, 0.08, 0.05))
    wall = even.copy()
    wall[4:12, 4:12] += np.random.default_rng(1).normal(0, 0.2, (8, 8, 3))
    dark = np.random.default_rng(2).normal(0.15, 0.05, even.shape)
    assert max(judge(lab) for lab in (even, wall, dark)) < 0.3


def test_a_crossover_takes_cells_whole_and_each_disc_from_someone():
    for seed in range(12):
        child = SPACE.crossover(POOL[:3], [0.3, 0.3, 0.4], np.random.default_rng(seed))
        for places in (GROUP_PLACES["cells"], *(PLACES[disc] for disc in DISCS)):
            assert any(np.array_equal(child[places], parent[places]) for parent in POOL[:3])


def test_only_new_species_take_a_group_from_a_stranger():
    cells = GROUP_PLACES["cells"]

    def taken(rate: float) -> int:
        """How many of twenty mutants have the cells of the window that their seed draws."""
        return sum(
            np.array_equal(
                SPACE.mutate(POOL[0], rate, np.random.default_rng(seed))[cells],
                draw(np.random.default_rng(seed))[cells],
            )
            for seed in range(20)
        )

    assert taken(0.08) == taken(0.2) == 0 < taken(0.8)


@pytest.mark.parametrize("slider", [slider.key for slider in SPACE.sliders])
def test_a_slider_at_zero_changes_nothing_and_moves_the_plan_both_ways(slider: str):
    moved = np.zeros(2)  # Where a gene is at its end, it can go no further.
    for genes in POOL:
        assert np.array_equal(SPACE.edit(genes, slider, 0), genes)
        low, same, high = (flat(SPACE.edit(genes, slider, amount)) for amount in (-1, 0, 1))
        moved = np.maximum(moved, [np.abs(end - same).max() for end in (low, high)])
    assert moved.min() > 0.015


def flat(genes: np.ndarray) -> np.ndarray:
    """All numbers of a plan in one row."""
    plan = vars(read_plan(genes)).copy()
    arrays = [plan.pop("orders"), plan.pop("colours").ravel()]
    units = [one for unit in plan.values() for one in (unit if isinstance(unit, tuple) else [unit])]
    return np.concatenate([*arrays, *(list(unit.values()) for unit in units)])


def test_families_of_twenty_generations_are_still_lit_and_colourful():
    rng = np.random.default_rng(11)
    pool = POOL
    for _ in range(20):
        pairs = [[pool[index] for index in rng.choice(len(pool), 2, False)] for _ in pool]
        bred = [
            SPACE.crossover(pair, [0.5, 0.5], rng)
            if rng.random() < 0.6
            else SPACE.blend(pair, [0.5, 0.5])
            for pair in pairs
        ]
        pool = [SPACE.mutate(child, float(rng.choice([0.08, 0.2, 0.5])), rng) for child in bred]
    sketches = [sketch(genes) for genes in pool]
    assert np.median([judge(lab) for lab in sketches]) > 0.3
    assert np.mean([np.hypot(lab[..., 1], lab[..., 2]).max() for lab in sketches]) > 0.08
