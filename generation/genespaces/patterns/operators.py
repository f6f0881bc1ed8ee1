"""Blend, crossover and mutation of Patterns, which keep contrast and colour.

A plain mean of independent weights loses about a third of their size, and with it contrast; random
steps let frequencies grow into noise. So every operator keeps the norm of each neuron's row and the
chroma of each palette anchor.
"""

import math
from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights, contributors, mean_of
from generation.genespaces.layout import Parts
from generation.genespaces.patterns.layout import (
    HIDDEN,
    LAYOUT,
    OLD_SIZE,
    OUTPUTS,
    PLACES,
    SIZE,
    WARPS,
    complete,
    pack,
    unpack,
)
from generation.genespaces.patterns.palette import blend_palettes, rotate_hue
from generation.genespaces.patterns.plan import open_gate
from generation.genespaces.patterns.sampling import draw, draw_material

_ROWS = ("w0", "w1", "w2", "wo")
_KEPT_WHOLE = ("emblem", "emblem_radius", "petals", "petal_depth")
_ROW_FROM_MAIN = 0.75
# Standard deviation of a step at rate 1, and the range that the number stays in.
_WANDER: dict[str, tuple[float, float, float]] = {
    "phase": (0.4, -0.5, 0.5),
    "contrast": (0.5, 0.5, 1.3),
    "detail": (0.5, 0.0, 0.6),
    "bands": (4.0, 0.0, 9.0),
    "accent": (0.5, 0.0, 0.7),
    "iridescence": (0.6, -0.7, 0.7),
    "light": (0.6, 0.2, 1.1),
    "light_angle": (3.0, -1e3, 1e3),
    "gloss": (0.6, -0.5, 0.6),
    "vignette": (0.3, 0.0, 0.4),
    "line": (0.8, 0.0, 1.0),
    "line_width": (0.6, 0.6, 1.6),
    "emblem_radius": (0.1, 0.65, 0.9),
    "petals": (4.0, 0.0, 12.0),
    "petal_depth": (0.06, 0.0, 0.12),
    "repeats": (1.5, 1.0, 4.0),
    "twist": (0.9, -1.6, 1.6),
}
# The same of what older genes lack; drawn last, so that their mutants stay what they were.
_WANDER_ADDED = {"grain": (0.5, 0.0, 1.0), "edge": (0.5, 0.0, 1.0)}
_DECIDING = 3  # The version of breeding from which a blend keeps one parent's symmetry.


