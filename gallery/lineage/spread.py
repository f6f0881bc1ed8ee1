"""How far a person's works have spread: what other people bred from them."""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from gallery.lineage.graph import MAX_KIN, Ancestry, ties_below
from gallery.models import Artwork, State, User, Visibility

TOP = 12  # How many of the most liked descendants are shown.


@dataclass(frozen=True)
class Spread:
    """What other people bred from somebody's public works, counting public works only.

    works: how many descendants. direct: how many of them are children of the person's works.
    people: how many makers. depth: the largest number of generations from the person's nearest work
    to a descendant. sources: how many of the person's works others bred. top: the most liked
    descendants, each with the share that comes from the person. is_more: only the nearest were
    counted.
    """

    works: int = 0
    direct: int = 0
    people: int = 0
    depth: int = 0
    sources: int = 0
    top: tuple[tuple[Artwork, float], ...] = ()
    is_more: bool = False


def spread(person: User, *, limit: int = MAX_KIN) -> Spread:
    """How far a person's works have spread; three queries.

    limit: the number of edges that are followed, the nearest first.
    """
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
    """Generations from the nearest of these works to each descendant; 0 for themselves."""
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
    """The part of every work that comes from these works; 1 for themselves."""
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
