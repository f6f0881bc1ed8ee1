"""Breeding: purity, exact ends of a blend, masks, broods, and what does not fit the species."""

import numpy as np
import pytest

from generation.breeding import BROOD_SIZE, breed, brood, sample, shares
from generation.genespaces import species
from generation.genome import Genome, Recipe
from generation.refusal import Refused


@pytest.fixture(scope="module")
def parents() -> tuple[Genome, Genome]:
    return sample("patterns", seed=1), sample("patterns", seed=2)


def test_a_sample_follows_from_its_seed_alone():
    assert sample("patterns", seed=5) == sample("patterns", seed=5)
    assert sample("patterns", seed=5) != sample("patterns", seed=6)


def test_the_same_recipe_gives_the_same_child(parents):
    recipe = Recipe("crossover", (0.4, 0.6), mutation_rate=0.2, edits={"hue": 0.3}, seed=9)
    assert breed(parents, recipe) == breed(parents, recipe)


def test_the_ends_of_a_blend_are_the_parents_themselves(parents):
    for index, weights in enumerate([(1.0, 0.0), (0.0, 1.0)]):
        child = breed(parents, Recipe(weights=weights))
        assert np.array_equal(child.genes, parents[index].genes)


def test_weights_count_by_their_proportion(parents):
    assert breed(parents, Recipe(weights=(0.2, 0.2))) == breed(parents, Recipe(weights=(0.9, 0.9)))


def test_a_mask_takes_a_whole_group_from_one_parent(parents):
    space = species("patterns").space
    for group in space.groups:
        child = breed(parents, Recipe(weights=(1.0, 0.0), mask={group.key: 1}))
        expected = space.take_group(parents[0].genes, parents[1].genes, group.key)
        assert np.array_equal(child.genes, expected)
        assert not np.array_equal(child.genes, parents[0].genes)


def test_moving_the_weights_does_not_reshuffle_the_mutation(parents):
    twin = (parents[0], parents[0])
    one = breed(twin, Recipe(weights=(0.3, 0.7), mutation_rate=0.3, seed=4))
    two = breed(twin, Recipe(weights=(0.6, 0.4), mutation_rate=0.3, seed=4))
    assert np.allclose(one.genes, two.genes, atol=1e-4)


def test_unknown_groups_sliders_and_species_are_refused(parents):
    with pytest.raises(Refused, match="no gene group “nose”"):
        breed(parents, Recipe(weights=(1, 1), mask={"nose": 0}))
    with pytest.raises(Refused, match="no gene slider “loudness”"):
        breed(parents, Recipe(weights=(1, 1), edits={"loudness": 1}))
    with pytest.raises(Refused, match="not installed"):
        sample("unicorns", seed=1)


def test_works_of_different_species_are_refused(parents):
    stranger = Genome("people", "d", np.zeros(4))
    with pytest.raises(Refused, match="same species"):
        breed((parents[0], stranger), Recipe(weights=(1, 1)))


def test_a_brood_is_twelve_different_children_that_follow_from_the_recipe(parents):
    recipe = Recipe(weights=(0.5, 0.5), seed=3)
    recipes = brood(recipe, parents=2)
    assert recipes == brood(recipe, parents=2)
    assert len(recipes) == BROOD_SIZE
    assert len({breed(parents, each).identity for each in recipes}) == BROOD_SIZE
    for each in recipes:
        assert Recipe.from_json(each.to_json(), parents=2) == each


def test_a_brood_of_one_parent_varies_that_parent(parents):
    recipes = brood(Recipe(seed=3, weights=(1.0,)), parents=1, count=4)
    assert len({breed(parents[:1], each).identity for each in recipes}) == 4


def test_shares_sum_to_one():
    given, novelty = shares(Recipe(weights=(0.2, 0.6), mutation_rate=0.25), parents=2)
    assert given == pytest.approx((0.25, 0.75))
    assert novelty == 0.25
    assert shares(Recipe("sample"), parents=0) == ((), 1.0)
