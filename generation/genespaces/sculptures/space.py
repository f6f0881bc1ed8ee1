"""The gene space of Sculptures, which are measured by a formula and need no training.

Layout, plan, formula, sampling, operators and sliders are in the modules beside this one; all of
it runs on numpy.
"""

from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, OneVersion
from generation.genespaces.sculptures import operators
from generation.genespaces.sculptures.layout import GROUPS, SIZE, take_group
from generation.genespaces.sculptures.sampling import look, sample
from generation.genespaces.sculptures.sliders import CHOICES, SLIDERS, choose, chosen, edit


class SculpturesSpace(OneVersion):
    """The operators of the Sculptures species (see base.GeneSpace)."""

    size: int = SIZE
    groups: tuple[GeneGroup, ...] = GROUPS
    sliders: tuple[GeneSlider, ...] = SLIDERS
    choices: tuple[GeneChoice, ...] = CHOICES
    has_psi: bool = False

    found = staticmethod(sample)
    mix = staticmethod(operators.blend)
    crossover = staticmethod(operators.crossover)
    take_group = staticmethod(take_group)
    mutate = staticmethod(operators.mutate)
    edit = staticmethod(edit)
    choose = staticmethod(choose)
    chosen = staticmethod(chosen)
    look = staticmethod(look)
