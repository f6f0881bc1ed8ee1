"""From counts to a picture: smoothing what is only chance, then tone and colour.

Smoothing goes from coarse grids to fine ones. At each, what a bin has more than the coarser grid
says counts as far as it exceeds what chance alone would give (the variance of a count is the
count). So sparse points become a soft veil, and filaments and edges stay sharp.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from generation.genespaces.flames.histogram import MARGIN, read
from generation.genespaces.flames.orbit import Survey
from generation.genespaces.flames.palette import TABLE_SIZE
from generation.genespaces.flames.plan import Plan

Grids = tuple[np.ndarray, np.ndarray]  # Counts and sums of tints, float32 [rows, columns].

LEVELS = 4  # Halvings of the grid; its edge is a multiple of 2^4.
BAND = 1 << 16  # Bins worked on at once: their arrays stay in the second-level cache.
_CHANCE = np.float32(2.2)  # A difference counts from so many times the variance of chance on.
_STRAY = 0.4  # As if so many points were everywhere, so that a single stray one is no detail.
_BLURRED = np.float32(0.14)  # What a blur leaves of the variance of chance.
_TINT_VARIANCE = np.float32(0.04)  # Of the tints of points at one place.
_TRUSTED = 48.0  # A bin with so many points is believed by half whatever its neighbours say.
_OVERLAP = 6  # Bins by which bands overlap, since smoothing looks around.

_CELLS = 48  # Edge of the grid from which the exposure is found, whatever the picture's size.
_KEY = 0.26  # Mean tone of a picture, before its brightness and gamma.
_FAINTEST, _STEEPEST = 700.0, 4.0  # How many times fainter than white is black, at most, at least.


@dataclass(frozen=True)
class Exposure:
    """How counts become tones, the same at all sizes; a count of 1 is the mean of the picture.

    white: the count at which a tone is 1. depth: how many times fainter parts are still seen.
    tints: the range that is spread over the palette. shine: the light that bright parts shed on
    what is around them, float32 [48, 48].
    """

    white: float
    depth: float
    tints: tuple[float, float]
    shine: np.ndarray


def expose(plan: Plan, survey: Survey) -> Exposure:
    """Find the exposure: the mean tone of every flame is the same, as far as its depth may go."""
    x, y, tint = survey.points
    camera = survey.camera.astype(np.float32)
    column = x * camera[0, 0] + y * camera[0, 1] + camera[0, 2]
    row = x * camera[1, 0] + y * camera[1, 1] + camera[1, 2]
    inside = (column >= 0) & (column < 1) & (row >= 0) & (row < 1)
    place = (row[inside] * _CELLS).astype(np.intp) * _CELLS
    place += (column[inside] * _CELLS).astype(np.intp)
    hits = np.bincount(place, minlength=_CELLS**2)
    sums = np.bincount(place, weights=tint[inside], minlength=_CELLS**2)
    counts = hits * (_CELLS**2 / len(x))
    white = max(float(np.quantile(counts, 0.985)), 1e-3)
    depth = _find_depth(counts / white)
    tones = np.log1p(counts / white * depth) / math.log1p(depth)
    first, last = _range(sums / np.maximum(hits, 1), np.maximum(tones - 0.15, 1e-6))
    shine = np.maximum(tones - 0.4, 0).reshape(_CELLS, _CELLS).astype(np.float32)
    for _ in range(5):
        shine = _blur(shine)
    return Exposure(white, depth, (first, last), shine)


def _range(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Where nearly all of the weighted values lie; a twentieth is beyond either end."""
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(weights[order])
    first, last = np.interp([0.05, 0.95], passed / passed[-1], values[order])
    return float(first), float(last)


