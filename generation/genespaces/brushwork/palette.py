"""Colours of founders: a key of lightness and a harmony of hues, in OKLab.

Both give the colours in their order in the genes: two of the sky, two of the land, two of the
figures, the light and the paper.
"""

import math

import numpy as np

# Lightness and chroma of each colour, and how often the key is drawn.
KEYS: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "day": (
        (0.66, 0.86, 0.62, 0.44, 0.47, 0.66, 0.91, 0.95),
        (0.10, 0.06, 0.09, 0.10, 0.13, 0.15, 0.10, 0.015),
        0.28,
    ),
    "dusk": (
        (0.42, 0.74, 0.44, 0.28, 0.33, 0.60, 0.89, 0.91),
        (0.11, 0.13, 0.09, 0.07, 0.09, 0.16, 0.12, 0.02),
        0.24,
    ),
    "night": (
        (0.24, 0.42, 0.31, 0.2, 0.3, 0.52, 0.87, 0.86),
        (0.09, 0.11, 0.08, 0.06, 0.09, 0.14, 0.12, 0.025),
        0.16,
    ),
    "pale": (
        (0.83, 0.93, 0.78, 0.64, 0.6, 0.76, 0.95, 0.965),
        (0.05, 0.03, 0.05, 0.07, 0.10, 0.10, 0.05, 0.01),
        0.14,
    ),
    "wild": (
        (0.58, 0.78, 0.56, 0.46, 0.5, 0.68, 0.90, 0.93),
        (0.15, 0.14, 0.16, 0.15, 0.19, 0.18, 0.14, 0.02),
        0.18,
    ),
}
# Hues, radians, and how often: red is near .5, yellow 1.9, green 2.5, blue 4.6, violet 5.2.
HARMONIES: dict[str, tuple[tuple[float, ...], float]] = {
    "summer": ((4.45, 1.5, 3.9, 2.35, 2.3, 0.5, 1.7, 1.6), 0.2),
    "autumn": ((4.2, 1.3, 0.9, 1.35, 0.6, 1.3, 1.75, 1.5), 0.16),
    "evening": ((5.0, 0.75, 5.2, 4.7, 4.6, 0.35, 1.35, 1.2), 0.18),
    "cold": ((4.5, 3.7, 4.4, 4.1, 3.5, 5.6, 1.7, 4.4), 0.12),
}
_TURNED = (0.0, 0.5, -0.4, 0.25, math.pi, math.pi - 0.7, math.pi + 0.5, 0.3)


def sample_palette(rng: np.random.Generator) -> np.ndarray:
    """Draw the colours, [8, 3] OKLab."""
    names = list(KEYS)
    odds = np.array([share for _, _, share in KEYS.values()])
    lights, chromas, _ = KEYS[str(rng.choice(names, p=odds / odds.sum()))]
    given = sum(share for _, share in HARMONIES.values())
    if rng.random() < given:
        odds = np.array([share for _, share in HARMONIES.values()])
        hues, _ = HARMONIES[str(rng.choice(list(HARMONIES), p=odds / odds.sum()))]
        turn = rng.normal(0, 0.2)
    else:  # Any hue, with its opposite for the figures.
        hues, turn = _TURNED, rng.uniform(0, 2 * math.pi)
    hue = np.array(hues) + turn + rng.normal(0, 0.14, len(hues))
    light = np.array(lights) + rng.normal(0, 0.025, len(lights))
    chroma = np.array(chromas) * rng.uniform(0.75, 1.25)
    return np.stack([light, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
