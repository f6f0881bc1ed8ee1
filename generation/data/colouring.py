"""Colours for pictures that came without any.

Grey garments become dyed cloth, one-colour emblems get ink and ground. The colours are drawn from
short hand-picked lists, so that a net learns them as genes instead of learning mud.
"""

import numpy as np
from scipy.ndimage import binary_fill_holes

PASTELS = np.array(
    [
        (182, 227, 244),
        (192, 174, 222),
        (209, 212, 249),
        (255, 213, 220),
        (255, 223, 191),
        (232, 228, 218),
        (207, 232, 207),
    ]
)
CLOTHS = np.array(
    [
        (196, 62, 58),
        (224, 122, 62),
        (226, 178, 66),
        (120, 160, 72),
        (46, 128, 104),
        (44, 140, 168),
        (58, 98, 178),
        (104, 80, 172),
        (168, 74, 148),
        (218, 110, 140),
        (122, 84, 62),
        (96, 102, 114),
        (52, 56, 70),
        (196, 188, 172),
    ]
)
# Ground and ink of an emblem, chosen to be told apart in grey as well.
EMBLEM_PAIRS = np.array(
    [
        ((244, 239, 226), (38, 42, 54)),
        ((38, 44, 66), (240, 200, 110)),
        ((186, 60, 56), (250, 236, 214)),
        ((222, 236, 240), (32, 84, 120)),
        ((40, 88, 76), (228, 236, 200)),
        ((250, 220, 170), (120, 46, 40)),
        ((84, 62, 120), (236, 222, 250)),
        ((232, 236, 222), (52, 108, 66)),
        ((28, 30, 36), (224, 228, 232)),
        ((252, 226, 230), (160, 48, 96)),
    ]
)


def dye_garment(grey: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Dye a light garment on black and put it on a pastel ground.

    grey: uint8 [height, width]. Returns uint8 [height, width, 3].
    """
    ground, cloth = PASTELS[rng.integers(len(PASTELS))], CLOTHS[rng.integers(len(CLOTHS))]
    value = grey.astype(np.float32) / 255
    # What the garment encloses belongs to it, however dark; its outer edge keeps its softness.
    opacity = np.where(binary_fill_holes(grey > 40), 1.0, np.clip(value * 255 / 40, 0, 1))[
        ..., None
    ]
    light = value[..., None]
    shaded = cloth * (0.35 + 0.9 * light)
    lit = shaded + np.maximum(light - 0.72, 0) * 1.1 * (255 - shaded)
    return (ground * (1 - opacity) + np.clip(lit, 0, 255) * opacity).round().astype(np.uint8)


def ink_emblem(opacity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paint an emblem in one of the hand-picked pairs of colours.

    opacity: that of the ink, uint8 [height, width]. Returns uint8 [height, width, 3].
    """
    ground, ink = EMBLEM_PAIRS[rng.integers(len(EMBLEM_PAIRS))]
    share = opacity.astype(np.float32)[..., None] / 255
    return (ground * (1 - share) + ink * share).round().astype(np.uint8)


def lay_on(picture: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Lay a picture on a ground of one colour, uint8 [3].

    picture: uint8 [height, width, 4], colours multiplied by opacity. Returns uint8 [height, width,
    3].
    """
    clear = 1 - picture[..., 3:].astype(np.float32) / 255
    return (picture[..., :3] + ground * clear).round().clip(0, 255).astype(np.uint8)
