"""Pedigrees: the whole way from published works to a child, walked again by the server."""

import json

import pytest

from generation.breeding import breed, sample
from generation.genome import Recipe
from generation.pedigree import MAX_STEPS, Pedigree, Step, grow, inheritance
from generation.refusal import Refused

TWO_BROODS = Pedigree(
    ("a", "b", "c"),
    (
        Step((0, 1), Recipe(weights=(0.25, 0.75), seed=1)),
        Step((3, 2), Recipe(weights=(0.5, 0.5), mutation_rate=0.2, seed=2)),
    ),
)


def test_growing_is_breeding_step_by_step():
    roots = {name: sample("patterns", seed=number) for number, name in enumerate("abc")}
    grown = grow(TWO_BROODS, roots)
    middle = breed([roots["a"], roots["b"]], TWO_BROODS.steps[0].recipe)
    assert grown[3] == middle
    assert grown[-1] == breed([middle, roots["c"]], TWO_BROODS.steps[1].recipe)


def test_shares_multiply_along_the_way_and_sum_to_one():
    given, novelty = inheritance(TWO_BROODS)
    assert given == pytest.approx({"a": 0.125, "b": 0.375, "c": 0.5})
    assert novelty == pytest.approx(0.2)


def test_a_root_without_a_share_is_no_parent():
    given, _ = inheritance(Pedigree(("a", "b"), (Step((0, 1), Recipe(weights=(1.0, 0.0))),)))
    assert given == {"a": 1.0}


def test_it_survives_its_json():
    assert Pedigree.from_json(json.loads(json.dumps(TWO_BROODS.to_json()))) == TWO_BROODS


def step(parents=(0,), recipe=None) -> dict:
    return {"parents": list(parents), "recipe": recipe or {}}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("ab", "JSON object"),
        ({"roots": ["a"], "genes": []}, "keys roots and steps"),
        ({"roots": []}, "1 to 16 roots"),
        ({"roots": [f"r{n}" for n in range(1000)]}, "1 to 16 roots"),
        ({"roots": ["a", 3]}, "name of a work"),
        ({"roots": ["a", "a"]}, "appears twice"),
        ({"roots": ["a"], "steps": [step()] * (MAX_STEPS + 1)}, "at most 64 steps"),
        ({"roots": ["a"], "steps": [step([1])]}, "does not come before"),
        ({"roots": ["a"], "steps": [step([-1])]}, "does not come before"),
        ({"roots": ["a"], "steps": [step([])]}, "1 to 4 parents"),
        ({"roots": ["a", "b"], "steps": [step([0, 0])]}, "appears twice"),
        ({"roots": ["a"], "steps": [step([0], {"weights": [2]})]}, "from 0 to 1"),
        ({"roots": ["a"], "steps": ["x"]}, "keys parents and recipe"),
    ],
)
def test_a_malformed_pedigree_is_refused_with_the_fix(data, sentence):
    with pytest.raises(Refused, match=sentence):
        Pedigree.from_json(data)
