"""The gene space of Flames, iterated function systems of four maps, without training.

Layout, maps, drawing, sampling, operators and sliders are in the modules beside this one; all of it
is numpy.
"""

from generation.genespaces.base import GeneGroup, GeneSlider, OneVersion, WithoutChoices
from generation.genespaces.flames import operators
from generation.genespaces.flames.layout import GROUPS, SIZE, take_group
from generation.genespaces.flames.sampling import look, sample
from generation.genespaces.flames.sliders import SLIDERS, edit


class FlamesSpace(OneVersion, WithoutChoices):
    """The operators of the Flames species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS

    found = staticmethod(sample)
    mix = staticmethod(operators.blend)
    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    mutate = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    look = staticmethod(look)
