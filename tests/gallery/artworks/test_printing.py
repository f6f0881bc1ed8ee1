"""Prints: who may queue one, and how one ends."""

import threading

import pytest

from gallery import studio
from gallery.artworks.deleting import delete_work
from gallery.artworks.printing import (
    CAP_RETRY_S,
    complete_print,
    enqueue_print,
    make_print,
)
from gallery.jobs.leases import claim
from gallery.models import Artwork, Job, Licence, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user
from tests.gallery.deletions import after_a_minute
from tests.squares import make_engine

pytestmark = pytest.mark.django_db


def test_the_limit_of_jobs_refuses_and_says_when_to_retry(settings):
    settings.JOBS_PER_USER = 2
    owner = make_user()
    for _ in range(2):
        make_job(owner=owner)
    with pytest.raises(Refused, match="prints waiting, the maximum") as refused:
        enqueue_print(owner, make_artwork(has_files=True), size=128)
    assert refused.value.retry_after == CAP_RETRY_S
    enqueue_print(make_user(), make_artwork(has_files=True), size=128)


def test_asking_twice_for_a_print_gives_the_same_job():
    artwork, user = make_artwork(has_files=True), make_user()
    assert enqueue_print(user, artwork, size=128) == enqueue_print(user, artwork, size=128)
    assert enqueue_print(user, artwork, size=256) != enqueue_print(user, artwork, size=128)


@pytest.mark.parametrize("size", [0, 15, 100_000, True, "64", 64.5])
def test_an_impossible_size_is_refused(size):
    artwork = make_artwork(has_files=True)
    with pytest.raises(Refused, match="A print can be"):
        enqueue_print(artwork.author, artwork, size=size)


def test_prints_of_works_that_are_closed_or_reserved_are_refused():
    private = make_artwork(has_files=True, visibility=Visibility.PRIVATE)
    reserved = make_artwork(has_files=True, licence=Licence.RESERVED)
    with pytest.raises(Refused, match="access to this work"):
        enqueue_print(make_user(), private, size=128)
    with pytest.raises(Refused, match="reserves all rights"):
        enqueue_print(make_user(), reserved, size=128)
    assert enqueue_print(reserved.author, reserved, size=128)
    with pytest.raises(Refused, match="already"):
        enqueue_print(reserved.author, reserved, size=64)


def test_a_stopped_print_leaves_the_engine():
    started, stopped = threading.Event(), threading.Event()

    def paint_forever(key, genomes, yield_point):
        started.set()
        try:
            while True:
                yield_point(0.1)
        except BaseException:
            stopped.set()
            raise

    studio.use_engine(make_engine(render_batch=paint_forever))
    make_job()
    try:
        assert make_print(claim(), on_progress=lambda progress: False) is None
        assert started.is_set() and stopped.wait(5)
    finally:
        studio.use_engine(None)


def test_the_job_of_a_deleted_work_is_dropped(squares_engine):
    job = make_job()
    running = claim()
    made = make_print(running, on_progress=lambda progress: True)
    delete_work(job.owner, job.artwork)
    after_a_minute()
    assert not complete_print(running, made)
    assert not Artwork.objects.exists() and not Job.objects.exists()
    assert not any(Artwork().master.storage.exists(name) for name in made.names)
