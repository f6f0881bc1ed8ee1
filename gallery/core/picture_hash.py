"""The difference hash, which recognises a picture after scaling, recompression and small changes.

Source: N. Krawetz, "Kind of Like That" (2013): shrink the picture to 9 x 8 grey pixels, and store
for each whether its right neighbour is brighter.

The ImageHash package is not used because it shrinks with another filter and counts every step, so
that its hashes would not match the stored ones (of 100 pictures none was equal, and 15 were within
NEAR).
"""

import numpy as np
from PIL import Image

ROWS, COLUMNS = 8, 9
BITS = 64
NEAR = 4  # Bits that may differ between hashes of the same picture.
# With fewer set or fewer unset bits, a hash is of a plain picture and would match many others.
LEAST_DETAIL = 6
_GREY = np.array([0.299, 0.587, 0.114], np.float32)  # Luma of ITU-R BT.601.


def picture_hash(pixels: np.ndarray) -> int:
    """The 64-bit hash of a picture, uint8 [height, width, 3 or 4]; transparent pixels are white."""
    grey = pixels[..., :3].astype(np.float32) @ _GREY
    if pixels.shape[2] == 4:
        cover = pixels[..., 3].astype(np.float32) / 255
        grey = cover * grey + (1 - cover) * 255
    small = np.asarray(Image.fromarray(grey).resize((COLUMNS, ROWS), Image.Resampling.BOX))
    # Up to half a grey level is noise of the encoding.
    bits = (np.diff(small, axis=1) > 0.5).reshape(-1)
    return int("".join("1" if bit else "0" for bit in bits), 2)


def distance(one: int, other: int) -> int:
    """How many bits differ, 0 to 64."""
    return (one ^ other).bit_count()


def is_plain(value: int) -> bool:
    """Whether the hash has too little detail to tell one picture from another."""
    return not LEAST_DETAIL <= value.bit_count() <= BITS - LEAST_DETAIL


def write_hash(value: int) -> str:
    """The hash as it is stored: 16 hexadecimal digits."""
    return f"{value:016x}"


def read_hash(text: str) -> int:
    """The inverse of `write_hash`. Raises ValueError for anything else."""
    if len(text) != 16:
        raise ValueError("A picture hash has 16 hexadecimal digits.")
    return int(text, 16)
