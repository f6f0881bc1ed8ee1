"""What the species by formula promise alike, for any parents and settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.brushwork import layout as brushwork
from generation.genespaces.brushwork.sampling import draw as draw_brushwork
from generation.genespaces.brushwork.space import BrushworkSpace
from generation.genespaces.flames import layout as flames
from generation.genespaces.flames.plan import read_plan as read_flame
from generation.genespaces.flames.sampling import draw as draw_flame
from generation.genespaces.flames.space import FlamesSpace
from generation.genespaces.glass import layout as glass
from generation.genespaces.glass.plan import read_plan as read_window
from generation.genespaces.glass.sampling import draw as draw_glass
from generation.genespaces.glass.space import GlassSpace
from generation.genespaces.looks import NEAR
from generation.genespaces.patterns import layout as patterns
from generation.genespaces.patterns.plan import read_plan as read_pattern
from generation.genespaces.patterns.sampling import draw as draw_silk
from generation.genespaces.patterns.sampling import draw_material
from generation.genespaces.patterns.space import PatternsSpace
from generation.genespaces.sculptures import layout as sculptures
from generation.genespaces.sculptures.plan import read_plan as read_sculpture
from generation.genespaces.sculptures.sampling import draw_genes as draw_sculpture
from generation.genespaces.sculptures.space import SculpturesSpace
from generation.refusal import Refused
from tests.generation.genespaces.families import families_of

rates, seeds = st.floats(0, 1), st.integers(0, 2**32)


def draw_pattern(rng: np.random.Generator) -> np.ndarray:
    parts = patterns.unpack(draw_silk(rng))
    added = {"order": 1.0, "material": draw_material(rng), "grain": rng.random()}
    return patterns.pack(parts | added | {"edge": float(rng.integers(2))})


def shares_of_pattern(genes: np.ndarray) -> list[float]:
    plan = read_pattern(genes)
    symmetries = plan.plain + plan.mirror + plan.tile + sum(share for _, share in plan.folds)
    return [symmetries, sum(share for _, share in plan.materials)]


def shares_of_flame(genes: np.ndarray) -> list[float]:
    plan = read_flame(genes)
    return [sum(one.share for one in plan.maps), sum(share for _, share in plan.orders)]


@dataclass(frozen=True)
class Case:
    """A species. shares: sums in what its genes are read as, which are 1. read: its reader."""

    name: str
    space: Any
    layout: Any
    draw: Callable[[np.random.Generator], np.ndarray]
    read: Callable[[np.ndarray], object]
    shares: Callable[[np.ndarray], list[float]]

    @property
    def pool(self) -> list[np.ndarray]:
        return POOLS[self.name]

    def is_sound(self, genes: np.ndarray) -> bool:
        return (
            genes.shape == (self.layout.SIZE,)
            and genes.dtype == np.float32
            and bool(np.isfinite(genes).all())
            and np.allclose(self.shares(genes), 1)
        )


CASES = (
    Case("Patterns", PatternsSpace(), patterns, draw_pattern, read_pattern, shares_of_pattern),
    Case("Flames", FlamesSpace(), flames, draw_flame, flames.unpack, shares_of_flame),
    Case(
        "Sculptures",
        SculpturesSpace(),
        sculptures,
        draw_sculpture,
        read_sculpture,
        lambda genes: [sum(read_sculpture(genes).materials)],
    ),
    Case(
        "Brushwork",
        BrushworkSpace(),
        brushwork,
        draw_brushwork,
        brushwork.unpack,
        lambda genes: [],
    ),
    Case(
        "Glass",
        GlassSpace(),
        glass,
        draw_glass,
        glass.unpack,
        lambda genes: [float(read_window(genes).orders.sum())],
    ),
)
POOLS = {
    case.name: [case.draw(np.random.default_rng(seed)) for seed in range(12)] for case in CASES
}
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_group = pytest.mark.parametrize(
    ("case", "group"),
    [(case, group.key) for case in CASES for group in case.space.groups],
    ids=lambda value: value if isinstance(value, str) else value.name,
)


@each_case
def test_every_gene_has_one_group_and_every_slider_a_group_that_there_is(case: Case):
    places = case.layout.GROUP_PLACES
    assert sorted(np.concatenate(list(places.values()))) == list(range(case.space.size))
    assert list(places) == [group.key for group in case.space.groups]
    assert {slider.group for slider in case.space.sliders} <= set(places)


@each_case
def test_a_work_looks_like_itself_and_no_other(case: Case):
    looks = [case.space.look(genes) for genes in case.pool[:4]]
    assert np.array_equal(looks[0], case.space.look(case.pool[0]))
    apart = [np.linalg.norm(looks[0] - other) for other in looks[1:]]
    twin = case.space.mutate(case.pool[0], 0.02, np.random.default_rng(0))
    near = np.linalg.norm(looks[0] - case.space.look(twin))
    assert near < NEAR < max(apart)


@each_case
def test_genes_of_another_length_are_refused(case: Case):
    with pytest.raises(Refused, match=f"don't belong to the {case.name} species"):
        case.read(np.zeros(7, np.float32))


@each_case
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_blend_is_sound_and_its_parents_have_no_order(case: Case, data):
    parents, weights = data.draw(families_of(case.pool))
    child = case.space.blend(parents, weights)
    assert case.is_sound(child)
    assert np.array_equal(child, case.space.blend(parents[::-1], weights[::-1]))


@each_case
@given(st.data())
@settings(max_examples=30, deadline=None)
def test_a_whole_weight_gives_exactly_that_parent(case: Case, data):
    parents, _ = data.draw(families_of(case.pool))
    index = data.draw(st.integers(0, len(parents) - 1))
    weights = np.eye(len(parents))[index]
    assert np.array_equal(case.space.blend(parents, weights), parents[index])
    crossed = case.space.crossover(parents, weights, np.random.default_rng(0))
    assert np.array_equal(crossed, parents[index])


@each_group
def test_a_group_is_taken_whole_and_alone(case: Case, group: str):
    one, other = case.pool[:2]
    taken = case.space.take_group(one, other, group)
    places = case.layout.GROUP_PLACES[group]
    assert np.array_equal(taken[places], other[places])
    assert np.array_equal(np.delete(taken, places), np.delete(one, places))


@each_case
@given(st.data(), rates, seeds)
@settings(max_examples=40, deadline=None)
def test_a_mutant_is_sound(case: Case, data, rate, seed):
    genes = data.draw(st.sampled_from(case.pool))
    assert case.is_sound(case.space.mutate(genes, rate, np.random.default_rng(seed)))


@each_case
def test_a_higher_rate_leads_further_away_and_rate_zero_nowhere(case: Case):
    first = case.pool[0]

    def mutant(rate: float, seed: int) -> np.ndarray:
        return case.space.mutate(first, rate, np.random.default_rng(seed))

    def distance(rate: float) -> float:
        return float(np.mean([np.linalg.norm(mutant(rate, seed) - first) for seed in range(12)]))

    assert np.array_equal(mutant(0, 1), first)
    distances = [distance(rate) for rate in (0.02, 0.08, 0.2, 0.4, 0.8)]
    assert distances == sorted(distances)


@each_case
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_edits_leave_sound_genes(case: Case, data):
    genes = data.draw(st.sampled_from(case.pool))
    keys = st.sampled_from([slider.key for slider in case.space.sliders])
    for slider, amount in data.draw(st.lists(st.tuples(keys, st.floats(-1, 1)), max_size=12)):
        genes = case.space.edit(genes, slider, amount)
    assert case.is_sound(genes)
