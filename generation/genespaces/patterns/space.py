"""The gene space of Patterns, a compositional pattern producing network without training.

Layout, formula, sampling, operators and sliders are in the modules beside this one; all of it is
numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import (
    GeneChoice,
    GeneGroup,
    GeneSlider,
    OneMutation,
    Weights,
)
from generation.genespaces.patterns import operators
from generation.genespaces.patterns.layout import GROUPS, SIZE, take_group
from generation.genespaces.patterns.portrait import look
from generation.genespaces.patterns.sampling import sample, sample_silk
from generation.genespaces.patterns.sliders import CHOICES, SLIDERS, choose, chosen, edit


class PatternsSpace(OneMutation):
    """The operators of the Patterns species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS
    choices: tuple[GeneChoice, ...] = CHOICES
    has_psi: bool = False

    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    change = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    choose = staticmethod(choose)
    chosen = staticmethod(chosen)
    look = staticmethod(look)

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A founder; before version 3 all were silk."""
        return sample_silk(rng) if version < 3 else sample(rng)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """From version 3 on, a blend keeps the symmetry of one parent."""
        return operators.blend(parents, weights, version=version)
