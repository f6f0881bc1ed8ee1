"""The curators' house: who gets in, what waits, and the frame that all its pages share.

Every page under /curate/ stands behind one of the three doors below and is drawn by `show_desk`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.artworks import screening
from gallery.models import (
    Artwork,
    AuditEntry,
    BlockedPicture,
    BlockedWord,
    Report,
    ReportState,
    State,
)
from gallery.moderation.actions_suspensions import in_force

View = Callable[..., HttpResponse]
RECENT_ACTS = 12


def curators_only(view: View) -> View:
    """A door for curators, moderators and administrators; visitors are sent to log in, everybody
    else gets 403.
    """
    return _door(
        view,
        lambda user: user.is_curator,
        lambda: gettext("Only curators can open this page."),
    )


def moderators_only(view: View) -> View:
    """A door for moderators and administrators."""
    return _door(
        view,
        lambda user: user.is_moderator,
        lambda: gettext("Only moderators can open this page."),
    )


def administrators_only(view: View) -> View:
    """A door for administrators."""
    return _door(
        view,
        lambda user: user.is_administrator,
        lambda: gettext("Only administrators can open this page."),
    )


def _door(view: View, may_pass: Callable[[Any], bool], words: Callable[[], str]) -> View:
    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not may_pass(request.user):
            raise PermissionDenied(words())
        return view(request, *args, **named)

    return guarded


def show_desk(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the house: its template extends gallery/moderation/_base.html, whose side nav shows what
    waits.
    """
    return render(request, template, {"desk": waiting(request.user)} | context, status=status)


def waiting(user) -> dict[str, int]:
    """What waits for this person, by page of the nav: two counts for moderators (cases and works),
    none for curators.
    """
    if not user.is_moderator:
        return {}
    mine = Q(state=ReportState.OPEN) | Q(state=ReportState.CLAIMED, claimed_by=user)
    return {
        "reports": Report.objects.leads().filter(mine).count(),
        "quarantine": Artwork.objects.filter(state=State.QUARANTINED).count(),
    }


@curators_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits, how the garden is guarded, and what staff did last."""
    context: dict[str, Any] = {}
    if request.user.is_moderator:
        context = {
            "suspended": in_force().count(),
            "words": BlockedWord.objects.count(),
            "pictures": BlockedPicture.objects.count(),
            "is_scored": screening.is_installed(),
            "unsafe_score": settings.UNSAFE_SCORE,
            "acts": AuditEntry.objects.all()[:RECENT_ACTS],
        }
    return show_desk(request, "gallery/moderation/home.html", context)
