"""What is said under a work, as its page shows it: threads newest first, the last answers of each
below it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from gallery.comments.mentions import Mentions, render
from gallery.comments.permissions import may_edit, may_remove
from gallery.core import pagination
from gallery.models import Artwork, Comment, State, Visibility

THREADS = 20  # On one page.
SHOWN_ANSWERS = 3  # Below a thread, before one asks for the earlier ones.
ANSWERS = 50  # On a page of answers.


@dataclass
class Thread:
    """A first comment with its last answers, oldest first. earlier: cursor of the answers before
    them; empty at the first.
    """

    comment: Comment
    answers: list[Comment]
    earlier: str = ""


@dataclass(frozen=True)
class Conversation:
    """A page of threads. is_open: whether something may be said under the work at all."""

    threads: list[Thread]
    next_cursor: str
    is_open: bool


def conversation(artwork: Artwork, user, *, after: str = "") -> Conversation:
    """A page of what this person reads under a work: at most four queries at any length."""
    first = (
        Comment.objects.filter(artwork=artwork, parent__isnull=True)
        .shown_to(user)
        .select_related("author")
    )
    page = pagination.page_by_id(first, after=after, size=THREADS)
    threads = _with_answers(page.items, user)
    return Conversation(dress(threads, artwork, user), page.next_cursor, is_open(artwork))


def thread(comment: Comment, user, *, before: str = "", shown: int = ANSWERS) -> Thread:
    """One thread with the last answers, or those before a cursor. Raises Refused for a cursor that
    is none.
    """
    answers = answers_to([comment], user)
    page = pagination.page_by_id(answers, after=before, size=shown)
    return dress([Thread(comment, page.items[::-1], page.next_cursor)], comment.artwork, user)[0]


def is_open(artwork: Artwork) -> bool:
    """Whether something may be said under a work that a person sees."""
    return artwork.state == State.PUBLISHED and artwork.visibility != Visibility.PRIVATE


def answers_to(comments: Iterable[Comment], user) -> QuerySet[Comment]:
    """The answers to these comments that this person reads."""
    return (
        Comment.objects.filter(parent__in=[comment.pk for comment in comments])
        .shown_to(user)
        .select_related("author")
    )


def _with_answers(comments: Sequence[Comment], user) -> list[Thread]:
    """Every comment with its last answers: one query, which numbers the answers of each from the
    end.
    """
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
        below[row.parent_id].append(row)
    threads = []
    for comment in comments:
        answers = below[comment.pk]
        shown = answers[-SHOWN_ANSWERS:]
        threads.append(
            Thread(comment, shown, str(shown[0].pk) if len(answers) > SHOWN_ANSWERS else "")
        )
    return threads


def dress(threads: list[Thread], artwork: Artwork, user) -> list[Thread]:
    """Give every comment what its template needs: its words as HTML, and what this person may do
    with it.
    """
    every = [comment for thread in threads for comment in (thread.comment, *thread.answers)]
    is_moderator = user.is_authenticated and user.is_moderator
    read = [
        comment
        for comment in every
        if not comment.deleted_at and (is_moderator or not comment.is_hidden)
    ]
    mentions = Mentions.in_comments(read)
    for comment in every:
        comment.is_place = True
    for comment in read:
        comment.is_place = False
        comment.html = render(comment.text, writer=comment.author_id, mentions=mentions)
        comment.can_edit = may_edit(user, comment)
        comment.can_remove = may_remove(user, comment, artwork)
        comment.is_by_maker = comment.author_id == artwork.author_id
    return threads
