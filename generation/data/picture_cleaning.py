"""From a found picture to a square RGB array, and the hashes that find near-duplicates."""

import warnings
from functools import cache

import numpy as np
from PIL import Image, ImageOps

from generation.codecs import file_kinds, image
from generation.codecs.picture_files import TOO_MANY_SCANS
from generation.refusal import Refused

# A larger picture is dropped before it is decoded: it may be a decompression bomb.
MAX_PIXELS = 16_000_000
TOO_LARGE = f"more than {MAX_PIXELS // 1_000_000} million pixels"
MAX_FILE_BYTES = 64_000_000  # A larger file is not read to its end.
TOO_HEAVY = f"more than {MAX_FILE_BYTES // 1_000_000} MB"
MIN_EDGE = 16
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
HASH_EDGE = 16
NEAR_HASH_BITS = 4  # Of 256.
NEAR_COLOUR = 4.0  # Mean difference of 8x8 thumbnails, of 255.


class Unusable(Exception):
    """A picture that is dropped; the text is the reason that the data card counts."""


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
    if min(picture.size) < MIN_EDGE:
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


def to_square(
    picture: Image.Image, *, size: int, background: tuple[int, int, int], is_pixel_art: bool = False
) -> np.ndarray:
    """Crop to the middle and resize, uint8 [size, size, 3].

    Transparent parts show `background`.
    """
    if picture.mode == "RGBA":
        # Resizing needs premultiplied alpha, or the colour of invisible pixels bleeds into the
        # outline.
        ground = Image.new("RGBA", picture.size, (*background, 255))
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    filter_ = Image.Resampling.NEAREST if is_pixel_art else Image.Resampling.LANCZOS
    return np.asarray(ImageOps.fit(picture, (size, size), method=filter_), dtype=np.uint8)


def difference_hash(picture: np.ndarray) -> np.ndarray:
    """Return a hash of 256 bits, uint64 [4].

    A bit says whether a cell of a 16x17 grey thumbnail is brighter than its left neighbour.
    """
    grey = (
        Image.fromarray(picture)
        .convert("L")
        .resize((HASH_EDGE + 1, HASH_EDGE), Image.Resampling.BOX)
    )
    values = np.asarray(grey, dtype=np.int16)
    # A margin of 2 keeps noise in flat areas from deciding bits.
    return np.packbits(values[:, 1:] > values[:, :-1] + 2).view(np.uint64)


def thumbnail(picture: np.ndarray) -> np.ndarray:
    """Return the colours of an 8x8 thumbnail, int16 [192]."""
    small = Image.fromarray(picture).resize((8, 8), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.int16).reshape(-1)


class NearDuplicates:
    """Remembers pictures and recognises one that is nearly the same as an earlier one.

    It must be so both in shape and in colour. Every new hash is compared with all earlier ones:
    100,000 of them take half a millisecond.
    """

    def __init__(self) -> None:
        self.count = 0
        self.hashes = np.zeros((1024, HASH_EDGE * HASH_EDGE // 64), dtype=np.uint64)
        self.thumbnails = np.zeros((1024, 192), dtype=np.int16)

    def is_new(self, picture: np.ndarray) -> bool:
        """True, and remembered from now on, when no earlier picture is nearly the same."""
        code, colours = difference_hash(picture), thumbnail(picture)
        bits = np.bitwise_count(self.hashes[: self.count] ^ code).sum(1)
        near = np.flatnonzero(bits <= NEAR_HASH_BITS)
        if len(near) and (np.abs(self.thumbnails[near] - colours).mean(1) < NEAR_COLOUR).any():
            return False
        if self.count == len(self.hashes):
            self.hashes = np.concatenate([self.hashes, np.zeros_like(self.hashes)])
            self.thumbnails = np.concatenate([self.thumbnails, np.zeros_like(self.thumbnails)])
        self.hashes[self.count], self.thumbnails[self.count] = code, colours
        self.count += 1
        return True
