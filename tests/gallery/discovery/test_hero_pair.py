"""The pair on the home page: which two, drawn once, and only works that are open to everybody."""

import io
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from gallery import studio
from gallery.discovery import hero_film, hero_pair
from gallery.models import Artwork, Visibility
from generation.finishing.steps import read_steps
from generation.genome import Genome
from generation.refusal import Refused
from tests.factories import make_artwork, make_genome, make_species

pytestmark = pytest.mark.django_db
FRAMES = 9


@pytest.fixture(autouse=True)
def quick(squares_engine, monkeypatch) -> Iterator[None]:
    """Small, short films; and none is still being drawn when the next test has other folders."""
    monkeypatch.setattr(hero_film, "FRAME_SIZE", 32)
    monkeypatch.setattr(hero_film, "FRAMES", FRAMES)
    monkeypatch.setattr(hero_film, "REHEARSED", 5)
    monkeypatch.setattr(hero_pair, "_next_try", {})
    yield
    finish()


def finish() -> None:
    for thread in threading.enumerate():
        if thread.name == "teaser":
            thread.join(20)


def chosen_pair() -> hero_pair.Pair:
    """The pair of a visitor who comes after the choice was made and its film drawn."""
    hero_pair.choose_pair()
    finish()
    pair = hero_pair.choose_pair()
    assert pair is not None and pair.film
    return pair


def film_of(pair: hero_pair.Pair, part: str = "") -> Image.Image:
    data = hero_pair.read_film(pair.first.slug, pair.second.slug, part)
    assert data is not None
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_the_film_leads_from_one_parent_to_the_other_and_its_middle_is_stored_too():
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    pair = chosen_pair()
    film = film_of(pair)
    assert film.size == (8 * 32, 2 * 32)  # Nine frames, eight a row.
    first, last = film.crop((0, 0, 32, 32)), film.crop((0, 32, 32, 64))
    assert np.abs(np.subtract(first, last, dtype=int)).mean() > 2
    assert pair.still
    middle, fifth = film_of(pair, "middle"), film.crop((4 * 32, 0, 5 * 32, 32))
    assert np.abs(np.subtract(middle, fifth, dtype=int)).mean() < 8  # Both lost a little as WebP.


def test_a_film_is_drawn_once_however_many_look(squares_engine):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    for _ in range(5):
        hero_pair.choose_pair()
    chosen_pair()
    hero_pair.choose_pair()
    finish()
    assert squares_engine.stats().frames == hero_film.REHEARSED + FRAMES


def test_until_the_choice_is_made_visitors_see_two_works_that_fit():
    make_species("other", medium="picture")
    make_artwork(is_featured=True, has_files=True)
    make_artwork(has_files=True)
    pair = hero_pair.choose_pair()
    assert pair.first.species_id == pair.second.species_id
    assert not pair.film and not pair.still


def make_finished(number: int, *steps: str, **fields: Any) -> Artwork:
    genome = replace(make_genome(number), finishing=read_steps([[name, {}] for name in steps]))
    return make_artwork(genome=genome, has_files=True, **fields)


@pytest.mark.parametrize("step", ["pattern", "mock-up"])
def test_wallpaper_and_mock_ups_are_no_pair_before_the_choice_nor_after_it(step: str):
    first, second = (make_finished(number, presence=0.3) for number in (1, 2))
    for number in (3, 4):
        make_finished(number, step, presence=0.9, is_featured=True)
    for pair in (hero_pair.choose_pair(), chosen_pair()):
        assert {pair.first, pair.second} == {first, second}


def test_until_the_choice_is_made_works_painted_alike_come_before_others():
    first = make_finished(1, "style", presence=0.3)
    make_finished(2, "duotone", presence=0.9)
    make_finished(3, presence=0.9)
    second = make_finished(4, "style", "detail", presence=0.3)
    pair = hero_pair.choose_pair()
    assert {pair.first, pair.second} == {first, second}


def test_a_damaged_finishing_does_not_close_the_wall(client: Client):
    genome = make_genome(1)
    for _ in range(2):
        make_artwork(has_files=True)
    for finishing in ([["style"]], [3], "style", None):
        Artwork.objects.update(genome=genome.to_json() | {"finishing": finishing})
        assert client.get("/").status_code == 200
        finish()


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


