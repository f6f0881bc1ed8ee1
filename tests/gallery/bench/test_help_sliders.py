"""Every control of every shipped species has words of its own, and unknown ones get an honest
sentence.
"""

import pytest
from django.conf import settings
from django.utils import translation

from gallery.bench.controls import species_payload
from gallery.bench.help_finishing import SETTINGS, STEPS, about_setting, about_step
from gallery.bench.help_sliders import (
    CHOICES,
    GROUPS,
    PROPERTIES,
    SLIDERS,
    about_choice,
    about_group,
    about_slider,
)
from gallery.bench.help_texts import CONTROLS
from gallery.help.glossary import terms
from generation.checkpoints import catalogue
from generation.finishing.steps import STEPS as FINISHING
from generation.genespaces import species
from generation.training.pictures.sliders import PROPERTIES as FOUND

SHIPPED = sorted(catalogue())
LONGEST = 180  # A sentence or two.


@pytest.mark.parametrize("key", SHIPPED)
def test_every_gene_of_a_shipped_species_is_described_by_hand(key: str):
    space = species(key).space
    for slider in space.sliders:
        keys = {slider.key, slider.key.split("-", 1)[-1]}
        assert f"{key}.{slider.key}" in SLIDERS or keys & set(PROPERTIES), slider.key
    assert all(f"{key}.{choice.key}" in CHOICES for choice in space.choices)
    assert all(f"{key}.{group.key}" in GROUPS for group in space.groups)


def test_every_finishing_step_and_setting_is_described_by_hand():
    assert set(STEPS) == set(FINISHING)
    assert set(SETTINGS) == {
        f"{step.name}.{setting.key}" for step in FINISHING.values() for setting in step.settings
    }


def test_no_text_is_about_something_that_is_gone():
    spaces = {key: species(key).space for key in SHIPPED}
    assert set(GROUPS) == {
        f"{key}.{group.key}" for key, space in spaces.items() for group in space.groups
    }
    assert set(CHOICES) == {
        f"{key}.{choice.key}" for key, space in spaces.items() for choice in space.choices
    }
    assert {name.split(".")[0] for name in SLIDERS} <= set(spaces)


@pytest.mark.parametrize("texts", [SLIDERS, PROPERTIES, CHOICES, GROUPS, STEPS, SETTINGS])
def test_texts_are_short_whole_sentences(texts: dict):
    for key, words in texts.items():
        assert 15 < len(str(words)) <= LONGEST and str(words).endswith("."), key


def test_the_texts_of_controls_lead_to_words_of_the_glossary():
    assert {help.term for help in CONTROLS.values() if help.term} <= set(terms())
    assert all(
        str(help.words).endswith(".") and len(str(help.words)) <= LONGEST
        for help in CONTROLS.values()
    )


@pytest.mark.parametrize("key", SHIPPED)
def test_the_bench_is_told_the_help_of_everything_it_shows(key: str):
    answer = species_payload(key)
    controls = [*answer["groups"], *answer["sliders"], *answer["choices"], *answer["steps"]]
    controls += [setting for step in answer["steps"] for setting in step["settings"]]
    assert controls and all(
        isinstance(control["help"], str) and control["help"] for control in controls
    )


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_no_two_sliders_of_a_species_have_one_name_in_any_language(language: str):
    with translation.override(language):
        for key in SHIPPED:
            labels = [slider["label"] for slider in species_payload(key)["sliders"]]
            assert len(set(labels)) == len(labels), key
        # Those of which species that people train are given theirs.
        found = [translation.gettext(kind.label) for kind in FOUND.values()]
        assert len(set(found)) == len(found)


def test_a_slider_of_another_checkpoint_is_described_by_its_property():
    answer = about_slider(
        "fish",
        "fins-ground-warmth",
        label="Ground warmth",
        low="cooler ground",
        high="warmer ground",
    )
    assert answer == str(PROPERTIES["ground-warmth"])
    assert about_slider("fish", "fins-warmth", label="Warmth", low="cooler", high="warmer") == str(
        PROPERTIES["warmth"]
    )


def test_what_nobody_described_is_described_by_its_ends():
    answer = about_slider("fish", "glitter", label="Glitter", low="dull", high="sparkling")
    assert "“Glitter” from dull to sparkling" in answer
    assert "“Kind”" in about_choice("fish", "kind", label="Kind") and "“Fins”" in about_group(
        "fish", "fins", label="Fins"
    )
    assert "“Glue”" in about_step("glue", label="Glue") and "“Strength”" in about_setting(
        "glue", "strength", label="Strength"
    )


def test_braces_in_a_label_from_a_card_are_only_letters():
    assert "{0}" in about_slider("fish", "x", label="{0}", low="{low}", high="{__class__}")


def test_the_words_wait_for_the_readers_language():
    with translation.override("zh-hans"):
        assert type(about_step("style", label="Style")) is str
    assert all(
        not isinstance(words, str)
        for words in (*SLIDERS.values(), *STEPS.values(), *SETTINGS.values())
    )
