"""Where the cells of a window are: points between several fixed arrangements.

Each arrangement has the same number of points, in an order in which those with the same number lie
near one another. So a window half way between two arrangements has its points half way, and cells
glide and never jump.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from generation.genespaces.glass.layout import ORDERS
from generation.genespaces.glass.plan import Plan

SIDE = 12
COUNT = SIDE * SIDE
_REACH = 1.5  # Points lie a little beyond the corners.
_RADII = (0.0, 0.2, 0.4, 0.6, 0.8, 1.02, 1.26, 1.55)
# How many points each ring of a rose has.
_RINGS = {
    "rose6": (1, 6, 12, 12, 18, 24, 30, 41),
    "rose8": (1, 8, 8, 16, 16, 24, 32, 39),
    "rose12": (1, 12, 12, 24, 12, 24, 24, 35),
}
# The same of a fan of rays; there, each ring has its rays where the last one has.
_RAYS, _RAY_RADII = (1, 8, 16, 16, 32, 32, 39), (0.0, 0.3, 0.6, 0.92, 1.26, 1.62, 2.0)


@dataclass(frozen=True)
class Sites:
    """The points of a window.

    x, y: [144], in the bent space in which cells are straight. weight: how much larger than its
    neighbours a cell is, as a squared length. luck: [4, 144], fixed numbers from 0 to 1. home: [2,
    144] x and y without jitter, by which they are coloured. apart: distances, [144, 144].
    """

    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    luck: np.ndarray
    home: np.ndarray
    apart: np.ndarray


def place(plan: Plan) -> Sites:
    """The points of a plan."""
    spread = plan.spread
    home = np.tensordot(plan.orders, _arrangements(), 1)
    luck = _luck()
    jitter = 0.24 * max(spread["jitter"], 0.0)
    points = home + jitter * (luck[:2] - 0.5) * 1.6
    points = points * math.exp(spread["zoom"])
    stretch = math.exp(0.6 * spread["stretch"])
    points = points * np.array([[stretch], [1 / stretch]])
    turned = spread["swirl"] * np.exp(-1.2 * (points**2).sum(axis=0)) + 0.5 * spread["lean"]
    x = points[0] * np.cos(turned) - points[1] * np.sin(turned) + spread["x"]
    y = points[0] * np.sin(turned) + points[1] * np.cos(turned) + spread["y"]
    weight = 0.02 * max(spread["sizes"], 0.0) * (luck[2] - 0.5) * math.exp(2 * spread["zoom"])
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    x, y, weight, luck, home, apart = (
        values.astype(np.float32) for values in (x, y, weight, luck, home, np.maximum(apart, 1e-3))
    )
    return Sites(x, y, weight, luck, home, apart)


@cache
def _luck() -> np.ndarray:
    return np.random.default_rng(41).random((4, COUNT))


@cache
def _arrangements() -> np.ndarray:
    """All arrangements, [orders, 2, 144]."""
    return np.stack([_in_order(_arrange(name)) for name in ORDERS])


def _arrange(name: str) -> np.ndarray:
    if name in _RINGS:
        return _rose(_RINGS[name])
    steps = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    number = np.arange(COUNT)
    if name == "sunflower":
        far, angle = _REACH * np.sqrt((number + 0.5) / COUNT), number * math.pi * (3 - 5**0.5)
        return np.stack([far * np.cos(angle), far * np.sin(angle)])
    if name == "rays":  # A fan from a point below the middle.
        return _rose(_RAYS, _RAY_RADII) + np.array([[0.0], [0.35]])
    if name == "shards":
        return _scattered()
    if name == "columns":
        grids = np.meshgrid((np.arange(18) + 0.5) / 18 * 2 - 1, (np.arange(8) + 0.5) / 8 * 2 - 1)
        shift = 0.12 * np.cos(np.arange(18) * 2.4)
        return np.stack([1.45 * grids[0].ravel(), (1.45 * grids[1] + shift).ravel()])
    x, y = np.meshgrid(1.45 * steps, 1.45 * steps)
    if name == "bricks":
        x = x + np.where(np.arange(SIDE) % 2, 0.06, -0.06)[:, None]
        return np.stack([x.ravel(), 0.92 * y.ravel()])
    return np.stack([x.ravel(), y.ravel()])


def _rose(counts: tuple[int, ...], radii: tuple[float, ...] = _RADII) -> np.ndarray:
    rings = []
    for number, (count, far) in enumerate(zip(counts, radii, strict=True)):
        angle = (np.arange(count) + 0.5 * (number % 2)) / count * 2 * math.pi - math.pi / 2
        rings.append(far * np.stack([np.cos(angle), np.sin(angle)]))
    return np.concatenate(rings, axis=1)


def _scattered() -> np.ndarray:
    """Points at random, each the one of several that is farthest from all others."""
    rng = np.random.default_rng(42)
    points = rng.uniform(-1.45, 1.45, (1, 2))
    while len(points) < COUNT:
        candidates = rng.uniform(-1.45, 1.45, (8, 2))
        nearest = np.linalg.norm(candidates[:, None] - points, axis=2).min(axis=1)
        points = np.concatenate([points, candidates[nearest.argmax()][None]])
    return points.T


def _in_order(points: np.ndarray) -> np.ndarray:
    """The points column by column, and from top to bottom in each."""
    points = points[:, np.argsort(points[0], kind="stable")].reshape(2, SIDE, SIDE)
    rows = np.argsort(points[1], axis=1, kind="stable")
    return np.take_along_axis(points, rows[None], axis=2).reshape(2, COUNT)
