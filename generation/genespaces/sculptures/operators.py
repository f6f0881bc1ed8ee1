"""Blend, crossover and mutation of Sculptures."""

import math
from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import Weights, contributors, mean_of
from generation.genespaces.scores import wander
from generation.genespaces.sculptures.layout import FOLDS, PLACES, SIZE, check
from generation.genespaces.sculptures.sampling import LOOSE, looseness

# The mean of independent scores shrinks towards the middle, where forms are plain and colours grey;
# a blend gives back this part of the lost spread.
_SPREAD_BACK = 0.55
_JOINING = (0.5, 1.0, 1.5, 2.0)  # Steps by which the pieces of a sculpture are joined.
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


def mutate(
    genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From
    version 4 of breeding on, what came in pieces, from a crossover chiefly, is joined.
    """
    if rate <= 0:
        return genes.copy()
    check(genes)
    moved = wander(genes.astype(np.float64), PLACES, rate, rng, reach=_WANDER).astype(np.float32)
    return join(moved) if version > 3 else moved


def join(genes: np.ndarray) -> np.ndarray:
    """Genes of a sculpture in one piece, or nearly; those that are already stay as they are.

    The core grows, and the folds throw their copies less far, by the smallest step that does.
    """
    best, least = genes, looseness(genes)
    for step in _JOINING:
        if least <= LOOSE:
            break
        joined = genes.copy()
        core = joined[PLACES["core"]]
        core[:3] += 0.6 * step
        core[-1] += 1.5 * step
        for fold in FOLDS:
            joined[PLACES[fold]][:3] -= 0.5 * step
        loose = looseness(joined)
        if loose < least:
            best, least = joined, loose
    return best
