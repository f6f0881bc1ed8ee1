"""Pixel art: a picture of few flat colours, whose pixels stay clear squares when it is enlarged."""

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.oklab import to_oklab

ROUNDED_EDGE = 8  # Scale2x is repeated until a pixel has become this many along an edge.
# Colours that close in OKLab are one ground: a net paints it in a few shades.
SAME_GROUND = 0.045
# A fringe: a pale pixel that hangs on a figure by a corner or a side, and is closer to the ground
# than that.
FRINGE = 0.2
FRINGE_NEIGHBOURS = 3
# Pieces of a figure up to so many pixels of a picture of 32 px are strays, larger ones are meant.
STRAY = 14
WITH_CORNERS = np.ones((3, 3), bool)


def few_colours(
    pixels: np.ndarray, *, colours: int, is_tidied: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Recover the few colours of a picture, uint8 [edge, edge, 3].

    Returns the number of each pixel's colour, uint8 [edge, edge], and the colours, uint8 [n, 3].
    """
    few = Image.fromarray(pixels).quantize(
        colours, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE
    )
    palette = np.asarray(few.getpalette(), np.uint8).reshape(-1, 3)
    indices = np.asarray(few)
    return (tidy(indices, palette) if is_tidied else indices), palette


def tidy(indices: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Paint over what strays from the figures: shades of the ground, its fringes, lost pixels.

    Only the ground's colour is painted, so no colour comes in. The ground is the colour that most
    of the edge has. Pixels inside a figure stay as they are: there a single one may be an eye.
    """
    border = np.concatenate([indices[0], indices[-1], indices[:, 0], indices[:, -1]])
    ground = np.bincount(border).argmax()
    lab = to_oklab(palette)
    distance = np.linalg.norm(lab - lab[ground], axis=1)[indices]
    is_figure = distance >= SAME_GROUND
    for _ in range(2):
        beside = ndimage.convolve(is_figure.astype(int), WITH_CORNERS.astype(int), mode="constant")
        is_figure &= (distance >= FRINGE) | (beside - is_figure > FRINGE_NEIGHBOURS)
    pieces, count = ndimage.label(is_figure, WITH_CORNERS)
    sizes = np.bincount(pieces.ravel(), minlength=count + 1)
    is_stray = sizes <= STRAY * (len(indices) / 32) ** 2
    is_stray[0] = False
    # Ground inside a figure is left alone: it may be skin of nearly the same colour.
    outside, _ = ndimage.label(~(is_figure & ~is_stray[pieces]))
    reached = np.unique(np.concatenate([outside[0], outside[-1], outside[:, 0], outside[:, -1]]))
    return np.where(np.isin(outside, reached[reached > 0]), ground, indices).astype(indices.dtype)


def pixel_art(
    pixels: np.ndarray, size: int, *, colours: int, is_rounded: bool, is_tidied: bool
) -> np.ndarray:
    """Few flat colours and clear pixels, uint8 [height, width, 3], at least `size` along an edge.

    is_rounded: smooth the stairs of diagonals by Scale2x (Mazzoleni 2001). is_tidied: see `tidy`.
    """
    large, palette = few_colours(pixels, colours=colours, is_tidied=is_tidied)
    doublings = 0
    while is_rounded and large.shape[0] < size and 2**doublings < ROUNDED_EDGE:
        large = scale2x(large)
        doublings += 1
    repeat = -(-size // large.shape[0])
    return palette[large].repeat(repeat, axis=0).repeat(repeat, axis=1)


def scale2x(indices: np.ndarray) -> np.ndarray:
    """Each pixel becomes four.

    A corner takes the colour of its two sides where they agree and the others do not.
    """
    edged = np.pad(indices, 1, mode="edge")
    up, down, left, right = edged[:-2, 1:-1], edged[2:, 1:-1], edged[1:-1, :-2], edged[1:-1, 2:]
    is_bent = (up != down) & (left != right)
    out = np.empty((2 * indices.shape[0], 2 * indices.shape[1]), indices.dtype)
    out[0::2, 0::2] = np.where(is_bent & (left == up), left, indices)
    out[0::2, 1::2] = np.where(is_bent & (right == up), right, indices)
    out[1::2, 0::2] = np.where(is_bent & (left == down), left, indices)
    out[1::2, 1::2] = np.where(is_bent & (right == down), right, indices)
    return out
