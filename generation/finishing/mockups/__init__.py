"""Mock-ups: the picture on an object, which is drawn here: poster, T-shirt, cushion, tote bag."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PIL import Image

from generation.finishing.mockups.canvas import Canvas
from generation.finishing.mockups.cushion import draw_cushion
from generation.finishing.mockups.poster import draw_poster
from generation.finishing.mockups.shirt import draw_shirt
from generation.finishing.mockups.tote import draw_tote

TEMPLATES: dict[str, Callable[..., Canvas]] = {
    "poster": draw_poster,
    "shirt": draw_shirt,
    "cushion": draw_cushion,
    "tote": draw_tote,
}


def show(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """uint8 [size, size, 3 or 4] -> uint8 [size, size, 3]: an object with the picture on it.

    `settings["template"]` names the object. Where the picture is transparent, the object's own
    colour shows.
    """
    picture = Image.fromarray(pixels).convert("RGBA")
    ground, colour = _colour(settings["ground"]), _colour(settings["colour"])
    return TEMPLATES[settings["template"]](
        len(pixels), picture, ground=ground, colour=colour, scale=settings["scale"]
    ).to_bytes()


def _colour(text: str) -> np.ndarray:
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
