"""Recognising a picture again: the difference hash, which survives scaling, recompression and small
changes of light.

Source: N. Krawetz, "Kind of Like That" (2013): shrink to 9 x 8 greys and note for each whether its
right neighbour is brighter.

Not the ImageHash package: it shrinks with another filter and counts every step, so its hashes would
not match the ones that are stored (of 100 pictures none was equal, and 15 within NEAR).
"""

import numpy as np
from PIL import Image

ROWS, COLUMNS = 8, 9
BITS = 64
NEAR = 4  # Bits that may differ.
# Fewer rising or fewer falling steps than this: a plain ground, as which many pictures would count.
LEAST_DETAIL = 6
_GREY = np.array([0.299, 0.587, 0.114], np.float32)  # Luma of ITU-R BT.601.


def picture_hash(pixels: np.ndarray) -> int:
    """The 64 bits of a picture, uint8 [height, width, 3 or 4]; what is transparent counts as
    white.
    """
    grey = pixels[..., :3].astype(np.float32) @ _GREY
    if pixels.shape[2] == 4:
        cover = pixels[..., 3].astype(np.float32) / 255
        grey = cover * grey + (1 - cover) * 255
    small = np.asarray(Image.fromarray(grey).resize((COLUMNS, ROWS), Image.Resampling.BOX))
    # Half a grey step is noise of the encoding, not a brighter neighbour.
    bits = (np.diff(small, axis=1) > 0.5).reshape(-1)
    return int("".join("1" if bit else "0" for bit in bits), 2)


def distance(one: int, other: int) -> int:
    """How many bits differ, 0 to 64."""
    return (one ^ other).bit_count()


def is_plain(value: int) -> bool:
    """Whether the hash has too little in it to tell one picture from another."""
    return not LEAST_DETAIL <= value.bit_count() <= BITS - LEAST_DETAIL


def write_hash(value: int) -> str:
    """The hash as it is stored: 16 hexadecimal digits."""
    return f"{value:016x}"


def read_hash(text: str) -> int:
    """The inverse of `write_hash`. Raises ValueError for anything else."""
    if len(text) != 16:
        raise ValueError("A picture hash has 16 hexadecimal digits.")
    return int(text, 16)
