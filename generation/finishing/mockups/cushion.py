"""Mock-up: a cushion seen from the front."""

from functools import cache

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.mockups.canvas import (
    Canvas,
    Fold,
    Outline,
    Place,
    folded,
    grid,
    lit,
    shadow,
)
from generation.finishing.mockups.cloth import pulled, table_light

HALF = 0.400
SAG = 0.050  # How far the middle of a side lies inside the line between its corners.
CENTRE = (0.5, 0.495)
TIP = 0.975  # Where a side ends; a corner is not sharp.
# Cloth is cut larger than it is sewn: at full scale the picture goes on beyond the seam, mirrored.
BLEED = 0.08


def _side(t: np.ndarray) -> np.ndarray:
    """Half the cushion's width at a place between its corners, t in -1..1."""
    return HALF - SAG * (1 - t**2)


def _cushion_outline() -> Outline:
    t = np.linspace(-TIP, TIP, 80)
    right = np.stack([_side(t), HALF * t], 1)
    sides = [
        right,
        np.stack([-right[:, 1], right[:, 0]], 1),
        -right,
        np.stack([right[:, 1], -right[:, 0]], 1),
    ]
    return [(CENTRE[0] + x, CENTRE[1] + y) for x, y in np.concatenate(sides)]


CUSHION = _cushion_outline()


def _on_cushion(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place on the cover, -1..1 from seam to seam, of a place in the picture."""
    across, down = x - CENTRE[0], y - CENTRE[1]
    return across / _side(np.clip(down / HALF, -1, 1)), down / _side(np.clip(across / HALF, -1, 1))


def _cushion_folds() -> list[Fold]:
    """Creases that run from every corner inwards, and three as if somebody had leant on it."""
    folds: list[Fold] = [
        ((0.30, 0.16), (0.36, 0.34), 0.030, 0.004),
        ((0.70, 0.83), (0.62, 0.66), 0.035, 0.005),
        ((0.55, 0.87), (0.50, 0.70), 0.040, 0.004),
    ]
    for right, down in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        corner = (CENTRE[0] + right * (HALF - 0.03), CENTRE[1] + down * (HALF - 0.03))
        for turn, length, rise in ((0.0, 0.24, 0.009), (0.30, 0.20, 0.006), (-0.32, 0.19, 0.006)):
            angle = np.arctan2(-down, -right) + turn
            folds.append(
                (
                    corner,
                    (corner[0] + length * np.cos(angle), corner[1] + length * np.sin(angle)),
                    0.014,
                    rise,
                )
            )
    return folds


@cache
def _cushion_fields() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights of the folds, the light on the cloth, the light on the ground."""
    u, v = (np.clip(one, -1, 1) for one in _on_cushion(*grid()))
    dome = ndimage.gaussian_filter(
        0.125 * np.sqrt(np.maximum(0, (1 - u**4) * (1 - v**4)) + 1e-3), 3
    )
    folds = folded(_cushion_folds())
    wide = shadow(CUSHION, away=(0.030, 0.042), softness=0.030, amount=0.34)
    near = shadow(CUSHION, away=(0.008, 0.014), softness=0.010, amount=0.34)
    return (
        folds,
        np.clip(0.99 * lit(dome + folds, strength=0.30), 0.45, 1.21),
        table_light() * wide * near,
    )


def draw_cushion(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """The cushion, covered with the picture from seam to seam at full scale."""
    folds, light, below = _cushion_fields()
    canvas = Canvas(size, ground, below)
    is_covered = scale == 1
    reach = 1 + 2 * BLEED if is_covered else scale
    place, edge = _cushion_place(folds, reach), 2 * HALF * reach
    print_ = canvas.bent(
        _with_bleed(picture) if is_covered else picture,
        place,
        box=(0.08, 0.075, 0.92, 0.915),
        edge=edge,
    )
    canvas.print(
        canvas.mask(CUSHION),
        colour,
        print_,
        canvas.grown(light) * canvas.weave(threads=170, depth=0.045),
    )
    seam = [
        (CENTRE[0] + 0.972 * (x - CENTRE[0]), CENTRE[1] + 0.972 * (y - CENTRE[1]))
        for x, y in CUSHION
    ]
    canvas.darken(canvas.line([*seam, seam[0]], width=0.004), 0.14)
    return canvas


def _cushion_place(folds: np.ndarray, reach: float) -> Place:
    pull = pulled(folds)

    def place(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # Towards a seam the cover turns away from the eye, so more of it lies in a pixel.
        u, v = (
            0.5 + 0.5 * (0.93 * one + 0.07 * one**3) / reach for one in _on_cushion(*pull(x, y))
        )
        return u, v

    return place


def _with_bleed(picture: Image.Image) -> Image.Image:
    pixels = np.asarray(picture)
    edge = max(1, round(BLEED * len(pixels)))
    return Image.fromarray(np.pad(pixels, ((edge, edge), (edge, edge), (0, 0)), mode="symmetric"))
