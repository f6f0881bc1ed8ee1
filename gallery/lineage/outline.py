"""A family tree as text, generation by generation, for keyboards and screen readers."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from gallery.lineage.graph import Family, Member


@dataclass(frozen=True)
class Relative:
    """A member with its drawn parents and their shares, the largest first."""

    member: Member
    parents: list[tuple[Member, float]]


@dataclass(frozen=True)
class Generation:
    """Relatives in the same column. label: how many generations away they are, in words."""

    label: str
    relatives: list[Relative]


def generations_of(family: Family) -> list[Generation]:
    """The generations of a family, oldest first, each from the top of the drawing down."""
    members = {member.key: member for member in family.members}
    parents: dict[int, list[tuple[Member, float]]] = {key: [] for key in members}
    for tie in sorted(family.ties, key=lambda tie: -tie.share):
        parents[tie.child].append((members[tie.parent], tie.share))
    here = next(member.column for member in family.members if member.relation == "self")
    found: list[Generation] = []
    for column in range(family.columns):
        there = sorted(
            (member for member in family.members if member.column == column),
            key=lambda member: member.row,
        )
        if there:
            found.append(
                Generation(
                    _label(column - here),
                    [Relative(member, parents[member.key]) for member in there],
                )
            )
    return found


def _label(offset: int) -> str:
    """How far a generation is from the work itself; negative is earlier."""
    if offset == 0:
        return gettext("This work")
    if offset < 0:
        return ngettext("{n} generation earlier", "{n} generations earlier", -offset).format(
            n=-offset
        )
    return ngettext("{n} generation later", "{n} generations later", offset).format(n=offset)
