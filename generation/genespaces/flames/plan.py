"""From genes to a plan: the numbers of a flame, in the range where every one is sound.

Genes may come from fifty breedings or from a damaged file. What is read here changes smoothly with
them: a map fades out before it is gone, and so do a symmetry and a lens.
"""

import math
from dataclasses import dataclass

import numpy as np

from generation.genespaces.flames.layout import MAPS, ORDERS, unpack
from generation.genespaces.flames.palette import palette_table, read_ground
from generation.genespaces.flames.variations import LENSES, VARIATIONS
from generation.genespaces.layout import Parts

Amounts = tuple[tuple[str, float], ...]  # Names of variations, and how much of each.
MAX_STRETCH = 1.3  # Of a map, in any direction; what grows more flies away.
_TRACE = 0.004  # Shares below this are left out; it is subtracted first, so that nothing jumps.


@dataclass(frozen=True)
class Map:
    """One map of a flame: an affine map, then a mixture of variations.

    share: how often it is applied, 0 to 1. affine: [2, 3]. variations: they sum to 1. tint: the
    place on the palette to which it pulls, 0 to 1.
    """

    share: float
    affine: np.ndarray
    variations: Amounts
    tint: float


@dataclass(frozen=True)
class Plan:
    """One flame, ready to be drawn.

    orders: (order, share) of its symmetries; shares sum to 1. mirror: the share of points that are
    mirrored, at most .5. lens: what bends the finished flame; what it lacks to 1 stays straight.
    table: colours [n, 3] OKLab along the palette. lightness: of the ground, 0 dark to 1 light.
    """

    maps: tuple[Map, ...]
    orders: tuple[tuple[int, float], ...]
    mirror: float
    lens: Amounts
    lens_scale: float
    lens_offset: tuple[float, float]
    roll: float
    zoom: float
    table: np.ndarray
    ground: np.ndarray
    lightness: float
    brightness: float
    gamma: float
    vibrancy: float
    glow: float


def read_plan(genes: np.ndarray) -> Plan:
    """The plan of a gene vector. Raises Refused when it is not of this species."""
    parts = unpack(np.clip(np.nan_to_num(genes), -64, 64))
    lightness, ground = read_ground(parts["ground"])
    lens = _amounts(parts["lens"], tuple(LENSES))
    total = sum(amount for _, amount in lens)
    lens = tuple((name, amount / max(1.0, total)) for name, amount in lens)
    return Plan(
        maps=_read_maps(parts),
        orders=_read_orders(parts["gate"]),
        mirror=0.5 * _within(parts["mirror"], 0, 1),
        lens=lens,
        lens_scale=math.exp(_within(parts["lens_scale"], -1.5, 1.5)),
        lens_offset=(
            _within(parts["lens_offset"][0], -2, 2),
            _within(parts["lens_offset"][1], -2, 2),
        ),
        roll=float(parts["roll"]),
        zoom=math.exp(_within(parts["zoom"], -1, 1.5)),
        table=palette_table(parts["palette"]),
        ground=ground,
        lightness=lightness,
        brightness=math.exp(_within(parts["brightness"], -1, 1)),
        gamma=math.exp(_within(parts["mist"], -1.2, 1.2)),
        vibrancy=_within(parts["vibrancy"], 0, 1.8),
        glow=_within(parts["glow"], 0, 1),
    )


def _within(value: np.ndarray | float, low: float, high: float) -> float:
    return float(np.clip(value, low, high))


def soft_shares(amounts: np.ndarray) -> np.ndarray:
    """Shares that sum to 1, from amounts of which those below 0 count nothing.

    Traces are gone for good, so that no descendant carries ever more of them. With nothing at all,
    the first has everything.
    """
    shares = np.maximum(amounts, 0) ** 2
    if shares.sum() < 1e-9:
        shares = np.eye(len(shares))[0]
    shares = np.maximum(shares / shares.sum() - _TRACE, 0)
    return shares / shares.sum()


def _amounts(genes: np.ndarray, names: tuple[str, ...]) -> Amounts:
    """Squares of the genes above 0, without traces."""
    amounts = np.maximum(np.maximum(genes, 0) ** 2 - _TRACE, 0)
    return tuple(
        (name, float(amount)) for name, amount in zip(names, amounts, strict=True) if amount > 0
    )


def _read_orders(gate: np.ndarray) -> tuple[tuple[int, float], ...]:
    shares = soft_shares(gate)
    return tuple(
        (order, float(share)) for order, share in zip(ORDERS, shares, strict=True) if share > 0
    )


def _read_maps(parts: Parts) -> tuple[Map, ...]:
    shares, names = soft_shares(parts["share"]), tuple(VARIATIONS)
    maps = []
    for slot in range(MAPS):
        if shares[slot] <= 0:
            continue
        mixture = soft_shares(parts["variation"][slot])
        maps.append(
            Map(
                share=float(shares[slot]),
                affine=_affine(parts, slot),
                variations=tuple(
                    (name, float(share))
                    for name, share in zip(names, mixture, strict=True)
                    if share > 0
                ),
                tint=_within(parts["tint"][slot], 0, 1),
            )
        )
    return tuple(maps)


def _affine(parts: Parts, slot: int) -> np.ndarray:
    """Rotation after shear after two scales, and an offset, [2, 3]."""
    turn = float(parts["turn"][slot])
    scale, stretch = float(parts["scale"][slot]), float(parts["stretch"][slot])
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    shear = np.array([[1.0, _within(parts["shear"][slot], -2, 2)], [0.0, 1.0]])
    axes = np.diag(np.exp(np.clip([scale + stretch, scale - stretch], -4, 4)))
    matrix = rotation @ shear @ axes
    longest = float(np.linalg.norm(matrix, 2))
    matrix = matrix * (MAX_STRETCH / max(MAX_STRETCH, longest))
    offset = np.clip(parts["offset"][slot], -4, 4)
    return np.concatenate([matrix, offset[:, None]], axis=1)
