"""Credit for a work: each ancestor's maker by their share, through all generations."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from gallery.lineage.graph import nameable, ties_above
from gallery.models import Artwork, State, User, Visibility
from gallery.types import AnyUser


@dataclass(frozen=True)
class Credit:
    """A part of a work, in [0, 1], and whose it is.

    author: None for what is new in the work itself, and for makers who may not be named.
    """

    author: User | None
    share: float
    is_new: bool = False


def credits(artwork: Artwork, user: AnyUser) -> list[Credit]:
    """Whose work an artwork is, by shares that sum to 1: the largest first, what is new last.

    Every ancestor is credited with what was new in it, weighted by the shares along all paths down
    to this work. A removed public ancestor keeps its maker's credit. A maker is not named to
    somebody who may know none of their works among the ancestors. Beyond `graph.MAX_KIN` ancestors,
    the rest is credited to the makers of the farthest ones. Four queries.
    """
    parents = _parents_of(artwork)
    # The newest first, so that of equal shares the nearer one comes first, in whatever order the
    # database returned the rows.
    rows = sorted(
        Artwork.objects.filter(pk__in=parents).order_by().values_list("pk", "novelty", "author_id"),
        reverse=True,
    )
    novelty = {pk: new if parents[pk] else 1.0 for pk, new, _ in rows}
    weights = _weigh(artwork.pk, novelty, parents)
    owed: dict[int, float] = {}
    for pk, _, author in rows:
        if pk != artwork.pk:
            owed[author] = owed.get(author, 0.0) + weights[pk] * novelty[pk]
    people = _nameable_makers(list(parents), owed, user)
    found = [
        Credit(people[author], share)
        for author, share in owed.items()
        if author in people and share > 0
    ]
    unnamed = sum(share for author, share in owed.items() if author not in people)
    line = sorted(found, key=lambda credit: -round(credit.share, 9))
    line += [Credit(None, unnamed)] if unnamed > 0 else []
    new = novelty[artwork.pk]
    return [*line, Credit(None, new, is_new=True)] if new > 0 else line


def credit_line(credits: Iterable[Credit]) -> str:
    """The credits in one line: "62 % from @ada, 30 % from @ben, 8 % new"."""
    return gettext(", ").join(_describe(credit) for credit in credits)


def _describe(credit: Credit) -> str:
    share = percent(credit.share)
    if credit.is_new:
        return gettext("{share} new").format(share=share)
    if credit.author is None:
        return gettext("{share} from works that are not public").format(share=share)
    return gettext("{share} from @{name}").format(share=share, name=credit.author.username)


def percent(share: float) -> str:
    """A share in [0, 1] as the active language writes it; a share above 0 is never shown as 0 %."""
    number = f"{100 * share:.0f}"
    return gettext("{number}\u202f%").format(
        number=number if number != "0" or share == 0 else "<\u202f1"
    )


def _nameable_makers(
    ancestors: list[int], owed: dict[int, float], user: AnyUser
) -> dict[int, User]:
    """The makers who may be named to this person."""
    removed = Artwork.objects.filter(state=State.REMOVED, visibility=Visibility.PUBLIC)
    works = (nameable(user) | removed).filter(pk__in=ancestors)
    named = set(works.order_by().values_list("author_id", flat=True).distinct())
    return User.objects.in_bulk([author for author in owed if author in named])


def _parents_of(artwork: Artwork) -> dict[int, list[tuple[int, float]]]:
    """The parents of a work and of all its ancestors: id -> [(id of a parent, share)].

    Shares sum to 1; the list is empty for works without parents.
    """
    parents: dict[int, list[tuple[int, float]]] = {artwork.pk: []}
    for tie in ties_above([artwork.pk]):
        parents.setdefault(tie.parent_id, [])
        parents.setdefault(tie.child_id, []).append((tie.parent_id, tie.share))
    for pk, line in parents.items():
        total = sum(share for _, share in line)
        parents[pk] = [(parent, share / total) for parent, share in line]
    return parents


def _weigh(
    start: int, novelty: dict[int, float], parents: dict[int, list[tuple[int, float]]]
) -> dict[int, float]:
    """How much of the work `start` comes through each work."""
    weights = dict.fromkeys(parents, 0.0) | {start: 1.0}
    for pk in _children_first(parents):
        for parent, share in parents[pk]:
            weights[parent] += weights[pk] * (1 - novelty[pk]) * share
    return weights


def _children_first(parents: dict[int, list[tuple[int, float]]]) -> list[int]:
    """The works in an order in which children come before their parents."""
    waiting = dict.fromkeys(parents, 0)
    for line in parents.values():
        for parent, _ in line:
            waiting[parent] += 1
    ready = [pk for pk, children in waiting.items() if not children]
    for pk in ready:
        for parent, _ in parents[pk]:
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return ready
