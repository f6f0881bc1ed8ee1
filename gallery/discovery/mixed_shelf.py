"""The mixed shelf: new works, with the best of the other shelves in between.

The shelf is ordered by the column `mix`, a number on the scale of time (seconds since 1970). New
works have the time of their publication; the best of the other shelves have a number just below
that of the new work they follow. A work has one number, so it appears once.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

PATTERN = (
    "fresh",
    "fresh",
    "loved",
    "fresh",
    "stepping",
    "fresh",
    "bred",
    "fresh",
    "fresh",
    "rare",
    "fresh",
    "picked",
)
SPAN = 24  # Among this many neighbours ...
OF_A_MAKER = 4  # ... at most this many are by one maker,
OF_A_SPECIES = 10  # and of one species, as long as there are others.
LOOK_AHEAD = 120  # How far down a shelf others are searched for.
STEP = 1e-4  # Seconds between the numbers of neighbours, unless their own times are further apart.


def mix_at(moment: datetime | None) -> float:
    """The number of a work that is being published: its time, above everything older."""
    return moment.timestamp() if moment else 0.0


def arrange(
    shelves: Mapping[str, Sequence[int]], *, makers: Sequence[int], species: Sequence[str]
) -> list[int]:
    """All works of the shelves, each once, in the order of the mixed shelf.

    shelves: name in PATTERN -> indices of works, the best first. makers, species: of each index.
    Empty shelves are skipped; a work that does not fit its neighbourhood waits for a later turn.
    """
    waiting = {name: deque(dict.fromkeys(works)) for name, works in shelves.items()}
    placed: set[int] = set()
    order: list[int] = []
    while any(waiting.values()):
        for name in PATTERN:
            work = _next_of(waiting.get(name, deque()), placed, order, makers, species)
            if work is not None:
                placed.add(work)
                order.append(work)
    return order


def _next_of(
    shelf: deque[int],
    placed: set[int],
    order: Sequence[int],
    makers: Sequence[int],
    species: Sequence[str],
) -> int | None:
    """Remove and return the first work of a shelf that fits its neighbours, else the first."""
    while shelf and shelf[0] in placed:
        shelf.popleft()
    if not shelf:
        return None
    near = order[-SPAN + 1 :]
    near_makers, near_species = [makers[work] for work in near], [species[work] for work in near]
    for place in range(min(len(shelf), LOOK_AHEAD)):
        work = shelf[place]
        fits = (
            near_makers.count(makers[work]) < OF_A_MAKER
            and near_species.count(species[work]) < OF_A_SPECIES
        )
        if fits and work not in placed:
            del shelf[place]
            return work
    return shelf.popleft()


def mix_numbers(order: Sequence[int], published: np.ndarray) -> np.ndarray:
    """The `mix` of each work of an order [works]: falling, and its own time wherever possible.

    published: time of publication by index, in seconds since 1970. An old work is raised to just
    above the newest of those that follow; a work that had to wait is lowered to just below the one
    before. So the numbers of new works stay while others come and go, and few rows change.
    """
    if not len(order):
        return np.empty(0)
    own = np.asarray(published, float)[list(order)]
    # The latest time of all works that come after each.
    following = np.r_[np.maximum.accumulate(own[::-1])[::-1][1:], -np.inf]
    numbers, above = np.empty(len(own)), np.inf
    # For each work, how many works in a row from it on are older than one that follows.
    raised = np.zeros(len(own) + 1, int)
    for place in range(len(own) - 1, -1, -1):
        raised[place] = raised[place + 1] + 1 if own[place] < following[place] else 0
    for place, (time, later) in enumerate(zip(own, following, strict=True)):
        numbers[place] = above = min(max(time, later + STEP * raised[place]), above - STEP)
    return numbers
