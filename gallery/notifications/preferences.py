"""Telling people, in their own language, what moderators decided about them."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import override

from gallery.actions.notifying import notify
from gallery.kept_words import keep, say
from gallery.models import Artwork, Collection, Comment, Notification, NotificationKind, User

LONGEST = Notification._meta.get_field("text").max_length

logger = logging.getLogger(__name__)


def tell(
    person: User,
    template: str,
    *,
    artwork: Artwork | None = None,
    comment: Comment | None = None,
    collection: Collection | None = None,
    **values: str | datetime,
) -> None:
    """Put a sentence of the moderators under a person's bell. Who of the staff decided is not told.

    template: English with braces, marked by gettext_noop where it is written; `values` fill it,
    moments as people read them.
    """
    words = keep(template, values)
    with override(person.language or settings.LANGUAGE_CODE):
        text = say(words)
    notify(
        NotificationKind.MODERATION,
        to=person,
        artwork=artwork,
        comment=comment,
        collection=collection,
        text=text[:LONGEST],
        words=words,
    )


def write_to(address: str, *, subject: str, text: str) -> None:
    """Send a letter to somebody without an account, when the transaction is done. A post that fails
    undoes nothing.
    """

    def send() -> None:
        try:
            send_mail(subject, text, None, [address])
        except OSError:  # What smtplib raises, too.
            logger.exception("A letter about a report could not be sent.")

    transaction.on_commit(send)
