"""Who works on a job: claimed by lease and fencing token, so that jobs survive the death of whoever
works on them.

A claim writes a fresh token and a lease; the runner extends the lease while it lives; everything it
writes names its token. A dead runner's job is taken again under a new token after the lease has run
out, and nothing the dead one left behind counts. Rendering is deterministic, so doing a job twice
is harmless; recording it twice is impossible.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from gallery.core import push
from gallery.models import Job, JobState
from generation.words import word

MAX_ATTEMPTS = 3
# The order of one person's jobs: what a runner died of goes last, and before it what an import
# brought by the hundred.
IN_LINE = ("attempts", KT("payload__imported").asc(nulls_first=True), "created_at", "pk")
RECENT = timedelta(minutes=10)  # How long a finished job counts against its owner in the line.
MAX_OWNERS_LOOKED_AT = 200
PREPARING = word("Preparing")
WORN_OUT = word(
    "This job was interrupted {attempts} times. Try again, or tell the site's operator."
)


def claim(
    *, now: datetime | None = None, note_for: Callable[[Job], str] = lambda job: PREPARING
) -> Job | None:
    """Take the job that is next by right, under a fresh token; None when nothing waits. Safe
    between threads and processes.

    Next is who has the fewest running and recently finished jobs; of theirs the oldest, but one
    that a runner died of comes after those that harmed nobody. A job that wore out MAX_ATTEMPTS
    runners is failed here instead. note_for: what the job's page says until the first progress.
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
                job.note = note_for(job)
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
            job.give_up(WORN_OUT.format(attempts=job.attempts), now)
            given_up.append(job.pk)
            job = None
    for pk in [*given_up, *([job.pk] if job else [])]:
        push.notify_job_change(pk)
    return job


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
    changed = held(job).update(
        progress=min(1.0, max(0.0, progress)),
        note=note[:200],
        lease_until=timezone.now() + _lease(),
    )
    if changed:
        push.notify_job_change(job.pk)
    return bool(changed)


def held(job: Job) -> QuerySet:
    """The row, as long as it is this runner's: the fence that a late writer runs into."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)


def fail(job: Job, error: str, *, may_retry: bool = False) -> bool:
    """Record that a job ended in an error: back in line if that may help and attempts are left,
    else failed with its work.

    False when the job is not this runner's any more.
    """
    with transaction.atomic():
        mine = held(job).select_for_update().first()
        if mine is None:
            return False
        if may_retry and mine.attempts < MAX_ATTEMPTS:
            mine.state, mine.token, mine.lease_until, mine.progress = (
                JobState.QUEUED,
                None,
                None,
                0.0,
            )
            mine.note = word("Trying again after an error")
            mine.save(update_fields=["state", "token", "lease_until", "progress", "note"])
        else:
            mine.give_up(error, timezone.now())
    push.notify_job_change(job.pk)
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
    return bool(held(job).update(attempts=job.attempts - 1, **fields))


def finish(job: Job, *, result: str = "") -> bool:
    """Record that a job is done. result: the stored file that it made, if that is its own.

    False when the job is not this runner's any more. Part of the caller's transaction, so that what
    the job leads to is written together with it or not at all; `push.notify_job_change` comes after it.
    """
    fields = {"result": result} if result else {}
    changed = held(job).update(
        state=JobState.DONE,
        progress=1.0,
        note="",
        error="",
        lease_until=None,
        finished_at=timezone.now(),
        **fields,
    )
    return bool(changed)
