"""Pictures to files and back.

Arrays are uint8 sRGB [height, width, 3] everywhere. The bytes follow from the array alone.
"""

import io
from functools import partial

import numpy as np
import simplejpeg
from PIL import Image

from generation.codecs import file_kinds
from generation.codecs.picture_colour import to_rgb, upright
from generation.codecs.picture_files import (
    PNG_SIGNATURE,
    UNREADABLE,
    PictureFile,
    orientation_of,
    tidy,
)
from generation.refusal import Refused
from generation.words import word

try:  # Optional (requirements-extras.txt): pictures of iPhones.
    import pi_heif
except ImportError:
    pi_heif = None
else:
    pi_heif.register_heif_opener()

JPEG_QUALITY = 88  # Live frames: 0.2 ms at 256 px with simplejpeg, a fifth of Pillow's WebP.
WEBP_QUALITY = 85  # Thumbnails.
PNG_LEVEL = 4  # Masters: a third of the time of level 6 for an eighth more bytes.
MAX_PIXELS = 4096 * 4096
# Pillow reads more, but with decoders that few pictures need and few people test.
READABLE = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", *(("HEIF",) if pi_heif else ()))
# The same for a file picker's `accept`.
MEDIA_TYPES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/bmp",
    "image/tiff",
    *(("image/heic", "image/heif") if pi_heif else ()),
)
TOO_LARGE = word("The picture is too large; the limit is {edge} × {edge} pixels.")
WRONG_KIND = word(
    "This is {kind}, which can't be read as a picture here. Save it as PNG or JPEG and try again."
)
CUT_OFF = word("A large part of this picture is missing. Save it again and try again.")
_READ_KINDS = (*file_kinds.PICTURES, *((file_kinds.HEIC,) if pi_heif else ()))
KEEP_WHAT_CAME = ("GIF", "TIFF", "BMP")  # Of files that were cut off.
MISSING = 0.25  # Of the rows: so much of a file that was cut off may be missing.
ACCENT_GRID = 96  # Points along each axis from which the dominant colour is taken.


