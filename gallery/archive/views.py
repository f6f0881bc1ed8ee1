"""Pages to export one's whole account, and to import one from another site."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gallery.archive.export import request_export
from gallery.archive.forms import ExportForm, ImportForm
from gallery.archive.importing import request_import
from gallery.core.http import absolute_url
from gallery.jobs.progress import expires_at
from gallery.models import Job, JobKind
from gallery.types import MemberRequest
from generation.refusal import Refused

SHOWN_ARCHIVES = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    """GET: a form, and the archives one has. POST: request an archive; redirects to its job."""
    if request.method == "POST":
        form = ExportForm(request.POST)
        form.full_clean()
        base = absolute_url(request, "/").rstrip("/")
        with_files = form.cleaned_data["with_files"]
        job = request_export(request.user, with_files=with_files, base=base)
        return redirect("job", id=job.pk)
    jobs = list(
        Job.objects.filter(owner=request.user, kind=JobKind.EXPORT).order_by("-created_at")[
            :SHOWN_ARCHIVES
        ]
    )
    for job in jobs:
        job.expires_at = expires_at(job)
    return render(request, "gallery/archive/export.html", {"form": ExportForm(), "jobs": jobs})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_account(request: MemberRequest) -> HttpResponse:
    """Upload an archive, which a job then imports."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("job", id=request_import(request.user, form.cleaned_data["archive"]).pk)
        except Refused as refused:
            form.add_error("archive", refused.sentence)
    return render(
        request, "gallery/archive/import.html", {"form": form}, status=400 if form.is_bound else 200
    )