def blend(parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent. version: of
    breeding; before 3, older genes are blended as they always were.
    """
    kept, shares = contributors(parents, weights)
    if len(kept) == 1:
        return kept[0].copy()
    is_old = version < _DECIDING and _are_old(kept)
    each = [unpack(genes if is_old else _in_order(genes)) for genes in kept]
    child = _mean_parts([pack(parts) for parts in each], each, shares)
    return _as_long(pack(child), is_old)


def _are_old(genes: Sequence[np.ndarray]) -> bool:
    return all(len(one) == OLD_SIZE for one in genes)


def _as_long(genes: np.ndarray, is_old: bool) -> np.ndarray:
    """The genes without what older ones lack, if they are to be old."""
    return genes[:OLD_SIZE] if is_old else genes


def _in_order(genes: np.ndarray) -> np.ndarray:
    """The genes with all parts. An older work of one clear symmetry keeps it in blends from now on.

    One of several looks as it does because they are mixed, and stays so.
    """
    if len(genes) == SIZE:
        return genes
    ordered = complete(genes)
    ordered[PLACES["order"]] = float(open_gate(unpack(genes)["gate"]).max() == 1)
    return ordered


def _mean_parts(genes: Sequence[np.ndarray], each: Sequence[Parts], shares: np.ndarray) -> Parts:
    """The mean of genes; `each` holds their parts. Rows keep their norms, anchors their chroma."""
    child = unpack(mean_of(genes, shares))
    for name in _ROWS:
        child[name] = _with_norms(child[name], _mean_norms([parts[name] for parts in each], shares))
    child["warp"] = _blend_warps([parts["warp"] for parts in each], child["warp"], shares)
    child["palette"] = blend_palettes(np.stack([parts["palette"] for parts in each]), shares)
    return child


def _with_norms(rows: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Rows scaled to the wanted norms.

    Where opposite parents cancel out, they are scaled only part of the way, so that noise is not
    amplified.
    """
    found = np.linalg.norm(rows, axis=-1)
    return rows * (wanted / np.maximum(found, 0.3 * wanted + 1e-6))[..., None]


def _mean_norms(each: Sequence[np.ndarray], shares: np.ndarray) -> np.ndarray:
    """The weighted mean of the norms of the parents' rows."""
    return sum(
        share * np.linalg.norm(rows, axis=-1) for share, rows in zip(shares, each, strict=True)
    )


def _blend_warps(each: Sequence[np.ndarray], mean: np.ndarray, shares: np.ndarray) -> np.ndarray:
    mean = mean.copy()
    for columns in (slice(0, 2), slice(4, 6)):
        mean[:, columns] = _with_norms(
            mean[:, columns], _mean_norms([warp[:, columns] for warp in each], shares)
        )
    return mean


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child put together from whole parts.

    Symmetry, view and warp come from one main parent; neurons row by row, three quarters from the
    main one; the palette, and each number of colour and surface, from anyone by weight.
    """
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()
    is_old = _are_old(parents)
    each = [unpack(genes if is_old else _in_order(genes)) for genes in parents]
    main = int(rng.choice(len(each), p=shares))

    def mix(name: str, choice: np.ndarray) -> np.ndarray:
        stack = np.stack([parts[name] for parts in each])
        return stack[choice, np.arange(len(choice))]

    def choose(count: int) -> np.ndarray:
        return np.where(
            rng.random(count) < _ROW_FROM_MAIN, main, rng.choice(len(each), p=shares, size=count)
        )

    child = {name: each[main][name] for name in LAYOUT}
    for layer in "012":
        choice = choose(HIDDEN)  # Weights and bias of a neuron travel together.
        child[f"w{layer}"], child[f"b{layer}"] = mix(f"w{layer}", choice), mix(f"b{layer}", choice)
    child["wo"] = mix("wo", choose(OUTPUTS))
    painter = int(rng.choice(len(each), p=shares))
    child["palette"], child["phase"] = each[painter]["palette"], each[painter]["phase"]
    for name, (shape, group) in LAYOUT.items():
        if shape == () and group in ("palette", "surface") and name not in (*_KEPT_WHOLE, "phase"):
            child[name] = each[int(rng.choice(len(each), p=shares))][name]
    return _as_long(pack(child), is_old)


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From .3 on
    it may also change symmetry, emblem and palette as a whole, so that no lineage is stuck in one
    form; not so the material of an older work, which is silk until somebody chooses another one.
    """
    if rate <= 0:
        return genes.copy()
    parts, stranger = unpack(genes), unpack(draw(rng))
    leap = min(1.0, max(0.0, (rate - 0.25) / 0.6))
    for name in _ROWS:
        parts[name] = _mutate_rows(parts[name], stranger[name], rate, rng)
    for name in ("b0", "b1", "b2"):
        parts[name] = _mutate_bias(
            parts[name],
            rate * (1.6 if name == "b0" else 0.7),
            rng,
            bound=4.0 if name == "b0" else 1.5,
        )
    parts["warp"] = _mutate_warp(parts["warp"], rate, rng)
    parts["view"] = _mutate_view(parts["view"], rate, rng)
    _wander_about(parts, _WANDER, rate, rng)
    parts["palette"] = _mutate_palette(parts["palette"], stranger["palette"], rate, leap, rng)
    if rng.random() < 0.7 * leap:
        parts["gate"] = stranger["gate"]
    if rng.random() < 0.3 * leap:
        parts.update({name: stranger[name] for name in _KEPT_WHOLE})
    if rng.random() < 0.4 * leap:
        parts.update(
            {
                name: stranger[name]
                for name in ("line", "line_width", "twist", "bands", "iridescence")
            }
        )
    _wander_about(parts, _WANDER_ADDED, rate, rng)
    if rng.random() < 0.5 * leap:
        parts["material"] = draw_material(rng)
    return _as_long(pack(parts), _are_old([genes]))


def _wander_about(
    parts: Parts,
    ranges: dict[str, tuple[float, float, float]],
    rate: float,
    rng: np.random.Generator,
) -> None:
    """One step of each of these numbers."""
    for name, (reach, low, high) in ranges.items():
        parts[name] = np.asarray(
            _wander(
                float(parts[name]),
                reach * rate * rng.normal(),
                low,
                high,
                stays_zero=name in ("line", "twist"),
            )
        )


def _mutate_rows(
    rows: np.ndarray, strange: np.ndarray, rate: float, rng: np.random.Generator
) -> np.ndarray:
    norms = np.linalg.norm(rows, axis=1)
    used = np.abs(rows) > 0
    spread = norms[:, None] / np.sqrt(np.maximum(used.sum(axis=1, keepdims=True), 1))
    noise, renewed = rng.normal(0, 1.5, rows.shape), rng.random(len(rows)) < 0.25 * rate
    moved = np.where(renewed[:, None], strange, rows + used * noise * spread * rate)
    return moved * (norms / np.maximum(np.linalg.norm(moved, axis=1), 1e-9))[:, None]


def _mutate_bias(
    bias: np.ndarray, step: float, rng: np.random.Generator, *, bound: float
) -> np.ndarray:
    return np.clip(bias + rng.normal(0, 1, bias.shape) * step, -bound, bound)


def _mutate_warp(warp: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Phases drift, frequencies and amplitudes turn and swing, but each row keeps both norms."""
    noise = rng.normal(0, 1, (WARPS, 6))
    moved = warp.copy()
    for columns, reach in ((slice(0, 2), 0.5), (slice(4, 6), 1.0)):
        norms = np.linalg.norm(warp[:, columns], axis=1)
        moved[:, columns] += noise[:, columns] * (norms * reach * rate)[:, None]
        moved[:, columns] = _with_norms(moved[:, columns], norms)
    moved[:, 2:4] = (
        np.mod(moved[:, 2:4] + noise[:, 2:4] * 2 * rate + math.pi, 2 * math.pi) - math.pi
    )
    return moved


def _mutate_view(view: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(0, 1, 4)
    scale = _wander(float(view[0]), noise[0] * rate * 0.4, 0.65, 1.6)
    turn = 0.0 if view[1] == 0 else noise[1] * rate  # An upright tile stays upright.
    offset = [
        _wander(float(view[2 + axis]), noise[2 + axis] * rate * 0.35, -0.7, 0.7)
        for axis in range(2)
    ]
    return np.array([scale, view[1] + turn, *offset])


def _wander(
    value: float, step: float, low: float, high: float, *, stays_zero: bool = False
) -> float:
    """One step, reflected at the ends of the range.

    stays_zero: a value of zero is kept (no lines and no twist appear by small steps). A value that
    a slider has pushed beyond the range may stay there, but wanders no further out.
    """
    if stays_zero and value == 0:
        return value
    low, high = min(low, value), max(high, value)
    moved = value + step
    if moved > high:
        moved = 2 * high - moved
    elif moved < low:
        moved = 2 * low - moved
    return min(max(moved, low), high)


def _mutate_palette(
    palette: np.ndarray, strange: np.ndarray, rate: float, leap: float, rng: np.random.Generator
) -> np.ndarray:
    turn, change = rng.normal(0, 1.2), rng.random()
    return strange if change < 0.5 * leap else rotate_hue(palette, float(turn) * rate)
