"""The gene space of Brushwork, paintings stroke by stroke, without training.

Layout, plan, scene, strokes, sampling, operators and sliders are in the modules beside this one;
all of it is numpy.
"""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.brushwork import operators
from generation.genespaces.brushwork.layout import GROUPS, SIZE, take_group
from generation.genespaces.brushwork.sampling import look, sample
from generation.genespaces.brushwork.sliders import SLIDERS, edit


class BrushworkSpace(WithoutChoices):
    """The operators of the Brushwork species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS

    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    mutate = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    look = staticmethod(look)

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """The same in all versions of breeding."""
        return sample(rng)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The same in all versions of breeding."""
        return operators.blend(parents, weights)
