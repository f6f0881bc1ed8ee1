"""Fresh cloths: a palette of Patterns, a textile, and a calm colour behind them."""

import hashlib
import math

import numpy as np

from generation.genespaces.cloth.layout import BACKDROP, PALETTE, TEXTILES, WEAVE, pack
from generation.genespaces.cloth.plan import RANGES, YELLOW
from generation.genespaces.patterns.palette import sample_palette
from generation.genespaces.scores import score_of

# How often each textile is drawn.
_ODDS = dict(zip(TEXTILES, (0.12, 0.15, 0.14, 0.12, 0.08, 0.09, 0.08, 0.13, 0.09), strict=True))
# Which anchors of a palette, from dark to light, are the dark and the light colour of a cloth.
_PAIRS = ((0, 4), (1, 4), (1, 5), (1, 4), (2, 5), (0, 5), (1, 5))
_GAP = 0.34  # Of lightness between the two.
_CHROMA = 0.8  # Of a palette's.
# Radians from upright, of textiles that may lie askew.
_ANGLES = {
    "stripes": (0.0, math.pi / 2, math.pi / 2, math.pi / 4, -math.pi / 4),
    "tartan": (0.0, 0.0, math.pi / 4),
    "marbled": (0.0, math.pi / 2, 0.6, -0.6),
}
_STRONGEST = 0.75  # How much stronger one textile's gene may be than another's, as a logarithm.


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh cloth."""
    name = str(rng.choice(TEXTILES, p=np.array(list(_ODDS.values())) / sum(_ODDS.values())))
    gate = np.zeros(len(TEXTILES))
    gate[TEXTILES.index(name)] = math.exp(rng.uniform(0, _STRONGEST))
    angles = _ANGLES.get(name, (0.0,))
    side = -1 if rng.random() < 0.55 else 1
    wanted = {
        "scale": rng.uniform(2.4, 3.5),
        "angle": angles[int(rng.integers(len(angles)))] + rng.normal(0, 0.04),
        "balance": 0.5 + side * rng.uniform(0.08, 0.3),
        "contrast": rng.uniform(0.85, 1.05),
        "accent": rng.uniform(0.5, 0.9),
        "drape": rng.uniform(0.7, 1.2),
        "sheen": rng.uniform(-0.1, 0.7),
        "across": rng.uniform(-0.4, 0.4),
        "down": rng.uniform(-0.4, 0.4),
    }
    colours = _draw_colours(rng)
    return pack(
        {
            "worn": 1.0,
            "textile": gate,
            "weave": np.array([score_of(wanted[name], *RANGES[name]) for name in WEAVE]),
            PALETTE: colours,
            BACKDROP: _draw_backdrop(colours, rng),
        }
    )


def sample_for(form: np.ndarray) -> np.ndarray:
    """The cloth that a garment without one gets when somebody wants it; the genes of its form say
    which.
    """
    seed = hashlib.sha256(np.asarray(form, "<f4").tobytes()).digest()[:8]
    return sample(np.random.default_rng(int.from_bytes(seed, "little")))


def _draw_colours(rng: np.random.Generator) -> np.ndarray:
    """The dark, the light and the accent colour, OKLab [3, 3]."""
    palette = sample_palette(rng)
    pair = _PAIRS[int(rng.integers(len(_PAIRS)))]
    dark, light = palette[pair[0]].copy(), palette[pair[1]].copy()
    lack = max(0.0, _GAP - (light[0] - dark[0]))
    dark[0] -= lack
    rest = [anchor for place, anchor in enumerate(palette) if place not in pair]
    # The accent is the one that differs most from both in hue and chroma.
    apart = [
        min(float(np.linalg.norm(one[1:] - other[1:])) for other in (dark, light)) for one in rest
    ]
    accent = rest[int(np.argmax(apart))].copy()
    colours = np.stack([dark, light, accent])
    # Dyes of cloth are less loud than enamel, and its third colour is never grey.
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    wanted = np.minimum(np.maximum(_CHROMA * chroma, (0.0, 0.0, 0.09)), (0.13, 0.1, 0.15))
    colours[:, 1:] *= (wanted / np.maximum(chroma, 1e-6))[:, None]
    return colours


def _draw_backdrop(colours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A pale tint of one of the colours, or of the opposite of the accent."""
    turned = math.pi if rng.random() < 0.3 else 0.0
    source = colours[int(rng.integers(len(colours)))]
    hue = math.atan2(source[2], source[1]) + turned + rng.normal(0, 0.15)
    # What is yellow must be pale, or it looks like mud.
    is_pale = rng.random() < 0.6 or math.cos(hue - YELLOW) > 0.7
    lightness = rng.uniform(0.89, 0.95) if is_pale else rng.uniform(0.76, 0.88)
    chroma = rng.uniform(0.018, 0.04) if is_pale else rng.uniform(0.035, 0.06)
    return np.array([lightness, chroma * math.cos(hue), chroma * math.sin(hue)])
