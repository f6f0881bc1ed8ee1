"""Blend, crossover and mutation of Brushwork."""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.brushwork.layout import (
    GROUP_PLACES,
    MASSES,
    NAMES,
    PALETTE,
    PLACES,
    check,
    pack,
    take_group,
    unpack,
)
from generation.genespaces.brushwork.sampling import draw
from generation.genespaces.patterns.palette import blend_with_palette, rotate_hue
from generation.genespaces.scores import wander

_FIGURE_FROM_MAIN = 0.7
_REACH = {"paper": 0.6, "light": 0.6, "water": 0.5, "disc": 0.6} | dict.fromkeys(MASSES, 0.7)
_NUMBERS = {unit: PLACES[unit] for unit in NAMES}  # All but the colours.
# How often a wholly new species takes a group from a stranger.
_LEAPS = {"land": 0.4, "figures": 0.4, "flow": 0.4, "palette": 0.5, "brush": 0.3}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    return blend_with_palette(parents, weights, unpack, pack)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child that takes land, flow, light, colours, brush and paper each whole from one parent.

    Most figures come together from one parent; some come from others.
    """
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()

    def choose() -> np.ndarray:
        return parents[int(rng.choice(len(parents), p=shares))]

    child = parents[0].copy()
    for group in GROUP_PLACES:
        child = take_group(child, choose(), group)
    for mass in MASSES:
        giver = choose()
        if rng.random() >= _FIGURE_FROM_MAIN:
            child[PLACES[mass]] = giver[PLACES[mass]]
    return child


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From .3 on
    it may also take whole groups from a stranger, so that no lineage is stuck with one motif.
    """
    if rate <= 0:
        return genes.copy()
    check(genes)
    stranger = draw(rng)
    child = wander(genes.astype(np.float64), _NUMBERS, rate, rng, reach=_REACH)
    palette = rotate_hue(child[PLACES[PALETTE]].reshape(-1, 3), rate * float(rng.normal(0, 0.9)))
    palette += rate * rng.normal(0, (0.1, 0.08, 0.08), palette.shape)
    child[PLACES[PALETTE]] = palette.reshape(-1)
    child = child.astype(np.float32)
    leap = min(1.0, max(0.0, (rate - 0.25) / 0.6))
    for group, chance in _LEAPS.items():
        if rng.random() < chance * leap:
            child = take_group(child, stranger, group)
    return child
