"""Runs jobs.

The only module that knows every kind of job: what does its work, what records the result, and what
the job's page says meanwhile.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from gallery.archive.export import complete_export, make_export
from gallery.archive.importing import complete_import, make_import
from gallery.artworks.developing import complete_development, make_development
from gallery.artworks.printing import complete_print, make_print
from gallery.core import push
from gallery.jobs import leases
from gallery.jobs.leases import PREPARING, OnProgress, claim, fail, heartbeat
from gallery.maintenance import finish_deletions, refresh_rankings_if_due
from gallery.models import Job, JobKind
from generation import allocator
from generation.refusal import Refused
from generation.words import word

IDLE_S = 2.0  # How often a runner looks for work that another process queued.
RETRY_S = 5.0  # How long it waits after the database or the studio could not be reached.
LONGEST_WAIT_S = 30.0  # After which a job that could not be done just now is tried again.
PROGRESS_STEP = 0.02  # Smaller steps are not written.

# (progress, what the page of a job says below it), rising; the last one is never reached.
Stages = tuple[tuple[float, str], ...]
WRITING_FILES = (2.0, word("Writing the files"))
PICTURE_STAGES: Stages = ((1.0, word("Printing")), WRITING_FILES)
TUNE_STAGES: Stages = (
    (0.52, word("Playing the parts")),
    (0.93, word("Mixing and mastering")),
    (1.0, word("Encoding")),
    WRITING_FILES,
)
SOLID_STAGES: Stages = (
    (0.5, word("Measuring the form")),
    (1.0, word("Closing the surface")),
    WRITING_FILES,
)


@dataclass(frozen=True)
class Handler:
    """What is done with one kind of job.

    make(job, on_progress=...): does the work and returns the result; None when on_progress returned
    False. complete: records the result under the job's lease; False when the lease is lost. stages:
    what the page says meanwhile; other_stages: the same for jobs with some other purpose.
    """

    make: Callable[..., Any]
    complete: Callable[[Job, Any], bool]
    stages: Stages
    other_stages: Callable[[Job], Stages | None] = lambda job: None

    def stages_of(self, job: Job) -> Stages:
        return self.other_stages(job) or self.stages


def _print_stages(job: Job) -> Stages | None:
    """What the page says of a print that is no picture."""
    if job.is_for_solid:
        return SOLID_STAGES
    return TUNE_STAGES if job.artwork is not None and job.artwork.is_music else None


HANDLERS = {
    JobKind.PRINT: Handler(make_print, complete_print, PICTURE_STAGES, _print_stages),
    JobKind.EXPORT: Handler(
        make_export,
        complete_export,
        ((0.6, word("Gathering your works")), (2.0, word("Packing the files"))),
    ),
    JobKind.DEVELOP: Handler(
        make_development, complete_development, ((2.0, word("Developing the brood")),)
    ),
    JobKind.IMPORT: Handler(make_import, complete_import, ((2.0, word("Importing your works")),)),
}
INTERNAL_ERROR = word(
    "Printing failed because of an error on our side. Try again, or tell the site's operator."
)
logger = logging.getLogger(__name__)
_lock = threading.Lock()
_thread: threading.Thread | None = None
# Jobs that could not be done just now, and when each is due again by the monotonic clock. Without
# this, one whose server is off would be claimed again and again, before those of others.
_put_off: dict[uuid.UUID, float] = {}
_gave_way: set[uuid.UUID] = set()  # Jobs that are only claimed next where no other one waits.


def run_next() -> bool:
    """Claim one job and run it to its end; False when nothing waits.

    Raises only what the database raises.
    """
    now = time.monotonic()
    for pk, due_at in list(_put_off.items()):
        if due_at <= now:
            _put_off.pop(pk, None)
    job = claim(note_for=_first_note, but=[*_put_off, *_gave_way])
    if job is None and _gave_way:
        job = claim(note_for=_first_note, but=list(_put_off))
    _gave_way.clear()
    if job is None:
        return False
    run(job)
    return True


def _first_note(job: Job) -> str:
    if job.artwork is None or job.is_for_solid:
        return PREPARING
    return word("Preparing the sound") if job.artwork.is_music else word("Preparing the print")


def run(job: Job) -> None:
    """Run a claimed job to its end, whatever happens in it."""
    try:
        handler = HANDLERS[JobKind(job.kind)]
        made = handler.make(job, on_progress=_report_progress(job, handler.stages_of(job)))
    except leases.GaveWay as stopped:
        _gave_way.add(job.pk)
        leases.requeue(job, progress=stopped.progress)
    except Refused as refused:
        if refused.retry_after is None:
            fail(job, refused.sentence)
        else:
            _put_off[job.pk] = time.monotonic() + min(LONGEST_WAIT_S, refused.retry_after)
            leases.requeue(job)
    except Exception:
        logger.exception("Job %s failed.", job.pk)
        fail(job, INTERNAL_ERROR, may_retry=True)
    else:
        if made is not None:
            handler.complete(job, made)
    finally:
        allocator.trim()  # The files of a print are ten times as large in memory.


def _report_progress(job: Job, stages: Stages) -> OnProgress:
    """A callback that writes a job's progress and says whether the job is still this runner's.

    It writes when the progress has grown by PROGRESS_STEP, and at least four times a lease, so that
    the lease never runs out while the work goes on.
    """
    written, written_at = 0.0, time.monotonic()

    def report(progress: float) -> bool:
        nonlocal written, written_at
        now = time.monotonic()
        is_small = progress < min(1.0, written + PROGRESS_STEP)
        if is_small and now - written_at < settings.JOB_LEASE_SECONDS / 4:
            return True
        written, written_at = progress, now
        return heartbeat(job, progress, next(note for end, note in stages if progress < end))

    return report


def start_runner(when_idle: Callable[[], bool] = lambda: False) -> None:
    """Start this process's runner in a thread, once, if the settings want one; never fails.

    when_idle: see `run_forever`.
    """
    global _thread
    with _lock:
        if settings.RUN_JOBS and (_thread is None or not _thread.is_alive()):
            _thread = threading.Thread(
                target=run_forever, args=(None, when_idle), name="job-runner", daemon=True
            )
            _thread.start()


def run_forever(
    stop: threading.Event | None = None, when_idle: Callable[[], bool] = lambda: False
) -> None:
    """Run jobs as they come, until `stop` is set.

    when_idle: a piece of other work for when no job waits; False if there is none now.
    While the database is locked, unreachable or not migrated yet, it logs that once and tries again
    every RETRY_S.
    """
    stop = stop or threading.Event()
    is_failing = False
    while not stop.is_set():
        try:
            # Cleared before looking for jobs, so that one queued from here on wakes this thread.
            push.job_waiting.clear()
            while not stop.is_set() and run_next():
                is_failing = False
            finish_deletions()
            refresh_rankings_if_due()
            pause = 0.0 if not stop.is_set() and when_idle() else IDLE_S
        except Exception as error:
            if not is_failing:
                logger.warning("Jobs have to wait: %s", error)
            is_failing, pause = True, RETRY_S
        finally:
            close_old_connections()
        push.job_waiting.wait(pause)
