"""From genes to a plan: the numbers of a cloth, each in the range where all are presentable."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from generation.genespaces.cloth.layout import (
    BACKDROP,
    COLOURS,
    PALETTE,
    TEXTILES,
    WEAVE,
    unpack,
)
from generation.genespaces.patterns.palette import clear_of_mud
from generation.genespaces.scores import squeeze

# The range of every number of the weave, from a score far below 0 to one far above.
RANGES: dict[str, tuple[float, float]] = {
    "scale": (1.7, 4.1),  # Repeats of the textile over the picture's edge, as a power of 2.
    "angle": (-1.9, 1.9),  # Radians.
    "balance": (0.1, 0.9),  # The share of the light colour.
    "contrast": (0.4, 1.35),
    "accent": (-0.3, 1.2),  # How strongly the third colour shows.
    "drape": (0.0, 1.6),  # How far the textile follows the form.
    "sheen": (-0.2, 1.0),
    "across": (-0.5, 0.5),  # Where the textile begins.
    "down": (-0.5, 0.5),
}
# Of two textiles in one genome, one shows nearly alone: shares are raised to this power.
_DECISION = 32.0
_LEAST = 0.02  # Smaller shares are left out; they are subtracted first, so that nothing jumps.
_GAP = 0.3  # Of lightness between the dark and the light colour.
_STANDS_OUT = 0.17  # Of lightness between the cloth and what is behind it.
_LIGHTEST, _DARKEST = 0.88, 0.2  # Of the cloth.
_PALEST = 0.955  # Of the backdrop.
YELLOW = math.radians(100)
_CALM = 0.065  # The highest chroma of the backdrop.


@dataclass(frozen=True)
class Cloth:
    """A cloth, ready to be laid over a form.

    worn: how much of it shows, 0 to 1. textiles: (name, share) of each in use; they sum to 1.
    weave: numbers in RANGES. dark, light, accent, backdrop: OKLab [3].
    """

    worn: float
    textiles: tuple[tuple[str, float], ...]
    weave: Mapping[str, float]
    dark: np.ndarray
    light: np.ndarray
    accent: np.ndarray
    backdrop: np.ndarray

    @property
    def repeats(self) -> float:
        """How often the textile repeats over the picture's edge."""
        return 2.0 ** self.weave["scale"]


def read_plan(genes: np.ndarray) -> Cloth:
    """The plan of a cloth's genes."""
    parts = unpack(np.clip(np.nan_to_num(genes), -24, 24))
    weave = {
        name: float(squeeze(score, *RANGES[name]))
        for name, score in zip(WEAVE, parts["weave"], strict=True)
    }
    weave["accent"] = min(max(weave["accent"], 0.0), 1.0)
    weave["sheen"] = max(weave["sheen"], 0.0)
    textiles = read_textiles(parts["textile"])
    dark, light, accent = _read_colours(parts[PALETTE])
    plain = dict(textiles).get(TEXTILES[0], 0.0)
    share = weave["balance"]
    woven = (1 - share) * dark[0] + share * light[0]
    lightness = plain * accent[0] + (1 - plain) * woven
    return Cloth(
        worn=min(max(float(parts["worn"]), 0.0), 1.0),
        textiles=textiles,
        weave=weave,
        dark=dark,
        light=light,
        accent=accent,
        backdrop=_read_backdrop(parts[BACKDROP], float(lightness)),
    )


def read_textiles(gate: np.ndarray) -> tuple[tuple[str, float], ...]:
    """(name, share) of each textile in use.

    Half-way between two cloths the one with the stronger gene shows nearly alone, so that a child
    wears no double exposure.
    """
    amounts = np.abs(gate)
    if amounts.max() < 1e-9:
        amounts = np.eye(len(gate))[0]
    shares = (amounts / amounts.max()) ** _DECISION
    shares = np.maximum(shares / shares.sum() - _LEAST, 0)
    shares /= shares.sum()
    return tuple(
        (name, float(share)) for name, share in zip(TEXTILES, shares, strict=True) if share > 0
    )


def _read_colours(palette: np.ndarray) -> np.ndarray:
    """The three colours in their range, the dark and the light one apart."""
    colours = clear_of_mud(palette)
    dark, light, accent = (COLOURS.index(name) for name in COLOURS)
    lack = max(0.0, _GAP - float(colours[light, 0] - colours[dark, 0]))
    colours[dark, 0] = max(_DARKEST, colours[dark, 0] - lack / 2)
    colours[light, 0] = min(_LIGHTEST, max(colours[light, 0] + lack / 2, colours[dark, 0] + _GAP))
    colours[dark, 0] = min(colours[dark, 0], colours[light, 0] - _GAP)
    # A yellow is light, or it is olive.
    yellow = math.cos(math.atan2(colours[accent, 2], colours[accent, 1]) - YELLOW)
    lightness = max(float(colours[accent, 0]), 0.34 + 0.41 * max(yellow, 0.0) ** 4)
    colours[accent, 0] = min(lightness, 0.8)
    return colours


def _read_backdrop(colour: np.ndarray, cloth: float) -> np.ndarray:
    """A calm colour that is lighter than the cloth, whose lightness is given."""
    lightness = min(max(float(colour[0]), cloth + _STANDS_OUT, 0.55), _PALEST)
    chroma = max(math.hypot(colour[1], colour[2]), 1e-6)
    # The paler, the less colour it may have.
    most = min(_CALM, 0.012 + 0.35 * (1 - lightness))
    return np.array([lightness, *(colour[1:] * min(1.0, most / chroma))])
