"""How a found picture comes to fill a square frame.

What lies on a transparent or plain ground is cut out and set into the middle with an even margin. A
picture that reaches its edges, such as a photograph, is cropped to its middle. Pixel art is only
ever enlarged or reduced by whole factors, because a smooth resize would blur its pixels.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

MARGIN = 0.06  # Of the frame's edge, on each side of what was cut out.
INVISIBLE = 16  # Alpha up to which a pixel does not count as content, of 255.
PLAIN = 10  # The largest difference of a channel within a plain ground, of 255: noise of a JPEG.
PLAIN_SHARE = 0.98  # Of the outermost pixels that must be plain: content may touch an edge.
SMALLEST_CONTENT = 8  # Pixels along the longer edge.
# Pixel art has few colours, hard edges, and a small grid, however much it was enlarged.
MOST_COLOURS, MOST_HALF_CLEAR, LARGEST_GRID = 64, 0.02, 128

Colour = tuple[int, int, int]


class Unusable(Exception):
    """A picture that is dropped; the text is the reason that the data card counts."""


@dataclass(frozen=True)
class Framed:
    """A picture in its frame, uint8 [size, size, 3].

    grid: of pixel art, the longer edge of what was cut out, in its own pixels; else 0.
    """

    pixels: np.ndarray
    grid: int = 0

    @property
    def is_reduced(self) -> bool:
        """Whether pixel art had to become smaller than it was drawn."""
        return self.grid > len(self.pixels)


def frame(
    picture: Image.Image, *, size: int, background: Colour, keeps_frame: bool = False
) -> Framed:
    """Set a picture into a frame of `size` pixels.

    Transparent parts show `background`. keeps_frame: the picture stands in its frame as it should,
    so nothing is cut out. Raises Unusable when it is blank.
    """
    alpha = np.asarray(picture)[..., 3] if picture.mode == "RGBA" else None
    flat = _on_ground(picture, background)
    colours = np.asarray(flat)
    has_hard_edges = alpha is None or _is_hard(alpha)
    step = _block(colours) if has_hard_edges else 1
    if step > 1:
        colours = colours[::step, ::step]
        alpha = None if alpha is None else alpha[::step, ::step]
    ground, shown = _content(colours, alpha, background)
    if not shown.any():
        raise Unusable("blank")
    if ground is not None and not keeps_frame:
        colours = _cut_out(colours, shown)
        if max(colours.shape[:2]) < SMALLEST_CONTENT:
            raise Unusable(f"less than {SMALLEST_CONTENT} pixels large on a plain ground")
    elif not keeps_frame:
        colours = _middle(colours)
    # Without a ground there is nothing to fill the rest of the frame with, and reduced art has lost
    # its pixels anyway.
    largest = LARGEST_GRID if ground is not None else size
    is_pixel_art = (
        has_hard_edges and max(colours.shape[:2]) <= largest and _has_few_colours(colours)
    )
    if is_pixel_art:
        pixels = _by_whole_factor(colours, size=size, ground=ground or _edge_colour(colours))
        return Framed(pixels, grid=max(colours.shape[:2]))
    if ground is None or keeps_frame:
        square = ImageOps.fit(flat, (size, size), method=Image.Resampling.LANCZOS)
        return Framed(np.asarray(square, dtype=np.uint8))
    return Framed(_with_margin(colours, size=size, ground=ground))


def _on_ground(picture: Image.Image, background: Colour) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    # Resizing needs premultiplied alpha, or the colour of invisible pixels bleeds into the outline.
    ground = Image.new("RGBA", picture.size, (*background, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _is_hard(alpha: np.ndarray) -> bool:
    """Whether hardly any visible pixel is half clear, as those of smooth outlines are."""
    visible = int((alpha > INVISIBLE).sum())
    half_clear = int(((alpha > INVISIBLE) & (alpha < 255 - INVISIBLE)).sum())
    return half_clear <= MOST_HALF_CLEAR * visible


def _block(colours: np.ndarray) -> int:
    """Return the edge of the equal squares of which a picture consists; 1 when it does not."""
    edges = list(colours.shape[:2])
    for axis in (0, 1):
        before = np.take(colours, np.arange(colours.shape[axis] - 1), axis)
        after = np.take(colours, np.arange(1, colours.shape[axis]), axis)
        changes = (before != after).any(tuple(other for other in (0, 1, 2) if other != axis))
        edges += (np.flatnonzero(changes) + 1).tolist()
    # A picture of one colour changes nowhere, and is no square of its own size.
    return int(np.gcd.reduce(edges)) if len(edges) > 2 else 1


def _has_few_colours(colours: np.ndarray) -> bool:
    packed = colours.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    return len(np.unique(packed)) <= MOST_COLOURS


def _content(
    colours: np.ndarray, alpha: np.ndarray | None, background: Colour
) -> tuple[Colour | None, np.ndarray]:
    """Return the ground that surrounds the content, if there is one, and where the content is.

    The latter is bool [height, width].
    """
    if alpha is not None and (alpha <= INVISIBLE).any():
        return background, alpha > INVISIBLE
    ground = _edge_colour(colours)
    difference = np.abs(colours.astype(np.int16) - ground).max(2)
    if (_ring(difference[..., None]) <= PLAIN).mean() < PLAIN_SHARE:
        return None, np.ones_like(difference, dtype=bool)
    return ground, difference > 2 * PLAIN


def _ring(colours: np.ndarray) -> np.ndarray:
    """Return the outermost pixels of a picture, [count, channels]."""
    return np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])


def _edge_colour(colours: np.ndarray) -> Colour:
    red, green, blue = np.median(_ring(colours), axis=0).astype(int).tolist()
    return red, green, blue


def _cut_out(colours: np.ndarray, shown: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    return colours[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _middle(colours: np.ndarray) -> np.ndarray:
    height, width = colours.shape[:2]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    return colours[top : top + edge, left : left + edge]


def _by_whole_factor(colours: np.ndarray, *, size: int, ground: Colour) -> np.ndarray:
    """Repeat pixels, or average squares of them, so that the whole fits into the frame."""
    edge = max(colours.shape[:2])
    if edge <= size:
        factor = size // edge
        scaled = colours.repeat(factor, axis=0).repeat(factor, axis=1)
    else:
        scaled = np.asarray(Image.fromarray(colours).reduce(-(-edge // size)))
    return _in_the_middle(scaled, size=size, ground=ground)


def _with_margin(colours: np.ndarray, *, size: int, ground: Colour) -> np.ndarray:
    height, width = colours.shape[:2]
    scale = size * (1 - 2 * MARGIN) / max(height, width)
    shape = max(1, round(width * scale)), max(1, round(height * scale))
    # The ground is carried along, so that outlines are smooth against it.
    padded = Image.fromarray(np.pad(colours, ((1, 1), (1, 1), (0, 0)), mode="edge"))
    box = (1, 1, width + 1, height + 1)
    resized = padded.resize(shape, Image.Resampling.LANCZOS, box=box)
    return _in_the_middle(np.asarray(resized), size=size, ground=ground)


def _in_the_middle(colours: np.ndarray, *, size: int, ground: Colour) -> np.ndarray:
    whole = np.empty((size, size, 3), np.uint8)
    whole[:] = ground
    height, width = colours.shape[:2]
    top, left = (size - height) // 2, (size - width) // 2
    whole[top : top + height, left : left + width] = colours
    return whole
