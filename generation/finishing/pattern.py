"""Pattern: the picture repeated as a motif, as on fabric and wallpaper.

The result tiles without a seam.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

WIDEST_SEAM = 0.5  # Share of the motif's edge over which opposite borders are blended.
MOST = 4  # Motifs along an edge in the second edition: of a live frame of 256 px, 64 px each.
CRISP = 0.35  # How much of the detail that shrinking took is given back to a small motif.


def lay_out(pixels: np.ndarray, settings: Mapping[str, Any]) -> np.ndarray:
    """uint8 [size, size, channels] -> the same shape: the motif `count` times along an edge.

    - repeat: side by side.
    - half-drop: every other column half a motif lower.
    - brick: every other row half a motif further.
    - mirror: neighbours are mirror images.

    The last three need pairs, so an odd count is raised by one; otherwise the whole would not tile.
    seam: 0 keeps the motif as it is. The second edition has at most MOST motifs along an edge, and
    keeps them crisp: smaller ones turn to mush in a live frame, and a print has to look like it.
    """
    size, count, layout = len(pixels), int(round(settings["count"])), settings["layout"]
    is_first = settings.get("edition", 1) == 1
    if not is_first:
        count = min(count, MOST)
    if layout != "repeat":
        count += count % 2
    if is_first:
        motif = _resized(pixels, max(1, round(size / count)))
    else:
        # Rounded up: the whole is cut to size instead of resampled once more, and tiles where the
        # size can be divided.
        motif = _crisp(_resized(pixels, -(-size // count)))
    block = (
        _mirrored(motif)
        if layout == "mirror"
        else _block(motif, layout, width=WIDEST_SEAM * settings["seam"])
    )
    edge = len(motif)
    across, down = count * edge // block.shape[1], count * edge // block.shape[0]
    whole = np.tile(block, (down, across, 1))
    return _resized(whole, size) if is_first else whole[:size, :size]


def _crisp(motif: np.ndarray) -> np.ndarray:
    """A shrunken motif with its edges a little stronger."""
    sharp = motif.astype(np.float32)
    sharp += CRISP * (sharp - ndimage.gaussian_filter(sharp, (1, 1, 0), mode="nearest"))
    return np.clip(sharp + 0.5, 0, 255).astype(np.uint8)


def _mirrored(motif: np.ndarray) -> np.ndarray:
    pair = np.concatenate([motif, motif[:, ::-1]], axis=1)
    return np.concatenate([pair, pair[::-1]])


def _block(motif: np.ndarray, layout: str, *, width: float) -> np.ndarray:
    """The smallest part that is laid out without shifts.

    It is one motif, or two of which the second is shifted by half.
    """
    edge = len(motif)
    if layout == "repeat":
        return without_seams(
            without_seams(motif, axis=0, period=edge, width=width), axis=1, period=edge, width=width
        )
    along = 1 if layout == "half-drop" else 0  # The axis along which the two motifs lie.
    motif = without_seams(motif, axis=1 - along, period=edge, width=width)
    pair = np.concatenate([motif, np.roll(motif, edge // 2, axis=1 - along)], axis=along)
    return without_seams(pair, axis=along, period=edge, width=width)


def without_seams(block: np.ndarray, *, axis: int, period: int, width: float) -> np.ndarray:
    """Blend a block, towards its seams, into itself shifted by half a period along `axis`.

    There it has no seam. Seams lie at every `period` pixels. width: share of the period, up to .5,
    in which the two are mixed; 0 changes nothing.
    """
    if not width:
        return block
    place = (np.arange(block.shape[axis]) % period + 0.5) / period
    ramp = np.clip(np.minimum(place, 1 - place) / width, 0, 1)
    ramp = (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)
    ramp = ramp[:, None, None] if axis == 0 else ramp[None, :, None]
    shifted = np.roll(block, period // 2, axis)
    return (ramp * block + (1 - ramp) * shifted + 0.5).astype(np.uint8)


def _resized(pixels: np.ndarray, edge: int) -> np.ndarray:
    if len(pixels) == edge:
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((edge, edge), Image.Resampling.LANCZOS))
