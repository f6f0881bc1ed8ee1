"""The gene space of Brushwork, paintings stroke by stroke, without training.

Layout, plan, scene, strokes, sampling, operators and sliders are in the modules beside this one;
all of it is numpy.
"""

from generation.genespaces.base import (
    GeneGroup,
    GeneSlider,
    OneMutation,
    OneVersion,
    WithoutChoices,
)
from generation.genespaces.brushwork import operators
from generation.genespaces.brushwork.layout import GROUPS, SIZE, take_group
from generation.genespaces.brushwork.sampling import look, sample
from generation.genespaces.brushwork.sliders import SLIDERS, edit


class BrushworkSpace(OneMutation, OneVersion, WithoutChoices):
    """The operators of the Brushwork species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS

    found = staticmethod(sample)
    mix = staticmethod(operators.blend)
    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    change = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    look = staticmethod(look)
