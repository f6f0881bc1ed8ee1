"""Mock-up: a tote bag that hangs on a wall."""

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
from generation.finishing.mockups.cloth import WOOD, printed, table_light

BAG: Outline = mirrored(
    [
        (0.5, 0.362),
        *curve((0.60, 0.362), (0.74, 0.362), (0.752, 0.358)),
        *curve((0.752, 0.358), (0.765, 0.6), (0.768, 0.87)),
        *curve((0.768, 0.87), (0.772, 0.925), (0.735, 0.930)),
        *curve((0.735, 0.930), (0.62, 0.940), (0.5, 0.936)),
    ]
)
HANDLE = [
    *curve((0.372, 0.40), (0.385, 0.20), (0.43, 0.085), (0.5, 0.085)),
    *curve((0.5, 0.085), (0.57, 0.085), (0.615, 0.20), (0.628, 0.40))[1:],
]
BACK_HANDLE = [
    *curve((0.392, 0.375), (0.41, 0.21), (0.45, 0.098), (0.5, 0.098)),
    *curve((0.5, 0.098), (0.55, 0.098), (0.59, 0.21), (0.608, 0.375))[1:],
]
STRAP = 0.032
BAG_FOLDS: tuple[Fold, ...] = (
    ((0.375, 0.37), (0.33, 0.66), 0.024, 0.0075),
    ((0.625, 0.37), (0.66, 0.70), 0.024, 0.0075),
    ((0.40, 0.37), (0.47, 0.58), 0.026, 0.0050),
    ((0.60, 0.37), (0.54, 0.60), 0.026, 0.0050),
    ((0.25, 0.40), (0.27, 0.93), 0.022, 0.0070),
    ((0.75, 0.40), (0.735, 0.93), 0.022, 0.0070),
    ((0.26, 0.90), (0.46, 0.80), 0.030, 0.0065),
    ((0.74, 0.90), (0.56, 0.82), 0.030, 0.0065),
    ((0.40, 0.93), (0.42, 0.70), 0.030, 0.0040),
    ((0.60, 0.94), (0.59, 0.74), 0.026, 0.0040),
    ((0.30, 0.55), (0.36, 0.90), 0.030, 0.0045),
    ((0.69, 0.50), (0.65, 0.86), 0.030, 0.0045),
)


@cache
def _bag_fields() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights, the light on the cloth, the light on the wall."""
    x, y = grid()
    belly = 0.045 * np.exp(-(((x - 0.5) / 0.21) ** 4)) * np.exp(-(((y - 0.72) / 0.3) ** 2))
    height = folded(BAG_FOLDS) + belly
    handle = [*_beside(HANDLE, 0.47 * STRAP), *_beside(HANDLE, -0.47 * STRAP)[::-1]]
    wide = shadow(BAG, away=(0.034, 0.030), softness=0.022, amount=0.32)
    near = shadow(BAG, away=(0.008, 0.010), softness=0.007, amount=0.22)
    straps = shadow(handle, away=(0.030, 0.026), softness=0.014, amount=0.26)
    return height, lit(height, strength=0.36), table_light() * wide * near * straps


def draw_tote(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """The bag hanging by its handles, with the picture on its side."""
    height, light, below = _bag_fields()
    canvas = Canvas(size, ground, below)
    canvas.lay(canvas.line(BACK_HANDLE, width=STRAP), 0.78 * colour)
    _peg(canvas)
    print_ = printed(canvas, picture, height, centre=(0.5, 0.655), edge=0.42 * scale)
    weave = canvas.weave(threads=120, depth=0.05)
    canvas.print(canvas.mask(BAG), colour, print_, canvas.grown(light) * weave)
    canvas.darken(canvas.line([(0.25, 0.362), (0.75, 0.362)], width=0.003), -0.06)
    canvas.darken(canvas.line([(0.251, 0.392), (0.749, 0.392)], width=0.0022), 0.14)
    canvas.darken(
        canvas.line([(x + 0.003, y + 0.004) for x, y in HANDLE], width=1.12 * STRAP), 0.16
    )
    canvas.lay(canvas.line(HANDLE, width=STRAP), 0.97 * weave[..., None] * colour)
    for side in (-0.36 * STRAP, 0.36 * STRAP):
        canvas.darken(canvas.line(_beside(HANDLE, side), width=0.0018), 0.10)
    return canvas


def _beside(line: Outline, distance: float) -> list[Point]:
    """A line parallel to another."""
    points = np.array(line)
    along = np.gradient(points, axis=0)
    along /= np.hypot(along[:, :1], along[:, 1:])
    return [(x, y) for x, y in points + distance * np.stack([-along[:, 1], along[:, 0]], 1)]


def _peg(canvas: Canvas) -> None:
    """The wooden peg on which the bag hangs."""
    turn = np.linspace(0, 2 * np.pi, 60)
    for radius, lightness, shift in (
        (0.024, 0.62, 0.004),
        (0.022, 0.86, 0.0),
        (0.014, 0.95, -0.003),
    ):
        circle = [
            (0.5 + shift + radius * np.cos(angle), 0.094 + shift + radius * np.sin(angle))
            for angle in turn
        ]
        canvas.lay(canvas.mask(circle), lightness * WOOD)
