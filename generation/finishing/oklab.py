"""OKLab, the colour space of the finishing steps. Arrays are float32 [..., 3].

Björn Ottosson, "A perceptual color space for image processing" (2020). Lightness in [0, 1]; the two
colour axes about -.3 to .3.
"""

from collections.abc import Callable

import numpy as np

from generation.codecs.image import to_linear, to_srgb

BAND = 1 << 18  # Pixels worked on at once, so that a print of 4096 px needs little memory.

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
FROM_CONES = np.linalg.inv(_TO_CONES.astype(float)).astype(np.float32)
FROM_LAB = np.linalg.inv(_TO_LAB.astype(float)).astype(np.float32)


def to_oklab(pixels: np.ndarray) -> np.ndarray:
    """uint8 sRGB [..., 3] to OKLab."""
    return np.cbrt(to_linear(pixels) @ _TO_CONES.T) @ _TO_LAB.T


def from_oklab(colours: np.ndarray) -> np.ndarray:
    """OKLab to uint8 sRGB; colours that no screen can show are clipped."""
    return to_srgb((colours.astype(np.float32) @ FROM_LAB.T) ** 3 @ FROM_CONES.T)


def read_colour(text: str) -> np.ndarray:
    """The OKLab value of "#rrggbb"."""
    return to_oklab(np.frombuffer(bytes.fromhex(text[1:]), np.uint8))


def write_colour(colour: np.ndarray) -> str:
    """The "#rrggbb" of an OKLab value."""
    return "#" + from_oklab(colour).tobytes().hex()


def repaint(pixels: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """A picture with every colour changed by a function from OKLab to OKLab.

    It works on some rows at a time.
    """
    out = np.empty_like(pixels)
    rows = max(1, BAND // pixels.shape[1])
    for top in range(0, len(pixels), rows):
        out[top : top + rows] = from_oklab(change(to_oklab(pixels[top : top + rows])))
    return out
