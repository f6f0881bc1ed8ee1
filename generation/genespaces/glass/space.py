"""The gene space of Glass, leaded windows, without training.

Layout, plan, sites, cells, sampling, operators and sliders are in the modules beside this one;
all of it is numpy.
"""

from generation.genespaces.base import (
    GeneGroup,
    GeneSlider,
    OneMutation,
    OneVersion,
    WithoutChoices,
)
from generation.genespaces.glass import operators
from generation.genespaces.glass.layout import GROUPS, SIZE, take_group
from generation.genespaces.glass.sampling import look, sample
from generation.genespaces.glass.sliders import SLIDERS, edit


class GlassSpace(OneMutation, OneVersion, WithoutChoices):
    """The operators of the Glass species (see base.GeneSpace)."""

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
