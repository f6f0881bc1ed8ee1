"""What the mock-ups of cloth share: the light of a room, and prints that follow folds."""

from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.mockups.canvas import GRID, Canvas, Point, grid, slopes

FOLLOWING = 0.010  # How far a print is pulled along by a slope of 1.
WOOD = np.array([0.78, 0.62, 0.44], np.float32)


def table_light() -> np.ndarray:
    """A wall or a table in a room: brighter towards the window, darker in the corners."""
    x, y = grid()
    return (
        1.05 - 0.09 * x - 0.05 * y - 0.22 * np.maximum(0, np.hypot(x - 0.42, y - 0.42) - 0.3) ** 1.5
    )


def pulled(height: np.ndarray) -> Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """A function from a place x, y to where it lies on the flat print when folds pull it along."""
    right, down = slopes(height)

    def pull(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places = [y * GRID - 0.5, x * GRID - 0.5]
        return (
            x + FOLLOWING * ndimage.map_coordinates(right, places, order=1, mode="nearest"),
            y + FOLLOWING * ndimage.map_coordinates(down, places, order=1, mode="nearest"),
        )

    return pull


def printed(
    canvas: Canvas, picture: Image.Image, height: np.ndarray, *, centre: Point, edge: float
) -> np.ndarray:
    """A square picture printed on folded cloth."""
    pull = pulled(height)

    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, y = pull(x, y)
        return (x - centre[0]) / edge + 0.5, (y - centre[1]) / edge + 0.5

    reach = 0.5 * edge + 0.02
    box = (centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach)
    return canvas.bent(picture, place, box=box, edge=edge)
