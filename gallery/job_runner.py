"""Runs jobs: the one place that knows every kind of them, what makes it, what records it, and what
its page says meanwhile.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from gallery.archive.export import complete_export, make_export
from gallery.archive.importing import complete_import, make_import
from gallery.artworks.printing import complete_print, make_print
from gallery.core import push
from gallery.jobs import leases
from gallery.jobs.leases import claim, fail, heartbeat
from gallery.maintenance import refresh_rankings_if_due
from gallery.models import Job, JobKind
from generation.refusal import Refused
from generation.words import word

IDLE_S = 2.0  # How often a runner looks for work that another process put in line.
REST_S = 5.0  # After the database or the studio could not be reached.
PROGRESS_STEP = 0.02

# What the page of a job says up to which progress.
Stages = tuple[tuple[float, str], ...]
_WRITING = (2.0, word("Writing the files"))
_PICTURE: Stages = ((1.0, word("Printing")), _WRITING)
_TUNE: Stages = (
    (0.52, word("Playing the parts")),
    (0.93, word("Mixing and mastering")),
    (1.0, word("Encoding")),
    _WRITING,
)


@dataclass(frozen=True)
class Handler:
    """What is done with one kind of job.

    make: does the work, telling its progress, 0 to 1; None when `keep` told it to stop. complete:
    records what was made under the job's lease. stages, tune_stages: what the page says meanwhile;
    a job about a tune may have others.
    """

    make: Callable[..., Any]
    complete: Callable[[Job, Any], bool]
    stages: Stages
    tune_stages: Stages | None = None

    def stages_of(self, job: Job) -> Stages:
        is_tune = job.artwork is not None and job.artwork.is_music
        return self.tune_stages if is_tune and self.tune_stages else self.stages


HANDLERS = {
    JobKind.PRINT: Handler(make_print, complete_print, _PICTURE, _TUNE),
    JobKind.EXPORT: Handler(
        make_export,
        complete_export,
        ((0.6, word("Gathering your works")), (2.0, word("Packing the files"))),
    ),
    JobKind.IMPORT: Handler(make_import, complete_import, ((2.0, word("Importing your works")),)),
}
MISTAKE = word(
    "Printing failed because of an error on our side. Try again, or tell the site's operator."
)
logger = logging.getLogger(__name__)
_lock = threading.Lock()
_thread: threading.Thread | None = None


def run_next() -> bool:
    """Claim and run one job to its end; False when nothing waits. Raises only what the database
    raises.
    """
    job = claim(note_for=_preparing)
    if job is None:
        return False
    run(job)
    return True


def _preparing(job: Job) -> str:
    if job.artwork is None:
        return word("Preparing")
    return word("Preparing the sound") if job.artwork.is_music else word("Preparing the print")


def run(job: Job) -> None:
    """Run a claimed job to its end, whatever happens in it."""
    handler = HANDLERS[JobKind(job.kind)]
    try:
        made = handler.make(job, keep=_Keeper(job, handler.stages_of(job)))
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
            handler.complete(job, made)


class _Keeper:
    """Writes progress where it moved, and the lease well before it runs out; says whether the job
    is still ours.
    """

    def __init__(self, job: Job, stages: Stages) -> None:
        self._job, self._stages = job, stages
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
            push.job_waiting.clear()
            while not stop.is_set() and run_next():
                is_troubled = False
            refresh_rankings_if_due()
            pause = IDLE_S
        except Exception as error:
            if not is_troubled:
                logger.warning("Jobs have to wait: %s", error)
            is_troubled, pause = True, REST_S
        finally:
            close_old_connections()
        push.job_waiting.wait(pause)