def encode(pixels: np.ndarray, media_type: str) -> bytes:
    """The file of a picture, as image/jpeg, image/png or image/webp.

    JPEG has quality 88 and full colour resolution, PNG is exact, WebP has quality 85. A fourth
    channel is transparency; JPEG has none, so there it is shown as a checkerboard.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        raise ValueError(
            f"A picture is uint8 [height, width, 3], not {pixels.dtype} {list(pixels.shape)}."
        )
    if media_type == "image/jpeg":
        pixels = on_squares(pixels)
        return simplejpeg.encode_jpeg(
            np.ascontiguousarray(pixels),
            quality=JPEG_QUALITY,
            colorspace="RGB",
            colorsubsampling="444",
        )
    buffer = io.BytesIO()
    if media_type == "image/png":
        Image.fromarray(pixels).save(buffer, "PNG", compress_level=PNG_LEVEL)
    elif media_type == "image/webp":
        Image.fromarray(pixels).save(buffer, "WEBP", quality=WEBP_QUALITY, method=4)
    else:
        raise Refused(
            "Pictures can be saved as JPEG, PNG or WebP, not as “{media_type}”.",
            media_type=media_type[:40],
        )
    return buffer.getvalue()


def on_white(pixels: np.ndarray) -> np.ndarray:
    """A transparent picture on white, uint8 [height, width, 3]; others unchanged."""
    if pixels.shape[2] == 3:
        return pixels
    share = pixels[..., 3:].astype(np.float32) / 255
    return (share * pixels[..., :3] + (1 - share) * 255 + 0.5).astype(np.uint8)


def on_squares(pixels: np.ndarray) -> np.ndarray:
    """A transparent picture on the light checkerboard of painting programs; others unchanged.

    There are sixteen squares along the longer edge.
    """
    if pixels.shape[2] == 3:
        return pixels
    height, width = pixels.shape[:2]
    square = max(1, max(height, width) // 16)
    rows, columns = np.arange(height)[:, None] // square, np.arange(width)[None, :] // square
    board = np.where((rows + columns) % 2, np.float32(226), np.float32(250))[..., None]
    share = pixels[..., 3:].astype(np.float32) / 255
    return (share * pixels[..., :3] + (1 - share) * board + 0.5).astype(np.uint8)


def read_image(
    data: bytes, *, max_pixels: int = MAX_PIXELS, keeps_transparency: bool = False
) -> np.ndarray:
    """The picture in an untrusted file: uint8 sRGB [height, width, 3], transparency on white.

    With `keeps_transparency`, a picture that has any is [height, width, 4]. Otherwise as
    `open_picture`.
    """
    picture = open_picture(data, max_pixels=max_pixels)
    if picture.mode == "RGBA" and not keeps_transparency:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture).convert("RGB")
    return np.array(picture)


def open_picture(
    data: bytes,
    *,
    max_pixels: int = MAX_PIXELS,
    formats: tuple[str, ...] = READABLE,
    missing: float = MISSING,
) -> Image.Image:
    """The picture in an untrusted file, upright, as RGB or RGBA in sRGB.

    Only what the picture needs is read, so that a damaged text, profile or Exif does no harm; of an
    animation it is the first frame. The content decides what a file is, not its name. The size is
    judged from the header before anything is unpacked. formats: names of Pillow. missing: which
    part may be missing at the end of a file that was cut off. Raises Refused for what is no picture
    of these formats, is damaged, has more than `max_pixels`, or takes too long to read.
    """
    decode = partial(_decode, max_pixels=max_pixels, formats=formats, missing=missing)
    try:
        file = tidy(data)
        try:
            return decode(file)
        except (OSError, SyntaxError, ValueError):
            if not data.startswith(PNG_SIGNATURE):
                raise
            return decode(tidy(data, mends=True))
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused(TOO_LARGE, edge=int(max_pixels**0.5)) from error
    # Damaged bytes make Pillow's readers of pixels and palettes raise many kinds of errors.
    except Exception as error:
        kind = file_kinds.name_of(data)
        if kind and kind not in _READ_KINDS:
            raise Refused(WRONG_KIND, kind=kind) from error
        raise Refused(UNREADABLE) from error


def _decode(
    file: PictureFile, *, max_pixels: int, formats: tuple[str, ...], missing: float
) -> Image.Image:
    if file.missing > missing:
        raise Refused(CUT_OFF)
    with Image.open(io.BytesIO(file.data), formats=formats) as picture:
        if picture.width * picture.height > max_pixels:
            raise Refused(TOO_LARGE, edge=int(max_pixels**0.5))
        profile = file.profile or picture.info.get("icc_profile") or b""
        # Pillow turns TIFF by itself, and libheif HEIC.
        is_avif = picture.format == "AVIF"
        orientation = (
            orientation_of(picture.info.get("exif") or b"") if is_avif else file.orientation
        )
        is_whole = file.is_whole
        try:
            picture.load()
        except OSError:
            if picture.format not in KEEP_WHAT_CAME:
                raise
            picture.tile, is_whole = [], False  # What was decoded so far is there.
        decoded = to_rgb(picture, profile=profile)
    if not is_whole and _missing_rows(decoded) > missing:
        raise Refused(CUT_OFF)
    return upright(decoded, orientation)


def _missing_rows(picture: Image.Image) -> float:
    """The part of the rows that are all of one colour, that of the last row or that of the first.

    That is how decoders fill what is missing from a file; where it is interlaced, between others.
    """
    rows = np.asarray(picture)
    parts = [0.0]
    for place in (-1, 0):
        is_filled = (rows == rows[place, place]).all(axis=(1, 2))
        if is_filled[place]:
            parts.append(float(is_filled.mean()))
    return max(parts)


def shrink(pixels: np.ndarray, *, edge: int) -> np.ndarray:
    """The picture with its longer edge at most `edge`; a smaller one is returned as it is.

    Lanczos in linear light, so that fine bright detail keeps its brightness. Colours are weighted
    by opacity, so that transparent pixels do not bleed into their neighbours. One channel is
    resized at a time, which keeps a 4096 px master within 140 MB.
    """
    height, width = pixels.shape[:2]
    if max(height, width) <= edge:
        return pixels
    scale = edge / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if pixels.shape[2] == 3:
        return to_srgb(
            np.stack(
                [_resized(_LINEAR[pixels[..., channel]], size) for channel in range(3)], axis=-1
            )
        )
    cover = pixels[..., 3].astype(np.float32) / 255
    seen = np.clip(_resized(cover, size), 0, 1)
    light = np.stack(
        [_resized(_LINEAR[pixels[..., channel]] * cover, size) for channel in range(3)], axis=-1
    )
    colours = to_srgb(light / np.maximum(seen, 1e-3)[..., None])
    return np.concatenate([colours, (seen * 255 + 0.5).astype(np.uint8)[..., None]], axis=-1)


def _resized(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.LANCZOS))


def to_linear(pixels: np.ndarray) -> np.ndarray:
    """uint8 sRGB to linear light, float32 in [0, 1] (IEC 61966-2-1)."""
    return _LINEAR[pixels]


def to_srgb(light: np.ndarray) -> np.ndarray:
    """Linear light, cut to [0, 1], to uint8 sRGB."""
    light = np.clip(light, 0, 1)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.power(light, 1 / 2.4) - 0.055)
    return (encoded * 255 + 0.5).astype(np.uint8)


def _linear_table() -> np.ndarray:
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


_LINEAR = _linear_table()


def accent(pixels: np.ndarray) -> str:
    """The dominant colour as "#rrggbb", for placeholders.

    It is the mean of the fullest of 4096 colour cells. Colourful cells count up to twice, so that a
    vivid motif wins over a slightly larger grey background.
    """
    height, width = pixels.shape[:2]
    rows = np.linspace(0, height - 1, min(height, ACCENT_GRID)).astype(int)
    columns = np.linspace(0, width - 1, min(width, ACCENT_GRID)).astype(int)
    points = pixels[np.ix_(rows, columns)].reshape(-1, 3).astype(np.int32)
    cells = (points // 16) @ (256, 16, 1)
    weights = 1 + (points.max(axis=1) - points.min(axis=1)) / 255
    fullest = np.bincount(cells, weights).argmax()
    red, green, blue = points[cells == fullest].mean(axis=0).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"
