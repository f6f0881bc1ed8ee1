"""The drawing tools of the mock-ups: soft outlines, folds, light, shadows, bent pictures.

Places and lengths are shares of the picture's edge, x to the right and y down, so that a preview
shows what the print will be. Light comes from the upper left. Fields (heights, light, shadows) are
smooth, so they are computed on a small grid and enlarged.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

GRID = 320  # Edge of the small grid.
LIGHT = (-0.55, -0.83)  # Where light comes from.
LARGEST_MASK = 4096
CELLS = 30  # Along an edge, of the mesh that bends a picture.
MARGIN = 3  # Transparent pixels around a bent picture, so that its edges are soft.

Point = tuple[float, float]
Outline = Sequence[Point]
Fold = tuple[Point, Point, float, float]  # From, to, width, height.
# x, y -> u, v in 0..1 of the picture.
Place = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def grid() -> tuple[np.ndarray, np.ndarray]:
    """x and y of the small grid's places, float32 [GRID, GRID]."""
    places = ((np.arange(GRID) + 0.5) / GRID).astype(np.float32)
    return np.meshgrid(places, places)


def curve(*points: Point, steps: int = 24) -> list[Point]:
    """A Bézier curve through the first and the last point, drawn towards those between."""
    t = np.linspace(0, 1, steps)[:, None]
    degree = len(points) - 1
    weights = [math.comb(degree, i) * t**i * (1 - t) ** (degree - i) for i in range(degree + 1)]
    return [
        tuple(point)
        for point in sum(
            weight * np.array(point) for weight, point in zip(weights, points, strict=True)
        )
    ]


def mirrored(half: Outline) -> list[Point]:
    """An outline from its right half, which begins and ends on the axis x = .5."""
    return [*half, *((1 - x, y) for x, y in reversed(half))]


def folded(folds: Sequence[Fold]) -> np.ndarray:
    """A height field of soft ridges, float32 [GRID, GRID].

    Each runs from one place to another and fades at both ends.
    """
    x, y = grid()
    height = np.zeros_like(x)
    for (x0, y0), (x1, y1), width, rise in folds:
        length = math.hypot(x1 - x0, y1 - y0)
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length**2
        across = ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
        fading = np.maximum(0, np.sin(np.pi * np.clip(along, 0, 1))) ** 0.8
        bent = across - 0.25 * width * np.sin(2.5 * np.pi * along)
        height += rise * fading * np.exp(-((bent / (width * (0.6 + 0.4 * fading))) ** 2))
    return height


