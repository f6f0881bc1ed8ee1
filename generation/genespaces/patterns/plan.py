"""From genes to a plan: the formula's numbers, in the range where every picture is sound.

Genes may come from fifty breedings or from a damaged file; the plan clips what would overflow,
soft-rounds what counts whole things, and damps high frequencies, so that no genome paints noise.
"""

import math
from dataclasses import dataclass

import numpy as np

from generation.genespaces.patterns.layout import (
    FIRST_FOLD,
    FOLDS,
    MATERIALS,
    MIRROR,
    PLAIN,
    TILE,
    unpack,
)
from generation.genespaces.patterns.palette import palette_table

# Symmetries below this share are left out; subtracting it first keeps the fade continuous.
_GATE_FLOOR = 0.02
# Between orderly parents one symmetry holds nearly all the way: shares are raised to this power,
# after a handicap that lets the stricter of two win in the middle.
_DECISION = 12.0
_STRICTNESS = 1.4
# From plain to strict: plain, mirror, tile, and all kaleidoscopes together.
_RANKS = np.arange(4)
_FREQUENCY_TAMING = 0.6
MIN_BANDS = 2.5  # Fewer poster bands than this grow shallow instead of wide.


@dataclass(frozen=True)
class Plan:
    """One picture, ready to be evaluated at any point.

    Matrices carry their bias as the last column (the inputs end in 1).
    """

    plain: float
    mirror: float
    tile: float
    folds: tuple[tuple[int, float], ...]  # (mirror sectors, share) of each kaleidoscope in use.
    repeats: tuple[tuple[int, float], ...]  # (whole number, share): one or two neighbours.
    twist: float
    scale: float
    rotation: float
    weave: float
    offset: tuple[float, float]
    warp_phases: np.ndarray  # [8, 2, 3]
    warp_amplitudes: np.ndarray  # [8, 2, 1]
    layers: tuple[np.ndarray, np.ndarray, np.ndarray]  # [24, 10], [24, 25], [24, 25]
    out: np.ndarray  # [4, 25]
    table: np.ndarray  # [3, 2048] OKLab
    surface: dict[str, float]
    petals: tuple[tuple[int, float], ...]
    materials: tuple[tuple[str, float], ...]  # (name, share) of each in use; they sum to 1.


def read_plan(genes: np.ndarray) -> Plan:
    """The plan of a gene vector, before `formula.prepare` normalises its outputs."""
    parts = unpack(np.clip(genes, -64, 64))
    plain, mirror, tile, folds = symmetries(parts["gate"], float(parts["order"]))
    rotation = float(parts["view"][1])
    phases, amplitudes = _read_warps(parts["warp"])
    return Plan(
        plain=plain,
        mirror=mirror,
        tile=tile,
        folds=folds,
        repeats=soft_whole(float(parts["repeats"]), low=1, high=6),
        twist=float(np.clip(parts["twist"], -4, 4)),
        scale=float(np.clip(abs(parts["view"][0]), 0.35, 2.6)),
        # Only a plain picture may be rotated or off centre; a tile's rotation sets the weave.
        rotation=rotation * plain,
        weave=0.7 * math.sin(rotation) * tile,
        offset=(float(parts["view"][2]) * plain, float(parts["view"][3]) * (plain + mirror)),
        warp_phases=phases,
        warp_amplitudes=amplitudes,
        layers=_read_layers(parts),
        out=_with_bias(parts["wo"], np.zeros(len(parts["wo"]))),
        table=palette_table(parts["palette"]),
        surface=_read_surface(parts, tile),
        petals=soft_whole(float(parts["petals"]), low=0, high=16),
        materials=read_materials(parts["material"]),
    )


def symmetries(
    gate: np.ndarray, order: float
) -> tuple[float, float, float, tuple[tuple[int, float], ...]]:
    """Shares of plain, mirror and tile, and (sectors, share) of each kaleidoscope in use.

    order: 0 mixes what the gate mixes. 1 decides for one of them, except for a short way where one
    gives way to the other; between two kaleidoscopes the sectors are counted up instead.
    """
    mixed, decided = 1 - min(max(order, 0.0), 1.0), min(max(order, 0.0), 1.0)
    simple, folds = np.zeros(FIRST_FOLD), dict.fromkeys(FOLDS, 0.0)
    if mixed:
        shares = open_gate(gate)
        simple += mixed * shares[:FIRST_FOLD]
        for fold, share in zip(FOLDS, shares[FIRST_FOLD:], strict=True):
            folds[fold] += mixed * float(share)
    if decided:
        among = np.abs(gate[FIRST_FOLD:])
        kinds = _decide(np.append(np.abs(gate[:FIRST_FOLD]), among.sum()), _STRICTNESS**_RANKS)
        simple += decided * kinds[:FIRST_FOLD]
        if kinds[-1] > 0:
            for fold, share in _sectors(float(among @ FOLDS / among.sum())):
                folds[fold] = folds.get(fold, 0.0) + decided * share * float(kinds[-1])
    plain, mirror, tile = (float(simple[place]) for place in (PLAIN, MIRROR, TILE))
    return plain, mirror, tile, tuple(pair for pair in sorted(folds.items()) if pair[1] > 0)


