"""Hearing a child of the bench properly: the mastered sound of a pedigree, for a while and a few
people at once.
"""

import asyncio
import json
import time
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from gallery import studio
from gallery.artworks import listening
from gallery.bench import views_listen
from gallery.core.rate_limits import RateLimiter
from gallery.models import Visibility
from generation.breeding import breed, sample
from generation.engine.engine import LocalEngine
from generation.engine.frames import SOUND, Frame
from generation.genome import Recipe
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {"operator": "blend", "weights": [0.3, 0.7], "seed": 7}
ROOTS = ["seed:tunes:1", "seed:tunes:2"]


class Band:
    """An engine's net whose sound is the name of the genome; it plays for `seconds`."""

    def __init__(self) -> None:
        self.seconds, self.left = 0.0, 0

    def render(self, key, genomes, yield_point):
        assert key.media_type == SOUND
        end = time.monotonic() + self.seconds
        try:
            while time.monotonic() < end:
                time.sleep(0.01)
                yield_point(0.5)
        except BaseException:
            self.left += 1
            raise
        return [
            Frame(genome.identity.encode(), SOUND, 0, 0, 1.0, seconds=1.0) for genome in genomes
        ]


@pytest.fixture(autouse=True)
def band(monkeypatch) -> Iterator[Band]:
    made = Band()
    monkeypatch.setattr(listening, "rate_limiter", RateLimiter("hear", 10))
    studio.use_engine(LocalEngine(render_batch=made.render))
    yield made
    studio.use_engine(None)


async def ask(client, roots: list[str] = ROOTS, **fields):
    pedigree = {"roots": roots, "steps": [{"parents": list(range(len(roots))), "recipe": RECIPE}]}
    return await client.post(reverse("bench_hear"), {"pedigree": json.dumps(pedigree), **fields})


async def test_the_sound_is_that_of_the_child(async_client):
    answer = await ask(async_client)
    child = breed(
        [sample("tunes", seed=1), sample("tunes", seed=2)], Recipe.from_json(RECIPE, parents=2)
    )
    assert (
        answer.status_code == 200
        and answer["Content-Type"] == "audio/flac"
        and answer["Cache-Control"] == "no-store"
    )
    assert answer.content.decode() == child.identity


async def test_pictures_cannot_be_heard(async_client):
    answer = await ask(async_client, ["seed:patterns:1", "seed:patterns:2"])
    assert answer.status_code == 400 and "Only tunes" in answer.json()["error"]


@pytest.mark.parametrize("pedigree", ["", "[", "[]", '{"roots": [], "steps": []}', "[" * 5000])
async def test_what_is_no_pedigree_is_refused_in_words(async_client, pedigree):
    answer = await ask(async_client, pedigree=pedigree)
    assert answer.status_code == 400 and answer.json()["error"]


async def test_a_tune_that_is_not_open_to_the_visitor_cannot_be_heard(async_client):
    work = await sync_to_async(make_artwork)(visibility=Visibility.PRIVATE)
    answer = await ask(async_client, [work.slug, "seed:tunes:2"])
    assert answer.status_code == 400 and "don't have access to it" in answer.json()["error"]


async def test_so_many_a_minute(async_client, monkeypatch):
    monkeypatch.setattr(listening, "rate_limiter", RateLimiter("hear", 2))
    assert [(await ask(async_client)).status_code for _ in range(3)] == [200, 200, 429]


async def test_an_address_hears_four_at_once_and_then_again(async_rf, band):
    def listen():
        pedigree = {"roots": ROOTS, "steps": [{"parents": [0, 1], "recipe": RECIPE}]}
        request = async_rf.post(reverse("bench_hear"), {"pedigree": json.dumps(pedigree)})
        request.user = visitor = AnonymousUser()
        request.auser = sync_to_async(lambda: visitor)
        return views_listen.listen(
            request
        )  # The test client would let one request through after the other.

    band.seconds = 0.5
    answers = await asyncio.gather(*(listen() for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 429, 429]
    band.seconds = 0.0
    assert (await listen()).status_code == 200


async def test_who_leaves_stops_the_band_and_frees_the_place(async_client, band):
    band.seconds = 30.0
    asking = asyncio.create_task(ask(async_client))
    await asyncio.sleep(0.5)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    band.seconds = 0.0
    assert (await asyncio.wait_for(ask(async_client), 10)).status_code == 200
    assert band.left == 1


def test_it_is_only_ever_posted(client):
    assert client.get(reverse("bench_hear")).status_code == 405
