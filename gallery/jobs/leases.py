"""Who works on a job: claimed by lease and fencing token, so that jobs survive the death of whoever
works on them.

A claim writes a fresh token and a lease; the runner extends the lease while it lives; everything it
writes names its token. A dead runner's job is taken again under a new token after the lease has run
out, and nothing the dead one left behind counts. Rendering is deterministic, so doing a job twice
is harmless; recording it twice is impossible.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from gallery import job_bell
from gallery.actions.announcing import announce
from gallery.actions.featuring import describe
from gallery.actions.notifying import tell_followers
from gallery.actions.printing import Print, delete_files, is_for_master
from gallery.actions.screening import hold
from gallery.actions.tending import welcome
from gallery.models import Artwork, Job, JobState, State
from generation.words import word

MAX_ATTEMPTS = 3
# The order of one person's jobs: what a runner died of goes last, and before it what an import
# brought by the hundred.
IN_LINE = ("attempts", KT("payload__imported").asc(nulls_first=True), "created_at", "pk")
RECENT = timedelta(minutes=10)  # How long a finished job counts against its owner in the line.
MAX_OWNERS_LOOKED_AT = 200
WORN_OUT = word(
    "The studio stopped {attempts} times while it worked on this. Try again, or tell an operator."
)


def claim(*, now: datetime | None = None) -> Job | None:
    """Take the job that is next by right, under a fresh token; None when nothing waits. Safe
    between threads and processes.

    Next is who has the fewest running and recently finished jobs; of theirs the oldest, but one
    that a runner died of comes after those that harmed nobody. A job that wore out MAX_ATTEMPTS
    runners is failed here instead.
    """
    now = now or timezone.now()
    if not claimable(
        now
    ).exists():  # Looked up before the transaction: on SQLite that would stop every other writer.
        return None
    given_up: list[uuid.UUID] = []
    with transaction.atomic():
        job = None
        for job in _in_fair_order(now):
            if job.attempts < MAX_ATTEMPTS:
                job.state, job.token, job.attempts = (
                    JobState.RUNNING,
                    uuid.uuid4(),
                    job.attempts + 1,
                )
                job.lease_until, job.started_at = now + _lease(), now
                job.progress = 0.0
                job.note = _preparing(job)
                job.save(
                    update_fields=[
                        "state",
                        "token",
                        "attempts",
                        "lease_until",
                        "started_at",
                        "progress",
                        "note",
                    ]
                )
                break
            give_up(job, WORN_OUT.format(attempts=job.attempts), now)
            given_up.append(job.pk)
            job = None
    for pk in [*given_up, *([job.pk] if job else [])]:
        job_bell.tell_change(pk)
    return job


def _preparing(job: Job) -> str:
    if job.artwork is None:
        return word("Preparing")
    return word("Preparing the sound") if job.artwork.is_music else word("Preparing the print")


def claimable(now: datetime) -> QuerySet:
    """Jobs that a runner may take: those in line, and those whose runner has been silent for longer
    than its lease.
    """
    return Job.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    )


def _in_fair_order(now: datetime) -> Iterator[Job]:
    """Jobs to take, locked. Rows that another runner holds are passed over (SKIP LOCKED; SQLite has
    one writer at a time).
    """
    waiting = (
        claimable(now)
        .values_list("owner")
        .annotate(oldest=Min("created_at"))
        .order_by("oldest")[:MAX_OWNERS_LOOKED_AT]
    )
    oldest = dict(waiting)
    busy = busyness(list(oldest), now)
    for owner in sorted(oldest, key=lambda owner: (busy.get(owner, 0), oldest[owner])):
        passed: list[uuid.UUID] = []
        while True:
            theirs = claimable(now).filter(owner=owner).exclude(pk__in=passed).order_by(*IN_LINE)
            job = theirs.select_for_update(skip_locked=True).first()
            if job is None:
                break
            passed.append(job.pk)
            yield job


def busyness(owners: list[int], now: datetime) -> dict[int, int]:
    """How many jobs of each owner run now or were finished recently."""
    running = Q(state=JobState.RUNNING, lease_until__gte=now)
    done = Q(state=JobState.DONE, finished_at__gte=now - RECENT)
    counted = Job.objects.filter(running | done, owner__in=owners).order_by().values_list("owner")
    return dict(counted.annotate(number=Count("pk")))


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def heartbeat(job: Job, progress: float, note: str = "") -> bool:
    """Extend the lease and tell the progress. False when the job is not this runner's any more:
    stop working on it.
    """
    changed = _mine(job).update(
        progress=min(1.0, max(0.0, progress)),
        note=note[:200],
        lease_until=timezone.now() + _lease(),
    )
    if changed:
        job_bell.tell_change(job.pk)
    return bool(changed)


def _mine(job: Job) -> QuerySet:
    """The row, as long as it is this runner's: the fence that a late writer runs into."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)


