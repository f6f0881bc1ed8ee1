"""Blend, crossover and mutation of Glass."""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.glass.layout import DISCS, LAYOUT
from generation.genespaces.glass.sampling import draw
from generation.genespaces.patterns.palette import blend_with_palette
from generation.genespaces.units import inherit, stray

_DISC_FROM_MAIN = 0.6
_REACH = {"order": 0.35, "spread": 0.45, "gaps": 0.5, "tones": 0.5, "lead": 0.7}
_REACH |= dict.fromkeys(DISCS, 0.6)
# How often a wholly new species takes a group from a stranger.
_LEAPS = {"cells": 0.4, "shapes": 0.4, "gaps": 0.3, "tones": 0.3, "palette": 0.5}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    return blend_with_palette(parents, weights, LAYOUT.unpack, LAYOUT.pack)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child that takes cells, gaps, tones, colours, glass, lead and light each whole from one.

    Most shapes come together from one parent; some discs come from others.
    """
    return inherit(LAYOUT, parents, weights, rng, figures=DISCS, together=_DISC_FROM_MAIN)


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1]; see `units.stray`."""
    return stray(LAYOUT, genes, rate, rng, draw=draw, reach=_REACH, leaps=_LEAPS)
