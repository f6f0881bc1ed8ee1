"""The gene space of Flames, iterated function systems of four maps, without training.

Layout, maps, drawing, sampling, operators and sliders are in the modules beside this one; all of it
is numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.flames import operators
from generation.genespaces.flames.layout import GROUPS, SIZE
from generation.genespaces.flames.sampling import sample
from generation.genespaces.flames.sliders import SLIDERS, edit


class FlamesSpace(WithoutChoices):
    """The operators of the Flames species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS

    def sample(self, rng: np.random.Generator) -> np.ndarray:
        return sample(rng)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The same in all versions of breeding."""
        return operators.blend(parents, weights)

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        return operators.crossover(parents, weights, rng)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        return operators.take_group(child, parent, group)

    def mutate(self, genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
        return operators.mutate(genes, rate, rng)

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        return edit(genes, slider, amount)
