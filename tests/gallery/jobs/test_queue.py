"""Cancelling jobs, and their positions in the queue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.jobs.leases import claim, heartbeat
from gallery.jobs.queue import cancel, queue_position
from gallery.models import Artwork, Job, JobState, State
from generation.refusal import Refused
from tests.factories import make_job, make_user

pytestmark = pytest.mark.django_db


def test_a_cancelled_job_stops_its_runner():
    job = make_job()
    running = claim()
    cancel(job.owner, job)
    assert not heartbeat(running, 0.2)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Artwork.objects.get().state == State.FAILED
    cancel(job.owner, job)
    assert claim(now=timezone.now() + timedelta(seconds=31)) is None


def test_only_the_owner_and_staff_cancel():
    job = make_job()
    with pytest.raises(Refused, match="doesn't exist"):
        cancel(make_user(), job)
    cancel(make_user(is_staff=True, role="moderator"), job)
    assert Job.objects.get().state == JobState.CANCELLED


def test_the_queue_position_is_the_turn_at_which_the_job_is_claimed():
    people = [make_user() for _ in range(3)]
    waiting = [make_job(owner=people[number]) for number in (0, 0, 0, 1, 1, 2)]
    place = {job.pk: queue_position(job) for job in waiting}
    turns = [claim().pk for _ in waiting]
    assert place == {pk: turn for turn, pk in enumerate(turns, 1)}
    assert queue_position(Job.objects.get(pk=turns[0])) == 0
