"""The named sliders of Patterns.

Each moves genes towards an end that every picture can still reach, so that no slider is ever
without effect; at 0 the genes are unchanged.
"""

import math
from collections.abc import Callable

import numpy as np

from generation.genespaces.base import GeneChoice, GeneSlider
from generation.genespaces.layout import Parts
from generation.genespaces.patterns.layout import (
    FIRST_FOLD,
    LAYOUT,
    MATERIALS,
    MIRROR,
    OLD_SIZE,
    PLACES,
    PLAIN,
    TILE,
    complete,
    pack,
    unpack,
)
from generation.genespaces.patterns.palette import lighten, rotate_hue
from generation.genespaces.patterns.plan import open_gate, read_materials
from generation.refusal import Refused
from generation.words import word

SLIDERS = (
    GeneSlider("symmetry", word("Symmetry"), "symmetry", word("freer"), word("stricter")),
    GeneSlider("twist", word("Twist"), "symmetry", word("turn left"), word("turn right")),
    GeneSlider("warp", word("Warp"), "warp", word("straighter"), word("more fluid")),
    GeneSlider("hue", word("Hue"), "palette", word("back"), word("forward")),
    GeneSlider("lightness", word("Lightness"), "palette", word("darker"), word("lighter")),
    GeneSlider("bands", word("Bands"), "palette", word("calm"), word("striped")),
    GeneSlider("relief", word("Relief"), "surface", word("flat"), word("deep")),
    GeneSlider("gloss", word("Gloss"), "surface", word("velvet"), word("lacquer")),
    GeneSlider("edge", word("Edges of bands"), "surface", word("melting"), word("cut out")),
    GeneSlider("grain", word("Grain"), "surface", word("coarse"), word("fine")),
)
CHOICES = (
    GeneChoice(
        "material",
        word("Material"),
        (
            ("silk", word("Silk")),
            ("paper", word("Cut paper")),
            ("line", word("Line drawing")),
            ("halftone", word("Halftone")),
            ("stitch", word("Embroidery")),
            ("glass", word("Stained glass")),
        ),
    ),
)

_OF_ADDED = ("grain", "edge")  # Sliders of genes that older works lack.
_SOME_BANDS = 4.0  # So many show that edges are hard.

# From no order to the strictest: plain, mirror, then the kaleidoscopes.
_ORDER = (PLAIN, MIRROR, *range(FIRST_FOLD, LAYOUT["gate"][0][0]))


