"""Palettes of the Patterns species: six OKLab anchors from dark to light, and their table.

OKLab: Björn Ottosson, "A perceptual color space for image processing" (2020). L in [0, 1]; a and b
about -.3 to .3.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from generation.genespaces.base import Weights, contributors, mean_of
from generation.genespaces.layout import Parts
from generation.genespaces.patterns.layout import ANCHORS

# Steps from the dark end to the light one. The table runs up and back again, so that it wraps
# without a seam.
TABLE_HALF = 1024
TABLE_SIZE = 2 * TABLE_HALF
MAX_CHROMA = 0.23
_MUD_HUE = math.radians(105)  # Dark yellow: olive and mud.

# Hue offsets of the six anchors, radians, around one drawn base hue.
SCHEMES: dict[str, tuple[float, ...]] = {
    "analogous": (0, 0.35, 0.7, -0.35, 0.5, 0.2),
    "complementary": (0, 0.2, math.pi, 0.1, math.pi + 0.25, -0.2),
    "triad": (0, 2.09, 0.2, 4.19, 2.2, 0),
    "split": (0, 2.62, 0.2, 3.67, 0.1, 2.8),
    "single": (0, 0.1, -0.1, 0.15, 0, 0.1),
    "warm and cool": (0, 0.5, 1.1, 2.9, 3.4, 3.8),
    "rainbow arc": (0, 0.55, 1.1, 1.65, 2.2, 2.75),
}

# Lightness ramp, chroma ramp and how often each colour world is drawn.
WORLDS: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "full": ((0.16, 0.36, 0.52, 0.66, 0.80, 0.93), (0.05, 0.14, 0.16, 0.16, 0.13, 0.05), 0.34),
    "jewel": ((0.12, 0.27, 0.42, 0.56, 0.70, 0.88), (0.07, 0.16, 0.20, 0.20, 0.17, 0.08), 0.24),
    "pastel": ((0.42, 0.60, 0.74, 0.83, 0.90, 0.96), (0.09, 0.11, 0.10, 0.09, 0.06, 0.02), 0.15),
    "ink": ((0.12, 0.20, 0.38, 0.66, 0.90, 0.96), (0.03, 0.06, 0.17, 0.12, 0.03, 0.015), 0.13),
    "neon": ((0.10, 0.20, 0.42, 0.64, 0.80, 0.94), (0.05, 0.13, 0.22, 0.21, 0.17, 0.06), 0.14),
}


def sample_palette(rng: np.random.Generator) -> np.ndarray:
    """Draw six anchors, [6, 3] OKLab, from dark to light."""
    base = rng.uniform(0, 2 * math.pi)
    scheme = SCHEMES[str(rng.choice(list(SCHEMES)))]
    shares = np.array([share for _, _, share in WORLDS.values()])
    lightness, chroma, _ = WORLDS[str(rng.choice(list(WORLDS), p=shares / shares.sum()))]
    hues = base + np.array(scheme) + rng.normal(0, 0.12, ANCHORS)
    chromas = np.array(chroma) * rng.uniform(0.8, 1.2)
    lights = np.array(lightness) + rng.normal(0, 0.02, ANCHORS)
    return np.stack([lights, chromas * np.cos(hues), chromas * np.sin(hues)], axis=1)


def rotate_hue(palette: np.ndarray, angle: float) -> np.ndarray:
    """The palette with every hue turned by `angle` radians."""
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = palette.copy()
    turned[:, 1] = cosine * palette[:, 1] - sine * palette[:, 2]
    turned[:, 2] = sine * palette[:, 1] + cosine * palette[:, 2]
    return turned


def lighten(palette: np.ndarray, amount: float) -> np.ndarray:
    """Bend the ramp of lightness by an amount in [-1, 1].

    Both ends stay apart, and the middle keeps its chroma, so that a lighter picture does not look
    washed out and a darker one does not sink into black.
    """
    bent = palette.copy()
    lights = np.clip(palette[:, 0], 0.02, 0.98)
    bent[:, 0] = lights ** math.exp(-0.85 * amount)
    bent[:, 1:] *= 1 + 0.18 * max(amount, 0.0)
    return bent


def blend_palettes(palettes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weighted mean of palettes [parents, 6, 3], with the chroma of each anchor restored.

    A plain mean would look washed out.
    """
    mean = np.einsum("p,pij->ij", weights, palettes)
    wanted = weights @ np.linalg.norm(palettes[:, :, 1:], axis=2)
    found = np.linalg.norm(mean[:, 1:], axis=1)
    mean[:, 1:] *= (wanted / np.maximum(found, 0.3 * wanted + 1e-6))[:, None]
    return mean


def blend_with_palette(
    parents: Sequence[np.ndarray],
    weights: Weights,
    unpack: Callable[[np.ndarray], Parts],
    pack: Callable[[Parts], np.ndarray],
) -> np.ndarray:
    """The mean of gene vectors that have a part "palette", whose colours don't fade in it.

    The order of the parents does not matter; a single weight above zero returns that parent.
    """
    kept, shares = contributors(parents, weights)
    if len(kept) == 1:
        return kept[0].copy()
    child = unpack(mean_of(kept, shares))
    child["palette"] = blend_palettes(np.stack([unpack(one)["palette"] for one in kept]), shares)
    return pack(child)


def clear_of_mud(palette: np.ndarray) -> np.ndarray:
    """Push dark yellows smoothly to orange or green.

    Lightness and chroma are brought into their range too, whatever was bred.
    """
    lightness = np.clip(palette[:, 0], 0.04, 0.985)
    chroma = np.minimum(np.hypot(palette[:, 1], palette[:, 2]), MAX_CHROMA)
    hue = np.arctan2(palette[:, 2], palette[:, 1])
    offset = np.mod(hue - _MUD_HUE + math.pi, 2 * math.pi) - math.pi
    darkness = np.clip((0.72 - lightness) / 0.25, 0, 1)
    near = np.where(np.abs(offset) < math.pi / 2, np.sin(2 * offset), 0.0)
    hue = hue + 0.44 * darkness * near
    return np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)


def palette_table(palette: np.ndarray) -> np.ndarray:
    """The ramp as a table [3, 2048] of OKLab float32.

    Smoothstep between anchors, up and mirrored back.
    """
    anchors = clear_of_mud(palette)
    place = (np.arange(TABLE_HALF) + 0.5) / TABLE_HALF * (ANCHORS - 1)
    low = np.minimum(place.astype(int), ANCHORS - 2)
    part = place - low
    part = part * part * (3 - 2 * part)
    ramp = anchors[low] * (1 - part[:, None]) + anchors[low + 1] * part[:, None]
    return np.ascontiguousarray(np.concatenate([ramp, ramp[::-1]]).T, dtype=np.float32)
