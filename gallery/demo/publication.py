"""The order in which demo works are published, and which of them are featured. No database."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from gallery.demo.plan import PlannedWork
from generation.genespaces.patterns.portrait import difference

CANDIDATES = 24  # Works compared for one place.
NEIGHBOURS = 8  # Works already placed that each candidate is compared with.


def arrange(works: Sequence[PlannedWork], *, rng: np.random.Generator) -> list[PlannedWork]:
    """The order of publication: parents before children, and neighbours that differ.

    The order is built from the newest work back: the works that remain at the end cannot choose
    their neighbours any more, and the newest are the first that visitors see.
    """
    placed: list[PlannedWork] = []
    remaining = _interleave_species(works)[::-1]
    while remaining:
        parents = {parent.slug for work in remaining for parent in work.parents}
        candidates = [work for work in remaining if work.slug not in parents][:CANDIDATES]
        chosen = max(
            candidates,
            key=lambda work: _contrast(work, placed[-NEIGHBOURS:]) + 0.05 * rng.random(),
        )
        remaining.remove(chosen)
        placed.append(chosen)
    return placed[::-1]


def _interleave_species(works: Sequence[PlannedWork]) -> list[PlannedWork]:
    """The species evenly spread, each in its own order."""
    rows: dict[str, list[PlannedWork]] = {}
    for work in works:
        rows.setdefault(work.species, []).append(work)
    spread = [
        ((place + 0.5) / len(row), work) for row in rows.values() for place, work in enumerate(row)
    ]
    return [work for _place, work in sorted(spread, key=lambda pair: pair[0])]


def _contrast(work: PlannedWork, neighbours: Sequence[PlannedWork]) -> float:
    """How well a work goes with its neighbours, the nearest of which is the last.

    It should be beautiful, look different, and be by another maker and of another species.
    """
    distances = [difference(work.portrait, other.portrait) for other in reversed(neighbours)]
    weighted = sum(distance / place for place, distance in enumerate(distances, 1))
    same_maker = 0.3 * any(other.maker is work.maker for other in neighbours[-2:])
    same_species = 0.4 * sum(other.species == work.species for other in neighbours[-3:])
    liking = 0.3 * work.beauty + min(distances, default=0.0) + 0.3 * weighted
    return liking - same_maker - same_species


def choose_featured(works: Sequence[PlannedWork], *, count: int) -> list[PlannedWork]:
    """The most beautiful works of each species in turn, no two of one species by one maker."""
    best: dict[str, dict[str, PlannedWork]] = {}
    for work in sorted(works, key=lambda work: -work.beauty):
        best.setdefault(work.species, {}).setdefault(work.maker.username, work)
    rounds = zip_longest(*(list(row.values()) for row in best.values()))
    return [work for one in rounds for work in one if work is not None][:count]
