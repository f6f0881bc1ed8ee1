"""News under one's bell: the list, reading, what one wants to be told, and the end of letters."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.core import pagination
from gallery.models import Notification, NotificationKind
from gallery.notifications import digest, email
from gallery.notifications import news as bell
from gallery.notifications.actions import choose_news, read_news

PAGE_SIZE = 40


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The news by days, newest first. Looking at the list reads nothing; opening a line or the
    button does.
    """
    rows = bell.with_words(bell.news_of(request.user))
    page = pagination.page_by_id(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    for news in page.items:
        news.sentence = bell.sentence(news)
    days = groupby(page.items, lambda news: timezone.localtime(news.created_at).date())
    context = {"page": page, "days": [(day, list(news)) for day, news in days]}
    template = (
        "gallery/notifications/_news.html"
        if request.htmx and request.GET.get("after")
        else "gallery/notifications/notifications.html"
    )
    return render(request, template, context)


@login_required
@require_safe
def open_one(request: HttpRequest, id: int) -> HttpResponse:
    """Read one line and go where it leads."""
    news = get_object_or_404(bell.with_words(Notification.objects.filter(user=request.user)), pk=id)
    read_news(request.user, news=news.pk)
    return redirect(bell.address(news))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    read_news(request.user)
    return redirect("notifications")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which kinds of news one wants, under the bell and by letter."""
    user = request.user
    if request.method == "POST":
        ways = ("bell", "mail")
        choose_news(
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
            "bell": bell.wants(user, kind, "bell"),
            "mail": bell.wants(user, kind, "mail"),
        }
        for kind, label in NotificationKind.choices
    ]
    return render(
        request,
        "gallery/notifications/settings.html",
        {"kinds": kinds, "address": email.address_of(user)},
    )


@csrf_exempt  # The signed token says who asks; mail programs post it without a cookie (RFC 8058).
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """The end of letters, by the link in each. GET only asks: programs that look at links must not
    end anything.
    """
    person = email.person_of(token)
    if request.method == "POST":
        digest.stop_letters(person)
    return render(
        request,
        "gallery/notifications/digest_stop.html",
        {"person": person, "is_done": request.method == "POST"},
    )
