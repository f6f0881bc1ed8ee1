"""A whole picture of a flame, from genes to sRGB."""

from collections.abc import Callable

import numpy as np

from generation.finishing.oklab import from_oklab
from generation.genespaces.flames.develop import develop, expose
from generation.genespaces.flames.histogram import collect
from generation.genespaces.flames.orbit import survey
from generation.genespaces.flames.plan import read_plan

DRAWING = 0.85  # The part of the progress that drawing points takes.


def paint(
    genes: np.ndarray,
    *,
    size: int,
    points: int,
    factor: int = 2,
    yield_point: Callable[[float], None] = lambda progress: None,
) -> np.ndarray:
    """The picture, uint8 sRGB [size, size, 3].

    points: how many are drawn; more make finer detail. factor: bins along the edge of a pixel, 1 or
    2. yield_point: called with the progress, 0 to 1, every few milliseconds.
    """
    plan = read_plan(genes)
    measured = survey(plan)
    exposure = expose(plan, measured)
    sums, drawn = collect(
        plan,
        measured,
        bins=size * factor,
        points=points,
        yield_point=lambda progress: yield_point(DRAWING * progress),
    )
    picture = np.empty((size, size, 3), np.uint8)
    for top, lab in develop(
        plan,
        exposure,
        sums,
        size=size,
        factor=factor,
        drawn=drawn,
        yield_point=lambda: yield_point(DRAWING),
    ):
        bottom = top + len(lab)
        picture[top:bottom] = from_oklab(lab)
        yield_point(DRAWING + (1 - DRAWING) * bottom / size)
    return picture
