"""The pair on the home page: which two, drawn once, and only works that are open to everybody."""

import io
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from PIL import Image

from gallery import studio
from gallery.discovery import hero_pair
from gallery.models import Artwork, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_genome, make_species, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(squares_engine, monkeypatch) -> Iterator[None]:
    """Small frames; and no strip is still being drawn when the next test has other folders."""
    monkeypatch.setattr(hero_pair, "FRAME_SIZE", 32)
    yield
    for thread in threading.enumerate():
        if thread.name == "teaser":
            thread.join(20)


def wait_for_sheet(pair: hero_pair.Pair) -> bytes:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if sheet := hero_pair.read_sheet(pair.first.slug, pair.second.slug):
            return sheet
        time.sleep(0.02)
    raise AssertionError("The strip was not drawn.")


def test_the_strip_leads_from_one_parent_to_the_other():
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    pair = hero_pair.choose_pair()
    strip = Image.open(io.BytesIO(wait_for_sheet(pair))).convert("RGB")
    assert strip.size == (hero_pair.FRAMES * 32, 32)
    assert strip.getpixel((16, 16)) != strip.getpixel((strip.width - 16, 16))


def test_a_strip_is_drawn_once_however_many_look(squares_engine):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    pair = hero_pair.choose_pair()
    for _ in range(5):
        hero_pair.choose_pair()
    wait_for_sheet(pair)
    hero_pair.choose_pair()
    assert squares_engine.stats().frames == hero_pair.FRAMES


def test_featured_works_of_two_makers_and_one_species_come_first():
    ada = make_user()
    make_species("other", medium="picture")
    featured = [make_artwork(ada, is_featured=True, has_files=True) for _ in range(2)]
    of_bo = make_artwork(is_featured=True, has_files=True)
    make_artwork(has_files=True)
    assert {work.pk for work in _works(hero_pair.choose_pair())} == {of_bo.pk, featured[1].pk}


def _works(pair: hero_pair.Pair) -> tuple[Artwork, Artwork]:
    return pair.first, pair.second


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"may_be_bred": False},
    ],
)
def test_works_that_are_not_open_to_breeding_by_all_are_no_pair(fields):
    make_artwork(has_files=True)
    make_artwork(has_files=True, **fields)
    assert hero_pair.choose_pair() is None


def test_one_work_or_none_is_no_pair():
    assert hero_pair.choose_pair() is None
    make_artwork(has_files=True)
    assert hero_pair.choose_pair() is None


def test_asking_for_a_strip_never_draws_and_closing_a_work_closes_it(
    client: Client, squares_engine
):
    first, second = make_artwork(has_files=True), make_artwork(has_files=True)
    assert client.get(f"/teaser/{first.slug}/{second.slug}/").status_code == 204
    assert squares_engine.stats().frames == 0
    pair = hero_pair.choose_pair()
    wait_for_sheet(pair)
    path = f"/teaser/{pair.first.slug}/{pair.second.slug}/"
    assert client.get(path)["Content-Type"] == "image/webp"
    Artwork.objects.filter(pk=first.pk).update(visibility=Visibility.PRIVATE)
    assert client.get(path).status_code == 204


def test_works_of_an_earlier_version_leave_the_wall_without_movement(client: Client):
    genome = make_genome(1)
    for number in range(2):
        make_artwork(has_files=True, genome=make_genome(number + 2))
    Artwork.objects.update(genome=genome.to_json() | {"genes": "AAAA"})
    assert client.get("/").status_code == 200


def test_the_pair_is_of_the_species_whose_midpoints_look_most_like_works():
    for share in (0.4, 0.8, 0.6):
        kind = make_species(f"melts-{share}", card={"figures": {"precision": {"midpoints": share}}})
        for _ in range(2):
            make_artwork(has_files=True, species=kind)
    pair = hero_pair.choose_pair()
    assert pair.first.species_id == pair.second.species_id == "melts-0.8"


def refuse_first(monkeypatch, count: int, **refusal: float) -> list[int]:
    """The engine refuses the first `count` frames; the list grows by one at every frame."""
    calls: list[int] = []
    render = studio.render_artwork

    def render_or_refuse(*args, **options):
        calls.append(len(calls))
        if len(calls) <= count:
            raise Refused("No.", **refusal)
        return render(*args, **options)

    monkeypatch.setattr(studio, "render_artwork", render_or_refuse)
    return calls


def test_a_full_queue_is_tried_again_once_the_time_it_asked_for_has_passed(monkeypatch):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    calls = refuse_first(monkeypatch, 1, retry_after=0.3)
    hero_pair.choose_pair()
    hero_pair.choose_pair()
    assert len(calls) == 1  # The second visitor came too early.
    time.sleep(0.35)
    wait_for_sheet(hero_pair.choose_pair())


def test_a_refusal_that_waiting_does_not_help_is_given_up(monkeypatch):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    calls = refuse_first(monkeypatch, 1)
    for _ in range(3):
        hero_pair.choose_pair()
    assert len(calls) == 1


def test_a_failure_is_tried_again_after_a_while(monkeypatch):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    monkeypatch.setattr(hero_pair, "PATIENCE_S", 0.3)
    render, calls = studio.render_artwork, []

    def fail_once(*args, **options):
        calls.append(None)
        if len(calls) == 1:
            raise OSError("The storage is away.")
        return render(*args, **options)

    monkeypatch.setattr(studio, "render_artwork", fail_once)
    hero_pair.choose_pair()
    hero_pair.choose_pair()
    assert len(calls) == 1  # Not at once again.
    time.sleep(0.35)
    monkeypatch.setattr(hero_pair, "PATIENCE_S", 120)
    wait_for_sheet(hero_pair.choose_pair())


def test_nobody_waits_while_another_visitor_reads_a_slow_storage(monkeypatch):
    pairs = [[make_artwork(has_files=True) for _ in range(2)] for _ in range(2)]
    slow = hero_pair.path_of(*(work.slug for work in pairs[0]))
    is_reading, may_go_on = threading.Event(), threading.Event()

    def exists(path: str) -> bool:
        if path == slow:
            is_reading.set()
            assert may_go_on.wait(20)
        return True

    monkeypatch.setattr(hero_pair, "default_storage", SimpleNamespace(exists=exists))
    first, second = [
        threading.Thread(target=hero_pair._start_drawing, args=pair, daemon=True) for pair in pairs
    ]
    first.start()
    assert is_reading.wait(20)
    second.start()
    second.join(2)
    is_done = not second.is_alive()
    may_go_on.set()
    first.join(20)
    assert is_done
