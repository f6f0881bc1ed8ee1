"""Blend, crossover and mutation of Sculptures."""

import math
from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights, contributors, mean_of
from generation.genespaces.scores import wander
from generation.genespaces.sculptures.layout import PLACES, SIZE, check

# The mean of independent scores shrinks towards the middle, where forms are plain and colours grey;
# a blend gives back this part of the lost spread.
_SPREAD_BACK = 0.55
_WANDER = {"body": 0.8, "camera": 0.4, "light": 0.5, "backdrop": 0.7, "material": 0.9}


def blend(parents: Sequence[np.ndarray], weights: Weights) -> np.ndarray:
    """The point between the parents.

    Their order does not matter; a single weight above zero returns that parent.
    """
    kept, shares = contributors(parents, weights)
    if len(kept) == 1:
        return kept[0].copy()
    mean = mean_of(kept, shares)
    lost = 1 / math.sqrt(float((shares * shares).sum())) - 1
    return (mean * (1 + _SPREAD_BACK * lost)).astype(np.float32)


def crossover(
    parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
) -> np.ndarray:
    """A child that takes every unit (a fold, a part, the light ...) whole from one parent."""
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()
    child = np.empty(SIZE, np.float32)
    for place in PLACES.values():
        child[place] = parents[int(rng.choice(len(parents), p=shares))][place]
    return child


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path.
    """
    if rate <= 0:
        return genes.copy()
    check(genes)
    return wander(genes.astype(np.float64), PLACES, rate, rng, reach=_WANDER).astype(np.float32)
