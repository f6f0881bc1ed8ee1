"""Durable work: putting it in line, taking it out, and the runner that works through it."""

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone

from gallery import job_bell
from gallery.actions import leases
from gallery.actions.auditing import record
from gallery.actions.exporting import make_export
from gallery.actions.importing import make_import
from gallery.actions.leases import claim, complete, fail, heartbeat
from gallery.actions.printing import make_print
from gallery.actions.standing import check_may_act
from gallery.actions.tending import tend_if_due
from gallery.models import Artwork, Job, JobKind, JobState, Licence, Medium, State, User
from generation.frames import MIN_SIZE
from generation.refusal import Refused
from generation.words import word

__all__ = [
    "cancel",
    "claim",
    "complete",
    "enqueue_print",
    "fail",
    "heartbeat",
    "place_in_line",
    "run_forever",
    "run_next",
    "start_runner",
]
CAP_RETRY_S = 60.0
MAX_LINE = 5_000  # Beyond this, a place in line is told as just that.
IDLE_S = 2.0  # How often a runner looks for work that another process put in line.
REST_S = 5.0  # After the database or the studio could not be reached.
PROGRESS_STEP = 0.02
# What a runner does up to which progress, in words.
LAST = (2.0, word("Writing the files"))
STAGES = {
    Medium.PICTURE: ((1.0, word("Printing")), LAST),
    Medium.MUSIC: (
        (0.52, word("Playing the parts")),
        (0.93, word("Mixing and mastering")),
        (1.0, word("Encoding")),
        LAST,
    ),
}
ACCOUNT_STAGES = {
    JobKind.EXPORT: ((0.6, word("Gathering your works")), (2.0, word("Packing the files"))),
    JobKind.IMPORT: ((2.0, word("Planting your works")),),
}
MAKERS = {JobKind.PRINT: make_print, JobKind.EXPORT: make_export, JobKind.IMPORT: make_import}
MISTAKE = word(
    "The print could not be made because of a mistake in the studio. Try again, or tell an"
    " operator."
)

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_thread: threading.Thread | None = None


def enqueue_print(owner, artwork: Artwork, *, size: int = 0) -> Job:
    """Put a print of a work in line. The first one (and one after a failure) publishes it; later
    ones are copies to download.

    Of music, the first print is the mastered tune, a later one its parts one by one, and there is
    no size. Asking twice for the same gives the same job. Raises Refused for an impossible size,
    for somebody else's work whose maker reserves all rights, and above the cap of waiting jobs
    (with retry_after).
    """
    check_may_act(owner)
    if not artwork.is_music:
        _check_size(size)
    with transaction.atomic():
        # Locking the person keeps two requests at once within the cap (on SQLite every writer waits
        # for the other anyway).
        owner = User.objects.select_for_update().get(pk=owner.pk)
        artwork = (
            Artwork.objects.visible_to(owner)
            .select_for_update(of=("self",))
            .filter(pk=artwork.pk)
            .first()
        )
        if artwork is None:
            raise Refused("This work is not open to you.")
        is_theirs = artwork.author_id == owner.pk or owner.is_moderator
        if artwork.licence == Licence.RESERVED and not is_theirs:
            raise Refused("The maker reserves all rights in this work; ask them for a print.")
        if not artwork.master and not is_theirs:
            raise Refused("This work is not printed yet.")
        payload = _payload(artwork, size)
        if artwork.master and not artwork.is_music and size == max(artwork.width, artwork.height):
            raise Refused("The work is printed at {size} px already; download it.", size=size)
        open_jobs = Job.objects.filter(owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING])
        if known := open_jobs.filter(artwork=artwork, payload=payload).first():
            return known
        # What an import brought waits behind the rest, and keeps nobody from printing something
        # new.
        if open_jobs.filter(payload__imported__isnull=True).count() >= settings.JOBS_PER_USER:
            raise Refused(
                "You have {jobs_per_user} prints waiting, as many as one person may. Try again when"
                " some are done.",
                retry_after=CAP_RETRY_S,
                jobs_per_user=settings.JOBS_PER_USER,
            )
        if artwork.state == State.FAILED:
            Artwork.objects.filter(pk=artwork.pk).update(state=State.RENDERING)
        job = Job.objects.create(kind=JobKind.PRINT, owner=owner, artwork=artwork, payload=payload)
    transaction.on_commit(job_bell.work_waits.set)
    return job


