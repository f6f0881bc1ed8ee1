"""Detail: sharpness, local contrast, film grain, and the relief of paper and canvas.

Every length is a share of the picture's edge, and the textures are made once at 1024 px, so a
preview shows what the print will be.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.oklab import BAND, from_oklab, to_oklab

LINE = 1 / 320  # Width of what is sharpened.
AREA = 1 / 32  # Width of what local contrast compares with.
SHARPENING, CLARITY = 1.2, 1.0
# Variance of lightness from which a step counts as an edge, which local contrast leaves alone.
EDGE = 0.006
GRAIN, RELIEF = 0.04, 0.11  # OKLab lightness at full strength.
TEXTURE_EDGE = 1024
THREADS = 64  # Of the canvas, along an edge.
SEED = 20


def refine(pixels: np.ndarray, settings: Mapping[str, Any], *, seed: int = 0) -> np.ndarray:
    """Change the lightness of a picture, uint8 [size, size, 3].

    All settings at 0 leave the picture as it is. seed: of the grain.
    """
    size = pixels.shape[0]
    light = lightness(pixels)
    changed = light
    if settings["clarity"]:
        around = plain_areas(light, 2 * round(AREA * size) + 1)
        # Middle tones gain most; black and white have no room.
        changed = changed + CLARITY * settings["clarity"] * (light - around) * np.clip(
            4 * light * (1 - light), 0, 1
        )
    if settings["sharpness"]:
        soft = ndimage.gaussian_filter(light, LINE * size, mode="nearest", truncate=2.5)
        reach = max(3, 2 * round(LINE * size) + 1)
        low = ndimage.minimum_filter(changed, reach, mode="nearest")
        high = ndimage.maximum_filter(changed, reach, mode="nearest")
        changed = np.clip(changed + SHARPENING * settings["sharpness"] * (light - soft), low, high)
    if settings["grain"]:
        changed = changed + GRAIN * settings["grain"] * _turned(texture("grain", size), seed)
    if settings["surface"] != "none" and settings["relief"]:
        changed = changed + RELIEF * settings["relief"] * texture(settings["surface"], size)
    return pixels if changed is light else with_lightness(pixels, changed)


def lightness(pixels: np.ndarray) -> np.ndarray:
    """OKLab lightness of a picture, float32 [height, width]."""
    rows = max(1, BAND // pixels.shape[1])
    return np.concatenate(
        [to_oklab(pixels[top : top + rows])[..., 0] for top in range(0, len(pixels), rows)]
    )


def with_lightness(pixels: np.ndarray, light: np.ndarray) -> np.ndarray:
    """The picture with another lightness, its colours kept."""
    out = np.empty_like(pixels)
    rows = max(1, BAND // pixels.shape[1])
    for top in range(0, len(pixels), rows):
        colours = to_oklab(pixels[top : top + rows])
        colours[..., 0] = np.clip(light[top : top + rows], 0, 1)
        out[top : top + rows] = from_oklab(colours)
    return out


def plain_areas(light: np.ndarray, width: int) -> np.ndarray:
    """The lightness without its fine differences but with its edges, so that edges get no glow.

    He et al. 2010, "Guided Image Filtering", with the picture as its own guide.
    """

    def mean(values: np.ndarray) -> np.ndarray:
        return ndimage.uniform_filter(values, width, mode="nearest")

    middle = mean(light)
    variance = np.maximum(mean(light * light) - middle * middle, 0)
    slope = variance / (variance + EDGE)
    return mean(slope) * light + mean(middle - slope * middle)


def texture(kind: str, size: int) -> np.ndarray:
    """Grain, paper or canvas, float32 [size, size] with mean 0.

    It has unit strength at 1024 px, and less in a smaller picture, as seen from further away.
    """
    whole = Image.fromarray(_texture(kind))
    way = Image.Resampling.BOX if size < TEXTURE_EDGE else Image.Resampling.BICUBIC
    return np.asarray(whole.resize((size, size), way))


def _turned(grain: np.ndarray, seed: int) -> np.ndarray:
    """The grain that belongs to a seed.

    There is one texture, which repeats without a seam; it is moved, turned and mirrored.
    """
    rng = np.random.default_rng([SEED, seed])
    down, across = (rng.random(2) * len(grain)).astype(int)
    turned = np.rot90(np.roll(grain, (down, across), (0, 1)), int(rng.integers(4)))
    return turned.T if rng.integers(2) else turned


@cache
def _texture(kind: str) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    noise = rng.standard_normal((TEXTURE_EDGE, TEXTURE_EDGE), dtype=np.float32)
    if kind == "grain":
        # Film grain has clumps of a few sizes; plain noise looks like a poor camera's.
        return _softened(noise, 1.0) + 0.4 * _softened(noise, 2.2)
    if kind == "paper":
        height = (
            0.5 * _softened(noise, 1.5) + 1.0 * _softened(noise, 4) + 1.6 * _softened(noise, 11)
        )
    else:
        height = _weave() + 0.12 * _softened(noise, 2)
    # Light falls in from the upper left: what faces it is brighter.
    lit = height - np.roll(height, (2, 2), (0, 1))
    return np.clip(_unit(lit) * 0.6, -1.2, 1.2).astype(np.float32)


def _weave() -> np.ndarray:
    """Heights of threads that cross over and under each other, [1024, 1024]."""
    place = np.arange(TEXTURE_EDGE, dtype=np.float32) * (np.pi * THREADS / TEXTURE_EDGE)
    round_thread, over = np.abs(np.sin(place)), np.cos(place)
    across = round_thread[:, None] * (1 + over[None, :] * np.sign(np.sin(place))[:, None])
    down = round_thread[None, :] * (1 - over[:, None] * np.sign(np.sin(place))[None, :])
    return np.maximum(across, down)


def _softened(noise: np.ndarray, width: float) -> np.ndarray:
    return _unit(ndimage.gaussian_filter(noise, width, mode="wrap"))


def _unit(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()
