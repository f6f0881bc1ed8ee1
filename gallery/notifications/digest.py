"""Sending digests, and ending them."""

import logging
from datetime import datetime

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from gallery.i18n.languages import speaking_to
from gallery.models import Notification, NotificationKind, User
from gallery.notifications import email
from gallery.notifications import news as bell

logger = logging.getLogger(__name__)


def send_digests(*, since: datetime) -> tuple[int, int]:
    """A letter to everybody with news since then that they have not read and were not written
    before: (sent, failed).

    People without a confirmed address, closed accounts and kinds of news that nobody wants by
    letter are passed over.
    """
    waiting = Notification.objects.filter(
        read_at__isnull=True, mailed_at__isnull=True, created_at__gte=since
    )
    people = User.objects.filter(is_active=True, pk__in=waiting.values("user")).order_by("pk")
    sent = failed = 0
    with get_connection() as connection:
        for person in people.iterator():
            outcome = _send_digest(person, since, connection)
            sent, failed = sent + (outcome is True), failed + (outcome is False)
    return sent, failed


def _send_digest(person: User, since: datetime, connection) -> bool | None:
    """True: sent. False: the mail server did not take it. None: there is nothing to send."""
    address = email.address_of(person)
    news = _take_news(person, since) if address else []
    if not news:
        return None
    try:
        with speaking_to(person):
            letter = email.compose(person, address, news)
        letter.connection = connection
        letter.send()
        return True
    except Exception:
        # Marked before sending, so that no crash sends twice; what was surely not sent may go with
        # the next letter.
        Notification.objects.filter(pk__in=[line.pk for line in news]).update(mailed_at=None)
        logger.exception("The digest of %s could not be sent.", person.username)
        return False


def _take_news(person: User, since: datetime) -> list[Notification]:
    """The news for one letter, marked as mailed: of two commands at once only one gets each."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        rows = bell.news_of(person, way="mail").filter(
            read_at__isnull=True, mailed_at__isnull=True, created_at__gte=since
        )
        news = list(bell.with_words(rows))
        Notification.objects.filter(pk__in=[line.pk for line in news]).update(
            mailed_at=timezone.now()
        )
    return news


def stop_letters(person: User) -> None:
    """No more digests: no kind of news comes by letter until the person chooses otherwise."""
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=person.pk)
        kept = found.notification_settings
        found.notification_settings = {
            kind: kept.get(kind, {}) | {"mail": False} for kind in NotificationKind.values
        }
        found.save(update_fields=["notification_settings"])
