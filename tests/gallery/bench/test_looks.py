"""Looks: the child with other styles, palettes, mock-ups or bands, and how they wait their turn."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser

from gallery.bench.looks import Look, values_of
from gallery.bench.protocol import read
from gallery.lineage.parents import find_parents
from generation.breeding import breed
from generation.finishing.steps import STEPS, read_steps
from generation.genome import Recipe
from generation.refusal import Refused
from tests.factories import make_genome
from tests.gallery.bench.test_consumers import PAIR, bench, frame, frames_until, slow_studio, toward

__all__ = ["slow_studio"]  # A fixture of the other tests of the socket.


def finished(*steps) -> object:
    genome = make_genome()
    return type(genome)(
        generator=genome.generator,
        digest=genome.digest,
        genes=genome.genes,
        seed=genome.seed,
        finishing=read_steps(steps),
    )


def test_a_look_changes_the_main_setting_and_keeps_the_others_and_the_order_of_steps():
    genome = finished(["style", {"style": "mist", "strength": 0.4}], ["mock-up", {}])
    lino = dict(Look("lino", step="style").apply_to_genome(genome).finishing)
    assert lino["style"]["style"] == "lino" and lino["style"]["strength"] == 0.4
    sea = Look("sea", step="palette").apply_to_genome(genome).finishing
    assert [name for name, _ in sea] == ["style", "palette", "mock-up"]
    assert dict(sea)["palette"]["colours"][0] == "#0b2239"
    plain = Look("", step="style").apply_to_genome(genome).finishing
    assert [name for name, _ in plain] == ["mock-up"]


def test_a_second_style_is_mixed_in_by_half_or_as_much_as_there_is():
    def style_of(value: str, *step) -> dict:
        genome = finished(["style", {"style": "mist", **dict(step)}])
        look = Look(value, step="style", setting="second")
        return dict(look.apply_to_genome(genome).finishing)["style"]

    lino = style_of("lino")
    assert (lino["style"], lino["second"], lino["mix"]) == ("mist", "lino", 0.5)
    assert style_of("lino", ("mix", 0.2))["mix"] == 0.2
    alone = style_of("", ("mix", 0.2), ("second", "lino"))
    assert (alone["style"], alone["mix"]) == ("mist", 0)


def test_a_look_of_a_gene_choice_changes_the_recipe():
    recipe = Recipe(weights=(1.0,), choices={"style": "folk", "lead": "2"})
    assert Look("lofi", choice="style").apply_to_recipe(recipe).choices == {
        "style": "lofi",
        "lead": "2",
    }
    assert Look("", choice="style").apply_to_recipe(recipe).choices == {"lead": "2"}


def test_a_child_with_every_step_has_no_room_for_another_look():
    names = [name for name in STEPS if name not in ("palette", "borrowed-style")][:8]
    with pytest.raises(Refused, match="at most 8"):
        Look("sea", step="palette").apply_to_genome(finished(*([name, {}] for name in names)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"step": "style"},
        {"step": "style", "values": []},
        {"step": "style", "values": ["nothing"]},
        {"step": "style", "values": [1]},
        {"step": "style", "values": ["mist"] * 33},
        {"step": "colour", "values": [""]},
        {"step": "style", "choice": "style", "values": [""]},
        {"choice": "x" * 41, "values": [""]},
        {"step": "style", "values": ["mist"], "toes": 1},
        {"step": "style", "setting": "third", "values": ["mist"]},
        {"step": "style", "setting": "strength", "values": ["mist"]},
        {"step": "palette", "setting": "second", "values": ["sea"]},
        {"step": "style", "setting": "second", "values": ["nothing"]},
        {"choice": "style", "setting": "second", "values": ["folk"]},
    ],
)
def test_looks_that_cannot_be_are_refused(fields):
    with pytest.raises(Refused):
        read(json.dumps({"id": 1, "looks": toward(0.5)} | fields), parents=2)


def test_every_style_palette_and_mock_up_has_a_look():
    assert len(values_of("style")) == 27 and len(values_of("palette")) == 9
    assert values_of("mock-up")[0] == ""
    assert values_of("style", "second") == values_of("style")


def test_looks_of_a_second_style_are_read_from_a_message():
    fields = {"step": "style", "setting": "second", "values": ["", "mist"]}
    request = read(json.dumps({"id": 1, "looks": toward(0.5)} | fields), parents=2)
    assert request.looks[1] == Look("mist", step="style", setting="second")


def looks(number: int, *values: str, b: float = 0.5, step: str = "palette") -> dict:
    return {"id": number, "looks": toward(b), "step": step, "values": list(values)}


@pytest.mark.django_db(transaction=True)
async def test_looks_are_small_and_come_after_the_frames_and_the_brood(slow_studio):
    async with bench() as client:
        slow_studio.rendered.clear()
        await client.send_json_to(looks(500, "sea", "dusk"))
        await client.send_json_to({"id": 100, "brood": toward(0.5), "count": 2})
        await client.send_json_to({"id": 1, "recipe": toward(0.5)})
        assert "brood" in await client.receive_json_from(timeout=5)
        numbers = await frames_until(client, 501)
        assert [number for number in numbers if number != 500] == [1, 100, 101, 501]
        parents = await sync_to_async(find_parents)(AnonymousUser(), PAIR.split(","))
        child = breed(
            [parent.genome for parent in parents], Recipe.from_json(toward(0.5), parents=2)
        )
        dusk = Look("dusk", step="palette").apply_to_genome(child)
        assert slow_studio.rendered[-1] == (112, dusk.identity)


@pytest.mark.django_db(transaction=True)
async def test_another_child_drops_the_looks_of_the_last_one(slow_studio):
    async with bench() as client:
        await client.send_json_to(looks(500, "sea", "dusk", "forest", "riso"))
        await frame(client)
        await client.send_json_to({"id": 1, "recipe": toward(0.6)})
        while (await frame(client))[0] != 1:
            pass
        await asyncio.sleep(0.1)
        assert await client.receive_nothing(timeout=0.1)


@pytest.mark.django_db(transaction=True)
async def test_a_larger_frame_of_the_same_child_lets_its_looks_go_on(slow_studio):
    async with bench() as client:
        await client.send_json_to(looks(500, "sea", "dusk", "forest"))
        await client.send_json_to({"id": 1, "recipe": toward(0.5), "size": 512})
        numbers = await frames_until(client, 502)
        assert sorted(numbers) == [1, 500, 501, 502]
