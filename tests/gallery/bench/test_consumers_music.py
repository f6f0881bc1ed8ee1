"""The bench's socket with tunes on it: notes come as text, the newest position wins, and a brood
plays one by one.
"""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from gallery import studio
from gallery.bench.consumers import BenchConsumer
from generation.breeding import breed, sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import NOTES, Frame
from generation.genome import Genome, Recipe

pytestmark = pytest.mark.django_db(transaction=True)
ROOTS = ["seed:tunes:1", "seed:tunes:2"]


class Whistler:
    """An engine's net that whistles one note a tune, as high as the genome's tempo, 20 ms each."""

    def __init__(self) -> None:
        self.whistled: list[str] = []  # Genome identities.

    def render(self, key, genomes, yield_point):
        assert key.media_type == NOTES
        frames = []
        for genome in genomes:
            yield_point(0.0)
            time.sleep(0.02)
            self.whistled.append(genome.identity)
            notes = json.dumps(
                {"style": "folk", "beats": 1, "parts": [], "of": genome.identity}
            ).encode()
            frames.append(Frame(notes, NOTES, 0, 0, 20.0, seconds=0.5, notes=notes))
        return frames


@pytest.fixture
def whistler() -> Iterator[Whistler]:
    made = Whistler()
    studio.use_engine(LocalEngine(render_batch=made.render))
    yield made
    studio.use_engine(None)


@contextlib.asynccontextmanager
async def bench() -> AsyncIterator[WebsocketCommunicator]:
    """A bench with two fresh tunes on it, whose portraits have come."""
    client = WebsocketCommunicator(BenchConsumer.as_asgi(), f"/ws/bench/?parents={','.join(ROOTS)}")
    client.scope |= {"user": AnonymousUser(), "client": ["10.0.0.2", 1]}
    assert (await client.connect())[0]
    answer = await client.receive_json_from(timeout=20)
    assert answer["species"]["medium"] == "music"
    for parent in answer["parents"]:
        assert (await heard(client))["id"] == parent["frame"]
    try:
        yield client
    finally:
        await client.disconnect()


async def heard(client: WebsocketCommunicator) -> dict:
    """The next answer, which must be the notes of a tune."""
    answer = await client.receive_json_from(timeout=30)
    assert set(answer) == {"id", "notes"}, answer
    return answer


def child(b: float) -> Genome:
    return breed(
        [sample("tunes", seed=1), sample("tunes", seed=2)], Recipe.from_json(toward(b), parents=2)
    )


def toward(b: float, **fields) -> dict:
    return {"operator": "blend", "weights": [1 - b, b], "seed": 7, **fields}


async def test_a_recipe_is_answered_by_the_notes_of_its_child(whistler):
    async with bench() as client:
        await client.send_json_to({"id": 41, "recipe": toward(0.3)})
        answer = await heard(client)
    assert answer["id"] == 41 and answer["notes"]["of"] == child(0.3).identity


async def test_the_newest_position_wins_and_the_last_is_answered_last(whistler):
    async with bench() as client:
        whistler.whistled.clear()
        for number in range(1000, 1100):
            await client.send_json_to({"id": number, "recipe": toward((number - 1000) / 99)})
        numbers = []
        while 1099 not in numbers:
            numbers.append((await heard(client))["id"])
        assert numbers == sorted(numbers)
        assert len(whistler.whistled) <= 10
        assert await client.receive_nothing(timeout=0.1)


async def test_a_brood_names_its_children_and_then_sings_one_after_the_other(whistler):
    async with bench() as client:
        await client.send_json_to({"id": 100, "brood": toward(0.5), "count": 6})
        named = await client.receive_json_from(timeout=5)
        songs = [await heard(client) for _ in range(6)]
    assert [song["id"] for song in songs] == list(range(100, 106)) and len(named["brood"]) == 6
    assert len({song["notes"]["of"] for song in songs}) == 6


async def test_the_net_writes_different_notes_for_different_positions():
    studio.use_engine(LocalEngine())
    try:
        async with bench() as client:
            songs = []
            for number, b in enumerate((0.0, 1.0, 0.0)):
                await client.send_json_to({"id": 200 + number, "recipe": toward(b)})
                songs.append((await heard(client))["notes"])
    finally:
        studio.use_engine(None)
    assert songs[0] == songs[2] != songs[1]
    for song in songs:
        assert song["beats"] > 30 and {part["role"] for part in song["parts"]} >= {"melody", "bass"}


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        (toward(0.5, mask={"palette": 1}), "no gene group “palette”"),
        (toward(0.5, edits={"warp": 0.5}), "no gene slider"),
        (toward(0.5, edits={"tempo": 40}), "from -1 to 1"),
        ({"weights": [1, 1, 1]}, "exactly one weight for each of the 2 parents"),
    ],
)
async def test_a_recipe_that_fits_no_tune_is_refused_in_words(whistler, recipe, sentence):
    async with bench() as client:
        await client.send_json_to({"id": 5, "recipe": recipe})
        answer = await client.receive_json_from(timeout=10)
        assert answer["id"] == 5 and sentence in answer["error"], answer
        await client.send_json_to({"id": 6, "recipe": toward(0.5)})
        assert (await heard(client))["id"] == 6


async def test_tunes_and_pictures_are_not_bred_with_each_other(whistler):
    async with bench() as client:
        await client.send_json_to(
            {"id": 7, "parents": {"roots": ["seed:tunes:1", "seed:patterns:1"]}}
        )
        assert "species" in (await client.receive_json_from(timeout=10))["error"]
