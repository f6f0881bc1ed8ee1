"""The job runner: what becomes of a job that succeeds, fails, or cannot run now."""

import threading

import pytest

from gallery import job_runner, studio
from gallery.artworks.printing import (
    enqueue_print,
)
from gallery.job_runner import run_next
from gallery.models import Artwork, Job, JobState, State
from generation.refusal import Refused
from tests.factories import make_artwork, make_genome, make_job, make_user
from tests.squares import make_engine, render_squares

pytestmark = pytest.mark.django_db


def test_a_printed_work_is_published_with_its_files(squares_engine):
    job = make_job()
    assert run_next()
    artwork = Artwork.objects.get(pk=job.artwork_id)
    job.refresh_from_db()
    assert job.state == JobState.DONE and job.progress == 1 and job.attempts == 1
    assert artwork.state == State.PUBLISHED and artwork.published_at
    assert (artwork.width, artwork.height) == (64, 64)
    assert artwork.master.read()[:4] == b"\x89PNG" and artwork.thumbnail.read()[8:12] == b"WEBP"
    assert (
        artwork.accent.startswith("#")
        and artwork.accent != Artwork._meta.get_field("accent").default
    )
    assert not run_next()


def test_a_copy_of_another_size_leaves_the_work_as_it_is(squares_engine):
    artwork = make_artwork(has_files=True)
    job = enqueue_print(make_user(), artwork, size=128)
    before = (artwork.master.name, artwork.width, artwork.published_at)
    run_next()
    artwork.refresh_from_db()
    job.refresh_from_db()
    assert (artwork.master.name, artwork.width, artwork.published_at) == before
    assert job.state == JobState.DONE and job.result.read()[:4] == b"\x89PNG"


def test_a_job_with_an_unexpected_error_is_tried_three_times():
    def stumble(key, genomes, yield_point):
        raise RuntimeError("no such luck")

    studio.use_engine(make_engine(render_batch=stumble))
    job = make_job()
    try:
        assert [run_next() for _ in range(4)] == [True, True, True, False]
    finally:
        studio.use_engine(None)
    job.refresh_from_db()
    assert (
        job.state == JobState.FAILED
        and job.attempts == 3
        and job.error == job_runner.INTERNAL_ERROR
    )
    assert Artwork.objects.get().state == State.FAILED


def test_a_damaged_genome_fails_at_once(squares_engine):
    artwork = make_artwork(state=State.RENDERING)
    Artwork.objects.update(genome={"genes": "?"})
    job = make_job(artwork)
    run_next()
    job.refresh_from_db()
    assert job.state == JobState.FAILED and job.attempts == 1 and "damaged" in job.error


def test_a_full_studio_costs_no_attempt(monkeypatch):
    def refuse(key, genomes, yield_point):
        raise Refused("full", retry_after=0.01)

    studio.use_engine(make_engine(render_batch=refuse))
    job = make_job()
    try:
        assert run_next()
    finally:
        studio.use_engine(None)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED and job.attempts == 0


def test_a_job_that_has_to_wait_holds_up_nobody_elses():
    def paint(key, genomes, yield_point):
        if genomes[0].seed == 7:
            raise Refused("The server is off.", retry_after=60)
        return render_squares(key, genomes, yield_point)

    studio.use_engine(make_engine(render_batch=paint))
    first = make_job(make_artwork(state=State.RENDERING, genome=make_genome(7)))
    others = [make_job(make_artwork(state=State.RENDERING)) for _ in range(2)]
    try:
        assert [run_next() for _ in range(4)] == [True, True, True, False]
    finally:
        studio.use_engine(None)
    states = [Job.objects.get(pk=job.pk).state for job in (first, *others)]
    assert states == [JobState.QUEUED, JobState.DONE, JobState.DONE]


def test_a_failed_work_can_be_printed_again(squares_engine):
    artwork = make_artwork(state=State.FAILED, published_at=None)
    enqueue_print(artwork.author, artwork, size=64)
    assert Artwork.objects.get().state == State.RENDERING
    run_next()
    assert Artwork.objects.get().state == State.PUBLISHED


def test_a_work_quarantined_meanwhile_stays_so(squares_engine):
    job = make_job()
    Artwork.objects.filter(pk=job.artwork_id).update(state=State.QUARANTINED)
    run_next()
    assert Artwork.objects.get().state == State.QUARANTINED and Artwork.objects.get().master


def test_the_runner_survives_an_unreachable_database(monkeypatch, settings):
    stop = threading.Event()
    monkeypatch.setattr(job_runner, "RETRY_S", 0.01)
    monkeypatch.setattr(job_runner, "IDLE_S", 0.01)
    calls = []

    def broken() -> bool:
        calls.append(1)
        if len(calls) == 3:
            stop.set()
        raise RuntimeError("database is locked")

    monkeypatch.setattr(job_runner, "run_next", broken)
    job_runner.run_forever(stop)
    assert len(calls) == 3
