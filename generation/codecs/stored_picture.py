"""Pictures inside genomes: square, small, and always decoded to the same pixels.

They are lossy WebP (RFC 9649), whose decoder counts in whole numbers and so gives the same bytes
everywhere.
"""

import io

import numpy as np
from PIL import Image

from generation.codecs.image import open_picture, read_image, shrink
from generation.refusal import Refused

MAX_PICTURE = 120_000  # Bytes.
EDGES = (1024, 768, 512)  # Pixels; a picture that takes too many bytes is made smaller.
QUALITIES = (88, 78, 66, 52)
SMALLEST = 64


def store(data: bytes) -> bytes:
    """The middle square of the picture in an untrusted file, as it is kept in a genome.

    Transparency becomes white. Raises Refused for what is no picture, for a picture that is too
    large or too small, and for one of noise alone, which no small file holds.
    """
    pixels = read_image(data)
    height, width = pixels.shape[:2]
    edge = min(height, width)
    if edge < SMALLEST:
        raise Refused(
            "This picture is only {edge} pixels wide or high; it needs at least {least}.",
            edge=edge,
            least=SMALLEST,
        )
    top, left = (height - edge) // 2, (width - edge) // 2
    square = pixels[top : top + edge, left : left + edge]
    for most in EDGES:
        small = np.ascontiguousarray(shrink(square, edge=most))
        for quality in QUALITIES:
            buffer = io.BytesIO()
            Image.fromarray(small).save(buffer, "WEBP", quality=quality, method=4)
            if buffer.tell() <= MAX_PICTURE:
                return buffer.getvalue()
    raise Refused(
        "This picture is so full of fine noise that it does not fit into a work. Smooth it and try"
        " again."
    )


def read_stored(data: bytes) -> np.ndarray:
    """The pixels of a stored picture, uint8 sRGB [edge, edge, 3]; Refused where it is damaged."""
    picture = open_picture(data, formats=("WEBP",), missing=0.0) if data else None
    if picture is None or picture.width != picture.height or picture.width > EDGES[0]:
        raise Refused("The picture that this work holds is damaged.")
    return np.array(picture.convert("RGB"))
