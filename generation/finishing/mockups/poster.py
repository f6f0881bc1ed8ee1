"""Mock-up: a framed poster on a wall, above a wooden board."""

from functools import cache

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.mockups.canvas import Canvas, Outline, Point, grid, shadow
from generation.finishing.mockups.cloth import WOOD, table_light

LARGEST_HALF = 0.33  # Of the frame's edge.
LATH = 0.020
OPENING = 0.76  # Share of the mat that the picture takes.
CENTRE = (0.5, 0.43)
BOARD = 0.905  # Where the sideboard under the poster begins.
PAPER = np.array([0.985, 0.98, 0.965], np.float32)


def draw_poster(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """The poster framed behind a mat, on a wall in the light of a window."""
    half = LARGEST_HALF * (0.4 + 0.6 * scale)
    frame = _rectangle(half)
    wide = shadow(frame, away=(0.020, 0.028), softness=0.016, amount=0.36)
    near = shadow(frame, away=(0.004, 0.006), softness=0.004, amount=0.30)
    canvas = Canvas(size, ground, _wall_light() * wide * near)
    _laths(canvas, half, colour)
    inner = half - LATH
    opening = OPENING * inner
    canvas.lay(canvas.mask(_rectangle(inner)), PAPER)
    canvas.darken(canvas.mask(_rectangle(opening + 0.004)), 0.10)
    canvas.lay(canvas.mask(_rectangle(opening)), PAPER)
    _hang(canvas, picture, opening)
    _glaze(canvas, inner)
    canvas.lay(
        canvas.mask([(0, BOARD), (1, BOARD), (1, 1), (0, 1)]),
        canvas.grown(_wood())[..., None] * (0.9 * WOOD),
    )
    canvas.darken(
        canvas.mask([(0, BOARD), (1, BOARD), (1, BOARD + 0.007), (0, BOARD + 0.007)]), -0.16
    )
    return canvas


@cache
def _wall_light() -> np.ndarray:
    """The light of a barred window that falls aslant on a wall, and the shadow behind the board."""
    x, y = grid()
    across, down = x + 0.42 * y, y + 0.10 * x
    is_pane = (np.mod(across - 0.30, 0.30) > 0.022) & (np.mod(down - 0.05, 0.36) > 0.022)
    is_window = (across > 0.30) & (across < 0.90) & (down > 0.05) & (down < 0.77)
    window = ndimage.gaussian_filter((is_pane & is_window).astype(np.float32), 5)
    behind = shadow(
        [(0, 0.89), (1, 0.89), (1, 1), (0, 1)], away=(0, 0), softness=0.012, amount=0.22
    )
    return table_light() * (0.93 + 0.15 * window) * behind


@cache
def _wood() -> np.ndarray:
    """The light on a board with its grain."""
    _, y = grid()
    grain = ndimage.gaussian_filter(
        np.random.default_rng(5).standard_normal((220, 60)).astype(np.float32), (0.7, 5)
    )
    image = Image.fromarray(grain / grain.std()).resize(y.shape, Image.Resampling.BICUBIC)
    return 1 + 0.035 * np.asarray(image) - 0.15 * np.clip((y - 0.9) / 0.1, 0, 1)


def _rectangle(half: float) -> Outline:
    x, y = CENTRE
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def _laths(canvas: Canvas, half: float, colour: np.ndarray) -> None:
    """Four mitred laths, each in its own light."""
    outer, inner = _rectangle(half), _rectangle(half - LATH)
    for side, lightness in enumerate((1.0, 0.86, 0.80, 0.95)):
        following = (side + 1) % 4
        canvas.lay(
            canvas.mask([outer[side], outer[following], inner[following], inner[side]]),
            lightness * colour,
        )


def _hang(canvas: Canvas, picture: Image.Image, opening: float) -> None:
    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (x - CENTRE[0]) / (2 * opening) + 0.5, (y - CENTRE[1]) / (2 * opening) + 0.5

    reach = opening + 0.02
    box = (CENTRE[0] - reach, CENTRE[1] - reach, CENTRE[0] + reach, CENTRE[1] + reach)
    flat = canvas.bent(picture, place, box=box, edge=2 * opening, cells=1)
    inside = canvas.mask(_rectangle(reach))
    alpha = flat[inside.rows, inside.columns, 3]
    canvas.lay(inside._replace(values=alpha), flat[..., :3])


def _glaze(canvas: Canvas, half: float) -> None:
    """The frame's shadow on what it holds, and a faint reflection."""
    x, y = grid()
    left, top = x - CENTRE[0] + half, y - CENTRE[1] + half
    inside = canvas.mask(_rectangle(half))
    box = inside.rows, inside.columns
    edges = np.minimum(
        1, np.exp(-np.maximum(0, left) / 0.010) + np.exp(-np.maximum(0, top) / 0.013)
    )
    canvas.darken(inside._replace(values=inside.values * canvas.grown(edges)[box]), 0.22)
    slant = x - 0.75 * y
    band = np.exp(-(((slant - _slant(CENTRE) + 0.06) / 0.09) ** 2)) + 0.6 * np.exp(
        -(((slant - 0.35) / 0.03) ** 2)
    )
    shine = (0.05 * inside.values * canvas.grown(band)[box])[..., None]
    canvas.pixels[box] += shine * (1 - canvas.pixels[box])


def _slant(point: Point) -> float:
    return point[0] - 0.75 * point[1]
