"""The gene space of Sculptures, which are measured by a formula and need no training.

Layout, plan, formula, sampling, operators and sliders are in the modules beside this one; all of
it runs on numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights
from generation.genespaces.sculptures import operators
from generation.genespaces.sculptures.layout import GROUPS, SIZE, take_group
from generation.genespaces.sculptures.sampling import look, sample
from generation.genespaces.sculptures.sliders import CHOICES, SLIDERS, choose, chosen, edit


class SculpturesSpace:
    """The operators of the Sculptures species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS
    choices: tuple[GeneChoice, ...] = CHOICES
    has_psi: bool = False

    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    mutate = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    choose = staticmethod(choose)
    chosen = staticmethod(chosen)
    look = staticmethod(look)

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """The same in all versions of breeding."""
        return sample(rng)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The same in all versions of breeding."""
        return operators.blend(parents, weights)
