"""The comments on a work as its page shows them.

Threads come newest first, each with its last answers below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from gallery.comments.mentions import Mentions, render
from gallery.core import pagination
from gallery.core.avatars import attach_avatars
from gallery.models import Artwork, Comment, State, Visibility
from gallery.types import AnyUser

THREADS = 20  # On one page.
SHOWN_ANSWERS = 3  # Below each thread; the earlier ones are behind a button.
ANSWERS = 50  # On a page of answers.


@dataclass
class Thread:
    """A first comment with its last answers, oldest first.

    earlier: cursor of the answers before them; empty when there are none.
    """

    comment: Comment
    answers: list[Comment]
    earlier: str = ""


@dataclass(frozen=True)
class Conversation:
    """A page of threads. is_open: whether the work takes comments at all."""

    threads: list[Thread]
    next_cursor: str
    is_open: bool


def conversation(artwork: Artwork, user: AnyUser, *, after: str = "") -> Conversation:
    """A page of the threads that this person sees: at most four queries at any length."""
    first = (
        Comment.objects.filter(artwork=artwork, parent__isnull=True)
        .shown_to(user)
        .select_related("author")
    )
    page = pagination.page_by_id(first, after=after, size=THREADS)
    threads = _with_answers(page.items, user)
    return Conversation(add_context(threads, artwork, user), page.next_cursor, is_open(artwork))


def thread(comment: Comment, user: AnyUser, *, before: str = "", shown: int = ANSWERS) -> Thread:
    """One thread with its last answers, or those before a cursor; raises Refused for a bad one."""
    answers = answers_to([comment], user)
    page = pagination.page_by_id(answers, after=before, size=shown)
    return add_context(
        [Thread(comment, page.items[::-1], page.next_cursor)], comment.artwork, user
    )[0]


def is_open(artwork: Artwork) -> bool:
    """Whether the work takes comments from those who see it."""
    return artwork.state == State.PUBLISHED and artwork.visibility != Visibility.PRIVATE


def answers_to(comments: Iterable[Comment], user: AnyUser) -> QuerySet[Comment]:
    """The answers to these comments that this person sees."""
    return (
        Comment.objects.filter(parent__in=[comment.pk for comment in comments])
        .shown_to(user)
        .select_related("author")
    )


def _with_answers(comments: Sequence[Comment], user: AnyUser) -> list[Thread]:
    """Every comment with its last answers, in one query that numbers each one's answers."""
    if not comments:
        return []
    number = Window(RowNumber(), partition_by=F("parent"), order_by=F("pk").desc())
    rows = (
        answers_to(comments, user)
        .annotate(number=number)
        .filter(number__lte=SHOWN_ANSWERS + 1)
        .order_by("pk")
    )
    below: dict[int, list[Comment]] = {comment.pk: [] for comment in comments}
    for row in rows:
        if row.parent_id is not None:
            below[row.parent_id].append(row)
    threads = []
    for comment in comments:
        answers = below[comment.pk]
        shown = answers[-SHOWN_ANSWERS:]
        threads.append(
            Thread(comment, shown, str(shown[0].pk) if len(answers) > SHOWN_ANSWERS else "")
        )
    return threads


def add_context(threads: list[Thread], artwork: Artwork, user: AnyUser) -> list[Thread]:
    """Set on every comment what its template needs.

    is_tombstone: there is nothing to read in it. On the others also `html`, can_edit and can_remove
    (whether this person may), and is_by_maker (whether the author of the work wrote it).
    """
    every = [comment for thread in threads for comment in (thread.comment, *thread.answers)]
    attach_avatars(comment.author for comment in every)
    is_moderator = user.is_authenticated and user.is_moderator
    readable = [
        comment
        for comment in every
        if not comment.deleted_at and (is_moderator or not comment.is_hidden)
    ]
    mentions = Mentions.in_comments(readable)
    for comment in every:
        comment.is_tombstone = True
    for comment in readable:
        comment.is_tombstone = False
        comment.html = render(comment.text, writer=comment.author_id, mentions=mentions)
        comment.can_edit = may_edit(user, comment)
        comment.can_remove = may_remove(user, comment, artwork)
        comment.is_by_maker = comment.author_id == artwork.author_id
    return threads


def may_edit(user: AnyUser, comment: Comment) -> bool:
    """Whether this is the person's own comment and still new enough to be changed."""
    is_new = timezone.now() - comment.created_at < timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    return (
        user.is_authenticated and comment.author_id == user.pk and is_new and not comment.is_hidden
    )


def may_remove(user: AnyUser, comment: Comment, artwork: Artwork) -> bool:
    """Whether the comment is the person's own, or stands under their own work."""
    return user.is_authenticated and user.pk in (comment.author_id, artwork.author_id)
