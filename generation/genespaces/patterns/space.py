"""The gene space of Patterns, a compositional pattern producing network without training.

Layout, formula, sampling, operators and sliders are in the modules beside this one; all of it is
numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.patterns import operators
from generation.genespaces.patterns.layout import GROUPS, SIZE, take_group
from generation.genespaces.patterns.sampling import sample
from generation.genespaces.patterns.sliders import SLIDERS, edit


class PatternsSpace(WithoutChoices):
    """The operators of the Patterns species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS

    sample = staticmethod(sample)
    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    mutate = staticmethod(operators.mutate)
    edit = staticmethod(edit)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The same in all versions of breeding."""
        return operators.blend(parents, weights)
