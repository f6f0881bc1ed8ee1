"""In which cell a place lies, and how far it is from the border: exact, for weighted points.

Places are worked on in square tiles; for each, only the points next to it are measured. The
distance to the border between two points follows from the difference of the squared distances to
them (after Inigo Quilez, "Voronoi edges").
"""

from dataclasses import dataclass

import numpy as np

from generation.genespaces.glass.sites import Sites

NEAR = 24  # Points that are measured for a tile.
_FAR = np.float32(9.0)


@dataclass(frozen=True)
class Cells:
    """Of every place, [tiles, places]: the number of its cell, the cell beyond the nearest border,
    and the distances to that border and to the next one.
    """

    own: np.ndarray
    other: np.ndarray
    near: np.ndarray
    next: np.ndarray


def find_cells(sites: Sites, x: np.ndarray, y: np.ndarray) -> Cells:
    """The cells of places, float32 [tiles, places] each."""
    middle = [0.5 * (axis.min(axis=1) + axis.max(axis=1))[:, None] for axis in (x, y)]
    away = np.hypot(middle[0] - sites.x, middle[1] - sites.y)
    some = np.argpartition(away, NEAR, axis=1)[:, :NEAR]
    some.sort(axis=1)
    squares = (x[:, None] - sites.x[some][..., None]) ** 2
    squares += (y[:, None] - sites.y[some][..., None]) ** 2
    squares -= sites.weight[some][..., None]
    first = squares.argmin(axis=1)[:, None]
    own = np.take_along_axis(some[..., None], first, axis=1)
    squares -= np.take_along_axis(squares, first, axis=1)
    squares /= 2 * sites.apart[some[..., None], own]
    np.put_along_axis(squares, first, _FAR, axis=1)
    second = squares.argmin(axis=1)[:, None]
    near = np.take_along_axis(squares, second, axis=1)
    np.put_along_axis(squares, second, _FAR, axis=1)
    other = np.take_along_axis(some[..., None], second, axis=1)
    return Cells(own[:, 0], other[:, 0], near[:, 0], squares.min(axis=1))
