"""Breeding: purity, exact ends of a blend, masks, broods, and what does not fit the species."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from generation.breeding import (
    BROOD_SIZE,
    FIRST_FRESH,
    FRESH_COUNT,
    breed,
    brood,
    sample,
    shares,
)
from generation.checkpoints import find
from generation.genespaces import species
from generation.genespaces.cloth.space import ClothedSpace
from generation.genespaces.latent import LatentSpace
from generation.genome import NEWEST, Genome, Recipe
from generation.refusal import Refused

# SHA-256 of the genes of founder 5.
OLD_FOUNDERS = {
    "patterns": "eb5d353d69e0607e2b133183aadfe3add2b2784594c2d6b1889896c8f059a271",
    "things": "6b572ecb907c82744fc506739967dc416efc3c2901bd568c241441a6ac079034",
}


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


@pytest.mark.parametrize("key", ["people", "creatures", "garments", "things"])
def test_a_stored_recipe_grows_the_child_of_its_own_version(key):
    """Version 1 is what recipes meant that name none: the tidied parabola through the midpoints."""
    roots = [sample(key, seed=seed) for seed in range(3)]
    stored = {"operator": "blend", "weights": [0.5, 0.3, 0.2], "mutation_rate": 0.1, "seed": 7}
    old = Recipe.from_json(stored, parents=3)
    assert old.to_json() == stored
    kind = species(key)
    form = kind.space.form if isinstance(kind.space, ClothedSpace) else kind.space
    assert isinstance(form, LatentSpace)
    between = form._statistics.blend(
        np.stack([root.genes for root in roots]), np.array([0.5, 0.3, 0.2], np.float32)
    )
    mutated = kind.space.mutate(between, 0.1, np.random.default_rng([7, 2]))
    assert np.array_equal(breed(roots, old).genes, mutated)
    new = Recipe.from_json(stored | {"version": NEWEST}, parents=3)
    assert Recipe.from_json(new.to_json(), parents=3) == new
    assert not np.array_equal(breed(roots, new).genes, mutated)
    assert shares(new, parents=3) == shares(old, parents=3)
    assert all(child.version == NEWEST for child in brood(new, parents=3))
    assert all("version" not in child.to_json() for child in brood(old, parents=3))


@pytest.mark.parametrize(("key", "newest"), [("patterns", 2), ("tunes", NEWEST)])
def test_what_a_version_does_not_change_stays_the_same(key, newest):
    roots = [sample(key, seed=seed) for seed in range(3)]
    old, new = (Recipe(weights=(0.5, 0.3, 0.2), version=version) for version in (1, newest))
    assert breed(roots, old) == breed(roots, new)


@pytest.mark.parametrize("key", OLD_FOUNDERS)
def test_a_founder_that_works_were_bred_from_stays_the_same(key):
    old = sample(key, seed=5)
    assert hashlib.sha256(old.genes.tobytes()).hexdigest() == OLD_FOUNDERS[key]


def test_the_number_of_a_founder_says_how_it_is_drawn():
    old, fresh = sample("patterns", seed=5), sample("patterns", seed=FIRST_FRESH + 5)
    assert len(old.genes) < len(fresh.genes)
    assert fresh == sample("patterns", seed=FIRST_FRESH + 5)
    assert len(sample("patterns", seed=FIRST_FRESH + FRESH_COUNT).genes) == len(old.genes)


def test_a_fresh_thing_has_its_whole_form_from_one_drawing():
    genes = load_file(find("things").weights)["anchors"].astype(np.float32)
    form = slice(0, 3 * 64)  # The first three genes; the other two are colour and detail.
    for number in range(8):
        fresh = sample("things", seed=FIRST_FRESH + number).genes
        # Some drawings are there in several colours, whose forms are the same.
        sources = np.flatnonzero((genes[:, form] == fresh[form]).all(1))
        assert len(sources)
        assert not (genes[sources, form.stop :] == fresh[form.stop :]).all(1).any()


def test_the_bench_asks_for_the_newest_version():
    script = Path(__file__).parents[2] / "static/js/bench/pedigree.js"
    assert f"const NEWEST = {NEWEST};" in script.read_text(encoding="utf-8")


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
