"""What the bench's page is told of a species: only the controls that do something for it."""

import json

import pytest

from gallery.bench.controls import genes_payload, species_payload
from generation.breeding import sample
from generation.finishing.presets import PALETTES
from generation.finishing.steps import read_steps


def steps_of(key: str) -> dict[str, dict]:
    return {step["name"]: step for step in species_payload(key)["steps"]}


def test_only_species_that_paint_small_have_a_way_of_enlarging():
    assert "resolution" in steps_of("people") and "resolution" not in steps_of("patterns")
    assert {"style", "borrowed-style", "palette", "background", "detail"} <= set(
        steps_of("patterns")
    )


def test_music_has_no_finish_of_pictures_and_no_character():
    answer = species_payload("tunes")
    assert answer["steps"] == [] and answer["psi"] is None


def test_sizes_character_and_kinds_are_told_where_the_species_knows_them():
    assert species_payload("people")["edge"] == 64 and species_payload("patterns")["edge"] is None
    assert species_payload("people")["psi"] == 1.3 and species_payload("patterns")["psi"] is None
    assert species_payload("people")["choices"] == []
    kind, textile = species_payload("garments")["choices"]
    assert species_payload("patterns")["moving_size"] is None
    formulas = ("sculptures", "flames", "brushwork", "glass")
    assert {species_payload(key)["moving_size"] for key in formulas} == {128}
    assert ["bag", "Bag"] in kind["options"] and len(kind["options"]) == 10
    assert ["tartan", "Tartan"] in textile["options"]


@pytest.mark.parametrize("key", ["people", "patterns"])
def test_every_default_is_a_value_that_the_step_takes(key):
    answer = json.loads(json.dumps(steps_of(key)))
    for name, step in answer.items():
        settings = {
            one["key"]: one["default"] for one in step["settings"] if one["kind"] != "manner"
        }
        if len(settings) == len(step["settings"]):
            read_steps([[name, settings]])
        for one in step["settings"]:
            assert not one["label"].startswith("The ") and one["label"][0].isupper()
            assert one["kind"] != "amount" or one["low"] <= one["default"] <= one["high"]


def test_named_palettes_and_a_parents_finishing_fit_the_steps():
    for palette in species_payload("patterns")["palettes"]:
        read_steps([["palette", {"colours": palette["colours"]}]])
    assert len(species_payload("patterns")["palettes"]) == len(PALETTES)
    genome = sample("people", seed=1)
    answer = json.loads(json.dumps(genes_payload(genome)))
    assert answer["psi"] == 1 and read_steps(answer["finishing"]) == genome.finishing
