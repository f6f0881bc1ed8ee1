"""How far a job is, as its page, its socket and the API show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from gallery.i18n.stored_sentences import translated
from gallery.jobs.forecast import time_left
from gallery.jobs.queue import queue_position
from gallery.models import Job, JobKind
from gallery.types import AnyUser
from generation.refusal import Refused

EXPORT_LIFETIME = timedelta(days=7)  # How long the file of an export can be downloaded.


def expires_at(job: Job) -> datetime | None:
    """When the file of an export is deleted; None while there is none."""
    return job.finished_at + EXPORT_LIFETIME if job.result and job.finished_at else None


def find_job(user: AnyUser, job_id: UUID | str) -> Job | None:
    """The job of that id if it is this person's own, else None; moderators find every print too."""
    if not user.is_authenticated:
        return None
    jobs = Job.objects.filter(pk=job_id).select_related(
        "artwork", "artwork__author", "artwork__species"
    )
    # The archive of an account holds private works, so moderators see prints alone.
    allowed = Q(owner=user) | Q(kind=JobKind.PRINT) if user.is_moderator else Q(owner=user)
    return jobs.filter(allowed).first()


def progress_payload(job: Job) -> dict[str, Any]:
    """The JSON of the job's socket.

    place: 1 is next in the queue, 0 is not queued. left: how long it will still take, in words; ""
    where nothing is known yet.
    """
    return {
        "state": job.state,
        "progress": round(job.progress, 3),
        "note": translated(job.error or job.note),
        "place": queue_position(job),
        "left": time_left(job),
        "is_over": job.is_over,
    }


def find_progress(user: AnyUser, job_id: UUID | str) -> dict[str, Any] | None:
    """`progress_payload` of the job that `find_job` finds, or None."""
    job = find_job(user, job_id)
    return progress_payload(job) if job else None


@dataclass(frozen=True)
class ReportContext:
    """The report of an import, as its page shows it.

    imported, known: how many works were imported, and how many the person had already; refused: how
    many works and collections were refused; problems: their titles and the reasons; changed: titles
    of works that have another licence here, and the reasons; collections: how many were made;
    likes, follows: how many are new; unliked, unfollowed: how many could not be taken over, because
    the work or the person is not on this site, with the first of their titles and user names.
    """

    imported: int
    known: int
    refused: int
    collections: int
    problems: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    likes: int
    follows: int
    unliked: int
    unfollowed: int
    unliked_titles: tuple[str, ...]
    unfollowed_names: tuple[str, ...]


def report_context(report: dict[str, Any] | None) -> ReportContext | None:
    """The report in a job's payload, in the language of the request; None for a job without one."""
    if report is None:
        return None
    return ReportContext(
        imported=report["planted"],
        known=report["known"],
        refused=report["refused"],
        problems=_sentences(report["problems"]),
        # Reports of older versions have none of these.
        changed=_sentences(report.get("changed", ())),
        collections=report.get("collections", 0),
        likes=report.get("likes", 0),
        follows=report.get("follows", 0),
        unliked=report.get("unliked", 0),
        unfollowed=report.get("unfollowed", 0),
        unliked_titles=tuple(report.get("unliked_titles", ())),
        unfollowed_names=tuple(report.get("unfollowed_names", ())),
    )


def _sentences(told: Iterable[tuple[str, str, dict[str, Any]]]) -> tuple[tuple[str, str], ...]:
    """Stored sentences about works, each with its title, in the language of the request."""
    return tuple((title, Refused(template, **values).sentence) for title, template, values in told)
