"""What Brushwork and Glass promise alike: their genes are units of scores, and a palette."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from generation.genespaces.brushwork import layout as brushwork
from generation.genespaces.brushwork import sampling as paintings
from generation.genespaces.brushwork.plan import read_plan as read_painting
from generation.genespaces.brushwork.space import BrushworkSpace
from generation.genespaces.glass import layout as glass
from generation.genespaces.glass import sampling as windows
from generation.genespaces.glass.plan import read_plan as read_window
from generation.genespaces.glass.space import GlassSpace


def numbers_of_painting(genes: np.ndarray) -> np.ndarray:
    """All numbers of a plan in one row."""
    plan = vars(read_painting(genes)).copy()
    colours = plan.pop("colours")
    units = [np.ravel(value) for unit in plan.values() for value in unit.values()]
    return np.concatenate([colours.ravel(), *units])


def numbers_of_window(genes: np.ndarray) -> np.ndarray:
    plan = vars(read_window(genes)).copy()
    arrays = [plan.pop("orders"), plan.pop("colours").ravel()]
    units = [one for unit in plan.values() for one in (unit if isinstance(unit, tuple) else [unit])]
    return np.concatenate([*arrays, *(list(unit.values()) for unit in units)])


@dataclass(frozen=True)
class Case:
    """A species. numbers: all numbers of its plan in one row. whole: a group of its genes that is
    inherited whole. figures: units that come from anyone. least: how far each slider moves at least
    one number.
    """

    name: str
    space: Any
    layout: ModuleType
    sampling: ModuleType
    numbers: Callable[[np.ndarray], np.ndarray]
    whole: str
    figures: Sequence[str]
    least: float

    @property
    def pool(self) -> list[np.ndarray]:
        return POOLS[self.name]

    def score(self, genes: np.ndarray) -> float:
        return self.sampling.judge(self.sampling.sketch(genes))


CASES = (
    Case(
        "Brushwork",
        BrushworkSpace(),
        brushwork,
        paintings,
        numbers_of_painting,
        "land",
        brushwork.MASSES,
        0.05,
    ),
    Case("Glass", GlassSpace(), glass, windows, numbers_of_window, "cells", glass.DISCS, 0.015),
)
POOLS = {
    case.name: [case.sampling.draw(np.random.default_rng(seed)) for seed in range(10)]
    for case in CASES
}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_packing_is_the_inverse_of_unpacking(case: Case):
    genes = case.pool[0]
    assert case.space.size == case.layout.SIZE == len(genes)
    assert np.array_equal(case.layout.pack(case.layout.unpack(genes)), genes)


@each_case
def test_a_sample_follows_from_its_generator_and_is_composed_better_than_a_draw(case: Case):
    samples = [case.space.sample(np.random.default_rng(seed)) for seed in (5, 5, 6, 7)]
    assert np.array_equal(samples[0], samples[1]) and not np.array_equal(samples[0], samples[2])
    assert min(map(case.score, samples)) > np.mean([case.score(genes) for genes in case.pool])


@each_case
def test_a_crossover_takes_a_group_whole_and_each_figure_from_someone(case: Case):
    parents, places = case.pool[:3], case.layout.PLACES
    for seed in range(12):
        child = case.space.crossover(parents, [0.3, 0.3, 0.4], np.random.default_rng(seed))
        group = case.layout.GROUP_PLACES[case.whole]
        for some in (group, *(places[figure] for figure in case.figures)):
            assert any(np.array_equal(child[some], parent[some]) for parent in parents)


@each_case
def test_only_new_species_take_a_group_from_a_stranger(case: Case):
    group = case.layout.GROUP_PLACES[case.whole]

    def taken(rate: float) -> int:
        """How many of twenty mutants have the group of the stranger that their seed draws."""
        return sum(
            np.array_equal(
                case.space.mutate(case.pool[0], rate, np.random.default_rng(seed))[group],
                case.sampling.draw(np.random.default_rng(seed))[group],
            )
            for seed in range(20)
        )

    assert taken(0.08) == taken(0.2) == 0 < taken(0.8)


@pytest.mark.parametrize(
    ("case", "slider"),
    [(case, slider.key) for case in CASES for slider in case.space.sliders],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_slider_at_zero_changes_nothing_and_moves_the_plan_both_ways(case: Case, slider: str):
    moved = np.zeros(
        2
    )  # A gene at its end goes no further, and where no swirls are, none is stilled.
    for genes in case.pool:
        assert np.array_equal(case.space.edit(genes, slider, 0), genes)
        low, same, high = (
            case.numbers(case.space.edit(genes, slider, amount)) for amount in (-1, 0, 1)
        )
        moved = np.maximum(moved, [np.abs(end - same).max() for end in (low, high)])
    assert moved.min() > case.least


@each_case
def test_families_of_twenty_generations_are_still_composed_and_colourful(case: Case):
    rng = np.random.default_rng(11)
    pool = case.pool
    for _ in range(20):
        pairs = [[pool[index] for index in rng.choice(len(pool), 2, False)] for _ in pool]
        bred = [
            case.space.crossover(pair, [0.5, 0.5], rng)
            if rng.random() < 0.6
            else case.space.blend(pair, [0.5, 0.5])
            for pair in pairs
        ]
        rates = [float(rng.choice([0.08, 0.2, 0.5])) for _ in bred]
        pool = [
            case.space.mutate(child, rate, rng) for child, rate in zip(bred, rates, strict=True)
        ]
    assert np.median([case.score(genes) for genes in pool]) > 0.3
    sketches = [case.sampling.sketch(genes) for genes in pool]
    assert np.mean([np.hypot(lab[..., 1], lab[..., 2]).max() for lab in sketches]) > 0.08