def _decide(amounts: np.ndarray, handicap: np.ndarray) -> np.ndarray:
    """Shares that sum to 1, nearly always 1 of one of them; of nothing, the first."""
    if amounts.max() < 1e-9:
        amounts = np.eye(len(amounts))[0]
    shares = (amounts / amounts.max() * handicap) ** _DECISION
    shares = np.maximum(shares / shares.sum() - _GATE_FLOOR, 0)
    return shares / shares.sum()


def _sectors(count: float) -> tuple[tuple[int, float], ...]:
    """A soft staircase that is level at whole numbers, and halfway to the next one too.

    There lies the middle between two parents, which has so many sectors as the lower one says.
    """
    floor = int(count)
    part = min(max((count - floor - 0.56) / 0.36, 0.0), 1.0)
    part = part * part * (3 - 2 * part)
    return tuple((n, share) for n, share in ((floor, 1 - part), (floor + 1, part)) if share > 1e-4)


def read_materials(gate: np.ndarray) -> tuple[tuple[str, float], ...]:
    """(name, share) of each material in use; the shares sum to 1."""
    shares = _decide(np.abs(gate), _STRICTNESS ** np.arange(len(MATERIALS)))
    return tuple(
        (name, float(share)) for name, share in zip(MATERIALS, shares, strict=True) if share > 0
    )


def open_gate(gate: np.ndarray) -> np.ndarray:
    """Shares of the symmetries, summing to 1.

    The power lets the stronger one keep its order longer during a blend.
    """
    shares = np.abs(gate) ** 1.5
    if shares.sum() < 1e-9:
        shares = np.eye(len(gate))[PLAIN]
    shares = np.maximum(shares / shares.sum() - _GATE_FLOOR, 0)
    return shares / shares.sum()


def soft_whole(value: float, *, low: int, high: int) -> tuple[tuple[int, float], ...]:
    """A number as a cross-fade of its whole neighbours: ((count, share), ...).

    Counts glide through a blend that way, where rounding would jump.
    """
    value = min(max(value, low), high)
    floor = min(int(value), high - 1)
    part = value - floor
    part = part * part * (3 - 2 * part)
    return tuple(
        (count, share) for count, share in ((floor, 1 - part), (floor + 1, part)) if share > 1e-4
    )


def _read_warps(warp: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    frequency, phase, second = warp[:, 0:2], warp[:, 2:3], warp[:, 3:4]
    rows = [
        np.concatenate([frequency, phase], axis=1),
        np.concatenate([frequency, phase + second], axis=1),
    ]
    # A warp with a slope above about 1 folds the plane over itself again and again, which looks
    # like noise.
    steepness = np.linalg.norm(frequency, axis=1, keepdims=True) * np.linalg.norm(
        warp[:, 4:6], axis=1, keepdims=True
    )
    amplitudes = warp[:, 4:6] / np.maximum(steepness / 1.6, 1)
    return np.stack(rows, axis=1).astype(np.float32), amplitudes[:, :, None].astype(np.float32)


def _read_layers(parts: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # Neurons of high frequency have less weight in the second layer. This is computed here and not
    # stored in the genes, so that it holds for an inherited neuron too.
    frequency = np.linalg.norm(parts["w0"], axis=1)
    w0 = parts["w0"] * np.minimum(1, 5.5 / (frequency + 1e-9))[:, None]
    w1 = parts["w1"] / np.clip(frequency, 0.5, 5.5)[None, :] ** _FREQUENCY_TAMING
    return (
        _with_bias(w0, parts["b0"]),
        _with_bias(w1, parts["b1"]),
        _with_bias(parts["w2"], parts["b2"]),
    )


def _with_bias(weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return np.concatenate([weights, bias[:, None]], axis=1).astype(np.float32)


_RANGES = {
    "phase": (-8, 8),
    "contrast": (0.05, 2.5),
    "detail": (-1, 1),
    "bands": (0, 12),
    "accent": (0, 1),
    "iridescence": (-1, 1),
    "light": (0, 2),
    "light_angle": (-64, 64),
    "gloss": (-1.2, 1.8),
    "vignette": (0, 1),
    "line": (0, 1),
    "line_width": (0.3, 3),
    "emblem": (0, 1),
    "emblem_radius": (0.3, 0.97),
    "petal_depth": (0, 0.2),
    "grain": (0, 1),
    "edge": (0, 1),
}


def _read_surface(parts: dict[str, np.ndarray], tile: float) -> dict[str, float]:
    surface = {
        name: float(np.clip(parts[name], low, high)) for name, (low, high) in _RANGES.items()
    }
    # Lines are either clear or absent: otherwise every descendant of one lined picture would have
    # faint grey ones. They follow the poster bands; without bands they would look like scribbles.
    surface["line"] = min(1.0, max(0.0, surface["line"] * 2 - 0.8)) * min(
        1.0, surface["bands"] / MIN_BANDS
    )
    surface["vignette"] *= 1 - tile  # A darkened border would show as a grid where tiles repeat.
    return surface
