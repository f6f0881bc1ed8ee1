"""The chaos game: very many points at once, each moved by one of the maps at every step.

Points lie in slots; at each step they are shuffled, and every map moves a run of slots that is as
long as its share says. That spreads the maps more evenly than chance does, and needs no masks. All
random numbers are the same for every flame, so the same genes give the same bytes, and near genes
nearly the same grain.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from generation.genespaces.flames.plan import Amounts, Plan
from generation.genespaces.flames.variations import VARIATIONS, Points

CHUNK = 8192  # Points moved at once: what a step needs stays in the second-level cache.
SURVEYED = 8192  # Points in flight while a flame is measured.
WARM_UP, MEASURED = 10, 12  # Steps before its points count, and those from which it is measured.
FEW, BRIEFLY = 512, 4  # Points in flight, and steps measured, where only its spread is asked for.
SPREAD_CELLS = 24
FAR = np.float32(40)  # No point goes further than this.
SHUFFLES = 8


@dataclass
class Flight:
    """Points in flight, float32 [n]: where they are, and their place on the palette, 0 to 1.

    turns: for each of 2 n slots the rotation, maybe mirrored, of one element of the symmetries: the
    rows of a matrix, float32 [4, 2 n]. None without symmetry.
    """

    x: np.ndarray
    y: np.ndarray
    tint: np.ndarray
    turns: np.ndarray | None
    steps: int = 0


@lru_cache(maxsize=4)
def _shuffles(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Orders of the slots [8, 2 n], signs [2 n] and offsets [4096], the same in every process."""
    rng = np.random.default_rng(20080101)
    orders = np.stack([np.tile(rng.permutation(count), 2) for _ in range(SHUFFLES)])
    signs = np.tile(rng.choice(np.array([-1, 1], np.float32), count), 2)
    return orders, signs, rng.integers(0, count, 4096)


def start(plan: Plan, count: int) -> Flight:
    """Points spread over the square around the middle."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-1, 1, (2, count)).astype(np.float32)
    return Flight(x, y, np.full(count, 0.5, np.float32), _turns(plan, count))


def enlarge(plan: Plan, flight: Flight, copies: int) -> Flight:
    """So many times the points: copies, which go different ways from the next step on."""
    x, y, tint = (np.tile(some, copies) for some in (flight.x, flight.y, flight.tint))
    return Flight(x, y, tint, _turns(plan, len(x)))


def _turns(plan: Plan, count: int) -> np.ndarray | None:
    """The symmetries, dealt to the slots exactly by their shares; see `Flight`."""
    if plan.mirror <= 0 and plan.orders[-1][0] == 1:
        return None
    elements = [
        (2 * math.pi * number / order, share / order)
        for order, share in plan.orders
        for number in range(order)
    ]
    angles, shares = np.array(elements).T
    cosines, sines = np.cos(angles), np.sin(angles)
    place = (np.arange(count) + 0.5) / count
    element = np.searchsorted(np.cumsum(shares)[:-1], place)
    orders, _, _ = _shuffles(count)
    # Another order of the slots, so that the mirror falls on all rotations alike.
    side = np.where(place < plan.mirror, -1, 1)[orders[1, :count]]
    kinds = (element * 2 + (side + 1) // 2)[orders[0]]
    both = np.array([-1.0, 1.0])
    table = np.stack(
        [
            np.outer(cosines, both).ravel(),
            np.repeat(-sines, 2),
            np.outer(sines, both).ravel(),
            np.repeat(cosines, 2),
        ]
    ).astype(np.float32)
    return table.take(kinds, axis=1)


def step(plan: Plan, flight: Flight) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Move every point once; yield x, y and tint of each chunk, as they are after the step."""
    count = len(flight.x)
    orders, signs, offsets = _shuffles(count)
    offset = int(offsets[flight.steps % len(offsets)])
    order = orders[flight.steps % SHUFFLES, offset : offset + count]
    other = int(offsets[(flight.steps * 7 + 3) % len(offsets)])
    sign = signs[other : other + count]
    turns = None if flight.turns is None else flight.turns[:, other : other + count]
    flight.steps += 1
    moved = tuple(np.empty(count, np.float32) for _ in range(3))
    ends = np.rint(np.cumsum([one.share for one in plan.maps]) * count).astype(int)
    begin = 0
    for one, end in zip(plan.maps, ends, strict=True):
        affine = one.affine.astype(np.float32)
        for first in range(begin, end, CHUNK):
            part = slice(first, min(end, first + CHUNK))
            taken = order[part]
            x, y = flight.x.take(taken), flight.y.take(taken)
            tint = flight.tint.take(taken)
            p = Points(
                x * affine[0, 0] + y * affine[0, 1] + affine[0, 2],
                x * affine[1, 0] + y * affine[1, 1] + affine[1, 2],
                sign[part],
            )
            x, y = _bend(p, one.variations)
            if turns is not None:
                row = turns[:, part]
                x, y = x * row[0] + y * row[1], x * row[2] + y * row[3]
            tint += np.float32(one.tint)
            tint *= np.float32(0.5)
            for whole, some in zip(moved, (x, y, tint), strict=True):
                whole[part] = some
            yield x, y, tint
        begin = end
    flight.x, flight.y, flight.tint = moved
    np.clip(flight.x, -FAR, FAR, out=flight.x)
    np.clip(flight.y, -FAR, FAR, out=flight.y)


