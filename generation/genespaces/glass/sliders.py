"""The named sliders of Glass.

Each moves one or several genes towards an end of their range by equal steps; at 0 the genes are
unchanged.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from generation.genespaces.base import GeneSlider
from generation.genespaces.glass.layout import (
    DISCS,
    HILLS,
    ORDERS,
    PLACES,
    RAMP,
    place_of,
)
from generation.genespaces.patterns.palette import lighten, rotate_hue
from generation.genespaces.scores import END, edit_by
from generation.genespaces.units import PALETTE, move_units
from generation.words import word

SLIDERS = (
    GeneSlider("zoom", word("Cells"), "cells", word("smaller"), word("larger")),
    GeneSlider("rose", word("Order"), "cells", word("shards"), word("rose window")),
    GeneSlider("jitter", word("Disorder"), "cells", word("even"), word("uneven")),
    GeneSlider("stretch", word("Stretch"), "cells", word("upright"), word("level")),
    GeneSlider("swirl", word("Swirl"), "cells", word("turn left"), word("turn right")),
    GeneSlider("bend", word("Lines"), "cells", word("straight"), word("bent")),
    GeneSlider("gaps", word("Gaps"), "gaps", word("closed"), word("open")),
    GeneSlider("round", word("Outline"), "gaps", word("to the edge"), word("round")),
    GeneSlider("discs", word("Discs"), "shapes", word("smaller"), word("larger")),
    GeneSlider("hills", word("Hills"), "shapes", word("low"), word("high")),
    GeneSlider("start", word("Tones"), "tones", word("back"), word("forward")),
    GeneSlider("radius", word("Rings"), "tones", word("inwards"), word("outwards")),
    GeneSlider("luck", word("Mixture"), "tones", word("calm"), word("motley")),
    GeneSlider("hue", word("Hue"), "palette", word("back"), word("forward")),
    GeneSlider("lightness", word("Lightness"), "palette", word("darker"), word("lighter")),
    GeneSlider("wall", word("Wall"), "palette", word("darker"), word("lighter")),
    GeneSlider("metal", word("Metal"), "palette", word("darker"), word("lighter")),
    GeneSlider("streaks", word("Streaks"), "glass", word("even"), word("streaked")),
    GeneSlider("cloud", word("Milkiness"), "glass", word("clear"), word("milky")),
    GeneSlider("ripple", word("Surface"), "glass", word("smooth"), word("hammered")),
    GeneSlider("bevel", word("Bevel"), "glass", word("flat"), word("cut")),
    GeneSlider("glow", word("Rim"), "glass", word("thin"), word("thick")),
    GeneSlider("width", word("Lead"), "lead", word("thin"), word("thick")),
    GeneSlider("corner", word("Corners"), "lead", word("sharp"), word("rounded")),
    GeneSlider("light", word("Light"), "light", word("even"), word("bright")),
    GeneSlider("side", word("Light from"), "light", word("the left"), word("the right")),
    GeneSlider("shadow", word("Shadows"), "light", word("without"), word("deep")),
)
_LEAD, _WALL = RAMP, RAMP + 1
_of = partial(move_units, place_of)


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1]."""
    return edit_by(_EDITS, genes, slider, amount)


def _rose(genes: np.ndarray, amount: float) -> None:
    """Towards the rose of eight at one end and shards at the other, from any arrangement."""
    wanted = "rose8" if amount > 0 else "shards"
    for name in ORDERS:
        place = place_of("order", name)
        end = END if name == wanted else -END
        genes[place] += (end - genes[place]) * abs(amount)


def _start(genes: np.ndarray, amount: float) -> None:
    genes[place_of("tones", "start")] += 1.5 * amount


def _light(of: int) -> Callable[..., None]:
    """An edit of how light one colour of the palette is."""
    place = PLACES[PALETTE].start + 3 * of

    def move(genes: np.ndarray, amount: float) -> None:
        end = 0.97 if amount > 0 else 0.06
        genes[place] += (end - genes[place]) * abs(amount)

    return move


def _repaint(change: Callable[[np.ndarray, float], np.ndarray]) -> Callable[..., None]:
    """An edit of the colours of the glass."""

    def move(genes: np.ndarray, amount: float) -> None:
        palette = genes[PLACES[PALETTE]].reshape(-1, 3)
        palette[:RAMP] = change(palette[:RAMP].astype(np.float64), amount)

    return move


_EDITS: dict[str, Callable[[np.ndarray, float], None]] = {
    "zoom": _of("spread", "zoom"),
    "rose": _rose,
    "jitter": _of("spread", "jitter"),
    "stretch": _of("spread", "stretch"),
    "swirl": _of("spread", "swirl"),
    "bend": _of("bend", "amount"),
    "gaps": _of("gaps", "amount"),
    "round": _of("gaps", "round"),
    "discs": _of(DISCS, "size", 0.6),
    "hills": _of(HILLS, "height", -0.6),
    "start": _start,
    "radius": _of("tones", "radius"),
    "luck": _of("tones", "luck"),
    "hue": _repaint(lambda colours, amount: rotate_hue(colours, math.pi * amount)),
    "lightness": _repaint(lighten),
    "wall": _light(_WALL),
    "metal": _light(_LEAD),
    "streaks": _of("glass", "streaks"),
    "cloud": _of("glass", "cloud"),
    "ripple": _of("glass", "ripple"),
    "bevel": _of("glass", "bevel"),
    "glow": _of("glass", "glow"),
    "width": _of("lead", "width"),
    "corner": _of("lead", "corner"),
    "light": _of("light", "strength"),
    "side": _of("light", "x"),
    "shadow": _of("light", "shadow"),
}
