"""Who works on a job: runners claim jobs by a lease and a fencing token.

A claim writes a fresh token and a lease; the runner extends the lease while it lives; everything it
writes names its token. When a runner dies, its lease runs out and another runner claims the job
under a new token; whatever the dead one still tries to write matches no row. Rendering is
deterministic, so doing a job twice is harmless; recording it twice is impossible.
"""

import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from gallery.core import push
from gallery.models import Job, JobState
from generation.words import word

MAX_ATTEMPTS = 3
# The order of one person's jobs: those whose runner died come last, and before them the hundreds
# of prints that an import queues.
QUEUE_ORDER = ("attempts", KT("payload__imported").asc(nulls_first=True), "created_at", "pk")
RECENT = timedelta(minutes=10)  # How long a finished job counts against its owner.
MAX_OWNERS_LOOKED_AT = 200
PREPARING = word("Preparing")
TOO_MANY_ATTEMPTS = word(
    "This job was interrupted {attempts} times. Try again, or tell the site's operator."
)
# Called with the progress in [0, 1]; False means that the job is to be stopped.
OnProgress = Callable[[float], bool]


class GaveWay(Exception):
    """A long job stopped between two of its pieces, as others wait; it goes on after one of them.

    progress: in [0, 1], what is done of it.
    """

    def __init__(self, progress: float) -> None:
        super().__init__(progress)
        self.progress = progress


def claim(
    *,
    now: datetime | None = None,
    note_for: Callable[[Job], str] = lambda job: PREPARING,
    but: Collection[uuid.UUID] = (),
) -> Job | None:
    """Claim the next job under a fresh token; None when nothing waits.

    Safe between threads and processes. The next job belongs to whoever has the fewest running and
    recently finished jobs, and is the first of theirs in QUEUE_ORDER. A job that has already had
    MAX_ATTEMPTS runners is failed instead. note_for: what the job's page says until the first
    progress. but: jobs that are left out.
    """
    now = now or timezone.now()
    # Looked up before the transaction, which on SQLite would stop every other writer.
    if not claimable(now, but=but).exists():
        return None
    given_up: list[uuid.UUID] = []
    claimed: Job | None = None
    with transaction.atomic():
        for job in _in_fair_order(now, but=but):
            if job.attempts < MAX_ATTEMPTS:
                _start(job, now, note_for(job))
                claimed = job
                break
            job.give_up(TOO_MANY_ATTEMPTS.format(attempts=job.attempts), now)
            given_up.append(job.pk)
    for pk in [*given_up, *([claimed.pk] if claimed else [])]:
        push.notify_job_change(pk)
    return claimed


def _start(job: Job, now: datetime, note: str) -> None:
    """Write a fresh token and lease into a locked row."""
    job.state, job.token = JobState.RUNNING, uuid.uuid4()
    job.attempts += 1
    job.lease_until, job.started_at = now + _lease(), now
    job.progress, job.note = 0.0, note
    written = ["state", "token", "attempts", "lease_until", "started_at", "progress", "note"]
    job.save(update_fields=written)


def claimable(now: datetime, *, but: Collection[uuid.UUID] = ()) -> QuerySet[Job]:
    """Jobs that a runner may claim: queued ones, and running ones whose lease has run out."""
    waiting = Job.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    )
    return waiting.exclude(pk__in=but) if but else waiting


def others_wait(job: Job) -> bool:
    """Whether a runner could claim another job now."""
    return claimable(timezone.now(), but=[job.pk]).exists()


def _in_fair_order(now: datetime, *, but: Collection[uuid.UUID] = ()) -> Iterator[Job]:
    """Jobs to claim, each row locked.

    Rows that another runner has locked are skipped (SKIP LOCKED; SQLite has one writer at a time).
    """
    waiting = (
        claimable(now, but=but)
        .values_list("owner")
        .annotate(oldest=Min("created_at"))
        .order_by("oldest")[:MAX_OWNERS_LOOKED_AT]
    )
    oldest = dict(waiting)
    load = owner_loads(list(oldest), now)
    for owner in sorted(oldest, key=lambda owner: (load.get(owner, 0), oldest[owner])):
        seen: list[uuid.UUID] = []
        while True:
            theirs = claimable(now, but=[*but, *seen]).filter(owner=owner).order_by(*QUEUE_ORDER)
            job = theirs.select_for_update(skip_locked=True).first()
            if job is None:
                break
            seen.append(job.pk)
            yield job


def owner_loads(owners: list[int], now: datetime) -> dict[int, int]:
    """Owner id -> how many of their jobs run now or were finished recently; 0 is left out."""
    running = Q(state=JobState.RUNNING, lease_until__gte=now)
    done = Q(state=JobState.DONE, finished_at__gte=now - RECENT)
    counted = Job.objects.filter(running | done, owner__in=owners).order_by().values_list("owner")
    return dict(counted.annotate(number=Count("pk")))


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def heartbeat(job: Job, progress: float, note: str = "") -> bool:
    """Extend the lease and write the progress.

    False when the job is no longer this runner's: it must stop working on it.
    """
    changed = leased(job).update(
        progress=min(1.0, max(0.0, progress)),
        note=note[:200],
        lease_until=timezone.now() + _lease(),
    )
    if changed:
        push.notify_job_change(job.pk)
    return bool(changed)


def leased(job: Job) -> QuerySet[Job]:
    """The job's row as long as it is this runner's; empty once another runner has claimed it."""
    return Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING)


def fail(job: Job, error: str, *, may_retry: bool = False) -> bool:
    """Record that a job ended in an error; False when it is no longer this runner's.

    With may_retry it is queued again as long as attempts are left; else it fails, and its work is
    marked as not printed.
    """
    with transaction.atomic():
        mine = leased(job).select_for_update().first()
        if mine is None:
            return False
        if may_retry and mine.attempts < MAX_ATTEMPTS:
            mine.state, mine.progress = JobState.QUEUED, 0.0
            mine.token = mine.lease_until = None
            mine.note = word("Trying again after an error")
            mine.save(update_fields=["state", "token", "lease_until", "progress", "note"])
        else:
            mine.give_up(error, timezone.now())
    push.notify_job_change(job.pk)
    return True


def requeue(job: Job, *, progress: float = 0.0) -> bool:
    """Queue a job again without counting the attempt: it has to wait, which is no fault of its.

    progress: what is done of it and needs not be done again.
    """
    changed = leased(job).update(
        attempts=job.attempts - 1,
        state=JobState.QUEUED,
        token=None,
        lease_until=None,
        progress=progress,
        note="",
    )
    return bool(changed)


def finish(job: Job, *, result: str = "") -> bool:
    """Record that a job is done; False when it is no longer this runner's.

    result: name of the stored file that the job made, if it made one of its own. Call it inside the
    transaction that writes what the job leads to, so that both are written or neither;
    `push.notify_job_change` comes after that transaction.
    """
    fields: dict[str, Any] = {"result": result} if result else {}
    changed = leased(job).update(
        state=JobState.DONE,
        progress=1.0,
        note="",
        error="",
        lease_until=None,
        finished_at=timezone.now(),
        **fields,
    )
    return bool(changed)
