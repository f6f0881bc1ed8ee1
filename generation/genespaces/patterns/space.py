"""The gene space of Patterns, a compositional pattern producing network without training.

Layout, formula, sampling, operators and sliders are in the modules beside this one; all of it is
numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.patterns import operators
from generation.genespaces.patterns.layout import GROUPS, SIZE
from generation.genespaces.patterns.sampling import sample
from generation.genespaces.patterns.sliders import SLIDERS, edit


class PatternsSpace(WithoutChoices):
    """The operators of the Patterns species (see base.GeneSpace)."""

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
