"""Titles, tags and descriptions of the demo garden."""

import numpy as np
import pytest

from gallery.demo.words import FORMS, HUES, alt_text_for, choose_title, describe, join, tags_for
from generation.genespaces.patterns_portrait import FAMILIES, NEUTRAL, Colour, Portrait
from generation.genome import Recipe

ROSE = Portrait(
    "fold",
    6,
    True,
    (Colour("pink", "light", 0.6), Colour("teal", "dark", 0.3)),
    0.8,
    ("glossy",),
    np.zeros(2),
)


def test_every_hue_tone_and_form_has_words():
    assert set(HUES) == {*FAMILIES, NEUTRAL}
    assert all(
        set(tones) == {"dark", "mid", "light"} and all(tones.values()) for tones in HUES.values()
    )
    assert {"plain", "mirror", "tile", 3, 4, 5, 6, 8, 12} <= set(FORMS)


def test_titles_fit_the_picture_and_never_repeat():
    rng, taken = np.random.default_rng(1), set()
    for _ in range(300):
        title = choose_title(ROSE, taken=taken, rng=rng)
        assert title not in taken
        taken.add(title)
    assert any(word in " ".join(taken) for word in FORMS[6]) and not any(
        word in " ".join(taken) for word in FORMS["tile"]
    )


def test_tags_and_the_sentence_say_what_is_there():
    assert tags_for(ROSE) == ["kaleidoscope", "spiral", "pink", "teal", "enamel", "pastel"]
    assert (
        alt_text_for(ROSE)
        == "A kaleidoscope of six mirrored sectors, wound into a spiral, in pale pink and dark"
        " teal, glossy as enamel."
    )


def test_descriptions_name_the_parents_and_the_seedling():
    rng = np.random.default_rng(2)
    recipe = Recipe("crossover", (0.5, 0.5), mask={"palette": 1})
    told = {describe(recipe, parents=["Fern", "Rust"], place=4, seed=0, rng=rng) for _ in range(30)}
    assert (
        "A cross of “Fern” and “Rust”, with the colours of “Rust”. Seedling 4 of twelve." in told
        and "" in told
    )


@pytest.mark.parametrize(
    ("parts", "words"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_read_as_sentences(parts, words):
    assert join(parts) == words
