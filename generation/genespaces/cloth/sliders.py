"""The named sliders of a cloth, and the choice of its textile."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from generation.genespaces.base import GeneChoice, GeneSlider
from generation.genespaces.cloth.layout import (
    BACKDROP,
    CLOTH,
    GROUND,
    PALETTE,
    PLACES,
    TEXTILES,
    WORN,
    place_of,
)
from generation.genespaces.cloth.plan import read_textiles
from generation.genespaces.patterns.palette import lighten, rotate_hue
from generation.genespaces.scores import edit_by, move_genes
from generation.words import word

SLIDERS = (
    GeneSlider("cloth-scale", word("Size of the textile"), CLOTH, word("large"), word("small")),
    GeneSlider("cloth-angle", word("Angle"), CLOTH, word("turn left"), word("turn right")),
    GeneSlider("cloth-balance", word("Balance"), CLOTH, word("more dark"), word("more light")),
    GeneSlider("cloth-contrast", word("Contrast"), CLOTH, word("faint"), word("bold")),
    GeneSlider("cloth-accent", word("Third colour"), CLOTH, word("without"), word("strong")),
    GeneSlider("cloth-drape", word("Drape"), CLOTH, word("flat"), word("around the body")),
    GeneSlider("cloth-sheen", word("Sheen"), CLOTH, word("matt"), word("satin")),
    GeneSlider("cloth-hue", word("Hue"), CLOTH, word("back"), word("forward")),
    GeneSlider("cloth-lightness", word("Lightness"), CLOTH, word("darker"), word("lighter")),
    GeneSlider("cloth-vividness", word("Vividness"), CLOTH, word("muted"), word("vivid")),
    GeneSlider(
        "backdrop-pale", word("Depth of the background"), GROUND, word("tinted"), word("pale")
    ),
)
TEXTILE = "textile"
DYED = "dyed"  # The value of a garment without cloth, whose colour is the net's.
CHOICE = GeneChoice(
    TEXTILE,
    word("Textile"),
    (
        ("plain", word("Plain")),
        ("stripes", word("Stripes")),
        ("tartan", word("Tartan")),
        ("dots", word("Dots")),
        ("herringbone", word("Herringbone")),
        ("houndstooth", word("Houndstooth")),
        ("argyle", word("Argyle")),
        ("flowers", word("Flowers")),
        ("marbled", word("Marbled")),
        (DYED, word("Only dyed")),
    ),
)
_WAKES = 0.25  # So far a slider has to move to put a cloth wholly over a garment that had none.
_TINT = 0.09  # OKLab: how far a dye at its end moves the colours of the cloth.
_PALE_TINT = 0.05  # The same of the backdrop.
_WARM, _GREEN = (0.55, 0.83), (-1.0, 0.1)  # Directions in the plane of a and b.


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider of SLIDERS or one of DYES; a cloth that was not worn is put on."""
    edited = edit_by(_EDITS, genes, slider, amount)
    if slider not in DYES:
        edited[WORN] = max(edited[WORN], min(1.0, abs(amount) / _WAKES))
    return edited


def choose(genes: np.ndarray, value: str) -> np.ndarray:
    """Make one textile the chief one: it changes places with that which is now."""
    changed = genes.copy()
    if value == DYED:
        changed[WORN] = 0.0
        return changed
    gate = changed[PLACES["textile"]]
    places = [TEXTILES.index(_chief(genes)), TEXTILES.index(value)]
    gate[places] = gate[places[::-1]]
    changed[WORN] = 1.0
    return changed


def chosen(genes: np.ndarray) -> str:
    """The textile that shows most, or DYED."""
    return _chief(genes) if genes[WORN] >= 0.5 else DYED


def _chief(genes: np.ndarray) -> str:
    return max(read_textiles(genes[PLACES["textile"]]), key=lambda pair: pair[1])[0]


def _recolour(
    change: Callable[[np.ndarray, float], np.ndarray], *, has_backdrop: bool = False
) -> Callable[[np.ndarray, float], None]:
    """An edit of the three colours of the cloth, and of its backdrop if wanted."""

    def move(genes: np.ndarray, amount: float) -> None:
        for name in (PALETTE, BACKDROP) if has_backdrop else (PALETTE,):
            colours = genes[PLACES[name]].reshape(-1, 3)
            colours[:] = change(colours.astype(np.float64), amount)

    return move


def _vivid(colours: np.ndarray, amount: float) -> np.ndarray:
    changed = colours.copy()
    changed[:, 1:] *= 1 + 0.8 * amount if amount > 0 else 1 - 0.85 * abs(amount)
    return changed


def _lit(colours: np.ndarray, amount: float) -> np.ndarray:
    return lighten(colours, 0.8 * amount)


def _tint(name: str, way: tuple[float, float], reach: float) -> Callable[[np.ndarray, float], None]:
    """An edit that moves colours along a direction of a and b."""

    def move(genes: np.ndarray, amount: float) -> None:
        colours = genes[PLACES[name]].reshape(-1, 3)
        colours[:, 1:] += np.float32(reach * amount) * np.array(way, np.float32)

    return move


def _pale(genes: np.ndarray, amount: float) -> None:
    place = PLACES[BACKDROP].start
    end = 0.95 if amount > 0 else 0.6
    genes[place] += abs(amount) * (end - genes[place])
    if amount < 0:
        genes[place + 1 : place + 3] *= 1 + 2 * abs(amount)


_of = partial(move_genes, reach=1)
# Sliders of the net that dye the garment or its ground do the same to a cloth: by their effect, as
# the species' card names it.
DYES: dict[str, Callable[[np.ndarray, float], None]] = {
    "warmth": _tint(PALETTE, _WARM, _TINT),
    "green": _tint(PALETTE, _GREEN, _TINT),
    "fine-green": _tint(PALETTE, _GREEN, 0.5 * _TINT),
    "backdrop-warmth": _tint(BACKDROP, _WARM, _PALE_TINT),
}
_EDITS: dict[str, Callable[[np.ndarray, float], None]] = {
    "cloth-scale": _of([place_of("scale")]),
    "cloth-angle": move_genes([place_of("angle")], -1),
    "cloth-balance": _of([place_of("balance")]),
    "cloth-contrast": _of([place_of("contrast")]),
    "cloth-accent": _of([place_of("accent")]),
    "cloth-drape": _of([place_of("drape")]),
    "cloth-sheen": _of([place_of("sheen")]),
    "cloth-hue": _recolour(
        lambda colours, amount: rotate_hue(colours, math.pi * amount), has_backdrop=True
    ),
    "cloth-lightness": _recolour(_lit),
    "cloth-vividness": _recolour(_vivid),
    "backdrop-pale": _pale,
    **DYES,
}