def complete(job: Job, made: Print) -> bool:
    """Record a finished print, and publish the work if it was its first: one transaction behind the
    fence.

    False, with the files of this print deleted, when the job is not this runner's any more.
    """
    now = timezone.now()
    fields = {
        "state": JobState.DONE,
        "progress": 1.0,
        "note": "",
        "error": "",
        "lease_until": None,
        "finished_at": now,
    }
    if not is_for_master(job):
        fields["result"] = made.master
    with transaction.atomic():
        is_mine = bool(_mine(job).update(**fields))
        if is_mine and is_for_master(job):
            artwork = Artwork.objects.select_for_update().get(pk=job.artwork_id)
            for name, value in made.fields.items():
                setattr(artwork, name, value)
            artwork.published_at = artwork.published_at or now
            if artwork.state == State.RENDERING:  # What a moderator hid meanwhile stays hidden.
                artwork.state = State.QUARANTINED if made.finding else State.PUBLISHED
                if made.finding:
                    hold(artwork, made.finding)
            artwork.save(update_fields=[*made.fields, "published_at", "state", *welcome(artwork)])
            announce(artwork)
            tell_followers(artwork)
    if is_mine:
        job_bell.tell_change(job.pk)
        if is_for_master(job):
            describe(artwork)
    else:
        delete_files(made.names)
    return is_mine


def fail(job: Job, error: str, *, may_retry: bool = False) -> bool:
    """Record that a job ended in an error: back in line if that may help and attempts are left,
    else failed with its work.

    False when the job is not this runner's any more.
    """
    with transaction.atomic():
        mine = _mine(job).select_for_update().first()
        if mine is None:
            return False
        if may_retry and mine.attempts < MAX_ATTEMPTS:
            mine.state, mine.token, mine.lease_until, mine.progress = (
                JobState.QUEUED,
                None,
                None,
                0.0,
            )
            mine.note = word("Trying again after a mistake")
            mine.save(update_fields=["state", "token", "lease_until", "progress", "note"])
        else:
            give_up(mine, error, timezone.now())
    job_bell.tell_change(job.pk)
    return True


def put_back(job: Job) -> bool:
    """Back in line without counting the attempt: the studio had no room, which is no fault of the
    job.
    """
    fields = {
        "state": JobState.QUEUED,
        "token": None,
        "lease_until": None,
        "progress": 0.0,
        "note": "",
    }
    return bool(_mine(job).update(attempts=job.attempts - 1, **fields))


def give_up(job: Job, error: str, now: datetime, *, state: JobState = JobState.FAILED) -> None:
    job.state, job.error, job.token, job.lease_until, job.finished_at = (
        state,
        error[:500],
        None,
        None,
        now,
    )
    job.note = ""
    job.save(update_fields=["state", "error", "note", "token", "lease_until", "finished_at"])
    if is_for_master(job):
        Artwork.objects.filter(pk=job.artwork_id, state=State.RENDERING).update(state=State.FAILED)
