"""The list of notifications, marking them as read, the preferences, and unsubscribing."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.core import pagination
from gallery.core.avatars import attach_avatars
from gallery.models import Notification, NotificationKind
from gallery.notifications import digest, email, inbox
from gallery.notifications.actions import mark_read, save_preferences
from gallery.types import MemberRequest, Request

PAGE_SIZE = 40


@login_required
@require_safe
def overview(request: MemberRequest) -> HttpResponse:
    """The notifications by days, newest first. Looking at the list marks nothing as read."""
    rows = inbox.with_related(inbox.notifications_of(request.user))
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    for each in page.items:
        each.sentence = inbox.describe(each)
    attach_avatars(each.actor for each in page.items)
    days = groupby(page.items, lambda each: timezone.localtime(each.created_at).date())
    context = {"page": page, "days": [(day, list(rows)) for day, rows in days]}
    template = (
        "gallery/notifications/_news.html"
        if request.htmx and request.GET.get("after")
        else "gallery/notifications/notifications.html"
    )
    return render(request, template, context)


@login_required
@require_safe
def open_one(request: MemberRequest, id: int) -> HttpResponse:
    """Mark one notification as read and go to what it is about."""
    rows = inbox.with_related(Notification.objects.filter(user=request.user))
    notification = get_object_or_404(rows, pk=id)
    mark_read(request.user, only=notification.pk)
    return redirect(inbox.target_url(notification))


@login_required
@require_POST
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark all notifications as read."""
    mark_read(request.user)
    return redirect("notifications")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: MemberRequest) -> HttpResponse:
    """The preferences: which kinds of notifications one wants, on the site and by email."""
    user = request.user
    if request.method == "POST":
        ways = ("bell", "mail")
        save_preferences(
            user,
            {
                kind: {way: f"{kind}-{way}" in request.POST for way in ways}
                for kind in NotificationKind.values
            },
        )
        messages.success(request, gettext("Your choice has been saved."))
        return redirect("notification_settings")
    kinds = [
        {
            "kind": kind,
            "label": label,
            "bell": inbox.wants(user, kind, "bell"),
            "mail": inbox.wants(user, kind, "mail"),
        }
        for kind, label in NotificationKind.choices
    ]
    return render(
        request,
        "gallery/notifications/settings.html",
        {"kinds": kinds, "address": email.address_of(user)},
    )


@csrf_exempt  # The signed token says who it is; mail programs post it without a cookie (RFC 8058).
@require_http_methods(["GET", "HEAD", "POST"])
def stop_emails(request: Request, token: str) -> HttpResponse:
    """Unsubscribe by the link in each digest.

    GET only asks for confirmation, because mail scanners follow links.
    """
    person = email.person_of_token(token)
    if request.method == "POST":
        digest.stop_emails(person)
    return render(
        request,
        "gallery/notifications/digest_stop.html",
        {"person": person, "is_done": request.method == "POST"},
    )
