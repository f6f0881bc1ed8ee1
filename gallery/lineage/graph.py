"""Who descends from whom: ancestors and descendants, the ties above a work, and the family of a
work with places.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from gallery.lineage.layout import draw
from gallery.models import Artwork, LineageEdge, State, Visibility
from gallery.models.artwork import ArtworkQuerySet

MAX_KIN = 2_000  # Ancestors or descendants that one question looks at.
MAX_SHOWN = 24  # On each side of a family tree; the rest is counted.
MAX_PATHS = 10_000  # Ways to relatives within a number of generations.
# Walking stops at LIMIT. UNION visits every work once, nearest first; the edges are indexed in both
# directions.
_WALK = """
    WITH RECURSIVE kin(id) AS (
        SELECT {to} FROM gallery_lineageedge WHERE {start} IN ({marks})
        UNION
        SELECT edge.{to} FROM kin JOIN gallery_lineageedge edge ON edge.{start} = kin.id
    )
    SELECT id FROM kin LIMIT %s
"""
# The same within a number of generations, counted on the shortest way.
_WALK_NEAR = """
    WITH RECURSIVE kin(id, steps) AS (
        SELECT {to}, 1 FROM gallery_lineageedge WHERE {start} IN ({marks})
        UNION
        SELECT edge.{to}, kin.steps + 1 FROM kin JOIN gallery_lineageedge edge ON edge.{start} = kin.id WHERE kin.steps < %s
    )
    SELECT id FROM (SELECT id, steps FROM kin LIMIT %s) near GROUP BY id ORDER BY MIN(steps), id LIMIT %s
"""
# Every tie between these works and their ancestors, and among those.
_TIES_ABOVE = """
    WITH RECURSIVE line(id) AS (
        SELECT id FROM gallery_artwork WHERE id IN ({marks})
        UNION
        SELECT edge.parent_id FROM line JOIN gallery_lineageedge edge ON edge.child_id = line.id
    )
    SELECT edge.parent_id, edge.child_id, edge.share, edge.licence
    FROM (SELECT id FROM line LIMIT %s) near JOIN gallery_lineageedge edge ON edge.child_id = near.id
"""
# Every tie below the public works of an author: to their children, to those of the children and so
# on.
_TIES_BELOW = """
    WITH RECURSIVE line(id) AS (
        SELECT id FROM gallery_artwork WHERE author_id = %s AND state = 'published' AND visibility = 'public'
        UNION
        SELECT edge.child_id FROM line JOIN gallery_lineageedge edge ON edge.parent_id = line.id
    )
    SELECT edge.parent_id, edge.child_id, edge.share, edge.licence
    FROM (SELECT id FROM line LIMIT %s) near JOIN gallery_lineageedge edge ON edge.parent_id = near.id LIMIT %s
"""


class Ancestry(NamedTuple):
    """One row of LineageEdge."""

    parent_id: int
    child_id: int
    share: float
    licence: str


def ancestor_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of everything these works (ids) descend from, nearest first, by one query."""
    return _walk(works, start="child_id", to="parent_id", limit=limit)


def descendant_ids(works: Sequence[int], *, limit: int = MAX_KIN) -> list[int]:
    """The ids of everything that descends from these works (ids), nearest first, by one query."""
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
    """The ties of these works (ids) to their parents, of those to theirs and so on, by one query;
    at most `limit` children.
    """
    if not works:
        return []
    statement = _TIES_ABOVE.format(marks=", ".join(["%s"] * len(works)))
    return [Ancestry(*row) for row in _rows(statement, [*works, limit])]


def ties_below(author: int, *, limit: int = MAX_KIN) -> list[Ancestry]:
    """The ties of an author's (id) public works to their descendants, through all generations, at
    most `limit`; one query.
    """
    return [Ancestry(*row) for row in _rows(_TIES_BELOW, [author, limit, limit])]


def _rows(statement: str, values: Sequence) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement.strip(), values)
        return cursor.fetchall()


def ancestors(artwork: Artwork, *, limit: int = MAX_KIN) -> QuerySet:
    """The works that this one descends from. Whoever shows them filters by `visible_to`."""
    return Artwork.objects.filter(pk__in=ancestor_ids([artwork.pk], limit=limit))


def descendants(artwork: Artwork, *, limit: int = MAX_KIN) -> QuerySet:
    """The works that descend from this one. Whoever shows them filters by `visible_to`."""
    return Artwork.objects.filter(pk__in=descendant_ids([artwork.pk], limit=limit))


def nameable(user) -> ArtworkQuerySet:
    """Works that may be named as somebody's relatives: those on walls and one's own; for moderators
    every one.

    An unlisted work is found by its address alone, so its relatives must not tell the address.
    """
    works = Artwork.objects.visible_to(user)
    if user.is_authenticated and user.is_moderator:
        return works
    on_walls = Q(state=State.PUBLISHED, visibility=Visibility.PUBLIC)
    return works.filter(on_walls | Q(author=user) if user.is_authenticated else on_walls)


@dataclass(frozen=True)
class Member:
    """One work of a family tree. artwork is None for a work that is not this person's to see; label
    is what to call it then.

    relation: "ancestor", "self" or "descendant". column: 0 is the oldest. row: at least 1 apart
    within a column. more_parents, more_children: how many of its own are not in the drawing, of its
    children those on walls (as the column child_count knows them); 0 for a work that is not to be
    seen.
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
    """An inheritance between two members. route: points (column, row) from the parent to the
    child.
    """

    parent: int
    child: int
    share: float
    route: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Family:
    """A family tree with places. more_*: how many are not shown ("+37 more"); columns and rows: its
    extent.

    farthest: how many ancestors were looked at, where there are more than one question looks at;
    else 0.
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
    def is_whole(self) -> bool:
        return not self.more_ancestors and not self.more_descendants


def family(
    artwork: Artwork, user, *, limit: int = MAX_SHOWN, generations: int | None = None
) -> Family:
    """The nearest ancestors and descendants of a work, `limit` on each side, by six queries at most
    and at any size.

    generations: how far up and down the drawing goes; None as far as `limit` allows.
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


def _place(artwork: Artwork, user, relation: dict[int, str]) -> tuple[list[Member], list[Tie]]:
    edges = LineageEdge.objects.filter(child__in=relation).order_by("child_id", "-share", "pk")
    above = list(edges.values_list("parent_id", "child_id", "share"))  # At most MAX_ROOTS for each.
    shares = {(parent, child): share for parent, child, share in above if parent in relation}
    more_parents = Counter(child for parent, child, _ in above if parent not in relation)
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
    return members, [Tie(*edge, share, drawing.routes[edge]) for edge, share in shares.items()]
