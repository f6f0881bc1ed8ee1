"""Genome and Recipe: exact storage, identity, and refusal of everything malformed."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.genome import (
    MAX_GRAFT_DEPTH,
    MAX_GRAFTED,
    MAX_SEED,
    Genome,
    Recipe,
    blend_grafts,
    canonical_json,
)
from generation.refusal import Refused

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


def make(genes=(0.5, -1.25, 3.0), **changes) -> Genome:
    return Genome(
        **{
            "generator": "patterns",
            "digest": "d" * 64,
            "genes": np.array(genes, np.float32),
            **changes,
        }
    )


def test_a_stored_genome_comes_back_bit_for_bit():
    genome = make(
        genes=[1 / 3, 1e-30, -7.125],
        psi=0.7,
        seed=MAX_SEED,
        finishing=(("duotone", {"strength": 0.5}),),
    )
    again = Genome.from_json(json.loads(canonical_json(genome.to_json())))
    assert again == genome
    assert again.genes.tobytes() == genome.genes.tobytes()


def test_identity_changes_with_each_part_and_with_nothing_else():
    genome = make()
    assert make().identity == genome.identity
    others = [
        make(genes=[0.5, -1.25, 3.0001]),
        make(psi=0.9),
        make(seed=1),
        make(digest="e" * 64),
        make(generator="x"),
    ]
    assert len({genome.identity, *(other.identity for other in others)}) == 6


def test_grafts_are_stored_whole_and_tell_works_apart():
    source, plain = make(seed=3), make()
    over = make(grafts=((source, 0.5), (plain, 0.5)))
    assert "grafts" not in plain.to_json()
    assert len({plain.identity, over.identity, make(grafts=((source, 1.0),)).identity}) == 3
    again = Genome.from_json(json.loads(canonical_json(over.to_json())))
    assert again == over and list(again.grafted) == [source, plain]


def test_grafts_that_are_too_many_too_heavy_or_too_deep_are_refused():
    plain = make()
    for grafts, match in (
        (((plain, 0.2),) * 5, "at most 4 grafts"),
        (((plain, 0.0),), "above 0"),
        (((plain, math.nan),), "above 0"),
        (((plain, 0.7), (plain, 0.7)), "at most 1"),
    ):
        with pytest.raises(Refused, match=match):
            make(grafts=grafts)
    chain = [plain]
    for _ in range(MAX_GRAFT_DEPTH):
        chain.append(make(grafts=((chain[-1], 1.0),)))
    with pytest.raises(Refused, match="as far as it goes"):
        make(grafts=((chain[-1], 1.0),))
    stored = chain[-1].to_json()
    for _ in range(1000):
        stored = plain.to_json() | {"grafts": [[stored, 1.0]]}
    with pytest.raises(Refused, match="as far as it goes"):
        Genome.from_json(stored)
    broad = make(grafts=tuple((make(seed=n), 0.25) for n in range(4)))
    with pytest.raises(Refused, match=f"at most {MAX_GRAFTED}"):
        make(grafts=((broad, 0.25),) * 4)


@pytest.mark.parametrize("grafts", [3, [1], [["x", 1.0]], [[{}, 1.0]], [[{}]], {"a": 1}])
def test_damaged_grafts_are_refused(grafts):
    with pytest.raises(Refused):
        Genome.from_json(make().to_json() | {"grafts": grafts})


def test_a_blend_of_grafts_is_continuous_in_the_weights():
    a, b = ((make(seed=1), 1.0),), ((make(seed=2), 1.0),)
    assert blend_grafts([a, b], (1.0, 0.0)) == a
    assert dict(blend_grafts([a, b], (0.25, 0.75))) == {a[0][0]: 0.25, b[0][0]: 0.75}
    assert blend_grafts([a, a], (0.25, 0.75)) == a


def test_genes_cannot_be_changed_afterwards():
    source = np.array([1, 2], np.float32)
    genome = make(genes=source)
    source[0] = 9
    assert genome.genes[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        genome.genes[0] = 5


def test_genes_that_are_not_numbers_are_refused():
    with pytest.raises(Refused):
        make(genes=[1.0, math.nan])


@pytest.mark.parametrize(
    "damage", [{"genes": "?"}, {"genes": "AAA"}, {"psi": "x"}, {"finishing": 3}]
)
def test_a_damaged_stored_genome_is_refused(damage):
    with pytest.raises(Refused, match="damaged"):
        Genome.from_json(make().to_json() | damage)


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        ({"surprise": 1}, "unknown keys: surprise"),
        ({"weights": [math.nan, 1]}, "from 0 to 1"),
        ({"weights": [1e9, 1]}, "from 0 to 1"),
        ({"weights": [10**400, 1]}, "from 0 to 1"),
        ({"weights": [-0.1, 1]}, "from 0 to 1"),
        ({"weights": [True, 1]}, "from 0 to 1"),
        ({"weights": [0, 0]}, "above zero"),
        ({"weights": [1]}, "exactly one weight"),
        ({"weights": "half"}, "exactly one weight"),
        ({"mask": {"palette": 2}}, "whole number from 0 to 1"),
        ({"mask": ["palette"]}, "must be an object"),
        ({"mutation_rate": 1.5}, "mutation rate"),
        ({"mutation_rate": "high"}, "mutation rate"),
        ({"edits": {"twist": math.inf}}, "slider twist"),
        ({"edits": {str(n): 0 for n in range(41)}}, "at most 40"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**60}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"psi": 3}, "psi"),
        ({"operator": "clone"}, "operator"),
        ({"version": 5}, "version must be one of 1, 2, 3, 4"),
        ({"version": 2.0}, "version must be one of 1, 2, 3, 4"),
        ({"version": True}, "version must be one of 1, 2, 3, 4"),
        ({"version": [2]}, "version must be one of 1, 2, 3, 4"),
        ({"operator": "sample"}, "no parents"),
        ([], "JSON object"),
        (None, "JSON object"),
    ],
)
def test_a_malformed_recipe_is_refused_with_the_fix(recipe, sentence):
    with pytest.raises(Refused, match=sentence):
        Recipe.from_json(recipe, parents=2)


def test_a_thousand_parents_are_refused():
    with pytest.raises(Refused, match="at most 4 parents"):
        Recipe.from_json({"weights": [0.001] * 1000}, parents=1000)


@given(json_values)
def test_no_json_value_breaks_the_reader(value):
    try:
        recipe = Recipe.from_json(value, parents=2)
    except Refused as refusal:
        assert refusal.sentence.endswith(".")
    else:
        assert sum(recipe.weights) > 0


def test_a_recipe_survives_its_json():
    recipe = Recipe("crossover", (0.25, 0.75), {"palette": 1}, 0.2, {"twist": -0.5}, 77, 0.8)
    assert Recipe.from_json(json.loads(canonical_json(recipe.to_json())), parents=2) == recipe


def test_a_live_recipe_is_about_150_bytes():
    message = {
        "id": 41,
        "recipe": (
            Recipe(weights=(0.35, 0.65), edits={"twist": 0.25, "hue": -0.1}, seed=123456).to_json()
        ),
    }
    assert len(canonical_json(message)) <= 150
