"""The digest: one letter with what happened, to whoever wants it, and the link in it that ends such
letters.
"""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from gallery.models import Notification, User
from gallery.notifications import news as bell
from generation.refusal import Refused

SALT = "gallery.letters"
SHOWN = 30  # Lines of a letter; the rest is counted.


def origin() -> str:
    """The site's public address without a slash at its end; empty where the operator has not told
    it.
    """
    return settings.ORIGIN.rstrip("/")


def address_of(user: User) -> str:
    """Where letters for a person go: their main address once they have confirmed it, else
    nowhere.
    """
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").first()
    return found.email if found else ""


def token_of(user: User) -> str:
    """What stands in the link that ends letters. It names the person and cannot be made by anybody
    else.
    """
    return signing.dumps(user.pk, salt=SALT)


def person_of(token: str) -> User:
    """Whose letters a token ends. Raises Refused for one that was not made here."""
    try:
        return User.objects.get(pk=signing.loads(token, salt=SALT), is_active=True)
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise Refused(
            "This link is damaged. Log in and choose your emails on the notifications page."
        ) from error


def compose(user: User, address: str, news: Sequence[Notification]) -> EmailMultiAlternatives:
    """The letter about these news, as text and as HTML, in the language that is active."""
    for line in news[:SHOWN]:
        line.sentence = bell.sentence(line)
    stop = f"{origin()}{reverse('stop_letters', args=[token_of(user)])}"
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
    letter = EmailMultiAlternatives(
        subject.format(garden=settings.GARDEN_NAME, n=count),
        render_to_string("gallery/notifications/digest.txt", context),
        to=[address],
        # RFC 2369 and RFC 8058: mail programs show a button that ends the letters with one click.
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    letter.attach_alternative(
        render_to_string("gallery/notifications/digest.html", context), "text/html"
    )
    return letter
