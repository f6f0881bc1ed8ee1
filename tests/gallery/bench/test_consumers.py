"""The bench's socket: newest wins, broods stream, bad messages are answered, and nobody's mistake
ends a connection.
"""

import asyncio
import contextlib
import io
import json
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from PIL import Image

from gallery import studio
from gallery.bench.consumers import BenchConsumer, visitors
from gallery.lineage.parents import find_parents
from generation.breeding import breed
from generation.genome import Recipe
from generation.residency import nets
from tests.factories import make_artwork, make_user
from tests.squares import colour, make_engine, render_squares

pytestmark = pytest.mark.django_db(transaction=True)
PAIR = "seed:patterns:1,seed:patterns:2"


class Studio:
    """An engine that paints squares, slowly where a test wants it, and remembers what it was
    asked.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.rendered: list[tuple[int, str]] = []  # (size, genome identity)
        self.abandoned = 0

    def render(self, key, genomes, yield_point):
        try:
            for _ in range(10):
                time.sleep(self.seconds * len(genomes) / 10)
                yield_point(0.0)
        except BaseException:
            self.abandoned += 1
            raise
        self.rendered += [(key.size, genome.identity) for genome in genomes]
        return render_squares(key, genomes, yield_point)


@pytest.fixture
def slow_studio() -> Iterator[Studio]:
    """20 ms a frame."""
    made = Studio(0.02)
    studio.use_engine(make_engine(render_batch=made.render))
    yield made
    studio.use_engine(None)


@contextlib.asynccontextmanager
async def bench(
    parents: str = PAIR, *, user=None, address: str = "10.0.0.1"
) -> AsyncIterator[WebsocketCommunicator]:
    """An open bench; with parents, their answer has been read."""
    client = WebsocketCommunicator(BenchConsumer.as_asgi(), f"/ws/bench/?parents={parents}")
    client.scope |= {"user": user or AnonymousUser(), "client": [address, 1234]}
    is_open, _ = await client.connect()
    assert is_open
    if parents:
        answer = await client.receive_json_from(timeout=10)
        assert "error" not in answer, answer
        await take_portraits(client, answer)
    try:
        yield client
    finally:
        await client.disconnect()


async def take_portraits(client: WebsocketCommunicator, answer: dict) -> None:
    for expected in [parent["frame"] for parent in answer["parents"] if "frame" in parent]:
        number, picture = await frame(client)
        assert (number, picture.size) == (expected, (128, 128))


async def frame(client: WebsocketCommunicator) -> tuple[int, Image.Image]:
    data = await client.receive_from(timeout=10)
    assert isinstance(data, bytes), data
    return int.from_bytes(data[:4], "big"), Image.open(io.BytesIO(data[4:]))


async def frames_until(client: WebsocketCommunicator, last: int) -> list[int]:
    numbers = []
    while last not in numbers:
        numbers.append((await frame(client))[0])
    return numbers


def toward(b: float, **fields) -> dict:
    return {"operator": "blend", "weights": [1 - b, b], "seed": 7, **fields}


async def test_it_tells_the_parents_and_their_species_and_draws_those_without_a_picture(
    squares_engine,
):
    work = await sync_to_async(make_artwork)(title="Moss", has_files=True)
    client = WebsocketCommunicator(
        BenchConsumer.as_asgi(), f"/ws/bench/?parents={work.slug},seed:patterns:3"
    )
    client.scope |= {"user": AnonymousUser(), "client": ["10.0.0.1", 1]}
    await client.connect()
    answer = await client.receive_json_from(timeout=10)
    moss, seed = answer["parents"]
    assert (
        moss["title"] == "Moss"
        and moss["url"] == work.get_absolute_url()
        and moss["thumbnail"].endswith("thumbnail.webp")
    )
    assert "frame" not in moss and seed["title"] == "Founder 3"
    assert answer["species"]["key"] == "patterns"
    groups = {group["key"] for group in answer["species"]["groups"]}
    assert {slider["group"] for slider in answer["species"]["sliders"]} <= groups
    await take_portraits(client, answer)
    await client.disconnect()


async def test_a_brood_does_not_replace_the_portraits_that_are_still_to_come(squares_engine):
    async with bench("") as client:
        await client.send_json_to(
            {"id": 1, "parents": {"roots": ["seed:patterns:1", "seed:patterns:2"], "steps": []}}
        )
        payload = await client.receive_json_from(timeout=10)
        await client.send_json_to({"id": 6, "brood": {}, "count": 2})
        numbers = set()
        while len(numbers) < 4:
            answer = await client.receive_output(timeout=10)
            if answer.get("bytes"):
                numbers.add(int.from_bytes(answer["bytes"][:4], "big"))
        assert numbers == {6, 7, *(parent["frame"] for parent in payload["parents"])}


async def test_a_recipe_is_answered_with_its_id_and_the_picture_of_its_child(squares_engine):
    async with bench() as client:
        await client.send_json_to({"id": 41, "recipe": toward(0.3), "size": 128})
        number, picture = await frame(client)
    parents = [
        parent.genome
        for parent in await sync_to_async(find_parents)(AnonymousUser(), PAIR.split(","))
    ]
    child = breed(parents, Recipe.from_json(toward(0.3), parents=2))
    assert number == 41 and picture.size == (128, 128)
    assert (
        max(abs(a - b) for a, b in zip(picture.getpixel((64, 64)), colour(child), strict=True)) <= 4
    )  # JPEG rounds.


async def test_the_newest_position_wins_and_the_last_is_answered_last(slow_studio):
    async with bench() as client:
        slow_studio.rendered.clear()
        for number in range(1000, 1200):
            await client.send_json_to({"id": number, "recipe": toward((number - 1000) / 199)})
        numbers = await frames_until(client, 1199)
        assert numbers == sorted(numbers)
        assert len(slow_studio.rendered) <= 10
        assert await client.receive_nothing(timeout=0.1)


async def test_a_brood_names_its_children_at_once_and_streams_them_one_by_one(slow_studio):
    async with bench() as client:
        await client.send_json_to({"id": 100, "brood": toward(0.5), "count": 12})
        named = await client.receive_json_from(timeout=5)
        numbers = [(await frame(client))[0] for _ in range(12)]
        assert named["id"] == 100 and len(named["brood"]) == 12
        assert numbers == list(range(100, 112))
        # Each child can be asked for by its recipe, and is the same child.
        slow_identities = [identity for _, identity in slow_studio.rendered[-12:]]
        await client.send_json_to({"id": 300, "recipe": named["brood"][4]})
        await frame(client)
        assert slow_studio.rendered[-1][1] == slow_identities[4]


async def test_a_newer_brood_takes_the_place_of_the_older_ones_rest(slow_studio):
    async with bench() as client:
        await client.send_json_to({"id": 100, "brood": toward(0.5), "count": 12})
        await client.send_json_to({"id": 200, "brood": toward(0.1), "count": 2})
        numbers = []
        while 201 not in numbers:
            data = await client.receive_from(timeout=10)
            if isinstance(data, bytes):
                numbers.append(int.from_bytes(data[:4], "big"))
        assert len([number for number in numbers if number < 200]) <= 1


async def test_seedlings_and_large_frames_make_way_for_the_slider(slow_studio):
    async with bench() as client:
        slow_studio.seconds = 0.4
        await client.send_json_to({"id": 1, "recipe": toward(0.2), "size": 768})
        await asyncio.sleep(0.1)
        await client.send_json_to({"id": 2, "recipe": toward(0.4), "size": 256})
        assert (await frame(client))[0] == 2
        slow_studio.seconds = 0.1
        await client.send_json_to({"id": 100, "brood": toward(0.5), "count": 2})
        await client.receive_json_from()
        await asyncio.sleep(0.03)
        await client.send_json_to({"id": 3, "recipe": toward(0.6)})
        assert [(await frame(client))[0] for _ in range(3)] == [3, 100, 101]
        assert slow_studio.abandoned == 2


async def test_children_of_a_brood_become_parents_by_their_pedigree(squares_engine):
    roots = PAIR.split(",")
    steps = [{"parents": [0, 1], "recipe": toward(0.2)}, {"parents": [0, 1], "recipe": toward(0.8)}]
    async with bench("") as client:
        await client.send_json_to(
            {"id": 5, "parents": {"roots": roots, "steps": steps}, "chosen": [2, 3]}
        )
        answer = await client.receive_json_from(timeout=10)
        assert [parent["position"] for parent in answer["parents"]] == [2, 3]
        await take_portraits(client, answer)
        await client.send_json_to({"id": 9, "recipe": toward(0.5)})
        assert (await frame(client))[0] == 9


async def test_a_failing_net_is_told_and_the_bench_goes_on(slow_studio):
    async with bench() as client:
        slow_studio.seconds = None  # The net now raises a TypeError.
        await client.send_json_to({"id": 1, "recipe": toward(0.5)})
        answer = await client.receive_json_from()
        assert answer["id"] == 1 and "could not be drawn" in answer["error"]
        slow_studio.seconds = 0
        await client.send_json_to({"id": 2, "recipe": toward(0.5)})
        assert (await frame(client))[0] == 2


async def test_a_visitor_gets_so_many_frames_a_minute_and_the_newest_position_when_it_is_time(
    squares_engine, settings
):
    settings.VISITOR_FRAMES_PER_MINUTE = 30
    async with bench() as client:
        for number in range(1000, 1100):
            await client.send_json_to({"id": number, "recipe": toward(0.5)})
            answer = await client.receive_output(timeout=5)
            if "text" in answer:
                break
        payload = json.loads(answer["text"])
        assert (
            payload["id"] == number and payload["retry_after"] > 0 and "log in" in payload["error"]
        )
        await client.send_json_to({"id": 2000, "recipe": toward(0.9)})
        assert (await frame(client))[0] == 2000


async def test_somebody_with_an_account_is_not_counted(squares_engine, settings):
    settings.VISITOR_FRAMES_PER_MINUTE = 1
    user = await sync_to_async(make_user)()
    async with bench(user=user) as client:
        for number in range(20):
            await client.send_json_to({"id": number, "recipe": toward(0.5)})
            assert (await frame(client))[0] == number


async def test_an_address_has_so_many_benches_open(squares_engine, settings):
    settings.VISITOR_CONNECTIONS = 1
    async with bench("", address="10.9.9.9"):
        second = WebsocketCommunicator(BenchConsumer.as_asgi(), "/ws/bench/")
        second.scope |= {"user": AnonymousUser(), "client": ["10.9.9.9", 5]}
        await second.connect()
        answer = await second.receive_json_from()
        assert "Too many benches" in answer["error"] and answer["retry_after"]
        assert (await second.receive_output())["code"] == 1013
        await second.disconnect()
        async with bench("", address="10.9.9.8"):
            pass
    async with bench("", address="10.9.9.9"):
        pass  # The place is free again.
    assert visitors.enter("10.9.9.9", limit=1)
    visitors.leave("10.9.9.9")


async def test_leaving_cancels_what_was_asked(slow_studio):
    async with bench() as client:
        slow_studio.seconds = 0.5
        await client.send_json_to({"id": 1, "recipe": toward(0.5)})
        await client.send_json_to({"id": 100, "brood": toward(0.5)})
        await client.receive_json_from()
        await asyncio.sleep(0.05)
        slow_studio.rendered.clear()
    await asyncio.sleep(0.2)
    assert slow_studio.abandoned == 1 and slow_studio.rendered == []
    assert studio.stats().waiting["live"] == 0


async def test_a_net_that_takes_long_to_load_is_told():
    def load_slowly(key, genomes, yield_point):
        nets.get("Dreams", lambda: time.sleep(1.5), size=1)
        return render_squares(key, genomes, yield_point)

    studio.use_engine(make_engine(render_batch=load_slowly))
    try:
        async with bench("") as client:
            await client.send_json_to({"id": 1, "parents": {"roots": PAIR.split(",")}})
            assert "parents" in await client.receive_json_from(timeout=10)
            told = await client.receive_json_from(timeout=10)
            assert told == {"loading": "Dreams", "seconds": 1}
    finally:
        nets.release(idle_s=0)
        studio.use_engine(None)
