"""Mock-up: a T-shirt laid flat."""

from functools import cache

import numpy as np
from PIL import Image

from generation.finishing.mockups.canvas import (
    Canvas,
    Fold,
    Outline,
    Point,
    curve,
    folded,
    grid,
    lit,
    mirrored,
    shadow,
)
from generation.finishing.mockups.cloth import printed, table_light

NECK = curve((0.5, 0.196), (0.575, 0.196), (0.602, 0.115))
BACK_NECK = curve((0.5, 0.128), (0.565, 0.128), (0.602, 0.115))
ARMHOLE = curve((0.716, 0.160), (0.690, 0.24), (0.735, 0.345))
HEM = curve((0.5, 0.921), (0.62, 0.921), (0.7365, 0.895))
CUFF = curve((0.914, 0.375), (0.868, 0.422), (0.804, 0.445))
SHIRT: Outline = mirrored(
    [
        *NECK,
        *curve((0.602, 0.115), (0.66, 0.140), (0.735, 0.165), (0.80, 0.19)),
        *curve((0.80, 0.19), (0.86, 0.26), (0.925, 0.395)),
        *curve((0.925, 0.395), (0.88, 0.44), (0.818, 0.462)),
        *curve((0.818, 0.462), (0.775, 0.40), (0.737, 0.345)),
        *curve((0.737, 0.345), (0.728, 0.5), (0.724, 0.66), (0.738, 0.918)),
        *curve((0.738, 0.918), (0.62, 0.945), (0.5, 0.945)),
    ]
)
SHIRT_FOLDS: tuple[Fold, ...] = (
    ((0.73, 0.34), (0.56, 0.50), 0.024, 0.0085),
    ((0.735, 0.36), (0.63, 0.60), 0.022, 0.0070),
    ((0.27, 0.34), (0.43, 0.47), 0.024, 0.0080),
    ((0.265, 0.36), (0.36, 0.62), 0.024, 0.0072),
    ((0.74, 0.52), (0.60, 0.72), 0.030, 0.0080),
    ((0.26, 0.56), (0.42, 0.78), 0.030, 0.0080),
    ((0.72, 0.70), (0.52, 0.84), 0.034, 0.0080),
    ((0.28, 0.76), (0.46, 0.90), 0.034, 0.0075),
    ((0.33, 0.66), (0.30, 0.96), 0.022, 0.0055),
    ((0.67, 0.70), (0.69, 0.97), 0.024, 0.0060),
    ((0.50, 0.80), (0.53, 0.97), 0.026, 0.0045),
    ((0.60, 0.15), (0.69, 0.30), 0.026, 0.0050),
    ((0.40, 0.15), (0.31, 0.30), 0.026, 0.0050),
    ((0.77, 0.20), (0.84, 0.44), 0.022, 0.0065),
    ((0.23, 0.20), (0.16, 0.44), 0.022, 0.0065),
    ((0.73, 0.33), (0.86, 0.36), 0.018, 0.0050),
    ((0.27, 0.33), (0.14, 0.36), 0.018, 0.0050),
    ((0.44, 0.25), (0.56, 0.25), 0.030, 0.0025),
)


@cache
def _shirt_fields() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights, the light on the cloth, the light on the table."""
    x, y = grid()
    chest = 0.030 * np.exp(-(((x - 0.5) / 0.2) ** 2)) * np.exp(-(((y - 0.5) / 0.5) ** 2))
    height = folded(SHIRT_FOLDS) + chest
    wide = shadow(SHIRT, away=(0.016, 0.024), softness=0.018, amount=0.30)
    near = shadow(SHIRT, away=(0.004, 0.006), softness=0.005, amount=0.28)
    return height, 0.98 * lit(height, strength=0.42), table_light() * wide * near


def draw_shirt(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """The T-shirt laid flat, with the picture on the chest."""
    height, light, below = _shirt_fields()
    canvas = Canvas(size, ground, below)
    canvas.lay(canvas.mask(mirrored(BACK_NECK) + mirrored(NECK)[::-1]), 0.72 * colour)
    edge = 0.40 * scale
    print_ = printed(canvas, picture, height, centre=(0.5, 0.30 + edge / 2), edge=edge)
    canvas.print(
        canvas.mask(SHIRT),
        colour,
        print_,
        canvas.grown(light) * canvas.weave(threads=150, depth=0.02),
    )
    canvas.darken(canvas.line(ARMHOLE, _left(ARMHOLE), width=0.0035), 0.16)
    for line, lightness in ((mirrored(BACK_NECK), 0.80), (mirrored(NECK), 0.965)):
        collar = sorted(line)
        canvas.lay(
            canvas.line([(x, y + 0.008) for x, y in collar], width=0.021), lightness * colour
        )
        canvas.darken(canvas.line([(x, y + 0.0185) for x, y in collar], width=0.0025), 0.15)
    canvas.darken(canvas.line(sorted(mirrored(HEM)), CUFF, _left(CUFF), width=0.0022), 0.13)
    return canvas


def _left(line: Outline) -> list[Point]:
    """The same line on the other side."""
    return [(1 - x, y) for x, y in line]
