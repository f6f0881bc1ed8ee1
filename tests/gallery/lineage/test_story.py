"""A work's story in plain sentences."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.lineage.story import describe_recipe
from generation.breeding import sample
from generation.finishing.steps import read_steps
from generation.genespaces import species
from generation.genome import Genome, Recipe
from generation.pedigree import Pedigree, Step
from tests.factories import make_artwork, make_genome, make_species

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def test_a_recipe_is_told_in_plain_words():
    one, two = make_artwork(title="Fern"), make_artwork(title="Rust")
    recipe = Recipe(
        "crossover", (0.75, 0.25), mask={"palette": 1}, mutation_rate=0.2, edits={"gloss": 0.3}
    )
    pedigree = Pedigree((one.slug, two.slug), (Step((0, 1), recipe),))
    answer = " ".join(
        describe_recipe(make_artwork(parents=[one, two], pedigree=pedigree.to_json()), VISITOR)
    )
    for words in (
        "“Fern” and “Rust”",
        "75\u202f% “Fern”",
        "Colour comes from “Rust”",
        "20\u202f%",
        "gloss +30\u202f%",
    ):
        assert words in answer


def test_finishing_kind_and_character_are_told_too():
    one = make_artwork(title="Fern")
    finishing = read_steps([["resolution", {}], ["style", {}], ["palette", {}]])
    recipe = Recipe(weights=(1.0,), choices={"kind": "ankle-boot"}, psi=0.5, finishing=finishing)
    pedigree = Pedigree((one.slug,), (Step((0,), recipe),))
    genome = replace(make_genome(), finishing=finishing)
    answer = " ".join(
        describe_recipe(
            make_artwork(parents=[one], genome=genome, pedigree=pedigree.to_json()), VISITOR
        )
    )
    for words in ("ankle boot", "closer to what is typical", "Finished with style and palette."):
        assert words in answer


def test_unpublished_broods_and_fresh_seeds_are_told():
    one = make_artwork(title="Fern")
    steps = (
        Step((0, 1), Recipe(weights=(1.0, 1.0))),
        Step((2,), Recipe(weights=(1.0,), mutation_rate=0.1)),
    )
    pedigree = Pedigree((one.slug, "seed:patterns:3"), steps)
    answer = describe_recipe(make_artwork(pedigree=pedigree.to_json()), VISITOR)
    assert "over 2 broods" in answer[0] and "a new founder" in answer[0]
    seed = Pedigree(("seed:patterns:3",), ())
    assert "It is a founder" in describe_recipe(make_artwork(pedigree=seed.to_json()), VISITOR)[0]
    assert describe_recipe(make_artwork(), VISITOR) == ["How it came about was not recorded."]


def test_a_lead_is_told_by_the_instrument_that_it_is_in_the_style_of_the_tune():
    def story(**choices) -> str:
        kind = species("tunes")
        genes = kind.space.choose(sample("tunes", seed=3).genes, "style", "synth")
        genome = Genome(generator=kind.key, digest=kind.digest, genes=genes, seed=3)
        recipe = Recipe(weights=(1.0,), choices=choices)
        pedigree = Pedigree(("seed:tunes:3",), (Step((0,), recipe),)).to_json()
        tunes = make_species("tunes", medium="music")
        work = make_artwork(genome=genome, species=tunes, pedigree=pedigree)
        return " ".join(describe_recipe(work, VISITOR))

    assert "Lead instrument, chosen by hand: square lead." in story(lead="2")
    assert "Lead instrument, chosen by hand: electric piano." in story(lead="2", style="lofi")
