"""Colour: balance, contrast and saturation; the palette of another work or preset; duotone."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.cluster.vq import kmeans2

from generation.finishing.oklab import read_colour, repaint, to_oklab, write_colour

# OKLab shift of the warmth and the tint slider at its end.
WARMTH = np.array([0, 0.012, 0.06], np.float32)
TINT = np.array([0, 0.05, -0.012], np.float32)
CONTRAST = 0.9
# Least difference in OKLab lightness of two inks in the second edition, and their range.
INK_CONTRAST, DARKEST_INK, LIGHTEST_INK = 0.4, 0.08, 0.97
# Limits of the exponent that brings a picture's mean tone to the middle between two inks.
CURVES = (0.7, 1.8)
SAMPLES = 96  # Points along each axis at which a picture's colours are sampled.
NEARNESS = 0.09  # OKLab distance over which palette colours share a pixel; less has hard borders.
PALETTE_SIZE = 5


def balance(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """White balance, lightness, contrast and saturation, each from -1 to 1; 0 changes nothing."""
    if not any(settings.values()):
        return pixels
    shift = WARMTH * settings["warmth"] + TINT * settings["tint"]
    chroma = 1 + settings["saturation"]

    def change(colours: np.ndarray) -> np.ndarray:
        light = np.clip(colours[..., 0], 0, 1)
        # Both curves leave black and white where they are, so nothing is cut off.
        light = light ** np.float32(2 ** (-settings["lightness"]))
        light = light + CONTRAST * settings["contrast"] * light * (1 - light) * (2 * light - 1)
        # The ends of the scale stay white and black: a tinted white looks like a stain.
        strength = np.clip(4 * light * (1 - light), 0.25, 1)[..., None]
        out = colours * np.array([1, chroma, chroma], np.float32) + shift * strength
        out[..., 0] = light
        return out

    return repaint(pixels, change)


def two_inks(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """Map lightness to the way from the dark ink to the light one.

    The tones are stretched and balanced, so that both inks are reached. The second edition spreads
    inks that are nearly as light as each other, which would flatten the picture.
    """
    dark, light, amount = (
        read_colour(settings["dark"]),
        read_colour(settings["light"]),
        settings["amount"],
    )
    if settings.get("edition", 1) > 1:
        dark, light = spread_inks(dark, light)
    tones = _points(pixels)[:, 0]
    low, high = np.percentile(tones, [1, 99])
    reach = max(high - low, 0.05)
    middle = float(np.clip((tones - low) / reach, 0, 1).mean())
    curve = np.float32(np.clip(np.log(0.5) / np.log(np.clip(middle, 0.01, 0.99)), *CURVES))

    def change(colours: np.ndarray) -> np.ndarray:
        place = np.clip((colours[..., :1] - np.float32(low)) / np.float32(reach), 0, 1) ** curve
        return colours + np.float32(amount) * (dark + place * (light - dark) - colours)

    return repaint(pixels, change)


def spread_inks(dark: np.ndarray, light: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two OKLab inks, INK_CONTRAST apart in lightness at least; hue and chroma stay.

    Which of the two is lighter stays too; of two that are equally light, the second becomes so.
    """
    apart = float(light[0] - dark[0])
    if abs(apart) >= INK_CONTRAST:
        return dark, light
    reach = INK_CONTRAST / 2
    middle = min(max(float(light[0] + dark[0]) / 2, DARKEST_INK + reach), LIGHTEST_INK - reach)
    sign = -1 if apart < 0 else 1
    dark, light = dark.copy(), light.copy()
    dark[0], light[0] = middle - sign * reach, middle + sign * reach
    return dark, light


def use_palette(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """Replace the picture's own main colours by those of the palette, from dark to light.

    Every pixel moves with the main colours that it is near to, so shading and soft edges are kept.
    """
    target = np.stack([read_colour(colour) for colour in settings["colours"]])
    target = target[np.argsort(target[:, 0], kind="stable")]
    own = main_colours(_points(pixels), len(target))
    moves = (target - own).astype(np.float32)
    amount = np.float32(settings["amount"])

    def change(colours: np.ndarray) -> np.ndarray:
        away = ((colours[..., None, :] - own.astype(np.float32)) ** 2).sum(-1)
        near = np.exp(-(away - away.min(-1, keepdims=True)) / (2 * NEARNESS**2))
        return colours + amount * (near / near.sum(-1, keepdims=True)) @ moves

    return repaint(pixels, change)


def palette_of(pixels: np.ndarray, *, count: int = PALETTE_SIZE) -> list[str]:
    """The main colours of a work as "#rrggbb", dark to light: what `use_palette` takes."""
    return [write_colour(colour) for colour in main_colours(_points(pixels), count)]


def main_colours(points: np.ndarray, count: int) -> np.ndarray:
    """`count` representative colours [count, 3] of OKLab points [points, 3], dark to light."""
    start = points[np.argsort(points[:, 0], kind="stable")][
        np.linspace(0, len(points) - 1, count).astype(int)
    ]
    # A hair's breadth apart, so that a picture of one colour gives no empty clusters.
    start = start + np.linspace(-1e-3, 1e-3, count)[:, None]
    with warnings.catch_warnings():
        # A cluster that stays empty keeps its place, which is wanted.
        warnings.simplefilter("ignore", UserWarning)
        centres, _ = kmeans2(points, start, iter=12, minit="matrix")
    return centres[np.argsort(centres[:, 0], kind="stable")]


def _points(pixels: np.ndarray) -> np.ndarray:
    rows = np.linspace(0, pixels.shape[0] - 1, min(pixels.shape[0], SAMPLES)).astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, min(pixels.shape[1], SAMPLES)).astype(int)
    return to_oklab(pixels[np.ix_(rows, columns)]).reshape(-1, 3).astype(np.float64)
