"""Reporting a work, a comment, a person or a collection, and what a maker reads and answers when
something was taken down.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gallery.core.rate_limits import RateLimiter, caller_of
from gallery.models import Artwork, Collection, Comment, State, User
from gallery.reports.actions import (
    TAKEN_DOWN,
    appeal_takedown,
    file_report,
    name_of,
    report_of_takedown,
    taken_down_of,
)
from gallery.reports.forms import AnswerForm, ReportForm
from generation.refusal import Refused

rate_limiter = RateLimiter("report", 5)  # Reports per minute from one person or address.


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a work."""
    found = get_object_or_404(Artwork.objects.visible_to(request.user).for_cards(), slug=slug)
    return _report(request, found, back=found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a comment."""
    rows = Comment.objects.filter(
        is_hidden=False, deleted_at=None, artwork__in=Artwork.objects.visible_to(request.user)
    )
    found = get_object_or_404(rows.select_related("author", "artwork"), pk=pk)
    return _report(request, found, back=found.artwork.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, username: str) -> HttpResponse:
    """Report a person."""
    found = get_object_or_404(User, username=username, is_active=True)
    return _report(request, found, back=found.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Report somebody's collection, or an exhibition."""
    rows = Collection.objects.visible_to(request.user).select_related("owner")
    found = get_object_or_404(rows, slug=slug)
    return _report(request, found, back=found.get_absolute_url())


def _report(request: HttpRequest, subject: Model, *, back: str) -> HttpResponse:
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
        "name": name_of(subject),
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
def takedown(request: HttpRequest, slug: str) -> HttpResponse:
    """Why a work of one's own was taken down, and the answer to it. Open for a quarantined work
    too, without its picture.
    """
    found = taken_down_of(request.user, Artwork).for_cards().filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("None of your works was taken down at this address."))
    return _answer(request, found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def collection_takedown(request: HttpRequest, slug: str) -> HttpResponse:
    """Why a collection or exhibition of one's own was hidden, and the answer to it."""
    found = taken_down_of(request.user, Collection).filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("None of your collections was taken down at this address."))
    return _answer(request, found)


def _answer(request: HttpRequest, subject: Artwork | Collection) -> HttpResponse:
    form = AnswerForm(request.POST or None)
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


def report_context(artwork: Artwork, user) -> dict:
    """What the work's page says about reports: the reason to its maker, the way to the desk to
    moderators.
    """
    is_own = user.is_authenticated and artwork.author_id == user.pk
    is_closed = artwork.state in TAKEN_DOWN
    case = report_of_takedown(artwork) if is_closed and is_own else None
    return {"is_own": is_own, "is_closed": is_closed, "case": case}


def is_quarantined_work_of(user, slug: str) -> bool:
    """Whether a work of this person's own is in quarantine, so that its address leads them to the
    reason.
    """
    return (
        user.is_authenticated
        and Artwork.objects.filter(slug=slug, author=user, state=State.QUARANTINED).exists()
    )
