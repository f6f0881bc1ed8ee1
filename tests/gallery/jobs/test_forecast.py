"""How long a print will still take."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from gallery.jobs.forecast import about, seconds_left, time_left
from gallery.models import JobState
from tests.factories import make_artwork, make_job

pytestmark = pytest.mark.django_db


def make_done(seconds: float, *, size: int = 1024):
    now = timezone.now()
    return make_job(
        make_artwork(),
        state=JobState.DONE,
        payload={"size": size, "purpose": "master"},
        started_at=now - timedelta(seconds=seconds),
        finished_at=now,
    )


def make_waiting(**fields):
    return make_job(make_artwork(), payload={"size": 1024, "purpose": "master"}, **fields)


def test_nothing_is_said_before_anything_is_known():
    assert time_left(make_waiting()) == ""
    make_done(20, size=64)
    assert time_left(make_waiting()) == ""


def test_a_waiting_print_takes_as_long_as_the_last_ones_and_those_before_it():
    make_done(20)
    make_done(40)
    first, second = make_waiting(), make_waiting()
    assert seconds_left(first) == pytest.approx(30, abs=0.5)
    assert seconds_left(second) == pytest.approx(60, abs=1)
    assert time_left(first) == "about 30 s left"


def test_a_running_print_goes_by_its_own_pace_once_that_says_something():
    make_done(30)
    started = timezone.now() - timedelta(seconds=10)
    begun = make_waiting(state=JobState.RUNNING, progress=0.05, started_at=started)
    assert seconds_left(begun) == pytest.approx(20, abs=1)
    half = make_waiting(state=JobState.RUNNING, progress=0.5, started_at=started)
    assert seconds_left(half) == pytest.approx(10, abs=1)
    assert seconds_left(make_done(5)) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "about 5 s"), (42, "about 40 s"), (70, "about 1 min"), (150, "about 2 min")],
)
def test_durations_are_round(seconds, words):
    cache.clear()
    assert about(seconds) == words
