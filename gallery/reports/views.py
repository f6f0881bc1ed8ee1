"""Reporting works, comments, people and collections, and appealing takedowns."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.models import Artwork, Collection, Comment, State, User
from gallery.reports.actions import (
    TAKEN_DOWN,
    appeal_takedown,
    file_report,
    hidden_collections_of,
    report_of_takedown,
    taken_down_works_of,
)
from gallery.reports.forms import AppealForm, ReportForm
from gallery.types import AnyUser, MemberRequest, Request, Subject
from generation.refusal import Refused

rate_limiter = RateLimiter("report", 5)  # Reports per minute from one person or address.


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: Request, slug: str) -> HttpResponse:
    """Report a work."""
    found = get_object_or_404(Artwork.objects.visible_to(request.user).for_cards(), slug=slug)
    return _report(request, found, back=found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, pk: int) -> HttpResponse:
    """Report a comment."""
    rows = Comment.objects.filter(
        is_hidden=False, deleted_at=None, artwork__in=Artwork.objects.visible_to(request.user)
    )
    found = get_object_or_404(rows.select_related("author", "artwork"), pk=pk)
    return _report(request, found, back=found.artwork.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, username: str) -> HttpResponse:
    """Report a person."""
    found = get_object_or_404(User, username=username, is_active=True)
    return _report(request, found, back=found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: Request, slug: str) -> HttpResponse:
    """Report a collection or an exhibition."""
    rows = Collection.objects.visible_to(request.user).select_related("owner")
    found = get_object_or_404(rows, slug=slug)
    return _report(request, found, back=found.get_absolute_url())


def _report(request: Request, subject: Subject, *, back: str) -> HttpResponse:
    form = ReportForm(request.POST or None, is_visitor=not request.user.is_authenticated)
    if request.method == "POST" and form.is_valid():
        if delay := rate_limiter.take(caller_of(request)):
            raise Refused(
                "That was a lot of reports in one minute. Wait a moment, then carry on.",
                retry_after=delay,
            )
        try:
            file_report(request.user, subject, **form.cleaned_data)
            messages.success(
                request,
                gettext("Thank you. A moderator will look into it and tell you the outcome."),
            )
            return redirect(back)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {
        "form": form,
        "subject": subject,
        "kind": subject._meta.model_name,
        "name": str(subject),
        "back": back,
        "artwork": subject if isinstance(subject, Artwork) else None,
    }
    return render(
        request,
        "gallery/reports/report.html",
        context,
        status=400 if request.method == "POST" else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def takedown(request: MemberRequest, slug: str) -> HttpResponse:
    """Why one of one's own works was taken down, and the appeal; also for a quarantined work."""
    found = taken_down_works_of(request.user).for_cards().filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("None of your works was taken down at this address."))
    return _appeal(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_takedown(request: MemberRequest, slug: str) -> HttpResponse:
    """Why one of one's own collections or exhibitions was hidden, and the appeal."""
    found = hidden_collections_of(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("None of your collections was taken down at this address."))
    return _appeal(request, found)


def _appeal(request: MemberRequest, subject: Artwork | Collection) -> HttpResponse:
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal_takedown(request.user, subject, **form.cleaned_data)
            messages.success(
                request,
                gettext("Your appeal is with the moderators. You will hear what they decide."),
            )
            return redirect(request.path)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {
        "subject": subject,
        "kind": subject._meta.model_name,
        "case": report_of_takedown(subject),
        "form": form,
    }
    return render(
        request, "gallery/reports/takedown.html", context, status=400 if form.is_bound else 200
    )


def report_context(artwork: Artwork, user: AnyUser) -> dict[str, Any]:
    """The context of what a work's page says about reports: to its maker, why it was taken down."""
    is_own = user.is_authenticated and artwork.author_id == user.pk
    is_closed = artwork.state in TAKEN_DOWN
    case = report_of_takedown(artwork) if is_closed and is_own else None
    return {"is_own": is_own, "is_closed": is_closed, "case": case}


def is_quarantined_work_of(user: AnyUser, slug: str) -> bool:
    """Whether a work of this person's own is quarantined: its address leads to the reason."""
    return (
        user.is_authenticated
        and Artwork.objects.filter(slug=slug, author=user, state=State.QUARANTINED).exists()
    )
