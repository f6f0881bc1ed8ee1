"""Ancestors and descendants of works, and the family tree of a work with its layout."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from gallery.lineage.layout import draw
from gallery.models import Artwork, Descent, LineageEdge, State, Visibility
from gallery.models.artwork import ArtworkQuerySet
from gallery.types import AnyUser

MAX_KIN = 2_000  # Ancestors or descendants that one query visits.
MAX_SHOWN = 24  # Works on each side of a family tree; the rest is counted.
MAX_PATHS = 10_000  # Paths to relatives within a number of generations.
# UNION visits every work once, nearest first, and LIMIT ends the recursion. Edges are indexed in
# both directions.
_WALK = """
    WITH RECURSIVE kin(id) AS (
        SELECT {to} FROM gallery_lineageedge WHERE {start} IN ({marks})
        UNION
        SELECT edge.{to} FROM kin JOIN gallery_lineageedge edge ON edge.{start} = kin.id
    )
    SELECT id FROM kin LIMIT %s
"""
# The same within a number of generations, counted along the shortest path.
_WALK_NEAR = """
    WITH RECURSIVE kin(id, steps) AS (
        SELECT {to}, 1 FROM gallery_lineageedge WHERE {start} IN ({marks})
        UNION
        SELECT edge.{to}, kin.steps + 1
        FROM kin JOIN gallery_lineageedge edge ON edge.{start} = kin.id
        WHERE kin.steps < %s
    )
    SELECT id FROM (SELECT id, steps FROM kin LIMIT %s) near
    GROUP BY id ORDER BY MIN(steps), id LIMIT %s
"""
# Every edge among these works and their ancestors.
_TIES_ABOVE = """
    WITH RECURSIVE line(id) AS (
        SELECT id FROM gallery_artwork WHERE id IN ({marks})
        UNION
        SELECT edge.parent_id FROM line JOIN gallery_lineageedge edge ON edge.child_id = line.id
    )
    SELECT edge.parent_id, edge.child_id, edge.share, edge.licence
    FROM (SELECT id FROM line LIMIT %s) near
    JOIN gallery_lineageedge edge ON edge.child_id = near.id
"""
# Every edge among the public works of an author and their descendants.
_TIES_BELOW = """
    WITH RECURSIVE line(id) AS (
        SELECT id FROM gallery_artwork
        WHERE author_id = %s AND state = 'published' AND visibility = 'public'
        UNION
        SELECT edge.child_id FROM line JOIN gallery_lineageedge edge ON edge.parent_id = line.id
    )
    SELECT edge.parent_id, edge.child_id, edge.share, edge.licence
    FROM (SELECT id FROM line LIMIT %s) near
    JOIN gallery_lineageedge edge ON edge.parent_id = near.id LIMIT %s
"""


class Ancestry(NamedTuple):
    """One row of LineageEdge."""

    parent_id: int
    child_id: int
    share: float
    licence: str


def ancestor_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of all ancestors of these works (ids), nearest first; one query."""
    return _walk(works, start="child_id", to="parent_id", limit=limit)


def descendant_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of all descendants of these works (ids), nearest first; one query."""
    return _walk(works, start="parent_id", to="child_id", limit=limit)


def _walk(
    works: Sequence[int], *, start: str, to: str, limit: int, generations: int | None = None
) -> list[int]:
    if not works:
        return []
    marks = ", ".join(["%s"] * len(works))
    statement, values = (
        (_WALK, []) if generations is None else (_WALK_NEAR, [generations, MAX_PATHS])
    )
    return [
        row[0]
        for row in _rows(
            statement.format(start=start, to=to, marks=marks), [*works, *values, limit]
        )
    ]


def ties_above(works: Sequence[int], *, limit: int = MAX_KIN) -> list[Ancestry]:
    """The edges among these works (ids) and all their ancestors; one query.

    limit: the number of works whose parents are included, the nearest first.
    """
    if not works:
        return []
    statement = _TIES_ABOVE.format(marks=", ".join(["%s"] * len(works)))
    return [Ancestry(*row) for row in _rows(statement, [*works, limit])]


def ties_below(author: int, *, limit: int = MAX_KIN) -> list[Ancestry]:
    """Up to `limit` edges among an author's (id) public works and all descendants; one query."""
    return [Ancestry(*row) for row in _rows(_TIES_BELOW, [author, limit, limit])]


