"""Notifying people of what happened, on open pages and in their list of notifications."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from gallery.core import push
from gallery.i18n.stored_sentences import read_sentence, write_sentence
from gallery.models import (
    Artwork,
    Boundary,
    Collection,
    Comment,
    Like,
    Notification,
    NotificationKind,
    User,
)
from gallery.notifications.inbox import wants, wants_any

# Whoever likes a work, unlikes it and likes it again causes one notification in this time; the same
# for following.
REPEAT_AFTER = timedelta(days=1)
BATCH_SIZE = 500
MAX_TEXT = 500  # Characters of `Notification.text`.
logger = logging.getLogger(__name__)


def notify(
    kind: str,
    *,
    to: User,
    actor: User | None = None,
    artwork: Artwork | None = None,
    comment: Comment | None = None,
    collection: Collection | None = None,
    text: str = "",
    words: dict[str, Any] | None = None,
) -> Notification | None:
    """Create a notification, and push it to the person's open pages once the transaction commits.

    None when the person caused it, does not want this kind, or mutes or blocks the actor. Unread
    likes of one work share a row: `actor` is who came last. words: `text` as a stored sentence (see
    gallery.i18n.stored_sentences).
    """
    if not _is_wanted(to, kind, actor):
        return None
    if kind == NotificationKind.LIKE:
        Notification.objects.filter(
            user=to, kind=kind, artwork=artwork, read_at__isnull=True
        ).delete()
    notification = Notification.objects.create(
        user=to,
        kind=kind,
        actor=actor,
        artwork=artwork,
        comment=comment,
        collection=collection,
        text=text[:MAX_TEXT],
        words=words or {},
    )
    push_unread([to.pk], newest=notification.pk)
    return notification


def _is_wanted(to: User, kind: str, actor: User | None) -> bool:
    is_own = actor is not None and actor.pk == to.pk
    if is_own or not to.is_active or not wants_any(to, kind):
        return False
    if kind == NotificationKind.MODERATION:  # Blocking a moderator does not hide their decisions.
        return True
    return actor is None or not Boundary.objects.filter(user=to, other=actor).exists()


def was_notified(kind: str, *, to: User, actor: User, artwork: Artwork | None = None) -> bool:
    """Whether the person got the same notification from the same actor within REPEAT_AFTER."""
    since = timezone.now() - REPEAT_AFTER
    return Notification.objects.filter(
        user=to, kind=kind, actor=actor, artwork=artwork, created_at__gte=since
    ).exists()


def withdraw_like(artwork: Artwork, actor: User) -> None:
    """After an unlike: the unread notification names the previous liker, or is deleted."""
    unread = Notification.objects.filter(
        user=artwork.author_id,
        kind=NotificationKind.LIKE,
        artwork=artwork,
        actor=actor,
        read_at__isnull=True,
    ).first()
    if unread is None:
        return
    previous = (
        Like.objects.filter(artwork=artwork, user__is_active=True)
        .exclude(user=actor)
        .order_by("-id")
        .first()
    )
    if previous is None:
        unread.delete()
    else:
        Notification.objects.filter(pk=unread.pk).update(actor=previous.user_id)
    push_unread([artwork.author_id])


def notify_followers(artwork: Artwork) -> int:
    """Notify the followers of a work's maker that it was published; returns how many.

    Call it in the transaction that publishes the work. Does nothing for a work that is not listed,
    and for one that they were notified of before.
    """
    if (
        not artwork.is_listed
        or Notification.objects.filter(kind=NotificationKind.PUBLISHED, artwork=artwork).exists()
    ):
        return 0
    author = artwork.author_id
    people = User.objects.filter(follows__followed=author, is_active=True).exclude(
        boundaries__other=author
    )
    recipients = [
        user.pk
        for user in people.only("notification_settings")
        if wants_any(user, NotificationKind.PUBLISHED)
    ]
    Notification.objects.bulk_create(
        (
            Notification(
                user_id=pk, kind=NotificationKind.PUBLISHED, actor_id=author, artwork=artwork
            )
            for pk in recipients
        ),
        batch_size=BATCH_SIZE,
    )
    push_unread(recipients)
    return len(recipients)


def mark_read(user: User, *, only: int | None = None) -> int:
    """Mark all notifications of a person as read, or `only` one (its id); how many changed."""
    rows = Notification.objects.filter(user=user, read_at__isnull=True)
    if only is not None:
        rows = rows.filter(pk=only)
    changed = rows.update(read_at=timezone.now())
    if changed:
        push_unread([user.pk])
    return changed


def save_preferences(user: User, choices: dict[str, dict[str, bool]]) -> None:
    """Save which kinds of notifications a person wants and how: kind -> {bell, mail}.

    Unknown kinds are ignored; what is missing stays as it is.
    """
    preferences = {
        kind: {
            way: bool(choices.get(kind, {}).get(way, wants(user, kind, way)))
            for way in ("bell", "mail")
        }
        for kind in NotificationKind.values
    }
    User.objects.filter(pk=user.pk).update(notification_settings=preferences)
    user.notification_settings = preferences


def push_unread(people: list[int], *, newest: int | None = None) -> None:
    """After the commit, have the open pages of these people (ids) show what is unread now.

    newest: the id of the new notification, which pages show for a moment.
    """
    if people:
        message = {"type": "notifications.changed", "newest": newest}
        groups = [f"notifications-{pk}" for pk in people]
        transaction.on_commit(lambda: push.send(groups, message))


def send_notice(
    person: User,
    template: str,
    *,
    artwork: Artwork | None = None,
    comment: Comment | None = None,
    collection: Collection | None = None,
    **values: str | datetime,
) -> None:
    """Notify a person of a moderator's decision, without naming the moderator.

    template: English with braces, marked by gettext_noop where it is written; `values` fill it.
    """
    words = write_sentence(template, values)
    with override(person.language or settings.LANGUAGE_CODE):
        text = read_sentence(words)
    notify(
        NotificationKind.MODERATION,
        to=person,
        artwork=artwork,
        comment=comment,
        collection=collection,
        text=text,
        words=words,
    )


def send_email(address: str, *, subject: str, text: str) -> None:
    """Send an email to somebody without an account once the transaction commits.

    A mail server that fails is logged; it undoes nothing.
    """

    def send() -> None:
        try:
            send_mail(subject, text, None, [address])
        except OSError:  # Includes smtplib.SMTPException.
            logger.exception("An email about a report could not be sent.")

    transaction.on_commit(send)
