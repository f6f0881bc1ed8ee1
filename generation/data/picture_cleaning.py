"""Reads a found picture, or says in a few words why it cannot be used."""

import warnings
from functools import cache

from PIL import Image

from generation.codecs import file_kinds, image
from generation.codecs.picture_files import TOO_MANY_SCANS
from generation.data.framing import Unusable
from generation.refusal import Refused

# A larger picture is dropped before it is decoded: it may be a decompression bomb.
MAX_PIXELS = 16_000_000
TOO_LARGE = f"more than {MAX_PIXELS // 1_000_000} million pixels"
MAX_FILE_BYTES = 64_000_000  # A larger file is not read to its end.
TOO_HEAVY = f"more than {MAX_FILE_BYTES // 1_000_000} MB"
MIN_EDGE = 16  # Of the longer one: sprites may be slim.
MOST_MISSING = 0.05  # Of a picture whose file was cut off; what is missing would be learnt, too.
# What people keep pictures in. Pillow reads more, among it PostScript, for which it would start
# another program.
FORMATS = (
    "PNG",
    "JPEG",
    "MPO",
    "WEBP",
    "GIF",
    "BMP",
    "TIFF",
    "AVIF",
    "JPEG2000",
    "PPM",
    "TGA",
    "ICO",
    "QOI",
    "HEIF",
)


def open_picture(content: bytes) -> Image.Image:
    """Decode and turn upright, in sRGB. Raises Unusable for what is broken, too large or small."""
    if len(content) > MAX_FILE_BYTES:
        raise Unusable(TOO_HEAVY)
    try:
        with warnings.catch_warnings():
            # Pillow warns about odd metadata, which does not matter here.
            warnings.simplefilter("ignore")
            picture = image.open_picture(
                content, max_pixels=MAX_PIXELS, formats=_formats(), missing=MOST_MISSING
            )
    except Refused as refusal:
        raise Unusable(_reason(refusal, content)) from refusal
    if max(picture.size) < MIN_EDGE:
        raise Unusable(f"smaller than {MIN_EDGE} pixels")
    return picture


def _reason(refusal: Refused, content: bytes) -> str:
    """Why a picture is dropped, in the few words of a data card."""
    kind = file_kinds.name_of(content)
    if refusal.template == image.TOO_LARGE:
        return TOO_LARGE
    if refusal.template == TOO_MANY_SCANS:
        return "a JPEG of too many scans"
    if kind == file_kinds.SVG:
        return "drawn as SVG, to be saved as PNG first"
    if kind in (*file_kinds.PICTURES, *file_kinds.RARE_PICTURES):
        return "broken"
    return str(kind) if kind in file_kinds.OTHER_PICTURES else "not a picture"


@cache
def _formats() -> tuple[str, ...]:
    """Those of the FORMATS that the installed Pillow can read."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)