def _payload(artwork: Artwork, size: int) -> dict[str, Any]:
    if artwork.is_music:
        return {"purpose": "stems" if artwork.master else "master"}
    return {"size": size, "purpose": "copy" if artwork.master else "master"}


def _check_size(size: int) -> None:
    if (
        isinstance(size, bool)
        or not isinstance(size, int)
        or not MIN_SIZE <= size <= settings.MAX_PRINT_SIZE
    ):
        raise Refused(
            "A print is {min_size} to {max_print_size} pixels wide; choose a size between them.",
            min_size=MIN_SIZE,
            max_print_size=settings.MAX_PRINT_SIZE,
        )


def cancel(user, job: Job) -> None:
    """Take a job out of line, or stop it. The work of a first print is marked as not printed; it
    can be printed again.
    """
    with transaction.atomic():
        found = Job.objects.select_for_update().filter(pk=job.pk).first()
        if found is None or not (
            user.is_authenticated and (user.is_moderator or found.owner_id == user.pk)
        ):
            raise Refused("There is no such job of yours.")
        if found.is_over:
            return
        if found.owner_id != user.pk:
            record(user, "cancel job", found, owner=found.owner.username)
        leases.give_up(found, "", timezone.now(), state=JobState.CANCELLED)
    job_bell.tell_change(job.pk)


def place_in_line(job: Job) -> int:
    """How many turns until this job is taken: 1 is next; 0 for a job that is not in line."""
    if job.state != JobState.QUEUED:
        return 0
    queued = Job.objects.filter(state=JobState.QUEUED).order_by(*leases.IN_LINE)
    rows = list(queued.values_list("owner_id", "created_at", "pk")[:MAX_LINE])
    level = leases.busyness(list({owner for owner, _, _ in rows}), timezone.now())
    turns = {}
    for owner, created_at, pk in rows:
        # Each job that goes before makes its owner one busier.
        turns[pk] = (level.get(owner, 0), created_at, pk)
        level[owner] = level.get(owner, 0) + 1
    mine = turns.get(job.pk)
    return 1 + (sum(turn < mine for turn in turns.values()) if mine else MAX_LINE)


def run_next() -> bool:
    """Claim and run one job to its end; False when nothing waits. Raises only what the database
    raises.
    """
    job = claim()
    if job is None:
        return False
    run(job)
    return True


def run(job: Job) -> None:
    """Run a claimed job to its end, whatever happens in it."""
    try:
        made = MAKERS[JobKind(job.kind)](job, keep=_Keeper(job))
    except Refused as refused:
        if refused.retry_after is None:
            fail(job, refused.sentence)
        else:
            leases.put_back(job)
            time.sleep(min(REST_S, refused.retry_after))
    except Exception:
        logger.exception("Job %s failed.", job.pk)
        fail(job, MISTAKE, may_retry=True)
    else:
        if made is not None:
            complete(job, made)


class _Keeper:
    """Writes progress where it moved, and the lease well before it runs out; says whether the job
    is still ours.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stages = (
            STAGES[job.artwork.medium] if job.artwork else ACCOUNT_STAGES[JobKind(job.kind)]
        )
        self._told = 0.0
        self._told_at = time.monotonic()

    def __call__(self, progress: float) -> bool:
        now = time.monotonic()
        if (
            progress < min(1.0, self._told + PROGRESS_STEP)
            and now - self._told_at < settings.JOB_LEASE_SECONDS / 4
        ):
            return True
        self._told, self._told_at = progress, now
        return heartbeat(
            self._job, progress, next(words for end, words in self._stages if progress < end)
        )


def start_runner() -> None:
    """Start the runner of this process, once, if the settings want one. Returns at once and never
    fails.
    """
    global _thread
    with _lock:
        if settings.RUN_JOBS and (_thread is None or not _thread.is_alive()):
            _thread = threading.Thread(target=run_forever, name="job-runner", daemon=True)
            _thread.start()


def run_forever(stop: threading.Event | None = None) -> None:
    """Work through jobs as they come. A database that is locked, away or not migrated yet is tried
    again later.
    """
    stop = stop or threading.Event()
    is_troubled = False
    while not stop.is_set():
        try:
            # Before looking: what is put in line from here on wakes us again.
            job_bell.work_waits.clear()
            while not stop.is_set() and run_next():
                is_troubled = False
            tend_if_due()
            pause = IDLE_S
        except Exception as error:
            if not is_troubled:
                logger.warning("Jobs have to wait: %s", error)
            is_troubled, pause = True, REST_S
        finally:
            close_old_connections()
        job_bell.work_waits.wait(pause)
