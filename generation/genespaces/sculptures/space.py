"""The gene space of Sculptures, which are measured by a formula and need no training.

Layout, plan, formula, sampling, operators and sliders are in the modules beside this one; all of
it runs on numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights
from generation.genespaces.sculptures import operators
from generation.genespaces.sculptures.layout import GROUPS, SIZE
from generation.genespaces.sculptures.sampling import sample
from generation.genespaces.sculptures.sliders import CHOICES, SLIDERS, choose, chosen, edit


class SculpturesSpace:
    """The operators of the Sculptures species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS
    choices: tuple[GeneChoice, ...] = CHOICES
    has_psi: bool = False

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

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        return choose(genes, choice, value)

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        return chosen(genes, choice)
