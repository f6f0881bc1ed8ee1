"""Mock-ups of cloth: a T-shirt laid flat, a cushion, a tote bag.

Each is an outline, folds, and a place for the picture.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image
from scipy import ndimage

from generation.finishing.mockup_canvas import (
    GRID,
    Canvas,
    Fold,
    Outline,
    Place,
    Point,
    curve,
    folded,
    grid,
    lit,
    mirrored,
    shadow,
    slopes,
)

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


# The T-shirt.

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


def shirt(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """Laid flat, with the picture on the chest."""
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


# The cushion.

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


def cushion(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """Seen from the front, covered with the picture from seam to seam at full scale."""
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


# The tote bag.

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


def tote(
    size: int, picture: Image.Image, *, ground: np.ndarray, colour: np.ndarray, scale: float
) -> Canvas:
    """Hanging on a wall by its handles, with the picture on its side."""
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