def edit(genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
    """Move one slider by `amount` in [-1, 1]."""
    if amount == 0:
        return genes.copy()
    parts = unpack(genes)
    _EDITS[slider](parts, float(np.clip(amount, -1, 1)))
    edited = pack(parts)
    return edited[:OLD_SIZE] if len(genes) == OLD_SIZE and slider not in _OF_ADDED else edited


def choose(genes: np.ndarray, choice: str, value: str) -> np.ndarray:
    """Make one material the chief one: it changes places with that which is now."""
    now, wanted = chosen(genes, choice), value
    if wanted not in MATERIALS:
        raise Refused("There is no material “{material}”.", material=value[:40])
    if now == wanted:
        return genes.copy()
    changed = complete(genes).copy()
    gate = changed[PLACES["material"]]
    places = [MATERIALS.index(now), MATERIALS.index(wanted)]
    gate[places] = gate[places[::-1]]
    return changed


def chosen(genes: np.ndarray, choice: str) -> str:
    """The material that shows most."""
    if choice != "material":
        raise Refused("This species has no gene choice “{choice}”.", choice=choice[:40])
    shares = read_materials(unpack(genes)["material"])
    return max(shares, key=lambda pair: pair[1])[0]


def _towards(value: float, amount: float, *, low: float, high: float) -> float:
    """From the value to `low` at -1 and to `high` at 1, by equal steps on either side."""
    end = max(high, value) if amount > 0 else min(low, value)
    return value + (end - value) * abs(amount)


def _set(parts: Parts, name: str, value: float) -> None:
    parts[name] = np.asarray(value)


def _symmetry(parts: Parts, amount: float) -> None:
    gate = open_gate(parts["gate"])
    if gate[TILE] > 0.5:
        _order_tile(parts, gate, amount)
        return
    rank = float(sum(gate[place] * index for index, place in enumerate(_ORDER))) / (1 - gate[TILE])
    wanted = rank + 4 * amount
    reached = min(max(wanted, 0.0), len(_ORDER) - 1.0)
    new = np.zeros(len(gate))
    low = min(int(reached), len(_ORDER) - 2)
    new[_ORDER[low]], new[_ORDER[low + 1]] = 1 - (reached - low), reached - low
    # The first tenth of the slider fades from the parent's own gate, which may mix several
    # symmetries.
    fade = min(1.0, abs(amount) * 10)
    parts["gate"] = gate * (1 - fade) + new * fade
    # Beyond the ends of that order, the slider zooms: further out shows more symmetry, closer less.
    parts["view"][0] = abs(parts["view"][0]) * math.exp(0.16 * (wanted - reached))


def _order_tile(parts: Parts, gate: np.ndarray, amount: float) -> None:
    if amount > 0:
        _set(parts, "repeats", min(6.0, float(parts["repeats"]) + 2 * amount))
    else:
        plain = np.zeros(len(gate))
        plain[PLAIN] = 1
        parts["gate"] = gate * (1 + amount) - plain * amount


def _twist(parts: Parts, amount: float) -> None:
    parts["twist"] = parts["twist"] + 1.3 * amount


def _warp(parts: Parts, amount: float) -> None:
    warp = parts["warp"]
    if amount > 0:
        # Strong warps grow in proportion; the floor lets one grow that was straightened before.
        norms = np.linalg.norm(warp[:, 4:6], axis=1, keepdims=True)
        floor = 0.04 / np.maximum(np.linalg.norm(warp[:, :2], axis=1, keepdims=True), 1)
        direction = np.where(norms > 1e-6, warp[:, 4:6] / np.maximum(norms, 1e-6), math.sqrt(0.5))
        warp[:, 4:6] = direction * (norms * (1 + amount) + floor * amount)
    else:
        warp[:, 4:6] *= 1 + amount


def _hue(parts: Parts, amount: float) -> None:
    parts["palette"] = rotate_hue(parts["palette"], math.pi * amount)


def _lightness(parts: Parts, amount: float) -> None:
    parts["palette"] = lighten(parts["palette"], amount)


def _bands(parts: Parts, amount: float) -> None:
    _set(parts, "contrast", float(parts["contrast"]) * math.exp(0.55 * amount))
    _set(parts, "bands", _towards(float(parts["bands"]), amount, low=0, high=9))


def _relief(parts: Parts, amount: float) -> None:
    _set(parts, "light", _towards(float(parts["light"]), amount, low=0, high=1.7))


def _grain(parts: Parts, amount: float) -> None:
    _set(parts, "grain", _towards(float(parts["grain"]), amount, low=0, high=1))


def _edge(parts: Parts, amount: float) -> None:
    """Cut-out bands to the right, of which there are some; to the left they melt away."""
    bands = float(parts["bands"])
    _set(parts, "edge", _towards(float(parts["edge"]), amount, low=0, high=1))
    _set(parts, "bands", _towards(bands, amount, low=0, high=_SOME_BANDS))
    if amount < 0:
        _set(parts, "contrast", float(parts["contrast"]) * math.exp(0.3 * amount))


def _gloss(parts: Parts, amount: float) -> None:
    _set(parts, "gloss", _towards(float(parts["gloss"]), amount, low=-1, high=1.4))


_EDITS: dict[str, Callable[[Parts, float], None]] = {
    "symmetry": _symmetry,
    "twist": _twist,
    "warp": _warp,
    "hue": _hue,
    "lightness": _lightness,
    "bands": _bands,
    "relief": _relief,
    "gloss": _gloss,
    "edge": _edge,
    "grain": _grain,
}