def _rows(statement: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
    """Run one SQL statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement.strip(), values)
        return cursor.fetchall()


def ancestors(artwork: Artwork, *, limit: int = MAX_KIN) -> ArtworkQuerySet:
    """The ancestors of a work, whoever may open them."""
    return Artwork.objects.filter(pk__in=ancestor_ids([artwork.pk], limit=limit))


def descendants(artwork: Artwork, *, limit: int = MAX_KIN) -> ArtworkQuerySet:
    """The descendants of a work, whoever may open them."""
    return Artwork.objects.filter(pk__in=descendant_ids([artwork.pk], limit=limit))


def nameable(user: AnyUser) -> ArtworkQuerySet:
    """Works that may be shown to this person as relatives of another work.

    These are listed works and their own; for moderators, all. Unlisted works are found by their
    address only, so their relatives' pages must not reveal it.
    """
    works = Artwork.objects.visible_to(user)
    if user.is_authenticated and user.is_moderator:
        return works
    on_walls = Q(state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    return works.filter(on_walls | Q(author=user) if user.is_authenticated else on_walls)


@dataclass(frozen=True)
class Member:
    """One work of a family tree.

    artwork: None for a work that may not be shown; label is what it is called then. relation:
    "ancestor", "self" or "descendant". column: 0 is the oldest generation. row: at least 1 apart
    within a column. more_parents, more_children: how many of its parents and listed children are
    not drawn; 0 for a work that may not be shown.
    """

    key: int
    artwork: Artwork | None
    label: str
    relation: str
    column: int
    row: float
    is_own: bool
    more_parents: int = 0
    more_children: int = 0


@dataclass(frozen=True)
class Tie:
    """An edge between two members. route: points (column, row) from the parent to the child.

    share: how much of the child comes from the parent; what is new in the child comes from none.
    is_graft: whether the child was painted over the parent, and has none of its genes.
    """

    parent: int
    child: int
    share: float
    route: tuple[tuple[int, float], ...]
    is_graft: bool = False


@dataclass(frozen=True)
class Family:
    """A family tree with its layout.

    columns, rows: its extent. more_*: how many relatives are not drawn. farthest: how many
    ancestors were visited if there are more than MAX_KIN; otherwise 0.
    """

    members: list[Member]
    ties: list[Tie]
    columns: int
    rows: float
    more_ancestors: int
    more_descendants: int
    farthest: int = 0

    @property
    def is_alone(self) -> bool:
        return len(self.members) == 1

    @property
    def has_grafts(self) -> bool:
        return any(tie.is_graft for tie in self.ties)

    @property
    def is_whole(self) -> bool:
        return not self.more_ancestors and not self.more_descendants


def family(
    artwork: Artwork, user: AnyUser, *, limit: int = MAX_SHOWN, generations: int | None = None
) -> Family:
    """The nearest ancestors and descendants of a work, `limit` on each side.

    generations: how many generations up and down; None for as many as `limit` allows. Six queries
    at most, at any size.
    """
    before, after = ancestor_ids([artwork.pk]), descendant_ids([artwork.pk])
    shown_before, shown_after = before[:limit], after[:limit]
    if generations is not None:
        near = {"limit": limit, "generations": generations}
        shown_before = (
            _walk([artwork.pk], start="child_id", to="parent_id", **near) if before else []
        )
        shown_after = _walk([artwork.pk], start="parent_id", to="child_id", **near) if after else []
    relation = (
        dict.fromkeys(shown_after, "descendant")
        | dict.fromkeys(shown_before, "ancestor")
        | {artwork.pk: "self"}
    )
    members, ties = _place(artwork, user, relation)
    points = [point for tie in ties for point in tie.route] or [(0, 0.0)]
    return Family(
        members,
        ties,
        1 + max(column for column, _ in points),
        1 + max(row for _, row in points),
        len(before) - len(shown_before),
        len(after) - len(shown_after),
        len(before) if len(before) >= MAX_KIN else 0,
    )


def _place(
    artwork: Artwork, user: AnyUser, relation: dict[int, str]
) -> tuple[list[Member], list[Tie]]:
    """The members and edges of the tree with their positions. relation: id -> relation."""
    edges = LineageEdge.objects.filter(child__in=relation).order_by("child_id", "-share", "pk")
    # At most MAX_ROOTS for each.
    above = list(edges.values_list("parent_id", "child_id", "share", "child__novelty", "kind"))
    shares = {
        (parent, child): (1 - novelty) * share
        for parent, child, share, novelty, _ in above
        if parent in relation
    }
    grafts = {(parent, child) for parent, child, *_, kind in above if kind == Descent.GRAFTED}
    more_parents = Counter(child for parent, child, *_ in above if parent not in relation)
    cards = nameable(user).for_cards().in_bulk(list(relation)) | {artwork.pk: artwork}
    children = Counter(
        parent for parent, child in shares if child in cards and cards[child].is_listed
    )
    keys = sorted(relation)
    drawing = draw(keys, list(shares), centre=artwork.pk)
    members = [
        Member(
            key,
            cards.get(key),
            cards[key].title if key in cards else gettext("A work that is not public"),
            relation[key],
            drawing.columns[key],
            drawing.rows[key],
            key in cards and cards[key].author_id == user.pk,
            more_parents[key] if key in cards else 0,
            max(0, cards[key].child_count - children[key]) if key in cards else 0,
        )
        for key in keys
    ]
    return members, [
        Tie(*edge, share, drawing.routes[edge], edge in grafts) for edge, share in shares.items()
    ]
