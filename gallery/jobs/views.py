"""The page of a job: how far it is, stop it, fetch what it made."""

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from gallery.jobs import queue as jobs
from gallery.jobs.progress import expires_at, job_of, news, tell_report
from gallery.models import Job, JobKind, JobState
from generation.refusal import Refused

STOP_POLLING = 286  # htmx stops `every 2s` at this status.


@require_GET
def show(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The job's page; for htmx the fragment alone, which polls until the job is over."""
    job = find(request, id)
    context = {
        "job": job,
        "news": news(job),
        "artwork": job.artwork,
        "expires_at": expires_at(job) if job.kind == JobKind.EXPORT else None,
        "report": tell_report(job.payload.get("report")),
    }
    if not request.htmx:
        return render(request, "gallery/jobs/job.html", context)
    response = render(
        request, "gallery/jobs/_job.html", context, status=STOP_POLLING if job.is_over else 200
    )
    if job.state == JobState.DONE:
        response["HX-Refresh"] = "true"  # The page around it has a picture to show now.
    return response


@require_POST
def cancel(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Stop a job that is waiting or running."""
    job = find(request, id)
    jobs.cancel(request.user, job)
    return redirect("job", id=job.pk)


@require_GET
def result(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Download what the job made."""
    job = find(request, id)
    if job.kind != JobKind.PRINT:
        return _archive(job)
    if not job.result:
        raise Refused("This job made no file. Print it again on the work's page.")
    ending = job.result.name.rsplit(".", 1)[-1]
    what = job.payload.get("size") or job.payload.get("purpose", "print")
    name = f"{slugify(job.artwork.title) or job.artwork.slug}-{what}.{ending}"
    return FileResponse(job.result.open("rb"), as_attachment=True, filename=name)


def _archive(job: Job) -> FileResponse:
    """The ZIP of an account, for a week."""
    ends = expires_at(job)
    if ends is None or ends < timezone.now():
        raise Refused("This archive is no longer available. Export your account again.")
    day = timezone.localdate(job.finished_at).isoformat()
    response = FileResponse(
        job.result.open("rb"), as_attachment=True, filename=f"{job.owner.username}-{day}.zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def find(request: HttpRequest, id: uuid.UUID) -> Job:
    """The person's own job, else 404: to others it does not exist."""
    job = job_of(request.user, id)
    if job is None:
        raise Http404(gettext("This job doesn't exist, or it isn't yours."))
    return job
