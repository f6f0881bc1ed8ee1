"""A drawn figure on a plain ground, which the tests of picture finishing look at."""

import numpy as np

GROUND, SKIN, LINE = (200, 225, 235), (220, 120, 60), (30, 25, 40)


def make_figure(size: int = 128) -> np.ndarray:
    """A disc with a dark outline, drawn with soft edges: uint8 [size, size, 3]."""
    y, x = np.mgrid[: 4 * size, : 4 * size]
    radius = np.hypot(x - 2 * size + 0.5, y - 2 * size + 0.5)[..., None] / (4 * size)
    drawn = np.where(radius < 0.34, np.uint8(SKIN), np.uint8(GROUND))
    drawn = np.where(np.abs(radius - 0.34) < 0.03, np.uint8(LINE), drawn).astype(float)
    return drawn.reshape(size, 4, size, 4, 3).mean((1, 3)).round().astype(np.uint8)
