"""The mixed shelf: fresh works with the best of the other shelves between them, so that a page
shows a bit of everything.

A work's `mix` is a number on the scale of time (seconds since 1970), by which the shelf is walked
like any other: fresh works stand at their moment of publication, the best of the other shelves just
below the fresh ones they are put between. A work has one number, so it hangs once.
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
SPAN = 24  # Among so many neighbours ...
OF_A_MAKER = 4  # ... hang at most so many by one maker,
OF_A_SPECIES = 10  # and of one species, as long as there is something else.
LOOK_AHEAD = 120  # How far down a shelf is looked for something else.
STEP = 1e-4  # Seconds between neighbours that were not published one after the other.


def mix_at(moment: datetime | None) -> float:
    """The place of a work that was published just now: above everything older."""
    return moment.timestamp() if moment else 0.0


def arrange(
    shelves: Mapping[str, Sequence[int]], *, makers: Sequence[int], species: Sequence[str]
) -> list[int]:
    """All works of the shelves, each once, in the order of the mixed shelf.

    shelves: name in PATTERN -> places of works, the best first. makers, species: of each place. A
    shelf that is empty is passed over; what does not fit into its neighbourhood waits for a later
    turn.
    """
    waiting = {name: deque(dict.fromkeys(works)) for name, works in shelves.items()}
    hung: set[int] = set()
    order: list[int] = []
    while any(waiting.values()):
        for name in PATTERN:
            work = _next_of(waiting.get(name, deque()), hung, order, makers, species)
            if work is not None:
                hung.add(work)
                order.append(work)
    return order


def _next_of(
    shelf: deque[int],
    hung: set[int],
    order: Sequence[int],
    makers: Sequence[int],
    species: Sequence[str],
) -> int | None:
    """Take the first work off a shelf that its neighbours on the wall leave room for; else simply
    the first.
    """
    while shelf and shelf[0] in hung:
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
        if fits and work not in hung:
            del shelf[place]
            return work
    return shelf.popleft()


def places_of(order: Sequence[int], published: np.ndarray) -> np.ndarray:
    """The number of each work of an order [order]: falling, and its own moment (seconds since 1970)
    where that fits.

    An old work is lifted to just above the freshest of those that follow, a work that had to wait
    is lowered to just below the one before. So the numbers of fresh works stay while others come
    and go between them, and few rows change.
    """
    if not len(order):
        return np.empty(0)
    own = np.asarray(published, float)[list(order)]
    following = np.r_[
        np.maximum.accumulate(own[::-1])[::-1][1:], -np.inf
    ]  # The latest moment of all that come after.
    numbers, above = np.empty(len(own)), np.inf
    lifted = np.zeros(
        len(own) + 1, int
    )  # Of each work, how many old ones stand here in a row with it.
    for place in range(len(own) - 1, -1, -1):
        lifted[place] = lifted[place + 1] + 1 if own[place] < following[place] else 0
    for place, (moment, later) in enumerate(zip(own, following, strict=True)):
        numbers[place] = above = min(max(moment, later + STEP * lifted[place]), above - STEP)
    return numbers
