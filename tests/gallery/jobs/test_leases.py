"""Claiming jobs: whose is next, the lease and its fencing token, attempts."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from gallery.artworks.printing import (
    Print,
    complete_print,
    make_print,
)
from gallery.jobs.leases import claim, fail, heartbeat
from gallery.models import Artwork, Job, JobState, State
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db


def later(seconds: float = 31) -> datetime:
    """A time when every lease of now has run out."""
    return timezone.now() + timedelta(seconds=seconds)


def printed(job: Job) -> Print:
    """The print of a claimed job."""
    made = make_print(job, on_progress=lambda progress: True)
    assert made is not None
    return made


def test_owners_with_fewer_running_and_done_jobs_go_first():
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


def test_a_running_job_is_claimed_again_only_after_its_lease():
    job = make_job()
    first = claim()
    assert claim() is None
    second = claim(now=later())
    assert second.pk == job.pk and second.token != first.token and second.attempts == 2


def test_a_job_whose_runner_died_waits_behind_the_others():
    owner = make_user()
    dangerous, harmless = make_job(owner=owner), make_job(owner=owner)
    claim()
    assert [claim(now=later()).pk for _ in range(2)] == [harmless.pk, dangerous.pk]


def test_a_heartbeat_extends_the_lease_and_writes_the_progress():
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


def test_a_job_fails_with_its_work_after_three_runners():
    job = make_job()
    for number in range(3):
        assert claim(now=later(100 * number)).attempts == number + 1
    assert claim(now=later(1000)) is None
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "interrupted 3 times" in job.error
    assert Artwork.objects.get().state == State.FAILED


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
