"""Blend, crossover and mutation of Sculptures."""

import math
from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights, contributors, mean_of
from generation.genespaces.sculptures.layout import PLACES, SIZE, check

# The mean of independent scores shrinks towards the middle, where forms are plain and colours grey;
# a blend gives back this part of the lost spread.
_SPREAD_BACK = 0.55
_WANDER = {"body": 0.8, "camera": 0.4, "light": 0.5, "backdrop": 0.7, "material": 0.9}
_STEP = 1.5  # Standard deviation of a gene's step at rate 1.
_EVERY = 0.35  # The share of units that a small mutation touches; a larger one touches more.
_SOFT_SHARE = 0.15  # A unit joins in softly as the rate rises.
_LARGEST = 3.0  # Scores beyond are drawn back to it: there, nothing changes any more.


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
    child = genes.astype(np.float64)
    for name, place in PLACES.items():
        share = min(max((_EVERY + rate - rng.random()) / _SOFT_SHARE, 0.0), 1.0)
        noise = rng.normal(size=place.stop - place.start)
        moved = child[place] + share * rate * _STEP * _WANDER.get(name, 1.0) * noise
        # What a slider has pushed further out may stay there.
        most = np.maximum(np.abs(child[place]), _LARGEST)
        child[place] = np.clip(moved, -most, most)
    return child.astype(np.float32)
