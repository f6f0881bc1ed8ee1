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

# Of the second edition. A picture has a plain ground where so much of its border is of one colour,
# and so much of the picture, but not all of it, belongs to that ground.
PLAIN_AWAY, PLAIN_BORDER = 0.05, 0.6
LEAST_GROUND, LEAST_FIGURE = 0.06, 0.02
GAP = 1 / 128  # Half the width of a gap through which the ground does not leak into the figure.
FRINGE = 1 / 64  # How far from there on the ground may still be a little different.
SCRAP = 1 / 600  # Share of the picture; smaller pieces beside the figure go with the ground.
# How much of the tolerance a ground needs by its own roughness: the least, and by OKLab distance.
SMOOTH, ROUGH = 0.4, 0.015


def replace_ground(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """uint8 [size, size, 3] -> the same on another ground.

    The result is [size, size, 4] when the ground is to be transparent. The second edition leaves a
    picture that has no plain ground as it is.
    """
    tolerance = WIDEST_TOLERANCE * settings["tolerance"]
    if settings.get("edition", 1) == 1:
        share, ground = find_figure(pixels, tolerance=tolerance)
    elif found := find_on_plain_ground(pixels, tolerance=tolerance):
        share, ground = found
    elif settings["kind"] == "transparent":
        return np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2)
    else:
        return pixels
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
    colours = to_oklab(pixels)
    ground = _ground(colours)
    away = np.sqrt(((colours - ground) ** 2).sum(-1))
    is_ground = _from_border(away < tolerance)
    share = _opacity(is_ground, away, tolerance)
    return share.astype(np.float32), from_oklab(ground).astype(np.float32)


def find_on_plain_ground(
    pixels: np.ndarray, *, tolerance: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """What `find_figure` gives; None where no plain ground surrounds a figure.

    The ground has to be wide enough: it does not leak through gaps in an outline, so that a bright
    inside is kept. Where it is smooth, less tolerance is enough.
    """
    size = len(pixels)
    colours = to_oklab(pixels)
    ground = _ground(colours)
    away = np.sqrt(((colours - ground) ** 2).sum(-1))
    rim = away[_frame(size)]
    if (rim < PLAIN_AWAY).mean() < PLAIN_BORDER:
        return None
    roughness = float(np.percentile(rim[rim < PLAIN_AWAY], 95))
    strict = tolerance * min(max(roughness / ROUGH, SMOOTH), 1.0)
    width = max(1, round(GAP * size))
    # Eroded as if the ground went on outside the picture.
    wide = _from_border(ndimage.binary_erosion(away < strict, iterations=width, border_value=1))
    # At the figure's edge all of the tolerance counts, so that no fringe is left.
    fringe = width + max(1, round(FRINGE * size))
    is_ground = ndimage.binary_dilation(wide, iterations=fringe) & (away < tolerance)
    pieces, count = ndimage.label(~is_ground, np.ones((3, 3)))
    if count:
        areas = np.bincount(pieces.ravel())
        is_scrap = areas < SCRAP * size * size
        is_ground |= is_scrap[pieces] & (pieces > 0)
    if is_ground.mean() < LEAST_GROUND or is_ground.mean() > 1 - LEAST_FIGURE:
        return None
    share = _opacity(is_ground, away, tolerance)
    # Half of a slight blur takes the steps out of the edge and keeps it where it is.
    share = (share + ndimage.gaussian_filter(share.astype(np.float32), EDGE * size / 4)) / 2
    return share.astype(np.float32), from_oklab(ground).astype(np.float32)


def _from_border(mask: np.ndarray) -> np.ndarray:
    """The part of a mask that can be reached from the picture's border."""
    pieces, _ = ndimage.label(mask)
    border = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
    return np.isin(pieces, np.unique(border[border > 0]))


def _opacity(is_ground: np.ndarray, away: np.ndarray, tolerance: float) -> np.ndarray:
    """The figure's opacity in each pixel. away: OKLab distance to the ground."""
    width = max(1, round(EDGE * len(away)))
    is_near = ndimage.binary_dilation(is_ground, iterations=width) & ~is_ground
    # A pixel on the edge lies between the ground and the farthest colour beside it, which is the
    # figure's own.
    farthest = ndimage.maximum_filter(away, 2 * width + 1, mode="nearest")
    return np.where(
        is_near,
        np.clip((away - tolerance / 2) / np.maximum(farthest - tolerance / 2, 1e-3), 0, 1),
        ~is_ground,
    )


def _frame(size: int) -> np.ndarray:
    """The border from which the ground's colour is learnt, bool [size, size]."""
    width = max(1, round(FRAME * size))
    is_frame = np.ones((size, size), bool)
    is_frame[width:-width, width:-width] = False
    return is_frame


def _ground(colours: np.ndarray) -> np.ndarray:
    """The ground's colour at each place.

    It is the plane through those colours of the border that are similar to most of the border.
    """
    size = len(colours)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    is_frame = _frame(size)
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
