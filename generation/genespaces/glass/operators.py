"""Blend, crossover and mutation of Glass."""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.glass.layout import (
    DISCS,
    GROUP_PLACES,
    NAMES,
    PALETTE,
    PLACES,
    check,
    pack,
    take_group,
    unpack,
)
from generation.genespaces.glass.sampling import draw
from generation.genespaces.patterns.palette import blend_with_palette, rotate_hue
from generation.genespaces.scores import wander

_DISC_FROM_MAIN = 0.6
_REACH = {"order": 0.35, "spread": 0.45, "gaps": 0.5, "tones": 0.5, "lead": 0.7}
_REACH |= dict.fromkeys(DISCS, 0.6)
_NUMBERS = {unit: PLACES[unit] for unit in NAMES}  # All but the colours.
# How often a wholly new species takes a group from a stranger.
_LEAPS = {"cells": 0.4, "shapes": 0.4, "gaps": 0.3, "tones": 0.3, "palette": 0.5}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    return blend_with_palette(parents, weights, unpack, pack)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child that takes cells, gaps, tones, colours, glass, lead and light each whole from one.

    Most shapes come together from one parent; some discs come from others.
    """
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()

    def choose() -> np.ndarray:
        return parents[int(rng.choice(len(parents), p=shares))]

    child = parents[0].copy()
    for group in GROUP_PLACES:
        child = take_group(child, choose(), group)
    for disc in DISCS:
        giver = choose()
        if rng.random() >= _DISC_FROM_MAIN:
            child[PLACES[disc]] = giver[PLACES[disc]]
    return child


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From .3 on
    it may also take whole groups from a stranger, so that no lineage is stuck with one arrangement.
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
