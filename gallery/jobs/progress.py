"""How far a job is, in the words of its page and its socket."""

from typing import Any

from django.db.models import Q

from gallery.actions.jobs import place_in_line
from gallery.languages import translated
from gallery.models import Job, JobKind, JobState


def job_of(user, job_id: Any) -> Job | None:
    """The job of that id if it is this person's own (moderators may see every print), else None."""
    if not user.is_authenticated:
        return None
    jobs = Job.objects.filter(pk=job_id).select_related(
        "artwork", "artwork__author", "artwork__generator"
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
