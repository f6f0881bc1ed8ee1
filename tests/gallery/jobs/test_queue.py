"""Durable jobs: who is next, the lease and its fence, attempts, cancelling, and the runner around
them.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from gallery import job_runner, studio
from gallery.artworks.printing import CAP_RETRY_S, complete_print, enqueue_print, make_print
from gallery.artworks.publishing import delete_work
from gallery.job_runner import run_next
from gallery.jobs.leases import claim, fail, heartbeat
from gallery.jobs.queue import cancel, place_in_line
from gallery.models import Artwork, Job, JobState, Licence, State, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_job, make_user
from tests.squares import make_engine

pytestmark = pytest.mark.django_db


def later(seconds: float = 31):
    return timezone.now() + timedelta(seconds=seconds)


def printed(job: Job):
    """The print of a claimed job."""
    return make_print(job, keep=lambda progress: True)


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


def test_who_has_fewer_running_and_done_jobs_goes_first():
    busy, calm = make_user(), make_user()
    first, second, third = (make_job(owner=busy) for _ in range(3))
    late = make_job(owner=calm)
    assert [claim().pk for _ in range(4)] == [first.pk, late.pk, second.pk, third.pk]


def test_finished_jobs_count_for_a_while():
    busy, calm = make_user(), make_user()
    make_job(owner=busy, state=JobState.DONE, finished_at=timezone.now())
    make_job(owner=busy)
    fresh = make_job(owner=calm)
    assert claim().pk == fresh.pk


def test_a_running_job_is_taken_again_only_after_its_lease():
    job = make_job()
    first = claim()
    assert claim() is None
    second = claim(now=later())
    assert second.pk == job.pk and second.token != first.token and second.attempts == 2


def test_a_job_that_a_runner_died_of_waits_behind_the_others():
    owner = make_user()
    dangerous, harmless = make_job(owner=owner), make_job(owner=owner)
    claim()
    assert [claim(now=later()).pk for _ in range(2)] == [harmless.pk, dangerous.pk]


def test_a_heartbeat_extends_the_lease_and_tells_the_progress():
    make_job()
    job = claim()
    Job.objects.update(lease_until=timezone.now())
    assert heartbeat(job, 0.5, "Printing")
    row = Job.objects.get()
    assert row.progress == 0.5 and row.note == "Printing"
    assert row.lease_until > later(20)


def test_a_late_runner_changes_nothing(squares_engine):
    job = make_job()
    dead = claim()
    made = printed(dead)
    alive = claim(now=later())
    assert not heartbeat(dead, 0.9)
    assert not complete_print(dead, made)
    assert not fail(dead, "late")
    assert not any(Artwork().master.storage.exists(name) for name in made.names)
    assert Job.objects.get().state == JobState.RUNNING
    assert complete_print(alive, printed(alive))
    assert Artwork.objects.get(pk=job.artwork_id).state == State.PUBLISHED
    assert not complete_print(alive, printed(alive))


def test_a_job_that_wore_out_three_runners_fails_with_its_work():
    job = make_job()
    for number in range(3):
        assert claim(now=later(100 * number)).attempts == number + 1
    assert claim(now=later(1000)) is None
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "interrupted 3 times" in job.error
    assert Artwork.objects.get().state == State.FAILED


def test_a_mistake_of_the_net_is_tried_three_times():
    def stumble(key, genomes, yield_point):
        raise RuntimeError("no such luck")

    studio.use_engine(make_engine(render_batch=stumble))
    job = make_job()
    try:
        assert [run_next() for _ in range(4)] == [True, True, True, False]
    finally:
        studio.use_engine(None)
    job.refresh_from_db()
    assert job.state == JobState.FAILED and job.attempts == 3 and job.error == job_runner.MISTAKE
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


def test_a_failed_work_can_be_printed_again(squares_engine):
    artwork = make_artwork(state=State.FAILED, published_at=None)
    enqueue_print(artwork.author, artwork, size=64)
    assert Artwork.objects.get().state == State.RENDERING
    run_next()
    assert Artwork.objects.get().state == State.PUBLISHED


def test_what_an_operator_hid_meanwhile_stays_hidden(squares_engine):
    job = make_job()
    Artwork.objects.filter(pk=job.artwork_id).update(state=State.QUARANTINED)
    run_next()
    assert Artwork.objects.get().state == State.QUARANTINED and Artwork.objects.get().master


def test_a_cancelled_job_stops_its_runner():
    job = make_job()
    running = claim()
    cancel(job.owner, job)
    assert not heartbeat(running, 0.2)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Artwork.objects.get().state == State.FAILED
    cancel(job.owner, job)
    assert claim(now=later()) is None


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
        assert make_print(claim(), keep=lambda progress: False) is None
        assert started.is_set() and stopped.wait(5)
    finally:
        studio.use_engine(None)


def test_only_the_owner_and_staff_cancel():
    job = make_job()
    with pytest.raises(Refused, match="This job doesn't exist"):
        cancel(make_user(), job)
    cancel(make_user(is_staff=True, role="moderator"), job)
    assert Job.objects.get().state == JobState.CANCELLED


def test_the_job_of_a_deleted_work_is_dropped(squares_engine):
    job = make_job()
    running = claim()
    made = printed(running)
    delete_work(job.owner, job.artwork)
    assert not complete_print(running, made)
    assert not Artwork.objects.exists() and not Job.objects.exists()
    assert not any(Artwork().master.storage.exists(name) for name in made.names)


def test_the_cap_refuses_and_says_when_to_come_back(settings):
    settings.JOBS_PER_USER = 2
    owner = make_user()
    for _ in range(2):
        make_job(owner=owner)
    with pytest.raises(Refused, match="the maximum") as refused:
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
    with pytest.raises(Refused, match="don't have access to this work"):
        enqueue_print(make_user(), private, size=128)
    with pytest.raises(Refused, match="reserves all rights"):
        enqueue_print(make_user(), reserved, size=128)
    assert enqueue_print(reserved.author, reserved, size=128)
    with pytest.raises(Refused, match="already"):
        enqueue_print(reserved.author, reserved, size=64)


def test_the_place_in_line_is_the_turn_at_which_the_job_is_claimed():
    people = [make_user() for _ in range(3)]
    waiting = [make_job(owner=people[number]) for number in (0, 0, 0, 1, 1, 2)]
    place = {job.pk: place_in_line(job) for job in waiting}
    turns = [claim().pk for _ in waiting]
    assert place == {pk: turn for turn, pk in enumerate(turns, 1)}
    assert place_in_line(Job.objects.get(pk=turns[0])) == 0


@pytest.mark.django_db(transaction=True)
def test_no_job_is_claimed_twice_by_threads_at_once():
    for _ in range(4):
        owner = make_user()
        for _ in range(5):
            make_job(owner=owner)
    taken, errors = [], []

    def take() -> None:
        try:
            while job := claim():
                taken.append(job.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(taken) == len(set(taken)) == 20


def test_the_runner_survives_a_database_that_is_away(monkeypatch, settings):
    stop = threading.Event()
    monkeypatch.setattr(job_runner, "REST_S", 0.01)
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
