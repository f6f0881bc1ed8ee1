"""What the bench refuses: bad messages, closed or unavailable parents, noise."""

import json

import pytest
from asgiref.sync import sync_to_async

from gallery.bench.protocol import MAX_TEXT
from gallery.models import State, Visibility
from tests.factories import make_artwork, make_species, make_user
from tests.gallery.bench.test_consumers import bench, frame, toward

pytestmark = pytest.mark.django_db(transaction=True)
PAIR = "seed:patterns:1,seed:patterns:2"


@pytest.mark.parametrize(
    ("message", "number", "sentence"),
    [
        ("breed!", None, "must be JSON"),
        ("[1, 2]", None, "JSON object"),
        ("[" * 5000, None, "must be JSON"),
        (b"\x00\xff\xfe noise", None, "not binary"),
        ("x" * 1_000_000, None, f"at most {MAX_TEXT}"),
        ('{"id": 1, "recipe": {"seed": ' + "9" * 5000 + "}}", None, "must be JSON"),
        ('{"id": 3, "recipe": {"weights": [NaN, 1]}}', 3, "from 0 to 1"),
        ({"id": 4, "recipe": {"weights": [1e9, 1]}}, 4, "from 0 to 1"),
        ({"id": 4, "recipe": {"weights": [10**400, 1]}}, 4, "from 0 to 1"),
        ({"id": 5, "recipe": toward(0.5, genes=[1, 2])}, 5, "unknown keys: genes"),
        (
            {"id": 6, "recipe": {"weights": [0.1] * 1000}},
            6,
            "exactly one weight for each of the 2 parents",
        ),
        ({"id": 6, "recipe": toward(0.5, mask={"toes": 1})}, 6, "no gene group “toes”"),
        ({"id": 6, "recipe": toward(0.5, edits={"\ud800": 1})}, 6, "no gene slider"),
        ({"id": 7, "recipe": toward(0.5), "size": 100_000}, 7, "whole number from 64 to 768"),
        ({"id": 7, "recipe": toward(0.5), "size": True}, 7, "whole number from 64 to 768"),
        ({"id": -1, "recipe": toward(0.5)}, None, "The id must be"),
        ({"id": 2**32, "recipe": toward(0.5)}, None, "The id must be"),
        ({"recipe": toward(0.5)}, None, "The id must be"),
        ({"id": 8}, 8, "exactly one of the keys"),
        ({"id": 8, "recipe": toward(0.5), "brood": toward(0.5)}, 8, "exactly one of the keys"),
        ({"id": 8, "recipe": toward(0.5), "user": 1}, 8, "unknown keys: user"),
        ({"id": 9, "brood": toward(0.5), "count": 10_000}, 9, "count must be"),
        ({"id": 2**32 - 2, "brood": toward(0.5), "count": 12}, 2**32 - 2, "must end at"),
        ({"id": 10, "parents": {"roots": [f"w{n}" for n in range(1000)]}}, 10, "1 to 16 roots"),
        (
            {"id": 11, "parents": {"roots": ["nowhere"]}},
            11,
            "doesn't exist, or you don't have access to it",
        ),
        (
            {"id": 11, "parents": {"roots": ["\ud800"]}},
            11,
            "doesn't exist, or you don't have access to it",
        ),
        (
            {"id": 11, "parents": {"roots": ["a\x00b"]}},
            11,
            "doesn't exist, or you don't have access to it",
        ),
        ({"id": 11, "parents": {"roots": ["seed:patterns:-4"]}}, 11, "seed:species:number"),
        ({"id": 11, "parents": {"roots": ["seed:dragons:4"]}}, 11, "not installed"),
        (
            {"id": 12, "parents": {"roots": ["seed:patterns:1"]}, "chosen": [4]},
            12,
            "whole number from 0 to 0",
        ),
        ({"id": 12, "parents": {"roots": ["seed:patterns:1"]}, "chosen": []}, 12, "1 to 4 parents"),
        ({"id": 13, "parents": "a,b"}, 13, "JSON object"),
    ],
)
async def test_a_bad_message_is_answered_in_words_and_the_socket_lives_on(
    squares_engine, message, number, sentence
):
    async with bench() as client:
        done_before = squares_engine.stats().frames
        if isinstance(message, dict):
            message = json.dumps(message)
        await client.send_to(
            **({"bytes_data": message} if isinstance(message, bytes) else {"text_data": message})
        )
        answer = await client.receive_json_from(timeout=10)
        assert answer["id"] == number and sentence in answer["error"], answer
        assert squares_engine.stats().frames == done_before
        await client.send_json_to({"id": 77, "recipe": toward(0.5)})
        assert (await frame(client))[0] == 77


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"visibility": Visibility.PRIVATE}, "doesn't exist, or you don't have access to it"),
        ({"state": State.HIDDEN}, "doesn't exist, or you don't have access to it"),
        ({"state": State.QUARANTINED}, "doesn't exist, or you don't have access to it"),
        ({"may_be_bred": False}, "not open for breeding"),
    ],
)
async def test_a_parent_that_is_not_open_to_you_is_refused(squares_engine, fields, sentence):
    work = await sync_to_async(make_artwork)(**fields)
    async with bench() as client:
        await client.send_json_to({"id": 3, "parents": {"roots": [work.slug]}})
        assert sentence in (await client.receive_json_from(timeout=10))["error"]
        await client.send_json_to(
            {"id": 4, "recipe": toward(0.5)}
        )  # The old parents still lie on the bench.
        assert (await frame(client))[0] == 4


async def test_a_deleted_parent_is_refused(squares_engine):
    work = await sync_to_async(make_artwork)()
    await sync_to_async(work.delete)()
    async with bench("") as client:
        await client.send_json_to({"id": 3, "parents": {"roots": [work.slug]}})
        assert "doesn't exist" in (await client.receive_json_from(timeout=10))["error"]


async def test_a_species_that_became_unavailable_is_refused(squares_engine):
    await sync_to_async(make_species)(is_available=False)
    work = await sync_to_async(make_artwork)()
    async with bench("") as client:
        await client.send_json_to({"id": 3, "parents": {"roots": [work.slug]}})
        assert "unavailable" in (await client.receive_json_from(timeout=10))["error"]


async def test_a_private_work_lies_on_its_makers_bench(squares_engine):
    maker = await sync_to_async(make_user)()
    work = await sync_to_async(make_artwork)(maker, visibility=Visibility.PRIVATE, has_files=True)
    async with bench(work.slug, user=maker) as client:
        await client.send_json_to({"id": 4, "recipe": {"weights": [1]}})
        assert (await frame(client))[0] == 4


async def test_recipes_before_any_parent_are_refused(squares_engine):
    async with bench("") as client:
        await client.send_json_to({"id": 4, "recipe": {"weights": [1]}})
        assert (await client.receive_json_from())["error"] == "Choose one to four parents first."


async def test_a_long_row_of_noise_is_answered_and_the_socket_lives_on(squares_engine):
    async with bench() as client:
        for _ in range(300):
            await client.send_to(text_data="noise")
            assert "error" in await client.receive_json_from()
        await client.send_json_to({"id": 7, "recipe": {"weights": [1, 0]}})
        assert (await client.receive_from())[:4] == (7).to_bytes(4, "big")
