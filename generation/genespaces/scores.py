"""Genes that are scores, which a plan squeezes into their ranges: how they are edited and changed.

Founders draw most of them from about the normal distribution, so that sums, means and noise of
them stay presentable.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

END = 2.4  # Of a gene's range, as a score: beyond, hardly anything changes.
BEYOND = 0.6  # How far a gene that is beyond already still moves.
LARGEST = 3.0  # Noise draws scores beyond back to it: there, nothing changes any more.
_STEP = 1.5  # Standard deviation of a gene's step at rate 1.
_EVERY = 0.35  # The share of units that a small change touches; a larger one touches more.
_SOFT_SHARE = 0.15  # A unit joins in softly as the rate rises.


def kind_of(unit: str) -> str:
    """The name under which the ranges of a unit stand: "mass" of "mass7"."""
    return unit.rstrip("0123456789")


def squeeze(score: np.ndarray, low: float, high: float) -> np.ndarray:
    """A score as a number between two ends, 0 as their middle."""
    return low + (high - low) / (1 + np.exp(-1.6 * score))


def score_of(value: float, low: float, high: float) -> float:
    """The score that `squeeze` makes this value of, at most 3 away from 0."""
    share = min(max((value - low) / (high - low), 0.0083), 0.9917)
    return math.log(share / (1 - share)) / 1.6


def towards(genes: np.ndarray, place: int, amount: float) -> None:
    """Move a gene to its lower end at -1 and to its upper end at 1, by equal steps."""
    value = float(genes[place])
    end = max(END, value + BEYOND) if amount > 0 else min(-END, value - BEYOND)
    genes[place] = value + (end - value) * abs(amount)


def move_genes(places: Sequence[int], reach: float) -> Callable[[np.ndarray, float], None]:
    """An edit of some genes together; a negative reach moves them the other way."""

    def move(genes: np.ndarray, amount: float) -> None:
        for place in places:
            towards(genes, place, reach * amount)

    return move


def edit_by(
    edits: Mapping[str, Callable[[np.ndarray, float], None]],
    genes: np.ndarray,
    slider: str,
    amount: float,
) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1].

    edits: by the sliders' keys; each changes the genes that it is given.
    """
    edited = genes.copy()
    if amount != 0:
        edits[slider](edited, float(np.clip(amount, -1, 1)))
    return edited


def wander(
    genes: np.ndarray,
    places: Mapping[str, slice],
    rate: float,
    rng: np.random.Generator,
    *,
    reach: Mapping[str, float],
) -> np.ndarray:
    """Noise by `rate` in [0, 1] on some units of float64 genes.

    reach: of units that move less or further than others. The random numbers do not depend on the
    rate, so a rising rate moves along one path.
    """
    child = genes.copy()
    for name, place in places.items():
        share = min(max((_EVERY + rate - rng.random()) / _SOFT_SHARE, 0.0), 1.0)
        noise = rng.normal(size=place.stop - place.start)
        moved = child[place] + share * rate * _STEP * reach.get(name, 1.0) * noise
        # What a slider has pushed further out may stay there.
        most = np.maximum(np.abs(child[place]), LARGEST)
        child[place] = np.clip(moved, -most, most)
    return child
