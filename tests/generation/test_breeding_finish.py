"""Recipes beyond the genes: finishing, kind and truncation.

They are read strictly, inherited, and preserved by broods.
"""

import json

import numpy as np
import pytest

from gallery.bench.protocol import MAX_TEXT
from generation.breeding import breed, brood, sample
from generation.finishing.steps import MAX_STEPS, STEPS, read_steps
from generation.genespaces import species
from generation.genome import Genome, Recipe
from generation.pedigree import Pedigree, grow
from generation.refusal import Refused

INKED = read_steps([["duotone", {"dark": "#101010"}]])
BALANCED = read_steps([["colour", {"warmth": 0.5}]])


@pytest.fixture(scope="module")
def parents() -> tuple[Genome, Genome]:
    return sample("patterns", seed=1), sample("patterns", seed=2)


def finished(genome: Genome, finishing) -> Genome:
    return Genome(genome.generator, genome.digest, genome.genes, genome.psi, genome.seed, finishing)


def test_a_child_is_finished_as_its_heaviest_parent_unless_the_recipe_says_otherwise(parents):
    a, b = finished(parents[0], INKED), finished(parents[1], BALANCED)
    assert breed((a, b), Recipe(weights=(0.3, 0.7))).finishing == BALANCED
    assert breed((a, b), Recipe(weights=(0.5, 0.5))).finishing == INKED
    assert breed((a, b), Recipe(weights=(0.3, 0.7), finishing=INKED)).finishing == INKED
    assert breed((a, b), Recipe(weights=(0.3, 0.7), finishing=())).finishing == ()


def test_a_recipe_survives_its_short_json(parents):
    recipe = Recipe(
        weights=(1.0,), finishing=(*INKED, *BALANCED), psi=0.4, choices={"kind": "coat"}
    )
    data = json.loads(json.dumps(recipe.to_json()))
    assert data["finishing"] == [["duotone", {"dark": "#101010"}], ["colour", {"warmth": 0.5}]]
    assert Recipe.from_json(data, parents=1) == recipe


@pytest.mark.parametrize(
    ("finishing", "words"),
    [
        ([["gold leaf", {}]], "gold leaf"),
        ([["duotone", {"amount": 2}]], "from 0 to 1"),
        ([["duotone", {"dark": "black"}]], "#7f00ff"),
        ([["style", {"style": "mine"}]], "must be one of"),
        ([["colour", {"loudness": 1}]], "no setting “loudness”"),
        ([["borrowed-style", {}]], "borrow it from a picture again"),
        ([["colour", {}]] * (MAX_STEPS + 1), "at most 8 steps"),
        ("duotone", "must be a list"),
    ],
)
def test_finishing_that_cannot_be_is_refused_in_words(finishing, words):
    with pytest.raises(Refused, match=words):
        Recipe.from_json({"weights": [1], "finishing": finishing}, parents=1)


def test_a_message_with_every_step_changed_stays_within_its_limit():
    steps = [[step.name, {}] for step in STEPS.values() if step.name != "borrowed-style"][
        :MAX_STEPS
    ]
    recipe = Recipe(weights=(1.0,), finishing=read_steps(steps))
    assert (
        len(json.dumps({"id": 2**32 - 1, "recipe": recipe.to_json(), "size": 256})) < MAX_TEXT / 8
    )


def test_a_brood_and_a_pedigree_keep_what_the_recipe_says(parents):
    recipe = Recipe(weights=(0.5, 0.5), finishing=INKED, psi=0.8)
    assert all((child.finishing, child.psi) == (INKED, 0.8) for child in brood(recipe, parents=2))
    pedigree = {"roots": ["a", "b"], "steps": [{"parents": [0, 1], "recipe": recipe.to_json()}]}
    child = grow(Pedigree.from_json(pedigree), parents)[-1]
    assert child == breed(parents, recipe) and child.finishing == INKED


def test_a_choice_that_the_species_lacks_is_refused(parents):
    with pytest.raises(Refused, match="it has material"):
        breed(parents, Recipe(choices={"kind": "coat"}))
    with pytest.raises(Refused, match="it has none"):
        breed([sample("flames", seed=1)], Recipe(weights=(1.0,), choices={"kind": "coat"}))
    with pytest.raises(Refused, match="must be one of"):
        breed([sample("garments", seed=1)], Recipe(weights=(1.0,), choices={"kind": "house"}))


def test_a_garment_becomes_the_kind_that_is_chosen():
    space = species("garments").space
    kind = next(choice for choice in space.choices if choice.key == "kind")
    became = 0
    for seed in range(4):
        parent = sample("garments", seed=seed)
        own = space.chosen(parent.genes, "kind")
        assert np.array_equal(
            breed([parent], Recipe(weights=(1.0,), choices={"kind": own})).genes, parent.genes
        )
        for value, _label in kind.options:
            child = breed([parent], Recipe(weights=(1.0,), choices={"kind": value}))
            became += space.chosen(child.genes, "kind") == value
    # Not all: kinds that look alike (shirt, pullover, coat) have their anchors among each other.
    assert became >= 0.7 * 4 * len(kind.options)


def test_truncation_leads_to_the_typical_and_one_changes_nothing():
    space = species("people").space
    genes = sample("people", seed=3).genes
    assert np.array_equal(space.truncate(genes, 1), genes)
    away = [
        float(np.linalg.norm(space.truncate(genes, psi) - space.truncate(genes, 0)))
        for psi in (0, 0.5, 1, 1.3)
    ]
    assert away[0] == 0 and np.allclose(np.array(away[1:]) / away[2], [0.5, 1, 1.3], atol=1e-3)
