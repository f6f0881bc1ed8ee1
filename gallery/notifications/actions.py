"""Telling people what happened."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from gallery.core import push
from gallery.i18n.stored_sentences import keep, say
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
from gallery.notifications.news import wants, wants_any

AGAIN_AFTER = timedelta(
    days=1
)  # Who likes, lets go and likes again, or follows twice, is news once a day.
ROWS_AT_ONCE = 500


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
    """Put one line under a person's bell; None when they caused it, do not want such lines, or keep
    the actor away.

    Likes of one work that were not read yet share a line: `actor` is who came last. Open pages are
    told once the transaction of what happened is committed; if it is undone, nobody hears of it.
    """
    if not _may_tell(to, kind, actor):
        return None
    if kind == NotificationKind.LIKE:
        Notification.objects.filter(
            user=to, kind=kind, artwork=artwork, read_at__isnull=True
        ).delete()
    told = Notification.objects.create(
        user=to,
        kind=kind,
        actor=actor,
        artwork=artwork,
        comment=comment,
        collection=collection,
        text=text[:500],
        words=words or {},
    )
    ring([to.pk], news=told.pk)
    return told


def _may_tell(to: User, kind: str, actor: User | None) -> bool:
    is_own = actor is not None and actor.pk == to.pk
    if is_own or not to.is_active or not wants_any(to, kind):
        return False
    if (
        kind == NotificationKind.MODERATION
    ):  # Nobody keeps a decision away by keeping away who made it.
        return True
    return actor is None or not Boundary.objects.filter(user=to, other=actor).exists()


def was_told(kind: str, *, to: User, actor: User, artwork: Artwork | None = None) -> bool:
    """Whether this person has heard the same of the same one within the last day."""
    since = timezone.now() - AGAIN_AFTER
    return Notification.objects.filter(
        user=to, kind=kind, actor=actor, artwork=artwork, created_at__gte=since
    ).exists()


def take_back_like(artwork: Artwork, actor: User) -> None:
    """An unread line about this like names who liked the work before, or goes with the last one."""
    line = Notification.objects.filter(
        user=artwork.author_id,
        kind=NotificationKind.LIKE,
        artwork=artwork,
        actor=actor,
        read_at__isnull=True,
    ).first()
    if line is None:
        return
    before = (
        Like.objects.filter(artwork=artwork, user__is_active=True)
        .exclude(user=actor)
        .order_by("-id")
        .first()
    )
    if before is None:
        line.delete()
    else:
        Notification.objects.filter(pk=line.pk).update(actor=before.user_id)
    ring([artwork.author_id])


def tell_followers(artwork: Artwork) -> int:
    """Tell the followers of a work's maker that it is on the wall; returns how many. Does nothing
    for any but a listed work.

    Call it in the transaction that publishes the work. Nobody hears of the same work twice.
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
    told = [
        user.pk
        for user in people.only("notification_settings")
        if wants_any(user, NotificationKind.PUBLISHED)
    ]
    Notification.objects.bulk_create(
        (
            Notification(
                user_id=pk, kind=NotificationKind.PUBLISHED, actor_id=author, artwork=artwork
            )
            for pk in told
        ),
        batch_size=ROWS_AT_ONCE,
    )
    ring(told)
    return len(told)


def read_news(user: User, *, news: int | None = None) -> int:
    """Mark one line as read, or all of them; returns how many were not read before."""
    rows = Notification.objects.filter(user=user, read_at__isnull=True)
    if news is not None:
        rows = rows.filter(pk=news)
    changed = rows.update(read_at=timezone.now())
    if changed:
        ring([user.pk])
    return changed


def choose_news(user: User, choices: dict[str, dict[str, bool]]) -> None:
    """Keep which kinds of news a person wants and how: kind -> {bell, mail}. Unknown kinds are left
    out.
    """
    kept = {
        kind: {
            way: bool(choices.get(kind, {}).get(way, wants(user, kind, way)))
            for way in ("bell", "mail")
        }
        for kind in NotificationKind.values
    }
    User.objects.filter(pk=user.pk).update(notification_settings=kept)
    user.notification_settings = kept


def ring(people: list[int], *, news: int | None = None) -> None:
    """Tell the open pages of these people (by id), after the commit, that something changed under
    their bell.

    news: the new line, which pages show for a moment.
    """
    if people:
        message = {"type": "bell.rings", "news": news}
        transaction.on_commit(lambda: push.send([f"bell-{pk}" for pk in people], message))


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
