"""Blend, crossover and mutation of Brushwork."""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.brushwork.layout import LAYOUT, MASSES
from generation.genespaces.brushwork.sampling import draw
from generation.genespaces.patterns.palette import blend_with_palette
from generation.genespaces.units import inherit, stray

_FIGURE_FROM_MAIN = 0.7
_REACH = {"paper": 0.6, "light": 0.6, "water": 0.5, "disc": 0.6} | dict.fromkeys(MASSES, 0.7)
# How often a wholly new species takes a group from a stranger.
_LEAPS = {"land": 0.4, "figures": 0.4, "flow": 0.4, "palette": 0.5, "brush": 0.3}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    return blend_with_palette(parents, weights, LAYOUT.unpack, LAYOUT.pack)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child that takes land, flow, light, colours, brush and paper each whole from one parent.

    Most figures come together from one parent; some come from others.
    """
    return inherit(LAYOUT, parents, weights, rng, figures=MASSES, together=_FIGURE_FROM_MAIN)


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1]; see `units.stray`."""
    return stray(LAYOUT, genes, rate, rng, draw=draw, reach=_REACH, leaps=_LEAPS)
