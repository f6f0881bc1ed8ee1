"""Comments under works: writing, answering, changing, removing, and hiding by moderators."""

import re
import unicodedata

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from gallery.comments.mentions import Mentions, names_in
from gallery.comments.permissions import may_edit, may_remove
from gallery.core.audit import record
from gallery.core.blocked_words import check_words
from gallery.core.permissions import check_may_act, check_may_reach, check_moderator
from gallery.core.rate_limits import check_rate_limit, find_double_click
from gallery.i18n.languages import in_language_of
from gallery.models import Artwork, Comment, Notification, NotificationKind, State, User, Visibility
from gallery.notifications.actions import notify
from generation.refusal import Refused
from generation.words import word

LONGEST = 2000  # Characters.
NOT_OPEN = word("This work is no longer open, so you can't comment on it.")
GONE = word("This comment is gone.")


def write_comment(user, artwork: Artwork, text: str, *, answered: Comment | None = None) -> Comment:
    """Say something under a work; `answered`: the comment this is an answer to, which then hangs
    under the first one.

    Who made the work, was answered or is called by `@name` is told, once each. The same words sent
    twice within a minute are one comment. Raises Refused for works that are not open, blocked words
    and people, empty or endless texts, and haste.
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
        _tell_everybody(comment, answered, before="")
    return comment


def edit_comment(user, comment: Comment, text: str) -> Comment:
    """Change one's own comment, as long as the window is open. People who are called only now are
    told.

    Raises Refused for others' comments, after the window, and for whatever `write_comment` refuses.
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
            _tell_called(found, told={found.author_id}, before=before)
    return found


def remove_comment(user, comment: Comment) -> Comment | None:
    """Take a comment away: one's own, or any under one's own work. The empty place is returned
    where one stays.

    With answers an empty place stays, and goes with the last of them. A reported comment keeps its
    words for the moderators.
    """
    check_may_act(user)
    with transaction.atomic():
        found = _standing(comment)
        if not may_remove(user, found, found.artwork):
            raise Refused("You can't remove this comment.")
        Notification.objects.filter(comment=found).delete()
        is_reported = found.reports.exists()
        if found.answers.exists() or is_reported:
            found.deleted_at = timezone.now()
            found.text = found.text if is_reported else ""
            found.save(update_fields=["deleted_at", "text"])
            return found
        found.delete()
        place = Comment.objects.filter(
            pk=found.parent_id, deleted_at__isnull=False, answers__isnull=True, reports__isnull=True
        )
        place.delete()
    return None


def hide_comment(staff, comment: Comment, *, reason: str = "") -> bool:
    """Take a comment down; its writer is told why. Moderators only, and the act is logged. False
    when it is down already.
    """
    return _set_hidden(staff, comment, True, reason)


def show_comment(staff, comment: Comment, *, reason: str = "") -> bool:
    """Undo `hide_comment`."""
    return _set_hidden(staff, comment, False, reason)


def _set_hidden(staff, comment: Comment, is_hidden: bool, reason: str) -> bool:
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
    """A comment's words as they are kept: no control characters, at most one empty line between
    paragraphs.

    Raises Refused for empty and for endless ones.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) > LONGEST:
        raise Refused(
            "This comment has {count} characters; shorten it to {longest}.",
            count=len(lines),
            longest=LONGEST,
        )
    # Cs are halves of characters, which no database stores; Cc and Cf hold what turns a page's
    # letters around.
    kept = "".join(
        c
        for c in lines
        if c in "\n\t\u200d\u200c" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    words = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", kept)).strip()
    if not words.strip("\u200d\u200c \n\t"):
        raise Refused("Write something first.")
    return words


def _open_work(user, pk: int) -> Artwork:
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


def _first_of(work: Artwork, answered: Comment, user) -> Comment:
    """The comment under which an answer hangs."""
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
    comments = (
        Comment.objects.filter(deleted_at__isnull=True)
        .select_for_update(of=("self",))
        .select_related("artwork__author")
    )
    found = comments.filter(pk=comment.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _tell_everybody(comment: Comment, answered: Comment | None, *, before: str) -> None:
    told = {comment.author_id}
    if answered and answered.author_id not in told:
        _tell(NotificationKind.ANSWER, answered.author, comment)
        told.add(answered.author_id)
    maker = comment.artwork.author
    if maker.pk not in told:
        _tell(NotificationKind.COMMENT, maker, comment)
        told.add(maker.pk)
    _tell_called(comment, told=told, before=before)


def _tell_called(comment: Comment, *, told: set[int], before: str) -> None:
    """Tell those whom the comment calls and who were not told of it yet."""
    new = set(names_in(comment.text)) - set(names_in(before))
    mentions = Mentions.in_comments([comment]) if new else Mentions()
    for name in sorted(new):
        person = mentions.person(name, comment.author_id)
        if person and person.pk not in told:
            told.add(person.pk)
            _tell(NotificationKind.MENTION, person, comment)


def _tell(kind: str, person: User, comment: Comment) -> None:
    notify(kind, to=person, actor=comment.author, artwork=comment.artwork, comment=comment)
