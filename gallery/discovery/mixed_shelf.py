"""The mixed shelf: new works, with the best of the other shelves in between.

The shelf is ordered by the column `mix`, a number on the scale of time (seconds since 1970). New
works have the time of their publication; the best of the other shelves have a number just below
that of the new work they follow. A work has one number, so it appears once.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
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
OF_A_SPECIES = 6  # and of one species, as long as there are others.
FIRST_SCREEN = 18  # Among the first, none is a near relative of another, or looks nearly the same,
OF_A_SPECIES_FIRST = 4  # fewer are of one species,
CLEARLY_SEEN = (
    0.6  # and pictures are left out that have less presence than this part of their kind.
)
SAME_LOOK = 0.86  # The least cosine similarity of works that look nearly the same.
MAX_KIN = 200  # Children of one work that are looked at.
LOOK_AHEAD = 60  # How far down a shelf others are searched for.
STEP = 1e-4  # Seconds between the numbers of neighbours, unless their own times are further apart.


def mix_at(moment: datetime | None) -> float:
    """The number of a work that is being published: its time, above everything older."""
    return moment.timestamp() if moment else 0.0


@dataclass(frozen=True)
class _Wall:
    """What decides whether a work fits the works before it; see `arrange`. order: those before."""

    makers: Sequence[int]
    species: Sequence[str]
    kin: Mapping[int, Set[int]]
    looks: Mapping[int, tuple[str, np.ndarray]]
    is_faint: Set[int]
    order: list[int] = field(default_factory=list)

    def fits(self, work: int, *, strictness: int) -> bool:
        """Whether a work may follow. strictness: 2 for all rules, 1 without those of looks, 0."""
        if not strictness:
            return True
        near = self.order[-SPAN + 1 :]
        kind, is_first = self.species[work], len(self.order) < FIRST_SCREEN
        kinds = [self.species[other] for other in near]
        most = OF_A_SPECIES_FIRST if is_first else OF_A_SPECIES
        if (
            sum(self.makers[other] == self.makers[work] for other in near) >= OF_A_MAKER
            or kinds.count(kind) >= most
            or not self.kin.get(work, frozenset()).isdisjoint(near)
        ):
            return False
        if strictness == 1:
            return True
        return (
            not (is_first and work in self.is_faint)
            and kinds[-1:] != [kind]
            and not any(self._look_alike(work, other) for other in near)
        )

    def _look_alike(self, work: int, other: int) -> bool:
        if work not in self.looks or other not in self.looks:
            return False
        (kind, vector), (other_kind, other_vector) = self.looks[work], self.looks[other]
        return kind == other_kind and float(vector @ other_vector) > SAME_LOOK


def arrange(
    shelves: Mapping[str, Sequence[int]],
    *,
    makers: Sequence[int],
    species: Sequence[str],
    kin: Mapping[int, Set[int]] | None = None,
    looks: Mapping[int, tuple[str, np.ndarray]] | None = None,
    presence: Sequence[float] | np.ndarray = (),
) -> list[int]:
    """All works of the shelves, each once, in the order of the mixed shelf.

    shelves: name in PATTERN -> indices of works, the best first. makers, species: of each index.
    kin: the near relatives of an index. looks: its kind of features and their unit vector, where
    they are known. presence: how well the picture of each index fills a large tile, 0 if unknown.
    Empty shelves are skipped. A work that does not fit its neighbourhood waits for a later turn;
    when none fits, the rules are relaxed, those of looks first.
    """
    waiting = {name: deque(dict.fromkeys(works)) for name, works in shelves.items()}
    every = {work for works in shelves.values() for work in works}
    wall = _Wall(makers, species, kin or {}, looks or {}, _faint(every, species, presence))
    placed: set[int] = set()
    strictness = 2
    while any(waiting.values()):
        before = len(wall.order)
        for name in PATTERN:
            work = _next_of(waiting.get(name, deque()), placed, wall, strictness)
            if work is not None:
                placed.add(work)
                wall.order.append(work)
        is_stuck = len(wall.order) == before
        strictness = max(0, strictness - 1) if is_stuck else 2
    return wall.order


def _faint(
    works: Set[int], species: Sequence[str], presence: Sequence[float] | np.ndarray
) -> set[int]:
    """The works that have less presence than most of their species; none where it is unknown."""
    of_kind: dict[str, list[int]] = {}
    for work in works:
        if len(presence) and presence[work] > 0:
            of_kind.setdefault(species[work], []).append(work)
    faint: set[int] = set()
    for row in of_kind.values():
        least = float(np.quantile([presence[work] for work in row], CLEARLY_SEEN))
        faint.update(work for work in row if presence[work] < least)
    return faint


def near_kin(
    works: Sequence[int], *, parents: np.ndarray, children: np.ndarray
) -> dict[int, frozenset[int]]:
    """Of each of these works its parents, children, siblings, grandparents and grandchildren.

    parents, children [edges]: indices of works.
    """
    up: dict[int, list[int]] = {}
    down: dict[int, list[int]] = {}
    for parent, child in zip(parents.tolist(), children.tolist(), strict=True):
        up.setdefault(child, []).append(parent)
        down.setdefault(parent, []).append(child)

    def reach(starts: Iterable[int], steps: Mapping[int, list[int]]) -> set[int]:
        return {end for start in starts for end in steps.get(start, ())[:MAX_KIN]}

    found = {}
    for work in works:
        above, below = reach([work], up), reach([work], down)
        others = reach(above, up) | reach(above, down) | reach(below, down)
        found[work] = frozenset((above | below | others) - {work})
    return found


def _next_of(shelf: deque[int], placed: Set[int], wall: _Wall, strictness: int) -> int | None:
    """Remove and return the first work of a shelf that fits, or None."""
    while shelf and shelf[0] in placed:
        shelf.popleft()
    for place in range(min(len(shelf), LOOK_AHEAD)):
        work = shelf[place]
        if work not in placed and wall.fits(work, strictness=strictness):
            del shelf[place]
            return work
    return None


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
