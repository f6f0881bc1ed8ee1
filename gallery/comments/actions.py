"""Comments under works: writing, answering, changing, removing, and hiding by moderators."""

import re
import unicodedata

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from gallery.comments.mentions import Mentions, mentioned_names
from gallery.comments.threads import may_edit, may_remove
from gallery.core.audit import record
from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_may_act, check_may_reach, check_moderator
from gallery.core.rate_limits import check_rate_limit, find_double_click
from gallery.core.undo import find_deletion, open_window
from gallery.i18n.languages import in_language_of
from gallery.models import (
    Artwork,
    Comment,
    Deletion,
    Notification,
    NotificationKind,
    State,
    User,
    Visibility,
)
from gallery.notifications.actions import notify
from generation.refusal import Refused
from generation.words import word

MAX_LENGTH = 2000  # Characters.
NOT_OPEN = word("This work is no longer open, so you can't comment on it.")
GONE = word("This comment is gone.")


def write_comment(
    user: User, artwork: Artwork, text: str, *, answered: Comment | None = None
) -> Comment:
    """Comment on a work.

    answered: the comment this is an answer to; the answer is put under the first comment of that
    thread. The work's author, the author of the answered comment and everybody mentioned by `@name`
    get one notification each. The same text sent twice within a minute is one comment. Raises
    Refused for works that are not open, for blocked words and people, for empty and too long texts,
    and beyond the rate limit.
    """
    check_may_act(user)
    words = read_text(text)
    with transaction.atomic():
        work = _open_work(user, artwork.pk)
        first = _first_of(work, answered, user) if answered else None
        check_words(words)
        same = Comment.objects.standing().filter(
            author=user, artwork=work, parent=first, text=words
        )
        if known := find_double_click(same):
            return known
        check_rate_limit(user, "comment")
        comment = Comment.objects.create(artwork=work, author=user, parent=first, text=words)
        _notify_everybody(comment, answered)
    return comment


def edit_comment(user: User, comment: Comment, text: str) -> Comment:
    """Change one's own comment while it is new; people newly mentioned are notified.

    Raises Refused for others' comments, for those that are too old, and for whatever
    `write_comment` refuses.
    """
    check_may_act(user)
    words = read_text(text)
    with transaction.atomic():
        found = _standing(comment)
        if found.author_id != user.pk:
            raise Refused("You can't edit this comment.")
        if not may_edit(user, found):
            raise Refused(
                "Comments can be edited for {minutes} minutes. You can remove this one and write"
                " another.",
                minutes=settings.COMMENT_EDIT_MINUTES,
            )
        _open_work(user, found.artwork_id)
        check_words(words)
        before, found.text = found.text, words
        if before != words:
            check_rate_limit(user, "comment")
            found.edited_at = timezone.now()
            found.save(update_fields=["text", "edited_at"])
            _notify_mentioned(found, notified={found.author_id}, before=before)
    return found


def remove_comment(user: User, comment: Comment) -> Deletion:
    """Remove a comment: one's own, or any under one's own work.

    It is hidden at once; `finish_removing` deletes it a minute later.
    """
    check_may_act(user)
    with transaction.atomic():
        found = _standing(comment)
        if not may_remove(user, found, found.artwork):
            raise Refused("You can't remove this comment.")
        found.deleted_at = timezone.now()
        found.save(update_fields=["deleted_at"])
        return open_window(user, found, at=found.deleted_at)


def restore_comment(user: User, comment: Comment) -> Comment:
    """Undo `remove_comment`. Raises Refused once it is too late."""
    check_may_act(user)
    with transaction.atomic():
        deletion = find_deletion(user, comment)
        found = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        deletion.delete()
        found.deleted_at = None
        found.save(update_fields=["deleted_at"])
    return found


def finish_removing(deletion: Deletion) -> None:
    """Delete a comment for good.

    One with answers leaves a tombstone, which goes with the last answer. A reported comment leaves
    one as well, which keeps the text for the moderators.
    """
    with transaction.atomic():
        deletion = Deletion.objects.select_for_update().get(pk=deletion.pk)
        found = Comment.objects.select_for_update(of=("self",)).get(deletion=deletion)
        deletion.delete()
        Notification.objects.filter(comment=found).delete()
        is_reported = found.reports.exists()
        if found.answers.exists() or is_reported:
            found.text = found.text if is_reported else ""
            found.save(update_fields=["text"])
            return
        found.delete()
        if found.parent_id is not None:
            tombstone = Comment.objects.filter(
                pk=found.parent_id,
                deleted_at__isnull=False,
                answers__isnull=True,
                reports__isnull=True,
                deletion__isnull=True,
            )
            tombstone.delete()


