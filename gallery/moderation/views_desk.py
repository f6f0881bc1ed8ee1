"""The staff's desk: who may open it, its first page, and the frame that all its pages share.

Every view under /curate/ has one of the three decorators below and is rendered by `show_desk`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gallery.models import (
    Artwork,
    AuditEntry,
    BlockedPicture,
    BlockedWord,
    Report,
    ReportState,
    State,
    User,
)
from gallery.moderation.actions_suspensions import in_force
from gallery.types import MemberRequest
from generation import safety

View = Callable[..., HttpResponse]
RECENT_ENTRIES = 12


def curators_only(view: View) -> View:
    """Lets curators, moderators and administrators in.

    Visitors are sent to log in; everybody else gets 403.
    """
    return _require(
        view,
        lambda user: user.is_curator,
        lambda: gettext("Only curators can open this page."),
    )


def moderators_only(view: View) -> View:
    """Lets moderators and administrators in, otherwise as `curators_only`."""
    return _require(
        view,
        lambda user: user.is_moderator,
        lambda: gettext("Only moderators can open this page."),
    )


def administrators_only(view: View) -> View:
    """Lets administrators in, otherwise as `curators_only`."""
    return _require(
        view,
        lambda user: user.is_administrator,
        lambda: gettext("Only administrators can open this page."),
    )


def _require(view: View, is_allowed: Callable[[User], bool], refusal: Callable[[], str]) -> View:
    @wraps(view)
    @login_required
    def guarded(request: MemberRequest, *args: Any, **named: Any) -> HttpResponse:
        if not is_allowed(request.user):
            raise PermissionDenied(refusal())
        return view(request, *args, **named)

    return guarded


def show_desk(
    request: MemberRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk; `desk` in its context holds the counts of its navigation."""
    desk = count_pending(request.user)
    return render(request, template, {"desk": desk} | context, status=status)


def count_pending(user: User) -> dict[str, int]:
    """The numbers of pending cases and of works in quarantine; empty for curators."""
    if not user.is_moderator:
        return {}
    mine = Q(state=ReportState.OPEN) | Q(state=ReportState.CLAIMED, claimed_by=user)
    return {
        "reports": Report.objects.leads().filter(mine).count(),
        "quarantine": Artwork.objects.filter(state=State.QUARANTINED).count(),
    }


@curators_only
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """What is pending, the figures of moderation, and what staff did last."""
    context: dict[str, Any] = {}
    if request.user.is_moderator:
        context = {
            "suspended": in_force().count(),
            "words": BlockedWord.objects.count(),
            "pictures": BlockedPicture.objects.count(),
            "is_scored": safety.is_installed(),
            "unsafe_score": settings.UNSAFE_SCORE,
            "acts": AuditEntry.objects.all()[:RECENT_ENTRIES],
        }
    return show_desk(request, "gallery/moderation/home.html", context)
