"""Comments of the demo garden: who says what under which works, and who replies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from gallery.demo import load
from gallery.demo.facts import Criteria, Facts
from gallery.demo.history import NEWEST, save_dated, soon_after
from gallery.demo.people import PEOPLE
from gallery.models import Comment, User

MAX_THREADS = 3  # Under one work.


@dataclass(frozen=True)
class Remark:
    """A comment, made once, under a work that meets the criteria and fills its placeholders.

    reply: by the "maker" of the work or a "friend" (reply_by). follow_up: what the author answers.
    """

    author: str
    text: str
    criteria: Criteria = Criteria()
    reply: str = ""
    reply_by: str = "maker"
    follow_up: str = ""


REMARKS = tuple(
    Remark(**{**row, "criteria": Criteria(**row.get("criteria", {}))})
    for row in load("remarks")["remarks"]
)


def plant_comments(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    likes: Mapping[int, int],
    now: datetime,
    rng: np.random.Generator,
) -> None:
    """Make every remark under a fitting work, preferably a much liked one.

    people: by the usernames of the data. likes: their number by the id of the work.
    """
    threads: Counter[int] = Counter()
    chosen: list[tuple[datetime, Remark, Facts]] = []
    for remark in REMARKS:
        author = people[remark.author]
        fitting = [
            one
            for one in facts
            if remark.criteria.match(one)
            and one.work.author_id != author.pk
            and threads[one.work.pk] < MAX_THREADS
            and one.can_fill(remark.text, remark.reply, remark.follow_up, also="friend")
        ]
        if not fitting:
            continue
        weights = np.array(
            [(1 + likes.get(one.work.pk, 0)) ** 2 * (1 + threads[one.work.pk]) for one in fitting],
            float,
        )
        one = fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]
        threads[one.work.pk] += 1
        # Who mentions children must have seen them.
        children = one.children[: remark.criteria.min_children]
        latest = children[-1] if children else one
        date = soon_after(latest.published_at, days=4, now=now - NEWEST / 2, rng=rng)
        chosen.append((date, remark, one))
    for date, remark, one in sorted(chosen, key=lambda each: each[0]):
        _save_thread(remark, one, people=people, date=date, now=now, rng=rng)


def _save_thread(
    remark: Remark,
    facts: Facts,
    *,
    people: Mapping[str, User],
    date: datetime,
    now: datetime,
    rng: np.random.Generator,
) -> None:
    author = people[remark.author]
    friend = _find_friend(remark, facts, people)
    replier = friend if remark.reply_by == "friend" else facts.work.author
    values = facts.placeholders | {"friend": friend.username}
    first: Comment | None = None
    for speaker, text in (
        (author, remark.text),
        (replier, remark.reply),
        (author, remark.follow_up),
    ):
        if text:
            comment = Comment(
                artwork=facts.work, author=speaker, parent=first, text=text.format(**values)
            )
            save_dated([comment], [date])
            first = first or comment
            date = soon_after(date, days=0.2, now=now, rng=rng)


def _find_friend(remark: Remark, facts: Facts, people: Mapping[str, User]) -> User:
    """Whoever likes most tags of the work and is neither its maker nor the remark's author."""
    others = [
        name
        for name, user in people.items()
        if name != remark.author and user.pk != facts.work.author_id
    ]
    return people[max(others, key=lambda name: len(facts.tags & set(PEOPLE[name].liked_tags)))]
