"""Where the points of a flame fall: how many in each bin of a grid, and of which tint.

The grid is larger than the picture by a margin, so that what smooths it needs no borders.
"""

from collections.abc import Callable

import numpy as np

from generation.genespaces.flames.orbit import SURVEYED, Survey, enlarge, step, through_lens
from generation.genespaces.flames.plan import Plan

MARGIN = 16  # Bins on every side at least; the grid's edge is a multiple of it.
FULL_FLIGHT = 65536  # Points in flight; more would not stay in the second-level cache.
# One double counts the points of a bin in its upper bits and sums their tints in the lower ones,
# which halves the time of the slowest step. It holds 2^24 points of one bin.
_TINTS, _COUNT = 255, np.float64(2**32)


def edge_of(bins: int) -> int:
    """The edge of the grid for a picture of so many bins."""
    return -(-(bins + 2 * MARGIN) // MARGIN) * MARGIN


def collect(
    plan: Plan,
    survey: Survey,
    *,
    bins: int,
    points: int,
    yield_point: Callable[[float], None] = lambda progress: None,
) -> tuple[np.ndarray, int]:
    """A grid for a picture of bins x bins, float64 [edge, edge], and how many points were drawn.

    `read` takes it apart. yield_point: called with the progress, 0 to 1, every few milliseconds.
    """
    edge = edge_of(bins)
    sums = np.zeros(edge * edge)
    camera = (survey.camera * bins).astype(np.float32)
    camera[:, 2] += MARGIN
    copies = max(1, min(FULL_FLIGHT, points // 8) // SURVEYED)
    flight = enlarge(plan, survey.settled, copies)
    drawn = 0
    while drawn < points:
        for x, y, tint in step(plan, flight):
            places = _places(*through_lens(plan, x, y), camera, edge)
            np.add.at(sums, places, np.rint(tint * np.float32(_TINTS)) + _COUNT)
        drawn += len(flight.x)
        yield_point(min(1.0, drawn / points))
    grid = sums.reshape(edge, edge)
    # Points outside of the grid were put into its outermost bins.
    grid[[0, -1]] = 0
    grid[:, [0, -1]] = 0
    return grid, drawn


def read(sums: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts, and sums of tints from 0 to 1, float32; both times `level`."""
    counts = np.floor(sums * (1 / _COUNT))
    tints = sums - counts * _COUNT
    return (counts * level).astype(np.float32), (tints * (level / _TINTS)).astype(np.float32)


def _places(x: np.ndarray, y: np.ndarray, camera: np.ndarray, edge: int) -> np.ndarray:
    """The bin of each point, numbered row by row."""
    last = np.float32(edge - 1)
    column = x * camera[0, 0] + y * camera[0, 1] + camera[0, 2]
    row = x * camera[1, 0] + y * camera[1, 1] + camera[1, 2]
    for place in (column, row):
        np.maximum(place, np.float32(0), out=place)
        np.minimum(place, last, out=place)
    places = row.astype(np.intp)
    places *= edge
    places += column.astype(np.intp)
    return places
