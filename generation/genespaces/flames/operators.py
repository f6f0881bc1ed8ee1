"""Blend, crossover and mutation of Flames.

Every gene is a number of which a mean is sound, so a blend is a mean. Only colours would fade in
it, and get their chroma back.
"""

import math
from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.flames.layout import (
    LAYOUT,
    MAP_PARTS,
    MAPS,
    pack,
    unpack,
)
from generation.genespaces.flames.orbit import spread
from generation.genespaces.flames.plan import read_plan
from generation.genespaces.flames.sampling import draw
from generation.genespaces.layout import Parts
from generation.genespaces.patterns.palette import blend_with_palette, rotate_hue

_MAP_FROM_MAIN = 0.3
_MAX_TURN = math.pi
# Flames that reach fewer cells than `_FULL` (see `spread`) are filled, from `_DUST` down by most:
# so much is added to the logarithm of the scale of their maps.
_FULL, _DUST, _FILLING = 150, 70, 0.8
# Standard deviation of a step at rate 1, and the range that the number stays in.
_WANDER: dict[str, tuple[float, float, float]] = {
    "turn": (1.3, -1e3, 1e3),
    "scale": (0.4, -1.2, 0.3),
    "stretch": (0.35, -0.8, 0.8),
    "shear": (0.4, -0.8, 0.8),
    "offset": (0.7, -1.8, 1.8),
    "lens_offset": (0.5, -1.0, 1.0),
    "lens_scale": (0.4, -0.7, 0.8),
    "roll": (0.5, -1.2, 1.2),
    "zoom": (0.15, -0.15, 0.3),
    "tint": (0.5, 0.0, 1.0),
    "brightness": (0.35, -0.35, 0.35),
    "mist": (0.4, -0.4, 0.4),
    "vibrancy": (0.5, 0.7, 1.35),
    "glow": (0.8, 0.0, 1.0),
}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    return blend_with_palette(parents, weights, unpack, pack)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child put together from whole parts.

    Symmetry and view come from one main parent, and so do most maps; the others, the colours, and
    each number of the light, come from anyone by weight.
    """
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()
    each = [unpack(genes) for genes in parents]

    def choose() -> int:
        return int(rng.choice(len(each), p=shares))

    main = choose()
    child = {name: part.copy() for name, part in each[main].items()}
    for slot in range(MAPS):
        giver = choose()
        if rng.random() >= _MAP_FROM_MAIN:
            for name in MAP_PARTS:
                child[name][slot] = each[giver][name][slot]
    if not (child["share"] > 0).any():
        child["share"] = each[main]["share"]
    painter = choose()
    for name, (_, group) in LAYOUT.items():
        if group == "palette":
            child[name] = each[painter][name]
        elif group == "light":
            child[name] = each[choose()][name]
    return pack(child)


def mutate(
    genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From .3 on
    it may also take whole maps, the symmetry, the lens and the colours from a stranger, so that no
    lineage is stuck in one form. From version 4 of breeding on, what became sparse is filled again.
    """
    if rate <= 0:
        return genes.copy()
    changed = _change(genes, rate, rng)
    return fill(changed) if version > 3 else changed


def fill(genes: np.ndarray) -> np.ndarray:
    """Genes whose maps shrink less, the more so the sparser the flame is; others as they are.

    Maps that shrink strongly leave dust or a thread of their points.
    """
    share = float(np.clip((_FULL - spread(read_plan(genes))) / (_FULL - _DUST), 0, 1))
    if share == 0:
        return genes
    parts = unpack(genes)
    parts["scale"] += _FILLING * share
    return pack(parts)


def _change(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    parts, stranger = unpack(genes), unpack(draw(rng))
    for name, (reach, low, high) in _WANDER.items():
        noise = rng.normal(0, reach, LAYOUT[name][0])
        # A number that was outside already, by a slider, is not pulled back.
        parts[name] = np.clip(
            parts[name] + rate * noise,
            np.minimum(low, parts[name]),
            np.maximum(high, parts[name]),
        )
    # The same map turned by a whole turn; without this, blends would turn ever further.
    parts["turn"] = np.mod(parts["turn"] + _MAX_TURN, 2 * _MAX_TURN) - _MAX_TURN
    parts["share"] *= np.exp(rate * rng.normal(0, 0.7, MAPS))
    _mutate_variations(parts, rate, rng)
    parts["lens"] *= np.exp(rate * rng.normal(0, 0.7, len(parts["lens"])))
    parts["palette"] = rotate_hue(parts["palette"], rate * float(rng.normal(0, 1.1)))
    parts["palette"] += rate * rng.normal(0, (0.12, 0.09, 0.09), parts["palette"].shape)
    _leap(parts, stranger, min(1.0, max(0.0, (rate - 0.25) / 0.6)), rng)
    return pack(parts)


def _mutate_variations(parts: Parts, rate: float, rng: np.random.Generator) -> None:
    """Change the amounts, and let a new variation grow in some maps."""
    variation = parts["variation"]
    variation *= np.exp(rate * rng.normal(0, 0.9, variation.shape))
    grown = rng.integers(0, variation.shape[1], MAPS)
    until = rng.random(MAPS)
    variation[np.arange(MAPS), grown] += 1.2 * np.maximum(0, rate - until)
    np.clip(variation, 0, 1.5, out=variation)


def _leap(parts: Parts, stranger: Parts, leap: float, rng: np.random.Generator) -> None:
    taken = rng.random(MAPS) < 0.45 * leap
    for slot in np.flatnonzero(taken):
        for name in MAP_PARTS:
            parts[name][slot] = stranger[name][slot]
    if not (parts["share"] > 0).any():
        parts["share"] = stranger["share"]
    for chance, names in (
        (0.4, ("gate", "mirror")),
        (0.4, ("lens", "lens_offset", "lens_scale")),
        (0.5, ("palette",)),
        (0.3, ("ground",)),
    ):
        if rng.random() < chance * leap:
            parts.update({name: stranger[name] for name in names})
