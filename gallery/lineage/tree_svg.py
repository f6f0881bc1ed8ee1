"""A family tree as SVG that the server draws: links work without script, and two drawings fit wide
windows and phones.

Shapes, in user units: a work is a square of THUMB, its ring says whose it is (by style, never by
colour alone), the width of a tie is the share that was inherited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from gallery.lineage.credit import percent
from gallery.lineage.graph import Family, Member, Tie

THUMB = 64
MARGIN = 28  # Half a long name reaches so far beyond its square.
NAME_HEIGHT = 22
THINNEST, THICKEST = 1.25, 7.0
LONGEST_NAME = {"wide": 22, "tall": 13}  # Letters that fit between the neighbours.


@dataclass(frozen=True)
class Spot:
    """A member at its place; x and y are the upper left corner of its square. kind names its ring
    (css/family.css).
    """

    member: Member
    x: float
    y: float
    kind: str
    name: str
    words: str = ""
    badges: tuple["Badge", ...] = ()

    @property
    def middle(self) -> float:
        return self.x + THUMB / 2

    @property
    def name_y(self) -> float:
        return self.y + THUMB + 18


@dataclass(frozen=True)
class Badge:
    """A small label at a square: so many relatives more, and the way to them. x, y: its upper left
    corner.
    """

    number: int
    words: str
    url: str
    x: float
    y: float

    @property
    def width(self) -> float:
        return 16.0 + 8.0 * len(str(self.number))

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def text_y(self) -> float:
        return self.y + 16.5


@dataclass(frozen=True)
class Line:
    """A tie as a path."""

    path: str
    width: float
    words: str


@dataclass(frozen=True)
class Tree:
    """One drawing. layout: "wide" (oldest on the left) or "tall" (oldest on top)."""

    layout: str
    width: float
    height: float
    spots: list[Spot]
    lines: list[Line]


def draw_both(family: Family, user) -> list[Tree]:
    """The tree for wide windows and the one for phones; none for a work without relatives."""
    return (
        []
        if family.is_alone
        else [draw(family, user, layout=layout) for layout in ("wide", "tall")]
    )


def draw(family: Family, user, *, layout: str) -> Tree:
    """Places of everything. A wide tree steps 168 units a generation, a tall one 132."""
    is_wide = layout == "wide"
    step, apart = (
        (168, THUMB + NAME_HEIGHT + 26) if is_wide else (THUMB + NAME_HEIGHT + 56, THUMB + 20)
    )

    def place(column: float, row: float) -> tuple[float, float]:
        along, across = MARGIN + column * step, MARGIN + row * apart
        return (along, across) if is_wide else (across, along)

    right, bottom = place(family.columns - 1, family.rows - 1)
    spots = []
    for member in family.members:
        x, y = place(member.column, member.row)
        name = _short_name(member, LONGEST_NAME[layout])
        spots.append(Spot(member, x, y, _kind(member), name, _words(member), _badges(member, x, y)))
    names = {member.key: member.label for member in family.members}
    lines = [
        Line(
            _path([place(column, row) for column, row in tie.route], is_wide=is_wide),
            round(THINNEST + tie.share * (THICKEST - THINNEST), 2),
            gettext("{share} of {child} comes from {parent}").format(
                child=names[tie.child],
                share=percent(tie.share),
                parent=names[tie.parent],
            ),
        )
        for tie in sorted(family.ties, key=_share)
    ]
    return Tree(layout, right + THUMB + MARGIN, bottom + THUMB + NAME_HEIGHT + MARGIN, spots, lines)


def _words(member: Member) -> str:
    """What a link to the member is called."""
    if member.artwork is None:
        return member.label
    told = {
        "ancestor": gettext("{title} by {maker}, an ancestor"),
        "descendant": gettext("{title} by {maker}, a descendant"),
        "self": gettext("{title} by {maker}"),
    }
    return told[member.relation].format(title=member.label, maker=member.artwork.author.name)


def _badges(member: Member, x: float, y: float) -> tuple[Badge, ...]:
    """The labels of relatives that are not drawn: parents at the upper left corner, children at the
    upper right.
    """
    if member.artwork is None:
        return ()
    family, slug = reverse("artwork_family", args=[member.artwork.slug]), member.artwork.slug
    found = []
    if number := member.more_parents:
        words = ngettext("{n} more parent of {title}", "{n} more parents of {title}", number)
        found.append(
            Badge(number, words.format(n=number, title=member.label), family, x - 12, y - 12)
        )
    if number := member.more_children:
        words = ngettext("{n} more child of {title}", "{n} more children of {title}", number)
        url = reverse("artwork_children", args=[slug]) if member.relation == "self" else family
        badge = Badge(number, words.format(n=number, title=member.label), url, x, y - 12)
        found.append(replace(badge, x=x + THUMB + 12 - badge.width))
    return tuple(found)


def _short_name(member: Member, longest: int) -> str:
    if member.artwork is None:
        return gettext("not public")
    return (
        member.label if len(member.label) <= longest else member.label[: longest - 1].rstrip() + "…"
    )


def _share(tie: Tie) -> float:
    return tie.share


def _kind(member: Member) -> str:
    if member.relation == "self":
        return "self"
    if member.artwork is None:
        return "closed"
    return "own" if member.is_own else "other"


def _path(corners: Sequence[tuple[float, float]], *, is_wide: bool) -> str:
    """A smooth line from the far side of the parent's square, through the gaps, to the near side of
    the child's.
    """
    half = THUMB / 2
    points = [(x + half, y + half) for x, y in corners]
    first, last = points[0], points[-1]
    if is_wide:
        points[0], points[-1] = (first[0] + half + 4, first[1]), (last[0] - half - 4, last[1])
    else:
        points[0], points[-1] = (
            (first[0], first[1] + half + NAME_HEIGHT + 2),
            (
                last[0],
                last[1] - half - 4,
            ),
        )
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if is_wide:
            middle = (x0 + x1) / 2
            parts.append(f"C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}")
        else:
            middle = (y0 + y1) / 2
            parts.append(f"C{x0:g} {middle:g} {x1:g} {middle:g} {x1:g} {y1:g}")
    return "".join(parts)
