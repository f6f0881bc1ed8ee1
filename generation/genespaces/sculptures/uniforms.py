"""The numbers by which a browser's shader draws a sculpture (static/shaders/sculptures.frag.glsl).

They are the plan and the frame, so only the server reads genes. Whoever has them could find most of
the genes again: they are for whoever may have the genome.
"""

import numpy as np

from generation.genespaces.sculptures.field import Frame, frame_of
from generation.genespaces.sculptures.plan import Fold, Part, Plan, read_plan


def uniforms_of(genes: np.ndarray) -> list[float]:
    """The numbers, in the order in which the shader names them. Raises Refused for other genes."""
    plan = read_plan(genes)
    return [*_camera(plan), *_scene(plan, frame_of(plan)), *_form(plan)]


def _camera(plan: Plan) -> list[float]:
    """What people turn; the viewer's script knows these places (static/js/artworks/solid.js)."""
    return [plan.yaw, plan.pitch, plan.zoom, plan.light_yaw, plan.light_height]


def _scene(plan: Plan, frame: Frame) -> list[float]:
    colours = [value for colour in plan.colours for value in colour]
    place = [*frame.centre, frame.radius, frame.floor]
    return [*place, plan.bands, *colours, *plan.backdrop, *plan.materials]


def _form(plan: Plan) -> list[float]:
    core, limb, leaf = plan.parts
    body = [plan.sector, plan.twist, plan.melt, plan.crease, plan.step]
    body += [plan.lattice, plan.lattice_frequency, plan.ridges, plan.bumps, plan.ripple_frequency]
    folds = [value for fold in plan.folds for value in _fold(fold)]
    return [*body, *folds, *_part(core), *_part(limb), *_part(leaf)]


def _fold(fold: Fold) -> list[float]:
    rows = [value for row in fold.matrix for value in row]
    shift = [fold.depth + value for value in fold.offset]
    return [float(not fold.is_off), fold.depth, *shift, *rows, fold.scale]


def _part(part: Part) -> list[float]:
    size = [part.a - part.corner, part.b - part.corner, part.c - part.edge]
    return [float(not part.is_off), *size, part.corner, part.edge, part.wall, part.away]