def test_asking_for_a_film_never_draws_and_closing_a_work_closes_it(client: Client, squares_engine):
    first, second = make_artwork(has_files=True), make_artwork(has_files=True)
    assert client.get(f"/teaser/{first.slug}/{second.slug}/").status_code == 204
    assert squares_engine.stats().frames == 0
    pair = chosen_pair()
    assert client.get(pair.film)["Content-Type"] == "image/webp"
    Artwork.objects.filter(pk=first.pk).update(visibility=Visibility.PRIVATE)
    assert client.get(pair.film).status_code == 204
    assert hero_pair.choose_pair() is None


def test_works_of_an_earlier_version_leave_the_wall_without_movement(client: Client):
    genome = make_genome(1)
    for number in range(2):
        make_artwork(has_files=True, genome=make_genome(number + 2))
    Artwork.objects.update(genome=genome.to_json() | {"genes": "AAAA"})
    assert client.get("/").status_code == 200


def test_the_pair_that_melts_best_is_chosen_and_the_next_best_once_it_is_closed(monkeypatch):
    works = [make_artwork(has_files=True) for _ in range(3)]
    qualities = iter([0.2, 0.9, 0.5])

    def rehearse(first: Genome, second: Genome) -> hero_film.Melting:
        stops = hero_film.even_stops(np.ones(4), FRAMES)
        return hero_film.Melting(stops, next(qualities), clarity=1, newness=1, travel=1)

    monkeypatch.setattr(hero_film, "rehearse", rehearse)
    pair = chosen_pair()
    newest_first = works[::-1]
    assert (pair.first, pair.second) == (newest_first[0], newest_first[2])
    Artwork.objects.filter(pk=newest_first[0].pk).update(may_be_bred=False)
    pair = chosen_pair()
    assert (pair.first, pair.second) == (newest_first[1], newest_first[2])


def test_a_choice_is_made_anew_after_a_day(monkeypatch, squares_engine):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    chosen_pair()
    drawn = squares_engine.stats().frames
    monkeypatch.setattr(hero_pair, "MAX_AGE_S", 0)
    chosen_pair()
    assert squares_engine.stats().frames >= drawn + hero_film.REHEARSED


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
    finish()
    hero_pair.choose_pair()
    assert len(calls) == 1  # The second visitor came too early.
    time.sleep(0.35)
    chosen_pair()


def test_a_failure_is_tried_again_after_a_while(monkeypatch):
    make_artwork(has_files=True)
    make_artwork(has_files=True)
    monkeypatch.setattr(hero_pair, "RETRY_S", 0.3)
    render, calls = studio.render_artwork, []

    def fail_once(*args, **options):
        calls.append(None)
        if len(calls) == 1:
            raise OSError("The storage is away.")
        return render(*args, **options)

    monkeypatch.setattr(studio, "render_artwork", fail_once)
    hero_pair.choose_pair()
    finish()
    hero_pair.choose_pair()
    finish()
    assert len(calls) == 1  # Not at once again.
    time.sleep(0.35)
    chosen_pair()


def squares(*shades: float) -> np.ndarray:
    """Even grey pictures [frames, 8, 8, 3]."""
    pictures = np.zeros((len(shades), 8, 8, 3), np.float32)
    pictures[..., 0] = np.array(shades)[:, None, None]
    return pictures


def test_a_cross_fade_measures_as_a_double_exposure_and_a_turn_does_not():
    rng = np.random.default_rng(1)
    first, second, other = rng.normal(0.5, 0.1, (3, 8, 8, 3))
    steps = np.linspace(0, 1, 9)[:, None, None, None]
    faded = hero_film.measure(first * (1 - steps) + second * steps)
    turned = hero_film.measure(
        first * (1 - steps) ** 2 + 2 * other * steps * (1 - steps) + second * steps**2
    )
    assert faded.newness < 0.01 < 0.2 < turned.newness
    assert faded.quality < turned.quality


def test_stops_are_close_together_where_a_path_hurries():
    stops = hero_film.even_stops(np.array([1.0, 1.0, 8.0, 1.0]), 12)
    assert stops[0] == 0 and stops[-1] == 1
    assert np.all(np.diff(stops) > 0)
    hurried = [stop for stop in stops if 0.5 < stop < 0.75]
    assert len(hurried) >= 7


def test_a_jump_makes_a_pair_less_even():
    assert hero_film.measure(squares(0, 0.1, 0.2, 0.3, 0.4)).evenness > 0.95
    assert hero_film.measure(squares(0, 0.02, 0.36, 0.38, 0.4)).evenness < 0.1
