"""Sending digests of unread notifications by email, and unsubscribing from them."""

import logging
from datetime import datetime

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from gallery.i18n.languages import in_language_of
from gallery.models import Notification, NotificationKind, User
from gallery.notifications import email, inbox

logger = logging.getLogger(__name__)


def send_digests(*, since: datetime) -> tuple[int, int]:
    """Email everybody their unread notifications since then; returns how many were (sent, failed).

    Skipped are notifications that were emailed before or that the person does not want by email,
    people without a confirmed address, and closed accounts.
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


def _send_digest(person: User, since: datetime, connection: BaseEmailBackend) -> bool | None:
    """True: sent. False: the mail server refused it. None: there is nothing to send."""
    address = email.address_of(person)
    notifications = _claim_notifications(person, since) if address else []
    if not notifications:
        return None
    try:
        with in_language_of(person):
            message = email.compose_digest(person, address, notifications)
        message.connection = connection
        message.send()
        return True
    except Exception:
        # They were marked as emailed before sending, so that a crash cannot send them twice. What
        # was certainly not sent may go into the next digest.
        keys = [each.pk for each in notifications]
        Notification.objects.filter(pk__in=keys).update(mailed_at=None)
        logger.exception("The digest of %s could not be sent.", person.username)
        return False


def _claim_notifications(person: User, since: datetime) -> list[Notification]:
    """The notifications for one email, marked as emailed.

    Of two commands that run at once, only one gets each notification.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        rows = inbox.notifications_of(person, way="mail").filter(
            read_at__isnull=True, mailed_at__isnull=True, created_at__gte=since
        )
        notifications = list(inbox.with_related(rows))
        keys = [each.pk for each in notifications]
        Notification.objects.filter(pk__in=keys).update(mailed_at=timezone.now())
    return notifications


def stop_emails(person: User) -> None:
    """Unsubscribe a person from digests, until they choose some kind of notification again."""
    with transaction.atomic():
        found = User.objects.select_for_update().get(pk=person.pk)
        settings = found.notification_settings
        found.notification_settings = {
            kind: settings.get(kind, {}) | {"mail": False} for kind in NotificationKind.values
        }
        found.save(update_fields=["notification_settings"])
