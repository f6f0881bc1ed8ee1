"""Textures that are the same in every painting: bristles across a stroke, and the grain of paper.

Both are sums of octaves of noise from fixed seeds. An octave whose features are finer than a pixel
fades out, so that small pictures do not glitter and large ones show more.
"""

from functools import lru_cache

import numpy as np

ACROSS, ALONG = 1024, 128  # Size of the texture of bristles; it wraps.
STROKE_ACROSS, STROKE_ALONG = 256, 32  # The part of it that one stroke covers.
# Bristles across a stroke in each octave, how often they change along it, and their amounts.
_BRISTLES = ((4, 2, 0.8), (11, 4, 1.0), (27, 4, 0.85), (60, 6, 0.6))
_GRAIN = ((90, 0.5), (190, 0.8), (400, 1.0), (800, 0.8), (1500, 0.5))  # Cells, and their amounts.


@lru_cache(maxsize=16)
def bristles(width: float) -> np.ndarray:
    """A texture about 0 to 1, float32 [1024, 128], for strokes so many pixels wide."""
    rng = np.random.default_rng(31)
    total = np.zeros((ACROSS, ALONG), np.float32)
    spread = 0.0
    for count, changes, amount in _BRISTLES:
        noise = rng.normal(size=(count * ACROSS // STROKE_ACROSS, changes * ALONG // STROKE_ALONG))
        part = amount * _fade(width / count)
        if part > 0:
            total += np.float32(part) * _enlarge(noise, ACROSS, ALONG)
            spread += part**2
    # Noise enlarged smoothly keeps about three fifths of its spread.
    return np.clip(0.5 + total / max(2.4 * spread**0.5, 1e-6), -0.3, 1.3).astype(np.float32)


@lru_cache(maxsize=4)
def grain(size: int) -> np.ndarray:
    """The grain of paper about 0 to 1, float32 [size, size]."""
    rng = np.random.default_rng(32)
    total = np.zeros((size, size), np.float32)
    spread = 0.0
    for count, amount in _GRAIN:
        seeds = rng.normal(size=(count, count))
        part = amount * _fade(size / count)
        if part > 0:
            total += np.float32(part) * _enlarge(seeds, size, size)
            spread += part**2
    return np.clip(0.5 + total / max(2.4 * spread**0.5, 1e-6), 0, 1).astype(np.float32)


def _fade(pixels: float) -> float:
    """How much of an octave shows whose features are so many pixels wide."""
    return min(max((pixels - 0.7) / 1.0, 0.0), 1.0)


def _enlarge(noise: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Noise that wraps, enlarged smoothly, float32 [rows, columns]."""
    noise = noise.astype(np.float32)
    for axis, wanted in ((0, rows), (1, columns)):
        place = (np.arange(wanted) + 0.5) * (noise.shape[axis] / wanted)
        low = place.astype(int)
        part = (place - low).astype(np.float32)
        part = part * part * (3 - 2 * part)
        if axis == 0:
            part = part[:, None]
        high = (low + 1) % noise.shape[axis]
        first = np.take(noise, low, axis)
        noise = first + (np.take(noise, high, axis) - first) * part
    return noise
