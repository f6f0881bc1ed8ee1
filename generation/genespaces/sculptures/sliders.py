"""The named sliders of Sculptures, and the choice of their material.

Each slider moves one or several genes towards an end of their range by equal steps; at 0 the genes
are unchanged.
"""

import math
from collections.abc import Callable

import numpy as np

from generation.genespaces.base import GeneChoice, GeneSlider
from generation.genespaces.scores import BEYOND, END, edit_by, towards
from generation.genespaces.sculptures.layout import FOLDS, MATERIALS, PARTS, PLACES
from generation.refusal import Refused
from generation.words import word

SLIDERS = (
    GeneSlider("sectors", word("Symmetry"), "body", word("fewer sides"), word("more sides")),
    GeneSlider("twist", word("Twist"), "body", word("turn left"), word("turn right")),
    GeneSlider("melt", word("Edges"), "body", word("crisp"), word("melted")),
    GeneSlider("lattice", word("Lattice"), "body", word("solid"), word("pierced")),
    GeneSlider("ripple", word("Ripples"), "body", word("bumps"), word("ridges")),
    GeneSlider("folds", word("Folds"), "folds", word("fewer"), word("more")),
    GeneSlider("spread", word("Spread"), "folds", word("closer"), word("wider")),
    GeneSlider("thickness", word("Thickness"), "parts", word("thin"), word("thick")),
    GeneSlider("roundness", word("Roundness"), "parts", word("angular"), word("round")),
    GeneSlider("hollow", word("Hollows"), "parts", word("filled"), word("hollow")),
    GeneSlider("hue", word("Hue"), "colour", word("back"), word("forward")),
    GeneSlider("lightness", word("Lightness"), "colour", word("darker"), word("lighter")),
    GeneSlider("vividness", word("Vividness"), "colour", word("muted"), word("vivid")),
    GeneSlider("bands", word("Bands"), "colour", word("calm"), word("striped")),
    GeneSlider("turn", word("Turn"), "camera", word("left"), word("right")),
    GeneSlider("pitch", word("Camera height"), "camera", word("low"), word("high")),
    GeneSlider("zoom", word("Distance"), "camera", word("further"), word("nearer")),
    GeneSlider("light-side", word("Light from"), "light", word("the right"), word("the left")),
    GeneSlider("light-height", word("Light height"), "light", word("low"), word("high")),
    GeneSlider("backdrop", word("Backdrop"), "backdrop", word("darker"), word("lighter")),
)
CHOICES = (
    GeneChoice(
        "material",
        word("Material"),
        (
            ("clay", word("Clay")),
            ("glaze", word("Glazed ceramic")),
            ("bronze", word("Bronze")),
            ("glass", word("Glass")),
            ("pearl", word("Mother-of-pearl")),
        ),
    ),
)


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1]."""
    return edit_by(_EDITS, genes, slider, amount)


def choose(genes: np.ndarray, choice: str, value: str) -> np.ndarray:
    """Make one material the chief one: it changes places with that which is now."""
    now, wanted = MATERIALS.index(chosen(genes, choice)), _material(value)
    first = PLACES["material"].start
    changed = genes.copy()
    changed[[first + now, first + wanted]] = genes[[first + wanted, first + now]]
    return changed


def chosen(genes: np.ndarray, choice: str) -> str:
    """The material of which there is most."""
    if choice != "material":
        raise Refused("This species has no gene choice “{choice}”.", choice=choice[:40])
    return MATERIALS[int(np.argmax(genes[PLACES["material"]]))]


def _material(value: str) -> int:
    if value not in MATERIALS:
        raise Refused("There is no material “{material}”.", material=value[:40])
    return MATERIALS.index(value)


def _of(unit: str, *numbers: int) -> Callable[[np.ndarray, float], None]:
    """An edit of some genes of a unit together."""
    start = PLACES[unit].start

    def move(genes: np.ndarray, amount: float) -> None:
        for number in numbers:
            towards(genes, start + number, amount)

    return move


def _of_each(units: tuple[str, ...], *numbers: int) -> Callable[[np.ndarray, float], None]:
    """An edit of the same genes of several units."""
    moves = [_of(unit, *numbers) for unit in units]

    def move(genes: np.ndarray, amount: float) -> None:
        for each in moves:
            each(genes, amount)

    return move


def _thickness(genes: np.ndarray, amount: float) -> None:
    """The two half sizes across a part; its length stays."""
    for part in PARTS:
        for number in (0, 2):
            towards(genes, PLACES[part].start + number, 0.7 * amount)


def _hue(genes: np.ndarray, amount: float) -> None:
    cosine, sine = math.cos(math.pi * amount), math.sin(math.pi * amount)
    for at in _hues():
        a, b = float(genes[at]), float(genes[at + 1])
        genes[at], genes[at + 1] = cosine * a - sine * b, sine * a + cosine * b


def _vividness(genes: np.ndarray, amount: float) -> None:
    """Lengthen or shorten each colour's way from grey; a grey one becomes warm."""
    for at in _hues():
        a, b = float(genes[at]), float(genes[at + 1])
        length = math.hypot(a, b)
        a, b = (a / length, b / length) if length > 1e-3 else (0.8, 0.6)
        end = max(END, length + BEYOND) if amount > 0 else 0.0
        length += (end - length) * abs(amount)
        genes[at], genes[at + 1] = a * length, b * length


def _hues() -> range:
    """The places of OKLab's a of the three colours; b is the next one."""
    return range(PLACES["colour"].start + 1, PLACES["colour"].stop, 3)


_EDITS: dict[str, Callable[[np.ndarray, float], None]] = {
    "sectors": _of("body", 0),
    "twist": _of("body", 1),
    "melt": _of("body", 2),
    "lattice": _of("body", 4),
    "ripple": _of("body", 6),
    "folds": _of_each(FOLDS, 6),
    "spread": _of_each(FOLDS, 0, 1, 2),
    "thickness": _thickness,
    "roundness": _of_each(PARTS, 3),
    "hollow": _of_each(PARTS, 4),
    "hue": _hue,
    "lightness": _of("colour", 0, 3, 6),
    "vividness": _vividness,
    "bands": _of("bands", 0),
    "turn": _of("camera", 0),
    "pitch": _of("camera", 1),
    "zoom": _of("camera", 2),
    "light-side": _of("light", 0),
    "light-height": _of("light", 1),
    "backdrop": _of("backdrop", 0),
}
