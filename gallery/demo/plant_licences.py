"""Licences and permissions of the demo garden, so that every case of the table stands somewhere on
its walls.
"""

from collections.abc import Sequence

import numpy as np

from gallery.demo.facts import Facts
from gallery.licences import allowed_licences
from gallery.models import Artwork, Licence, LineageEdge
from generation.refusal import Refused

CHILDLESS = {Licence.CC_BY_SA: 5, Licence.CC_BY_NC: 6, Licence.CC0: 3}
LARGEST_RESERVED = (
    4  # Works of the family that is reserved; more would be missing on other people's benches.
)


def vary_terms(facts: Sequence[Facts], rng: np.random.Generator) -> None:
    """Change what some works allow: a few licences of every kind, one family reserved, one work not
    to be bred, one not to be trained on.

    Only works on which nobody else's rest are changed, and only to what their parents allow; none
    of the picks, which visitors meet first and shall be able to breed.
    """
    free = [one for one in facts if not one.children and not one.work.is_featured]
    free = [free[place] for place in rng.permutation(len(free))]
    reserved = _reserve(facts, free)
    free = [one for one in free if one not in reserved]
    for one, change in zip(free, ({"may_be_bred": False}, {"may_train": False}), strict=False):
        _set(one.work, **change)
    free = free[2:]
    for licence, count in CHILDLESS.items():
        fitting = [one for one in free if one.work.licence != licence and licence in _allowed(one)][
            :count
        ]
        for one in fitting:
            _set(one.work, licence=licence)
            free.remove(one)


def _reserve(facts: Sequence[Facts], childless: Sequence[Facts]) -> list[Facts]:
    """Reserve all rights in the largest small family that one person bred alone; where there is
    none, in a childless work.
    """
    families = [family for one in facts if (family := _own_line(one))]
    families += [[one] for one in childless]
    for family in sorted(families, key=len, reverse=True):
        is_plain = len(family) <= LARGEST_RESERVED and not any(
            one.work.is_featured for one in family
        )
        if is_plain and all(Licence.RESERVED in _allowed(one, within=family) for one in family):
            for one in family:
                _set(one.work, licence=Licence.RESERVED)
            LineageEdge.objects.filter(parent__in=[one.work.pk for one in family]).update(
                licence=Licence.RESERVED
            )
            return family
    return []


def _own_line(root: Facts) -> list[Facts]:
    """A work and everything that comes of it, if all of that is by its maker; else nothing."""
    line = [root]
    for one in line:  # Grows while it is walked.
        line += [child for child in one.children if child not in line]
    return (
        line
        if len(line) > 1 and all(one.work.author_id == root.work.author_id for one in line)
        else []
    )


def _allowed(one: Facts, *, within: Sequence[Facts] = ()) -> tuple[Licence, ...]:
    """What the parents leave open to a work; those of its own reserved family, by the same maker,
    bind it to nothing.
    """
    others = [parent.work for parent, _share in one.parents if parent not in within]
    try:
        return allowed_licences(others)
    except Refused:
        return ()


def _set(work: Artwork, **change) -> None:
    for name, value in change.items():
        setattr(work, name, value)
    work.save(update_fields=list(change))
