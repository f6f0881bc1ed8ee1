"""Genes that are scores, which a plan squeezes into their ranges: how they are edited and changed.

Founders draw most of them from about the normal distribution, so that sums, means and noise of
them stay presentable.
"""

from collections.abc import Mapping

import numpy as np

END = 2.4  # Of a gene's range, as a score: beyond, hardly anything changes.
BEYOND = 0.6  # How far a gene that is beyond already still moves.
LARGEST = 3.0  # Noise draws scores beyond back to it: there, nothing changes any more.
_STEP = 1.5  # Standard deviation of a gene's step at rate 1.
_EVERY = 0.35  # The share of units that a small change touches; a larger one touches more.
_SOFT_SHARE = 0.15  # A unit joins in softly as the rate rises.


def towards(genes: np.ndarray, place: int, amount: float) -> None:
    """Move a gene to its lower end at -1 and to its upper end at 1, by equal steps."""
    value = float(genes[place])
    end = max(END, value + BEYOND) if amount > 0 else min(-END, value - BEYOND)
    genes[place] = value + (end - value) * abs(amount)


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
