"""How far a job is, in the words of its page and its socket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from gallery.i18n.stored_sentences import translated
from gallery.jobs.queue import place_in_line
from gallery.models import Job, JobKind, JobState
from generation.refusal import Refused

KEPT = timedelta(days=7)  # How long the file of an export can be downloaded.


def expires_at(job: Job) -> datetime | None:
    """When the file of an export is deleted; None while there is none."""
    return job.finished_at + KEPT if job.result and job.finished_at else None


def job_of(user, job_id: Any) -> Job | None:
    """The job of that id if it is this person's own (moderators may see every print), else None."""
    if not user.is_authenticated:
        return None
    jobs = Job.objects.filter(pk=job_id).select_related(
        "artwork", "artwork__author", "artwork__species"
    )
    # An archive of an account holds what is private, so moderators see prints alone.
    theirs = Q(owner=user) | Q(kind=JobKind.PRINT) if user.is_moderator else Q(owner=user)
    return jobs.filter(theirs).first()


def news(job: Job) -> dict[str, Any]:
    """The JSON of the job's socket. place: 1 is next in line, 0 is not in line."""
    place = place_in_line(job) if job.state == JobState.QUEUED else 0
    return {
        "state": job.state,
        "progress": round(job.progress, 3),
        "note": translated(job.error or job.note),
        "place": place,
        "is_over": job.is_over,
    }


def news_of(user, job_id: Any) -> dict[str, Any] | None:
    """The news of one's own job, or None."""
    job = job_of(user, job_id)
    return news(job) if job else None


@dataclass(frozen=True)
class ToldReport:
    """planted, known: how many works; refused: how many works and collections; problems: their
    titles, and why they did not come along; collections: how many were made; likes, follows: how
    many are new; unliked, unfollowed: how many are of works that are not on the walls here and of
    people who do not garden here, with the first of their titles and names.
    """

    planted: int
    known: int
    refused: int
    collections: int
    problems: tuple[tuple[str, str], ...]
    likes: int
    follows: int
    unliked: int
    unfollowed: int
    unliked_titles: tuple[str, ...]
    unfollowed_names: tuple[str, ...]


def tell_report(report: dict[str, Any] | None) -> ToldReport | None:
    """The report that a job keeps, in the language of whoever reads it; None for a job without
    one.
    """
    if report is None:
        return None
    problems = tuple(
        (title, Refused(template, **values).sentence)
        for title, template, values in report["problems"]
    )
    counts = {
        name: report.get(name, 0)
        for name in ("collections", "likes", "follows", "unliked", "unfollowed")
    }
    named = {name: tuple(report.get(name, ())) for name in ("unliked_titles", "unfollowed_names")}
    return ToldReport(
        report["planted"], report["known"], report["refused"], problems=problems, **counts, **named
    )
