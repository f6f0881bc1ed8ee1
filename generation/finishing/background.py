"""Background: find the ground around a figure, and replace it or make it transparent.

The ground is what can be reached from the picture's border over similar colours. At the figure's
edge the share of the ground in a pixel is estimated and subtracted from its colour, so no fringe of
the old ground is left (Smith and Blinn 1996, "Blue Screen Matting", for a known ground).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import ndimage

from generation.finishing.oklab import from_oklab, read_colour, to_oklab

FRAME = 1 / 32  # Width of the border from which the ground's colour is learnt.
EDGE = 1 / 96  # Width of the edge in which a pixel may be partly ground.
WIDEST_TOLERANCE = 0.2  # OKLab distance.


def replace_ground(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """uint8 [size, size, 3] -> the same on another ground.

    The result is [size, size, 4] when the ground is to be transparent.
    """
    share, ground = find_figure(pixels, tolerance=WIDEST_TOLERANCE * settings["tolerance"])
    solid = np.clip(share, 1 / 16, 1)[..., None]
    figure = np.clip((pixels - (1 - solid) * ground) / solid, 0, 255)
    share = share[..., None]
    if settings["kind"] == "transparent":
        return np.concatenate([figure, share * 255], axis=2).round().astype(np.uint8)
    return (share * figure + (1 - share) * _new_ground(len(pixels), settings) + 0.5).astype(
        np.uint8
    )


def find_figure(pixels: np.ndarray, *, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """The figure's opacity, float32 [size, size] in 0..1, and the ground's sRGB [size, size, 3]."""
    size = len(pixels)
    colours = to_oklab(pixels)
    ground = _ground(colours)
    away = np.sqrt(((colours - ground) ** 2).sum(-1))
    pieces, _ = ndimage.label(away < tolerance)
    border = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
    is_ground = np.isin(pieces, np.unique(border[border > 0]))
    width = max(1, round(EDGE * size))
    is_near = ndimage.binary_dilation(is_ground, iterations=width) & ~is_ground
    # A pixel on the edge lies between the ground and the farthest colour beside it, which is the
    # figure's own.
    farthest = ndimage.maximum_filter(away, 2 * width + 1, mode="nearest")
    share = np.where(
        is_near,
        np.clip((away - tolerance / 2) / np.maximum(farthest - tolerance / 2, 1e-3), 0, 1),
        ~is_ground,
    )
    return share.astype(np.float32), from_oklab(ground).astype(np.float32)


def _ground(colours: np.ndarray) -> np.ndarray:
    """The ground's colour at each place.

    It is the plane through those colours of the border that are similar to most of the border.
    """
    size = len(colours)
    width = max(1, round(FRAME * size))
    y, x = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    is_frame = np.ones((size, size), bool)
    is_frame[width:-width, width:-width] = False
    frame, places = (
        colours[is_frame],
        np.stack([np.ones(is_frame.sum(), np.float32), x[is_frame], y[is_frame]], 1),
    )
    away = np.abs(frame - np.median(frame, axis=0)).sum(1)
    usual = away <= max(np.median(away) * 2, 0.03)
    plane, *_ = np.linalg.lstsq(places[usual].astype(float), frame[usual].astype(float), rcond=None)
    plane = plane.astype(np.float32)
    return plane[0] + x[..., None] * plane[1] + y[..., None] * plane[2]


def _new_ground(size: int, settings: Mapping[str, Any]) -> np.ndarray:
    """sRGB float [size, 1 or size, 3] of the new ground.

    One colour, a gradient from top to bottom, or one from the centre outwards.
    """
    first, second = read_colour(settings["colour"]), read_colour(settings["second"])
    y, x = np.mgrid[:size, :size].astype(np.float32) / max(1, size - 1)
    if settings["kind"] == "plain":
        place = np.zeros((1, 1), np.float32)
    elif settings["kind"] == "gradient":
        place = y[:, :1]
    else:
        place = np.clip(np.hypot(x - 0.5, y - 0.5) / 0.7, 0, 1)
    return from_oklab(first + place[..., None] * (second - first)).astype(np.float32)
