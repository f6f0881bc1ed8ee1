"""The named sliders of Flames.

Each moves genes towards an end that every picture can still reach, so that no slider is ever
without effect; at 0 the genes are unchanged.
"""

import math
from collections.abc import Callable

import numpy as np

from generation.genespaces.base import GeneSlider
from generation.genespaces.flames.layout import pack, unpack
from generation.genespaces.flames.plan import soft_shares
from generation.genespaces.flames.variations import LENSES
from generation.genespaces.layout import Parts
from generation.genespaces.patterns.palette import rotate_hue
from generation.words import word

SLIDERS = (
    GeneSlider("turn", word("Turn"), "shape", word("turn left"), word("turn right")),
    GeneSlider("spread", word("Spacing"), "shape", word("tighter"), word("wider")),
    GeneSlider("symmetry", word("Symmetry"), "symmetry", word("freer"), word("stricter")),
    GeneSlider("zoom", word("Zoom"), "view", word("farther"), word("nearer")),
    GeneSlider("lens", word("Lens"), "view", word("inside out"), word("bubble")),
    GeneSlider("hue", word("Hue"), "palette", word("back"), word("forward")),
    GeneSlider("ground", word("Ground"), "palette", word("dark"), word("light")),
    GeneSlider("vibrancy", word("Vibrancy"), "light", word("muted"), word("vivid")),
    GeneSlider("brightness", word("Brightness"), "light", word("dim"), word("bright")),
    GeneSlider("gamma", word("Gamma"), "light", word("clear"), word("misty")),
)


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1]."""
    if amount == 0:
        return genes.copy()
    parts = unpack(genes)
    _EDITS[slider](parts, float(np.clip(amount, -1, 1)))
    return pack(parts)


def _towards(parts: Parts, name: str, amount: float, *, low: float, high: float) -> None:
    """From the value to `low` at -1 and to `high` at 1, by equal steps on either side."""
    value = float(parts[name])
    end = max(high, value) if amount > 0 else min(low, value)
    parts[name] = np.asarray(value + (end - value) * abs(amount))


def _turn(parts: Parts, amount: float) -> None:
    # Not all alike, or a symmetrical flame would only be turned as a whole.
    parts["turn"] += 0.7 * amount * np.array([1.0, 0.6, -0.8, 0.5])


def _spread(parts: Parts, amount: float) -> None:
    parts["scale"] += 0.35 * amount


def _symmetry(parts: Parts, amount: float) -> None:
    gate = soft_shares(parts["gate"])
    rank = float((gate * np.arange(len(gate))).sum())
    wanted = rank + 3.5 * amount
    reached = min(max(wanted, 0.0), len(gate) - 1.0)
    new = np.zeros(len(gate))
    low = min(int(reached), len(gate) - 2)
    # The gate's shares are squares.
    new[low], new[low + 1] = math.sqrt(1 - (reached - low)), math.sqrt(reached - low)
    # The first tenth of the slider fades from the parent's own gate, which may mix several orders.
    fade = min(1.0, abs(amount) * 10)
    parts["gate"] = np.sqrt(gate) * (1 - fade) + new * fade
    # Beyond the ends of the orders, the slider zooms: further out shows more order, closer less.
    parts["zoom"] = parts["zoom"] - 0.12 * (wanted - reached)


def _zoom(parts: Parts, amount: float) -> None:
    parts["zoom"] = parts["zoom"] + (0.9 if amount > 0 else 0.5) * amount


def _lens(parts: Parts, amount: float) -> None:
    new = np.zeros(len(LENSES))
    new[list(LENSES).index("bubble" if amount > 0 else "spherical")] = 1
    parts["lens"] = np.maximum(parts["lens"], 0) * (1 - abs(amount)) + new * abs(amount)


def _hue(parts: Parts, amount: float) -> None:
    parts["palette"] = rotate_hue(parts["palette"], math.pi * amount)


def _ground(parts: Parts, amount: float) -> None:
    end = 1.8 if amount > 0 else -1.8
    parts["ground"][0] += (end - parts["ground"][0]) * abs(amount)


def _vibrancy(parts: Parts, amount: float) -> None:
    _towards(parts, "vibrancy", amount, low=0.15, high=1.8)


def _brightness(parts: Parts, amount: float) -> None:
    parts["brightness"] = parts["brightness"] + 0.5 * amount


def _gamma(parts: Parts, amount: float) -> None:
    parts["mist"] = parts["mist"] + 0.7 * amount


_EDITS: dict[str, Callable[[Parts, float], None]] = {
    "turn": _turn,
    "spread": _spread,
    "symmetry": _symmetry,
    "zoom": _zoom,
    "lens": _lens,
    "hue": _hue,
    "ground": _ground,
    "vibrancy": _vibrancy,
    "brightness": _brightness,
    "gamma": _gamma,
}
