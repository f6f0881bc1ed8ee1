"""How far a person's works have spread: what others bred of them, how deep, and whom they
reached.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from gallery.lineage.graph import MAX_KIN, Ancestry, ties_below
from gallery.models import Artwork, State, User, Visibility

TOP = 12


@dataclass(frozen=True)
class Spread:
    """What grew from somebody's public works in other hands; everything here is public.

    works: descendants by others; direct: those that were bred straight from their works; people:
    their makers; depth: most generations between a work of theirs and a descendant on the shortest
    way; sources: works of theirs that were bred by others. top: the most liked descendants with the
    part that they have of this person. is_more: only the nearest were counted.
    """

    works: int = 0
    direct: int = 0
    people: int = 0
    depth: int = 0
    sources: int = 0
    top: tuple[tuple[Artwork, float], ...] = ()
    is_more: bool = False


def spread(person: User, *, limit: int = MAX_KIN) -> Spread:
    """By three queries at any size; `limit` ties are followed at most, the nearest first."""
    ties = ties_below(person.pk, limit=limit)
    known = Artwork.objects.filter(
        pk__in={key for tie in ties for key in (tie.parent_id, tie.child_id)}
    )
    rows = list(known.order_by().values_list("pk", "author_id", "novelty", "state", "visibility"))
    makers = {pk: maker for pk, maker, *_ in rows}
    own = {pk for pk, maker in makers.items() if maker == person.pk}
    depths = _depths(ties, own)
    is_public = {
        pk
        for pk, _, _, state, visibility in rows
        if state == State.PUBLISHED and visibility == Visibility.PUBLIC
    }
    found = {pk for pk in depths if pk in is_public and pk not in own}
    bred = [tie for tie in ties if tie.parent_id in own and tie.child_id in found]
    shares = _shares(ties, own, {pk: novelty for pk, _, novelty, *_ in rows})
    cards = (
        Artwork.objects.listed()
        .for_cards()
        .filter(pk__in=found)
        .order_by("-like_count", "-love", "-pk")[:TOP]
    )
    return Spread(
        works=len(found),
        direct=len({tie.child_id for tie in bred}),
        people=len({makers[pk] for pk in found}),
        depth=max((depths[pk] for pk in found), default=0),
        sources=len({tie.parent_id for tie in bred}),
        top=tuple((work, shares[work.pk]) for work in cards),
        is_more=len(ties) >= limit,
    )


def _depths(ties: Sequence[Ancestry], own: set[int]) -> dict[int, int]:
    """Generations from the nearest of these works to everything below; 0 for themselves."""
    children: dict[int, list[int]] = defaultdict(list)
    for tie in ties:
        children[tie.parent_id].append(tie.child_id)
    depths = dict.fromkeys(own, 0)
    line = deque(own)
    while line:
        here = line.popleft()
        for child in children[here]:
            if child not in depths:
                depths[child] = depths[here] + 1
                line.append(child)
    return depths


def _shares(ties: Sequence[Ancestry], own: set[int], novelty: dict[int, float]) -> dict[int, float]:
    """The part of every work that came through these works; all of themselves."""
    parents: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for tie in ties:
        parents[tie.child_id].append((tie.parent_id, tie.share))
    shares: dict[int, float] = {pk: 1.0 if pk in own else 0.0 for pk in novelty}
    order = TopologicalSorter(
        {child: [parent for parent, _ in line] for child, line in parents.items()}
    )
    for pk in order.static_order():
        if pk not in own:
            inherited = sum(shares.get(parent, 0.0) * share for parent, share in parents[pk])
            shares[pk] = (1 - novelty.get(pk, 0.0)) * inherited
    return shares
