"""Titles, tags, descriptions and alternative texts of demo works."""

from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings

from gallery.demo import load
from gallery.demo.beds import BEDS
from gallery.demo.people import PEOPLE
from gallery.demo.plant_collections import COLLECTIONS, DRAFT, EXHIBITION
from gallery.demo.talk import REMARKS
from gallery.demo.tunes import plan_tunes
from gallery.demo.words import (
    GARMENTS,
    HUES,
    NOUNS,
    alt_text_for,
    choose_title,
    describe,
    join,
    tags_for,
)
from gallery.models.texts import slug_of
from generation.finishing.presets import PALETTES
from generation.finishing.steps import read_steps
from generation.genespaces.patterns.portrait import FAMILIES, NEUTRAL, Colour, Portrait
from generation.genome import Genome, Recipe

ROSE = Portrait(
    "fold",
    6,
    True,
    (Colour("pink", "light", 0.6), Colour("teal", "dark", 0.3)),
    0.8,
    ("glossy",),
    np.zeros(2),
)
BOOT = Portrait(
    "ankle-boot",
    0,
    False,
    (Colour("green", "dark", 0.7), Colour("pink", "light", 0.2)),
    0.5,
    (),
    np.zeros(2),
)


def make_genome(species: str, *steps: tuple[str, dict]) -> Genome:
    return Genome(species, "", np.zeros(4, np.float32), finishing=read_steps(steps))


PATTERN, GARMENT = make_genome("patterns"), make_genome("garments")


def test_every_hue_tone_and_form_has_words():
    assert set(HUES) == {*FAMILIES, NEUTRAL}
    assert all(
        set(tones) == {"dark", "mid", "light"} and all(tones.values()) for tones in HUES.values()
    )
    assert {"plain", "mirror", "tile", "3", "4", "5", "6", "8", "12"} <= set(NOUNS)


def test_titles_fit_the_picture_and_never_repeat():
    rng = np.random.default_rng(1)
    taken: set[str] = set()
    for _ in range(300):
        title = choose_title(PATTERN, ROSE, taken=taken, rng=rng)
        assert title not in taken
        taken.add(title)
    assert any(word in " ".join(taken) for word in NOUNS["6"])
    assert not any(word in " ".join(taken) for word in NOUNS["tile"])


@pytest.mark.parametrize("species", ["people", "creatures"])
def test_a_hundred_works_have_a_hundred_titles(species: str):
    rng = np.random.default_rng(1)
    taken: set[str] = set()
    portrait = Portrait(species, 0, False, BOOT.colours, 0.5, (), np.zeros(2))
    for _ in range(100):
        taken.add(choose_title(make_genome(species), portrait, taken=taken, rng=rng))
    assert len(taken) == 100


def test_a_pattern_is_described_by_what_it_shows():
    assert tags_for(PATTERN, ROSE) == ["kaleidoscope", "spiral", "pink", "teal", "enamel", "pastel"]
    assert alt_text_for(PATTERN, ROSE) == (
        "A kaleidoscope of six mirrored sectors, wound into a spiral, in pale pink and dark teal,"
        " glossy as enamel."
    )


def test_a_garment_is_called_what_it_is():
    title = choose_title(GARMENT, BOOT, taken=set(), rng=np.random.default_rng(1))
    assert any(noun in title for noun in GARMENTS["ankle-boot"])
    assert tags_for(GARMENT, BOOT) == ["fashion", "ankle boot", "green", "pink", "vivid"]
    assert alt_text_for(GARMENT, BOOT) == (
        "A garment, ankle boot, mostly in dark green and pale pink."
    )


def test_words_include_the_finishing():
    cloth = make_genome(
        "garments", ("pattern", {}), ("palette", {"colours": list(PALETTES["sea"])})
    )
    title = choose_title(cloth, BOOT, taken=set(), rng=np.random.default_rng(1))
    assert title.endswith("(Wallpaper)")
    assert tags_for(cloth, BOOT)[-2:] == ["wallpaper", "sea palette"]
    text = alt_text_for(cloth, BOOT)
    assert text.startswith("A repeat as on cloth.") and text.endswith("printed as sea palette.")


def test_descriptions_name_the_parents_and_the_seedling():
    rng = np.random.default_rng(2)
    recipe = Recipe("crossover", (0.5, 0.5), mask={"palette": 1})
    texts = {
        describe(recipe, parents=["Fern", "Rust"], seedling=4, seed=0, rng=rng) for _ in range(30)
    }
    assert texts == {
        "",
        "A cross of “Fern” and “Rust”, with the colours of “Rust”. Seedling 4 of twelve.",
    }


@pytest.mark.parametrize(
    ("parts", "words"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_read_as_sentences(parts: list[str], words: str):
    assert join(parts) == words


def all_tags() -> set[str]:
    """Every tag that works of the garden can get, in English."""
    words, tags = load("words", "en"), {tag for tune in plan_tunes(11) for tag in tune.tags}
    portraits = [
        replace(ROSE, form=form, surface=(surface,), lightness=lightness)
        for form in words["form_tags"]
        for surface in words["surface_tags"]
        for lightness in (0.2, 0.5, 0.9)
    ]
    portraits += [replace(BOOT, colours=(Colour(hue, "mid", 1.0),)) for hue in HUES]
    portraits += [replace(BOOT, form=kind) for kind in GARMENTS]
    for bed in BEDS:
        recipes = [choice.recipe for choice in bed.chosen if choice.recipe]
        finishings = [recipe.finishing for recipe in recipes if recipe.finishing]
        for finishing in [(), *finishings, *bed.finishings]:
            genome = make_genome(bed.species, *finishing)
            fitting = [
                each
                for each in portraits
                if (bed.species == "patterns") is not (each.form in GARMENTS)
            ]
            tags |= {tag for portrait in fitting for tag in tags_for(genome, portrait)}
    return tags


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES if code != "en"])
def test_every_tag_has_a_word_of_its_own_in_every_language(language: str):
    translations, english = load("words", language)["tags"], load("words", "en")["tags"]
    assert all_tags() - {english.get(name, name) for name in translations} == set()
    assert [word for word in translations.values() if word.isascii()] == []
    assert len({slug_of(word) for word in translations.values()}) == len(translations)


def test_the_tables_name_tags_that_there_are():
    wanted = [tag for person in PEOPLE.values() for tag in person.liked_tags]
    plans = [*COLLECTIONS, *REMARKS, EXHIBITION, DRAFT]
    wanted += [tag for plan in plans for tag in (*plan.criteria.tags, *plan.criteria.without)]
    assert set(wanted) - {slug_of(tag) for tag in all_tags()} == set()
