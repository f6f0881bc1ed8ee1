"""The named sliders of Brushwork.

Each moves one or several genes towards an end of their range by equal steps; at 0 the genes are
unchanged.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from generation.genespaces.base import GeneSlider
from generation.genespaces.brushwork.layout import (
    COLOURS,
    MASSES,
    PLACES,
    RIDGES,
    SWIRLS,
    place_of,
)
from generation.genespaces.patterns.palette import lighten, rotate_hue
from generation.genespaces.scores import BEYOND, END, edit_by
from generation.genespaces.units import PALETTE, move_units
from generation.words import word

SLIDERS = (
    GeneSlider("horizon", word("Horizon"), "land", word("low"), word("high")),
    GeneSlider("hills", word("Hills"), "land", word("flat"), word("hilly")),
    GeneSlider("grass", word("Grass"), "land", word("mown"), word("tall")),
    GeneSlider("water", word("Water"), "land", word("dry"), word("mirrored")),
    GeneSlider("sun", word("Sun"), "land", word("small"), word("large")),
    GeneSlider("figures", word("Figures"), "figures", word("smaller"), word("larger")),
    GeneSlider("tall", word("Shape"), "figures", word("squat"), word("tall")),
    GeneSlider("petals", word("Petals"), "figures", word("round"), word("lobed")),
    GeneSlider("swirls", word("Swirls"), "flow", word("still"), word("whirling")),
    GeneSlider("waves", word("Waves"), "flow", word("straight"), word("winding")),
    GeneSlider("turn", word("Turn"), "flow", word("turn left"), word("turn right")),
    GeneSlider("shadow", word("Shadows"), "light", word("without"), word("deep")),
    GeneSlider("side", word("Light from"), "light", word("the left"), word("the right")),
    GeneSlider("glow", word("Corners"), "light", word("lighter"), word("darker")),
    GeneSlider("hue", word("Hue"), "palette", word("back"), word("forward")),
    GeneSlider("lightness", word("Lightness"), "palette", word("darker"), word("lighter")),
    GeneSlider("vividness", word("Vividness"), "palette", word("muted"), word("vivid")),
    GeneSlider("variety", word("Mixing"), "palette", word("even"), word("lively")),
    GeneSlider("accents", word("Accents"), "palette", word("few"), word("many")),
    GeneSlider("width", word("Brush"), "brush", word("narrow"), word("wide")),
    GeneSlider("length", word("Strokes"), "brush", word("short"), word("long")),
    GeneSlider("streaks", word("Bristles"), "brush", word("soft"), word("coarse")),
    GeneSlider("dryness", word("Paint"), "brush", word("wet"), word("dry")),
    GeneSlider("relief", word("Relief"), "brush", word("thin"), word("thick")),
    GeneSlider("disorder", word("Hand"), "brush", word("careful"), word("wild")),
    GeneSlider("detail", word("Detail"), "brush", word("sketched"), word("fine")),
    GeneSlider("margin", word("Margin"), "paper", word("to the edge"), word("framed")),
    GeneSlider("bare", word("Bare paper"), "paper", word("covered"), word("left open")),
)
_PAPER = COLOURS.index("paper")
_of = partial(move_units, place_of)


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1]."""
    return edit_by(_EDITS, genes, slider, amount)


def _horizon(genes: np.ndarray, amount: float) -> None:
    """Raise or lower all of the land together, so that its parts stay in order."""
    for place in (*(place_of(unit, "height") for unit in RIDGES), place_of("water", "level")):
        genes[place] -= 0.8 * amount


def _swirls(genes: np.ndarray, amount: float) -> None:
    """Strengthen the swirls, each in the sense in which it turns, or calm them."""
    for unit in SWIRLS:
        place = place_of(unit, "strength")
        sense = -1.0 if genes[place] < 0 else 1.0
        end = sense * max(END, abs(genes[place]) + BEYOND) if amount > 0 else 0.0
        genes[place] += (end - genes[place]) * abs(amount)


def _turn(genes: np.ndarray, amount: float) -> None:
    genes[place_of("flow", "angle")] += 0.9 * amount


def _repaint(change: Callable[[np.ndarray, float], np.ndarray]) -> Callable[..., None]:
    """An edit of all colours but that of the paper."""

    def move(genes: np.ndarray, amount: float) -> None:
        palette = genes[PLACES[PALETTE]].reshape(-1, 3)
        palette[:_PAPER] = change(palette[:_PAPER].astype(np.float64), amount)

    return move


def _vivid(colours: np.ndarray, amount: float) -> np.ndarray:
    changed = colours.copy()
    changed[:, 1:] *= 1 + 0.9 * amount if amount > 0 else 1 - 0.85 * abs(amount)
    return changed


_EDITS: dict[str, Callable[[np.ndarray, float], None]] = {
    "horizon": _horizon,
    "hills": _of(RIDGES, "swing"),
    "grass": _of(RIDGES, "blades"),
    "water": _of("water", "amount"),
    "sun": _of("disc", "size"),
    "figures": _of(MASSES, "size", 0.6),
    "tall": _of(MASSES, "tall", 0.7),
    "petals": _of(MASSES, "lobes"),
    "swirls": _swirls,
    "waves": _of("flow", "wave"),
    "turn": _turn,
    "shadow": _of("light", "shadow"),
    "side": _of("light", "side"),
    "glow": _of("light", "glow"),
    "hue": _repaint(lambda colours, amount: rotate_hue(colours, math.pi * amount)),
    "lightness": _repaint(lighten),
    "vividness": _repaint(_vivid),
    "variety": _of("mixing", "variety"),
    "accents": _of("mixing", "accents"),
    "width": _of("brush", "width"),
    "length": _of("brush", "length"),
    "streaks": _of("brush", "streaks"),
    "dryness": _of("brush", "dryness"),
    "relief": _of("brush", "relief"),
    "disorder": _of("brush", "disorder"),
    "detail": _of("brush", "detail"),
    "margin": _of("paper", "margin"),
    "bare": _of("paper", "bare"),
}
