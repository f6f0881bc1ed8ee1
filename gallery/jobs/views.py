"""The page of a job: its progress, a button to cancel it, and the file it made."""

import uuid

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from gallery.core.files import attachment
from gallery.jobs import queue
from gallery.jobs.progress import expires_at, find_job, progress_payload, report_context
from gallery.models import Job, JobKind, JobState
from gallery.types import Request
from generation.refusal import Refused

STOP_POLLING = 286  # htmx stops `every 2s` at this status.


@require_GET
def show(request: Request, id: uuid.UUID) -> HttpResponse:
    """The job's page; for htmx only its fragment, which polls until the job is over.

    With `?as=strip` the fragment is the line on top of the page of a work that is being printed.
    That page puts the finished print in place by itself (js/artworks/printing.js).
    """
    job = find_job_or_404(request, id)
    context = {
        "job": job,
        "progress": progress_payload(job),
        "artwork": job.artwork,
        "expires_at": expires_at(job) if job.kind == JobKind.EXPORT else None,
        "report": report_context(job.payload.get("report")),
    }
    if not request.htmx:
        return render(request, "gallery/jobs/job.html", context)
    is_strip = request.GET.get("as") == "strip"
    response = render(
        request,
        "gallery/jobs/_strip.html" if is_strip else "gallery/jobs/_job.html",
        context,
        status=STOP_POLLING if job.is_over else 200,
    )
    # The page around it has a picture to show now, or the reason why there is none.
    if job.state in ((JobState.FAILED, JobState.CANCELLED) if is_strip else (JobState.DONE,)):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: Request, id: uuid.UUID) -> HttpResponse:
    """Cancel a job that is queued or running."""
    job = find_job_or_404(request, id)
    queue.cancel(request.user, job)
    return redirect("job", id=job.pk)


@require_GET
def result(request: Request, id: uuid.UUID) -> HttpResponseBase:
    """Download the file that the job made."""
    job = find_job_or_404(request, id)
    if job.kind != JobKind.PRINT:
        return send_archive(job)
    if not job.result or job.artwork is None:
        raise Refused("This job made no file. Print it again on the work's page.")
    ending = str(job.result.name).rsplit(".", 1)[-1]
    purpose = "model" if job.is_for_solid else job.payload.get("purpose", "print")
    what = job.payload.get("size") or purpose
    response = FileResponse(job.result.open("rb"))
    response["Content-Disposition"] = attachment(
        job.artwork.title, fallback=job.artwork.slug, ending=f"-{what}.{ending}"
    )
    return response


def send_archive(job: Job) -> FileResponse:
    """The ZIP of an exported account. Raises Refused once it has expired."""
    ends = expires_at(job)
    if ends is None or ends < timezone.now() or job.finished_at is None:
        raise Refused("This archive is no longer available. Export your account again.")
    day = timezone.localdate(job.finished_at).isoformat()
    response = FileResponse(
        job.result.open("rb"), as_attachment=True, filename=f"{job.owner.username}-{day}.zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


def find_job_or_404(request: Request, id: uuid.UUID) -> Job:
    """The person's own job, else 404, as if it did not exist."""
    job = find_job(request.user, id)
    if job is None:
        raise Http404(gettext("This job doesn't exist, or it isn't yours."))
    return job
