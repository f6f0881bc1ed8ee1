"""The digest: one email with a person's unread notifications, and its unsubscribe link."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from gallery.models import Notification, User
from gallery.notifications import inbox
from generation.refusal import Refused

SALT = "gallery.letters"
SHOWN = 30  # Notifications listed in an email; the rest is counted.


def origin() -> str:
    """The site's public address without a trailing slash; empty where ORIGIN is not set."""
    return settings.ORIGIN.rstrip("/")


def address_of(user: User) -> str:
    """A person's primary confirmed email address, else another confirmed one, else ""."""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()
    return found.email if found else ""


def unsubscribe_token(user: User) -> str:
    """The signed token in the unsubscribe link, which names the person."""
    return signing.dumps(user.pk, salt=SALT)


def person_of_token(token: str) -> User:
    """Whom an unsubscribe token names. Raises Refused for a token that was not signed here."""
    try:
        return User.objects.get(pk=signing.loads(token, salt=SALT), is_active=True)
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise Refused(
            "This link is damaged. Log in and choose your emails on the notifications page."
        ) from error


def compose_digest(
    user: User, address: str, news: Sequence[Notification]
) -> EmailMultiAlternatives:
    """The email about these notifications, as text and as HTML, in the active language."""
    for notification in news[:SHOWN]:
        notification.sentence = inbox.describe(notification)
    stop = f"{origin()}{reverse('stop_emails', args=[unsubscribe_token(user)])}"
    context = {
        "person": user,
        "news": news[:SHOWN],
        "more": len(news) - SHOWN,
        "origin": origin(),
        "garden_name": settings.GARDEN_NAME,
        "stop": stop,
    }
    count = len(news)
    subject = ngettext("{garden}: {n} new notification", "{garden}: {n} new notifications", count)
    message = EmailMultiAlternatives(
        subject.format(garden=settings.GARDEN_NAME, n=count),
        render_to_string("gallery/notifications/digest.txt", context),
        to=[address],
        # RFC 2369 and RFC 8058: mail programs show a button that unsubscribes with one click.
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(
        render_to_string("gallery/notifications/digest.html", context), "text/html"
    )
    return message