def _find_depth(counts: np.ndarray) -> float:
    """The depth at which the mean of the tones is as wanted; counts are parts of white."""
    low, high = math.log(_STEEPEST), math.log(_FAINTEST)
    for _ in range(20):
        middle = (low + high) / 2
        tones = np.log1p(counts * math.exp(middle)) / math.log1p(math.exp(middle))
        if float(np.minimum(tones, 1).mean()) < _KEY:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def develop(
    plan: Plan,
    exposure: Exposure,
    sums: np.ndarray,
    *,
    size: int,
    factor: int,
    drawn: int,
    yield_point: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the top row and the OKLab colours, float32 [rows, size, 3], of one band after another.

    sums: as `collect` returns them, of size * factor bins. drawn: so many points. yield_point:
    called every few milliseconds before the first band is ready.
    """
    level = (size * factor) ** 2 / drawn  # So that 1 is the mean; it is also what one point counts.
    grids = [_halve(partial(_read, sums, level), len(sums), yield_point)]
    for _ in range(LEVELS - 1):
        grids.append(_halve(partial(_cut, grids[-1]), len(grids[-1][0]), yield_point))
    counts, tints = (_blur(grid) for grid in grids[-1])
    for depth in range(LEVELS - 1, 0, -1):
        fine = grids[depth - 1]
        bands = _strips(0, len(fine[0]), len(fine[0]))
        counts, tints = _joined(
            _refine_rows((counts, tints), partial(_cut, fine), rows, level / 4**depth)
            for rows in _with(yield_point, bands)
        )
    across = slice(MARGIN, MARGIN + size * factor)
    for rows in _strips(0, size, len(sums) * factor):
        shown = slice(MARGIN + rows.start * factor, MARGIN + rows.stop * factor)
        fine = _refine_rows((counts, tints), partial(_read, sums, level), shown, level)
        tones, places = _tones(plan, exposure, (fine[0][:, across], fine[1][:, across]), factor)
        shine = _spread(exposure.shine, size, rows=rows)
        yield rows.start, _colour(plan, exposure, tones, places, shine)


def _strips(first: int, last: int, width: int) -> Iterator[slice]:
    """Slices of rows, so many that about BAND bins are worked on at once; their number is even."""
    step = max(2, BAND // width // 2 * 2)
    return (slice(top, min(last, top + step)) for top in range(first, last, step))


def _with(yield_point: Callable[[], None], strips: Iterator[slice]) -> Iterator[slice]:
    for rows in strips:
        yield_point()
        yield rows


def _read(sums: np.ndarray, level: float, rows: slice) -> Grids:
    return read(sums[rows], level)


def _cut(grids: Grids, rows: slice) -> Grids:
    return grids[0][rows], grids[1][rows]


def _joined(bands: Iterable[Grids]) -> Grids:
    counts, tints = (np.concatenate(grids) for grids in zip(*bands, strict=True))
    return counts, tints


def _halve(fine: Callable[[slice], Grids], edge: int, yield_point: Callable[[], None]) -> Grids:
    """Half as many rows and columns, band by band: the finest grid is never held as a whole."""
    return _joined(
        (_mean(counts), _mean(tints))
        for counts, tints in map(fine, _with(yield_point, _strips(0, edge, edge)))
    )


def _refine_rows(calm: Grids, fine: Callable[[slice], Grids], rows: slice, chance: float) -> Grids:
    """Some rows of a finer grid. The first is even, as bins of the coarser grid hold two."""
    edge = 2 * len(calm[0])
    first = max(0, rows.start - _OVERLAP)
    last = min(edge, rows.stop + _OVERLAP + rows.stop % 2)
    near = _cut(calm, slice(first // 2, last // 2))
    refined = _refine(near, fine(slice(first, last)), chance=chance)
    return _cut(refined, slice(rows.start - first, rows.stop - first))


def _refine(calm: Grids, fine: Grids, *, chance: float) -> Grids:
    """Take from a finer grid what is more than chance. chance: the count of one point there.

    Counts change by what neighbours have in common, and by what single bins have beyond that. Tints
    are judged for themselves, as means: few points say little about a colour.
    """
    counts, tints = (_double(grid) for grid in calm)
    places = tints / (counts + np.float32(1e-9))
    unit = np.float32(chance)
    noise = counts + np.float32(_STRAY * chance)
    noise *= unit * _CHANCE
    alone = fine[0] - counts
    common = _blur(alone)
    alone -= common
    believed = counts + np.float32(_TRUSTED * chance)
    # Of a blurred bin, so much of the variance is left.
    trust = 1 - noise * _BLURRED / (common * common + np.float32(1e-12))
    counts += common * np.maximum(trust, 0)
    trust = 1 - noise / (_blur(alone * alone) + np.float32(1e-12))
    counts += alone * np.maximum(trust, counts / believed)
    np.maximum(counts, 0, out=counts)
    return counts, counts * _refine_places(places, counts, fine, unit)


def _refine_places(
    places: np.ndarray, counts: np.ndarray, fine: Grids, unit: np.float32
) -> np.ndarray:
    """Mean tints, taken from a finer grid as far as enough points say so."""
    apart = fine[1] - fine[0] * places  # How far the sums are from what these tints would give.
    power = _blur(apart * apart) + np.float32(1e-12)
    trust = 1 - counts * (unit * _CHANCE * _TINT_VARIANCE) / power
    trust = np.maximum(trust, counts / (counts + np.float32(4 * _TRUSTED) * unit))
    trust *= apart / (fine[0] + unit)
    return np.clip(places + trust, 0, 1)


def _mean(grid: np.ndarray) -> np.ndarray:
    """Means of squares of 2 x 2 bins."""
    rows = grid[::2] + grid[1::2]
    return (rows[:, ::2] + rows[:, 1::2]) * np.float32(0.25)


def _double(grid: np.ndarray) -> np.ndarray:
    """Twice as many rows and columns, by straight lines between the middles of bins."""
    for _ in range(2):
        near, far = grid * np.float32(0.75), grid * np.float32(0.25)
        wide = np.empty((2 * len(grid), grid.shape[1]), np.float32)
        np.add(near[1:], far[:-1], out=wide[2::2])
        np.add(near[:-1], far[1:], out=wide[1:-1:2])
        wide[0], wide[-1] = grid[0], grid[-1]
        grid = wide.T
    return grid


def _blur(grid: np.ndarray) -> np.ndarray:
    """The weights 1 2 1 along both axes."""
    for _ in range(2):
        quarter = grid * np.float32(0.25)
        wide = quarter + quarter
        wide[1:] += quarter[:-1]
        wide[:-1] += quarter[1:]
        grid = wide.T
    return grid


def _spread(grid: np.ndarray, size: int, *, rows: slice) -> np.ndarray:
    """Some rows of a small square grid enlarged to `size`, by cubic splines."""
    tall = _along_rows(grid, np.arange(rows.start, rows.stop), size)
    return _along_rows(tall.T, np.arange(size), size).T


def _along_rows(grid: np.ndarray, wanted: np.ndarray, size: int) -> np.ndarray:
    place = (wanted + 0.5) * (len(grid) / size) - 0.5
    base = np.floor(place).astype(int)
    t = (place - base)[:, None]
    weights = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    last = len(grid) - 1
    return sum(
        weight.astype(np.float32) * grid[np.clip(base + offset, 0, last)]
        for offset, weight in zip((-1, 0, 1, 2), weights, strict=True)
    )


def _tones(
    plan: Plan, exposure: Exposure, grids: Grids, factor: int
) -> tuple[np.ndarray, np.ndarray]:
    """Tones, 0 to about 1, and mean tints, 0 to 1, of pixels.

    A tone is the logarithm of a count, bent by gamma, times the brightness, with a soft shoulder.
    factor: bins along the edge of a pixel, 1 or 2.
    """
    counts, tints = grids
    places = tints / (counts + np.float32(1e-9))
    tones = np.log1p(counts * np.float32(exposure.depth / exposure.white))
    tones *= np.float32(1 / math.log1p(exposure.depth))
    tones **= np.float32(1 / plan.gamma)
    # What is bright on a dark ground is dark as ink.
    tones *= np.float32(plan.brightness ** (1 - 2 * plan.lightness))
    tones /= 1 + np.maximum(tones - np.float32(0.7), 0) ** 2
    if factor == 1:
        return tones, places
    weights = tones + np.float32(1e-6)
    return _mean(tones), _mean(places * weights) / _mean(weights)


def _colour(
    plan: Plan, exposure: Exposure, tones: np.ndarray, tints: np.ndarray, shine: np.ndarray
) -> np.ndarray:
    """OKLab [..., 3] from tones, mean tints and shine. On a light ground the flame is ink."""
    first, last = exposure.tints
    width = max(last - first, 0.2)
    place = (tints - np.float32((first + last) / 2)) * np.float32(1 / width) + np.float32(0.5)
    index = (np.clip(place, 0, 1) * np.float32(TABLE_SIZE - 1)).astype(np.intp)
    light = plan.lightness
    ground = plan.ground.astype(np.float32)
    # The same hue is lighter as light than as ink.
    pure = plan.table.copy()
    pure[:, 0] *= np.float32(1 - 0.38 * light)
    pure[:, 0] += np.float32(0.06 * light)
    cover = np.minimum(tones * np.float32(1.15), 1)
    hot = np.maximum(tones - np.float32(0.72), 0) * np.float32(0.75 - 1.25 * light)
    glow = shine * np.float32(plan.glow)
    lab = np.empty((*tones.shape, 3), np.float32)
    lab[..., 0] = ground[0] + (pure[:, 0].take(index) - ground[0]) * cover + hot
    lab[..., 0] += glow * np.float32(0.22 - 0.34 * light)
    chroma = np.sqrt(cover) * (1 - np.abs(hot) * np.float32(1.2))
    chroma += glow * np.float32(0.35)
    chroma *= np.float32(plan.vibrancy)
    for axis in (1, 2):
        lab[..., axis] = pure[:, axis].take(index) * chroma + (1 - cover) * ground[axis]
    return lab
