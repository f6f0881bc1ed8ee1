"""Telling people, in their own language, what moderators decided about them."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from gallery.actions.notifying import notify
from gallery.models import Artwork, Collection, Comment, Notification, NotificationKind, User

LONGEST = Notification._meta.get_field("text").max_length

logger = logging.getLogger(__name__)


def tell(
    person: User, template: str, *, artwork: Artwork | None = None, comment: Comment | None = None,
    collection: Collection | None = None, **values: str | datetime,
) -> None:
    """Put a sentence of the moderators under a person's bell. Who of the staff decided is not told.

    template: English with braces, marked by gettext_noop where it is written; `values` fill it, moments as people read them.
    """
    with override(person.language or settings.LANGUAGE_CODE):
        words = {name: read_moment(value) if isinstance(value, datetime) else value for name, value in values.items()}
        text = gettext(template).format(**words).strip()
    notify(NotificationKind.MODERATION, to=person, artwork=artwork, comment=comment, collection=collection, text=text[:LONGEST])


def read_moment(moment: datetime) -> str:
    """A moment in the garden's time, in the words of the language that is spoken."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def write_to(address: str, *, subject: str, text: str) -> None:
    """Send a letter to somebody without an account, when the transaction is done. A post that fails undoes nothing."""

    def send() -> None:
        try:
            send_mail(subject, text, None, [address])
        except OSError:  # What smtplib raises, too.
            logger.exception("A letter about a report could not be sent.")

    transaction.on_commit(send)
