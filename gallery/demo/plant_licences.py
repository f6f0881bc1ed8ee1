"""Varies licences and permissions in the demo garden, so that it shows every case."""

from collections.abc import Sequence

import numpy as np

from gallery.demo.facts import Facts
from gallery.lineage.bonds import allowed_licences
from gallery.models import Artwork, Licence, LineageEdge
from generation.refusal import Refused

# How many childless works get each licence.
CHILDLESS = {Licence.CC_BY_SA: 5, Licence.CC_BY_NC: 6, Licence.CC0: 3}
MAX_RESERVED = 4  # Works of the reserved family; nobody else can breed from them.


def vary_licences(facts: Sequence[Facts], rng: np.random.Generator) -> None:
    """Change what some works allow.

    A few get other licences, one family is reserved, one work may not be bred from, and one may not
    be trained on. Only works without other people's descendants change, only to what their parents
    allow, and no featured ones, because visitors meet those first.
    """
    childless = [one for one in facts if not one.children and not one.work.is_featured]
    childless = [childless[place] for place in rng.permutation(len(childless))]
    reserved = _reserve_family(facts, childless)
    childless = [one for one in childless if one not in reserved]
    changes = ({"may_be_bred": False}, {"may_train": False})
    for one, change in zip(childless, changes, strict=False):
        _update(one.work, **change)
    childless = childless[len(changes) :]
    for licence, count in CHILDLESS.items():
        fitting = [
            one for one in childless if one.work.licence != licence and licence in _allowed(one)
        ]
        for one in fitting[:count]:
            _update(one.work, licence=licence)
            childless.remove(one)


def _reserve_family(facts: Sequence[Facts], childless: Sequence[Facts]) -> list[Facts]:
    """Reserve all rights in the largest small family by one maker, or else in a childless work."""
    families = [family for one in facts if (family := _own_family(one))]
    families += [[one] for one in childless]
    for family in sorted(families, key=len, reverse=True):
        if (
            len(family) <= MAX_RESERVED
            and not any(one.work.is_featured for one in family)
            and all(Licence.RESERVED in _allowed(one, within=family) for one in family)
        ):
            for one in family:
                _update(one.work, licence=Licence.RESERVED)
            LineageEdge.objects.filter(parent__in=[one.work.pk for one in family]).update(
                licence=Licence.RESERVED
            )
            return family
    return []


def _own_family(root: Facts) -> list[Facts]:
    """A work and its descendants, if there are any and all are by the same maker; else nothing."""
    family = [root]
    for one in family:  # The list grows during the loop.
        family += [child for child in one.children if child not in family]
    has_one_maker = all(one.work.author_id == root.work.author_id for one in family)
    return family if len(family) > 1 and has_one_maker else []


def _allowed(one: Facts, *, within: Sequence[Facts] = ()) -> tuple[Licence, ...]:
    """Licences that the parents allow. Parents within the same maker's family do not bind."""
    parents = [parent.work for parent, _share in one.parents if parent not in within]
    try:
        return allowed_licences(parents)
    except Refused:
        return ()


def _update(work: Artwork, **values: Licence | bool) -> None:
    for name, value in values.items():
        setattr(work, name, value)
    work.save(update_fields=list(values))
