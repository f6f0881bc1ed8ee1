"""Colours of the Flames species: five OKLab anchors around which the maps pull, and a ground.

How light a point is follows from how many orbits pass it; the palette gives hue and chroma, and
makes some parts lighter than others.
"""

import math

import numpy as np

from generation.genespaces.flames.layout import ANCHORS

TABLE_SIZE = 512
MAX_CHROMA = 0.24
DARK, LIGHT = 0.11, 0.915  # Lightness of the grounds, before what makes each a little different.
MAX_GROUND_CHROMA = 0.06

# Hue offsets of the anchors, radians, around one drawn base hue, and how often each is drawn.
SCHEMES: dict[str, tuple[tuple[float, ...], float]] = {
    "analogous": ((-0.5, 0.0, 0.45, 0.9, 0.3), 0.24),
    "complementary": ((0.0, 0.3, 0.1, math.pi, math.pi + 0.35), 0.2),
    "warm and cool": ((0.0, 0.55, 1.1, 2.8, 3.4), 0.2),
    "split": ((0.0, 0.2, 2.55, 2.9, 3.7), 0.14),
    "arc": ((0.0, 0.6, 1.2, 1.8, 2.4), 0.14),
    "single": ((0.0, 0.12, -0.15, 0.2, -0.1), 0.08),
}


def sample_palette(rng: np.random.Generator) -> np.ndarray:
    """Draw the anchors, [5, 3] OKLab, of one harmony in a random order of lightness."""
    # Fire suits a flame: four in ten start between red and yellow.
    base = rng.uniform(0.3, 1.5) if rng.random() < 0.4 else rng.uniform(0, 2 * math.pi)
    odds = np.array([share for _, share in SCHEMES.values()])
    offsets, _ = SCHEMES[str(rng.choice(list(SCHEMES), p=odds / odds.sum()))]
    hues = base + np.array(offsets) + rng.normal(0, 0.1, ANCHORS)
    # One anchor is nearly white, as the hottest part of a flame is; one is deep.
    lights = rng.permutation([0.5, 0.6, 0.68, 0.76, 0.88]) + rng.normal(0, 0.02, ANCHORS)
    chromas = np.where(lights > 0.82, 0.075, 0.165) * rng.uniform(0.75, 1.2, ANCHORS)
    return np.stack([lights, chromas * np.cos(hues), chromas * np.sin(hues)], axis=1)


def sample_ground(rng: np.random.Generator, palette: np.ndarray) -> np.ndarray:
    """Draw a ground that fits a palette: three in ten are light."""
    is_light = rng.random() < 0.3
    hue = math.atan2(palette[0, 2], palette[0, 1]) + rng.normal(0, 0.8)
    chroma = rng.uniform(0.004, 0.018) if is_light else rng.uniform(0.01, 0.045)
    light = rng.uniform(0.7, 1) if is_light else rng.uniform(-1, -0.6)
    return np.array([light, chroma * math.cos(hue), chroma * math.sin(hue)])


def read_ground(genes: np.ndarray) -> tuple[float, np.ndarray]:
    """How light the ground is, 0 to 1, and its colour, [3] OKLab.

    It dwells at dark and at light, and passes what is between them quickly, nearer to the light
    end: half way between a dark flame and a light one, where nearly nothing would stand out on a
    grey, the ground is dark.
    """
    wanted = float(np.clip(genes[0], -1.8, 1.8))
    light = 1 / (1 + math.exp(-12 * (wanted - 0.4)))
    tinted = np.array(genes[1:3], dtype=np.float64)
    tinted *= MAX_GROUND_CHROMA / max(MAX_GROUND_CHROMA, float(np.hypot(*tinted)))
    tinted *= 1 + 4 * light * (1 - light)
    return light, np.array([DARK + (LIGHT - DARK) * light + 0.047 * wanted, *tinted])


def palette_table(palette: np.ndarray) -> np.ndarray:
    """The palette as a table [512, 3] of OKLab float32, smooth between its anchors."""
    lights = np.clip(palette[:, 0], 0.35, 0.95)
    chromas = np.hypot(palette[:, 1], palette[:, 2])
    shrunk = np.minimum(1, MAX_CHROMA / np.maximum(chromas, 1e-6))
    anchors = np.stack([lights, palette[:, 1] * shrunk, palette[:, 2] * shrunk], axis=1)
    place = (np.arange(TABLE_SIZE) + 0.5) / TABLE_SIZE * (ANCHORS - 1)
    low = np.minimum(place.astype(int), ANCHORS - 2)
    part = place - low
    part = part * part * (3 - 2 * part)
    mixed = anchors[low] * (1 - part[:, None]) + anchors[low + 1] * part[:, None]
    # Between two hues a straight line runs through grey; part of the chroma is given back.
    norms = np.hypot(anchors[:, 1], anchors[:, 2])
    wanted = norms[low] * (1 - part) + norms[low + 1] * part
    found = np.hypot(mixed[:, 1], mixed[:, 2])
    mixed[:, 1:] *= (wanted / np.maximum(found, 0.5 * wanted + 1e-6))[:, None]
    return mixed.astype(np.float32)