def _bend(p: Points, variations: Amounts) -> tuple[np.ndarray, np.ndarray]:
    x = y = None
    for name, amount in variations:
        one, two = VARIATIONS[name](p)
        factor = np.float32(amount)
        if x is None or y is None:
            x, y = one * factor, two * factor
        else:
            x += one * factor
            y += two * factor
    if x is None or y is None:
        return p.x, p.y
    return x, y


def through_lens(plan: Plan, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points as they are shown, before the camera."""
    if not plan.lens:
        return x, y
    scale = np.float32(plan.lens_scale)
    p = Points(
        (x + np.float32(plan.lens_offset[0])) * scale,
        (y + np.float32(plan.lens_offset[1])) * scale,
        np.ones_like(x),
    )
    bent_x, bent_y = _bend(p, plan.lens)
    straight = np.float32(1 - sum(amount for _, amount in plan.lens))
    return x * straight + bent_x, y * straight + bent_y


@dataclass(frozen=True)
class Survey:
    """What a flame measures: its settled points, and where the camera looks.

    settled: points in flight from which drawing goes on. points: [3, n] x, y and tint as shown.
    camera: [2, 3], from there to the picture, whose sides are at 0 and 1.
    """

    settled: Flight
    points: np.ndarray
    camera: np.ndarray


def survey(plan: Plan) -> Survey:
    """Let points settle on the flame, and frame what most of them show."""
    flight, points = _settled(plan, SURVEYED, MEASURED)
    return Survey(flight, points, _frame(plan, points))


def _settled(plan: Plan, count: int, steps: int) -> tuple[Flight, np.ndarray]:
    """So many points on the flame, and x, y and tint [3, n] of what they show in so many steps."""
    flight = start(plan, count)
    for _ in range(WARM_UP):
        for _ in step(plan, flight):
            pass
    shown = [
        np.stack([*through_lens(plan, x, y), tint])
        for _ in range(steps)
        for x, y, tint in step(plan, flight)
    ]
    return flight, np.concatenate(shown, axis=1)


_OUTER = 0.005  # So many of the points may lie beyond each side, before the margin.
_MARGIN = 1.12


def _frame(plan: Plan, points: np.ndarray) -> np.ndarray:
    cosine, sine = math.cos(plan.roll), math.sin(plan.roll)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    x, y = np.clip(points[:2], -FAR, FAR)
    count = len(x)
    low, high = int(count * _OUTER), int(count * (1 - _OUTER)) - 1
    # Plain sums: the last bit of a matrix product depends on how many threads share it.
    sides = np.array(
        [
            np.partition(x * np.float32(one) + y * np.float32(two), (low, high))[[low, high]]
            for one, two in turn
        ],
        np.float64,
    )
    middle, half = sides.mean(axis=1), (sides[:, 1] - sides[:, 0]) / 2
    # The longer side counts; where both are alike, a little more than either.
    reach = max(float((half**8).sum() ** (1 / 8)), 1e-3) * _MARGIN / plan.zoom
    scale = 0.5 / reach
    return np.concatenate([turn * scale, (0.5 - middle * scale)[:, None]], axis=1)


def spread(plan: Plan) -> int:
    """How many cells of a grid of 24 x 24 around it a flame reaches, by a few of its points.

    Founders reach about 370, dust and threads fewer than 100. Up to four cells beyond each side
    of the grid count, too.
    """
    points = _settled(plan, FEW, BRIEFLY)[1][:2]
    last = points.shape[1] // 50
    low, high = np.partition(points, (last, -last - 1), axis=1)[:, [last, -last - 1]].T
    edge = max(float((high - low).max()), 1e-6) / SPREAD_CELLS
    beyond = 2 * SPREAD_CELLS // 3
    cells = ((points - (low + high)[:, None] / 2) / edge).astype(int).clip(-beyond, beyond)
    return len(np.unique(cells[0] * (4 * SPREAD_CELLS) + cells[1]))