def slopes(height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much a height field rises to the right and downwards."""
    down, right = np.gradient(height, 1 / GRID)
    return right, down


def lit(height: np.ndarray, *, strength: float) -> np.ndarray:
    """Brightness of a height field, 1 where it is flat."""
    right, down = slopes(height)
    return 1 - strength * (LIGHT[0] * right + LIGHT[1] * down)


def shadow(*outlines: Outline, away: Point, softness: float, amount: float) -> np.ndarray:
    """The light left on a surface by something in front of it, a field.

    The outlines are moved and blurred.
    """
    image = Image.new("L", (GRID, GRID))
    for outline in outlines:
        ImageDraw.Draw(image).polygon(
            _scaled([(x + away[0], y + away[1]) for x, y in outline], GRID), fill=255
        )
    soft = ndimage.gaussian_filter(
        np.asarray(image, np.float32) / 255, softness * GRID, mode="nearest"
    )
    return 1 - amount * soft


class Mask(NamedTuple):
    """How much of each pixel is inside something.

    float32 `values` in these rows and columns; nothing outside of them.
    """

    rows: slice
    columns: slice
    values: np.ndarray


class Canvas:
    """A picture in the making: float32 `pixels` [size, size, 3], 0..1."""

    def __init__(self, size: int, colour: np.ndarray, light: np.ndarray) -> None:
        """A ground of one colour under a light, which is a field."""
        self.size = size
        self.pixels = self.grown(light)[..., None] * colour

    def grown(self, field: np.ndarray) -> np.ndarray:
        """A field at the size of the picture."""
        image = Image.fromarray(np.ascontiguousarray(field, np.float32))
        return np.asarray(image.resize((self.size, self.size), Image.Resampling.BICUBIC))

    def mask(self, *outlines: Outline) -> Mask:
        """The inside of outlines."""
        return self._drawn(
            outlines,
            lambda draw, lines: [draw.polygon(line, fill=255) for line in lines],
            margin=0,
        )

    def line(self, *outlines: Outline, width: float) -> Mask:
        """Lines of that width, with round ends."""

        def work(draw: ImageDraw.ImageDraw, lines: list[list[Point]]) -> None:
            radius = width * self.size * self._factor / 2
            for line in lines:
                draw.line(line, fill=255, width=max(1, round(2 * radius)), joint="curve")
                for x, y in (line[0], line[-1]):
                    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

        return self._drawn(outlines, work, margin=width)

    @property
    def _factor(self) -> int:
        """How many times finer than pixels outlines are drawn, for soft edges."""
        return max(1, min(4, LARGEST_MASK // self.size))

    def _drawn(
        self, outlines: Sequence[Outline], work: Callable[..., object], *, margin: float
    ) -> Mask:
        points = np.concatenate([np.array(outline) for outline in outlines])
        low = np.maximum(0, np.floor((points.min(0) - margin) * self.size)).astype(int)
        high = np.minimum(self.size, np.ceil((points.max(0) + margin) * self.size) + 1).astype(int)
        width, height = (int(one) for one in np.maximum(1, high - low))
        factor = self._factor
        image = Image.new("L", (width * factor, height * factor))
        edge = self.size * factor
        moved = [
            [(x * edge - low[0] * factor, y * edge - low[1] * factor) for x, y in outline]
            for outline in outlines
        ]
        work(ImageDraw.Draw(image), moved)
        values = np.asarray(image.reduce(factor), np.float32) / 255
        return Mask(slice(low[1], low[1] + height), slice(low[0], low[0] + width), values)

    def lay(self, mask: Mask, colours: np.ndarray) -> None:
        """Cover the inside of a mask with colours.

        They are one colour [3], or pixels [size, size, 3].
        """
        rows, columns, values = mask
        below = self.pixels[rows, columns]
        above = colours if colours.ndim == 1 else colours[rows, columns]
        self.pixels[rows, columns] = below + values[..., None] * (above - below)

    def print(self, mask: Mask, colour: np.ndarray, picture: np.ndarray, light: np.ndarray) -> None:
        """Cover the inside of a mask with printed cloth.

        The cloth has one colour, a picture [size, size, 4] on it, and light over both.
        """
        rows, columns, _ = mask
        inked = picture[rows, columns]
        cloth = colour + inked[..., 3:] * (inked[..., :3] - colour)
        whole = self.pixels[rows, columns]
        self.pixels[rows, columns] = whole + mask.values[..., None] * (
            cloth * light[rows, columns, None] - whole
        )

    def darken(self, mask: Mask, amount: float) -> None:
        """Take light away inside the mask; a negative amount adds some."""
        self.pixels[mask.rows, mask.columns] *= 1 - amount * mask.values[..., None]

    def bent(
        self,
        picture: Image.Image,
        place: Place,
        *,
        box: tuple[float, float, float, float],
        edge: float,
        cells: int = CELLS,
    ) -> np.ndarray:
        """The picture bent to where `place` says, float32 [size, size, 4] in 0..1.

        It is transparent outside. box: left, top, right and bottom of where it may be seen. edge:
        its approximate size. Places are computed at the corners of a mesh with `cells` cells along
        an edge, and interpolated between them.
        """
        small = max(1, round(edge * self.size))
        source = Image.new("RGBA", (small + 2 * MARGIN, small + 2 * MARGIN))
        source.paste(picture.resize((small, small), Image.Resampling.LANCZOS), (MARGIN, MARGIN))
        columns, rows = (
            np.unique(
                np.linspace(first * self.size, last * self.size, cells + 1).round().astype(int)
            )
            for first, last in (box[::2], box[1::2])
        )
        corners = MARGIN + small * np.stack(
            place(*np.meshgrid(columns / self.size, rows / self.size)), axis=-1
        )
        # Of each cell: upper left, lower left, lower right, upper right.
        quads = np.concatenate(
            [corners[:-1, :-1], corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:]], axis=-1
        ).tolist()
        left, top, right, bottom = columns[0], rows[0], columns[-1], rows[-1]
        across, down = (columns - left).tolist(), (rows - top).tolist()
        mesh = [
            ((across[i], down[j], across[i + 1], down[j + 1]), quads[j][i])
            for j in range(len(down) - 1)
            for i in range(len(across) - 1)
        ]
        bent = source.transform(
            (across[-1], down[-1]), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC
        )
        whole = np.zeros((self.size, self.size, 4), np.float32)
        whole[top:bottom, left:right] = np.asarray(bent, np.float32) / 255
        return whole

    def weave(self, *, threads: int, depth: float) -> np.ndarray:
        """Brightness of woven cloth, about 1.

        Threads that are finer than pixels vanish instead of making moiré.
        """
        depth *= min(1.0, max(0.0, (self.size / threads - 2) / 3))
        place = (np.arange(self.size, dtype=np.float32) + 0.5) / self.size * 2 * np.pi * threads
        wave = np.cos(place)
        return 1 + depth * wave[:, None] * wave[None, :]

    def to_bytes(self) -> np.ndarray:
        return (np.clip(self.pixels, 0, 1) * 255 + 0.5).astype(np.uint8)


def _scaled(outline: Outline, edge: int) -> list[Point]:
    return [(x * edge, y * edge) for x, y in outline]
