"""A family tree as SVG, in one drawing for wide windows and one for phones.

It is drawn on the server, so that links work without scripts. In user units: a work is a square of
THUMB; its ring shows whose it is, by style and never by colour alone; the width of an edge shows
the share that was inherited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from gallery.lineage.credit import percent
from gallery.lineage.graph import Family, Member
from gallery.models.texts import isolate

THUMB = 64
MARGIN = 28  # A long name extends this far beyond its square.
NAME_HEIGHT = 22
THINNEST, THICKEST = 1.25, 7.0
LONGEST_NAME = {"wide": 22, "tall": 13}  # Characters that fit between neighbours.


@dataclass(frozen=True)
class Spot:
    """A member in the drawing. x, y: the upper left corner of its square.

    kind: the style of its ring (css/family.css).
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
    """A small label at a square: how many more relatives there are, with a link to them.

    x, y: its upper left corner.
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
    """An edge as an SVG path. words: its tooltip. is_graft: such a line is dashed."""

    path: str
    width: float
    words: str
    is_graft: bool


@dataclass(frozen=True)
class Tree:
    """One drawing. layout: "wide" (oldest on the left) or "tall" (oldest on top)."""

    layout: str
    width: float
    height: float
    spots: list[Spot]
    lines: list[Line]


def draw_both(family: Family) -> list[Tree]:
    """The drawings for wide windows and for phones; none for a work without relatives."""
    return [] if family.is_alone else [draw(family, layout=layout) for layout in ("wide", "tall")]


def draw(family: Family, *, layout: str) -> Tree:
    """One drawing; layout: "wide" or "tall"."""
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
            (
                gettext("{share} of {child} stayed of {parent}, which it is grafted onto")
                if tie.is_graft
                else gettext("{share} of {child} comes from {parent}")
            ).format(
                child=isolate(names[tie.child]),
                share=percent(tie.share),
                parent=isolate(names[tie.parent]),
            ),
            tie.is_graft,
        )
        for tie in sorted(family.ties, key=lambda tie: tie.share)
    ]
    return Tree(layout, right + THUMB + MARGIN, bottom + THUMB + NAME_HEIGHT + MARGIN, spots, lines)


def _words(member: Member) -> str:
    """The label of the link to a member."""
    if member.artwork is None:
        return member.label
    templates = {
        "ancestor": gettext("{title} by {maker}, an ancestor"),
        "descendant": gettext("{title} by {maker}, a descendant"),
        "self": gettext("{title} by {maker}"),
    }
    return templates[member.relation].format(
        title=isolate(member.label), maker=isolate(member.artwork.author.name)
    )


def _badges(member: Member, x: float, y: float) -> tuple[Badge, ...]:
    """The badges of relatives that are not drawn: parents at the left, children at the right."""
    if member.artwork is None:
        return ()
    family, slug = reverse("artwork_family", args=[member.artwork.slug]), member.artwork.slug
    found = []
    if number := member.more_parents:
        words = ngettext("{n} more parent of {title}", "{n} more parents of {title}", number)
        found.append(
            Badge(
                number, words.format(n=number, title=isolate(member.label)), family, x - 12, y - 12
            )
        )
    if number := member.more_children:
        words = ngettext("{n} more child of {title}", "{n} more children of {title}", number)
        url = reverse("artwork_children", args=[slug]) if member.relation == "self" else family
        badge = Badge(number, words.format(n=number, title=isolate(member.label)), url, x, y - 12)
        found.append(replace(badge, x=x + THUMB + 12 - badge.width))
    return tuple(found)


def _short_name(member: Member, longest: int) -> str:
    if member.artwork is None:
        return gettext("not public")
    return (
        member.label if len(member.label) <= longest else member.label[: longest - 1].rstrip() + "…"
    )


def _kind(member: Member) -> str:
    """The style of a member's ring."""
    if member.relation == "self":
        return "self"
    if member.artwork is None:
        return "closed"
    return "own" if member.is_own else "other"


def _path(corners: Sequence[tuple[float, float]], *, is_wide: bool) -> str:
    """A smooth line from the parent's square, between the others, to the child's."""
    half = THUMB / 2
    points = [(x + half, y + half) for x, y in corners]
    first, last = points[0], points[-1]
    if is_wide:
        points[0], points[-1] = (first[0] + half + 4, first[1]), (last[0] - half - 4, last[1])
    else:
        points[0] = (first[0], first[1] + half + NAME_HEIGHT + 2)
        points[-1] = (last[0], last[1] - half - 4)
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if is_wide:
            middle = (x0 + x1) / 2
            parts.append(f"C{middle:g} {y0:g} {middle:g} {y1:g} {x1:g} {y1:g}")
        else:
            middle = (y0 + y1) / 2
            parts.append(f"C{x0:g} {middle:g} {x1:g} {middle:g} {x1:g} {y1:g}")
    return "".join(parts)