def hide_comment(staff: User, comment: Comment, *, reason: str = "") -> bool:
    """Hide a comment and notify its author of the reason; False when it is hidden already.

    Moderators only; the action is written to the audit log.
    """
    return _set_hidden(staff, comment, True, reason)


def show_comment(staff: User, comment: Comment, *, reason: str = "") -> bool:
    """Undo `hide_comment`."""
    return _set_hidden(staff, comment, False, reason)


def _set_hidden(staff: User, comment: Comment, is_hidden: bool, reason: str) -> bool:
    """Hide or show a comment and write an audit entry; False when nothing changes."""
    check_moderator(staff)
    with transaction.atomic():
        found = Comment.objects.select_for_update().filter(pk=comment.pk).first()
        if found is None:
            raise Refused(GONE)
        if found.is_hidden == is_hidden:
            return False
        found.is_hidden = is_hidden
        found.save(update_fields=["is_hidden"])
        record(
            staff,
            "hide comment" if is_hidden else "show comment",
            found,
            reason=reason,
            text=found.text,
        )
        if is_hidden:
            Notification.objects.filter(comment=found).delete()
            with in_language_of(found.author):
                words = gettext("A moderator removed your comment on “{title}”. {reason}")
                text = words.format(title=found.artwork.title, reason=reason).strip()
            notify(
                NotificationKind.MODERATION, to=found.author, artwork=found.artwork, text=text[:500]
            )
    return True


def read_text(text: str) -> str:
    """A comment's text as it is stored: no control characters, at most one empty line in a row.

    Raises Refused for an empty text and for one over MAX_LENGTH.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) > MAX_LENGTH:
        raise Refused(
            "This comment has {count} characters; shorten it to {longest}.",
            count=len(lines),
            longest=MAX_LENGTH,
        )
    # Cs are lone surrogates, which no database stores; Cc and Cf hold the characters that reverse
    # the direction of a page's text.
    printable = "".join(
        c
        for c in lines
        if c in "\n\t\u200d\u200c" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    words = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", printable)).strip()
    if not words.strip("\u200d\u200c \n\t"):
        raise Refused("Write something first.")
    return words


def _open_work(user: User, pk: int) -> Artwork:
    """The work, if this person may comment on it; else raises Refused."""
    work = (
        Artwork.objects.visible_to(user)
        .filter(pk=pk, state=State.PUBLISHED)
        .select_related("author")
        .first()
    )
    if work is None or work.visibility == Visibility.PRIVATE:
        raise Refused(NOT_OPEN)
    check_may_reach(user, work.author)
    return work


def _first_of(work: Artwork, answered: Comment, user: User) -> Comment:
    """The first comment of the thread that an answer belongs to; raises Refused if it is gone."""
    found = (
        Comment.objects.standing()
        .filter(pk=answered.pk, artwork=work)
        .select_related("author", "parent")
        .first()
    )
    if found is None:
        raise Refused(GONE)
    check_may_reach(user, found.author)
    return found.parent or found


def _standing(comment: Comment) -> Comment:
    """The comment's row, locked; raises Refused if it has been removed."""
    comments = (
        Comment.objects.filter(deleted_at__isnull=True)
        .select_for_update(of=("self",))
        .select_related("artwork__author")
    )
    found = comments.filter(pk=comment.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _notify_everybody(comment: Comment, answered: Comment | None) -> None:
    """Notify whom a new comment answers, the work's author, and whom it mentions; once each."""
    notified = {comment.author_id}
    if answered and answered.author_id not in notified:
        _notify(NotificationKind.ANSWER, answered.author, comment)
        notified.add(answered.author_id)
    maker = comment.artwork.author
    if maker.pk not in notified:
        _notify(NotificationKind.COMMENT, maker, comment)
        notified.add(maker.pk)
    _notify_mentioned(comment, notified=notified, before="")


def _notify_mentioned(comment: Comment, *, notified: set[int], before: str) -> None:
    """Notify those whom the comment mentions now and did not mention in the text `before`."""
    new = set(mentioned_names(comment.text)) - set(mentioned_names(before))
    mentions = Mentions.in_comments([comment]) if new else Mentions()
    for name in sorted(new):
        person = mentions.person(name, comment.author_id)
        if person and person.pk not in notified:
            notified.add(person.pk)
            _notify(NotificationKind.MENTION, person, comment)


def _notify(kind: str, person: User, comment: Comment) -> None:
    notify(kind, to=person, actor=comment.author, artwork=comment.artwork, comment=comment)
