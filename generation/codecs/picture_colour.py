"""Decoded pictures of any kind of pixels to 8 bits of sRGB, with transparency if there is any."""

import io

import numpy as np
from PIL import Image, ImageCms

# Modes of Pillow that hold more than 8 bits, and the brightest value of the first kind.
DEEP_MODES, FULL_DEPTH = ("I", "F"), 65_535
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def to_rgb(picture: Image.Image, *, profile: bytes = b"") -> Image.Image:
    """The picture in sRGB as RGB, or as RGBA where something in it may be transparent.

    profile: its ICC profile; one that is damaged, or does not fit the pixels, is not used.
    """
    opacity = None
    if picture.mode.startswith(DEEP_MODES):
        picture, opacity = _to_eight_bits(picture)
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    converted = _by_profile(picture, profile) if profile else None
    picture = converted or picture
    if picture.mode != "RGBA":
        picture = picture.convert("RGB")
    if opacity is not None:
        picture.putalpha(opacity)
    return picture


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture turned as its Exif orientation, 1 to 8, says."""
    turn = TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _to_eight_bits(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """A grey picture of more than 8 bits as L, and its opacity where one value is transparent.

    16 bits keep their brightness. Other numbers have no white of their own, so that the picture's
    range, from its least to its greatest, becomes that from black to white.
    """
    values = np.asarray(picture)
    key = picture.info.get("transparency")
    opacity = (
        Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8))
        if isinstance(key, int)
        else None
    )
    if values.dtype == np.uint16:
        return Image.fromarray((values // 257).astype(np.uint8)), opacity
    values = values.astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    if values.dtype.kind != "f" and low >= 0 and high <= FULL_DEPTH:
        low, high = 0.0, float(FULL_DEPTH)
    if low == high:
        low, high = 0.0, max(1.0, high)
    scaled = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    return Image.fromarray((np.clip(scaled, 0, 1) * 255 + 0.5).astype(np.uint8)), opacity


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture converted from its profile to sRGB; None where that is not possible or needed."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if ImageCms.getProfileDescription(source).startswith("sRGB"):
            return None
        return ImageCms.profileToProfile(
            picture,
            source,
            _SRGB,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGBA" if picture.mode == "RGBA" else "RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    # A damaged profile makes littleCMS raise several kinds of errors.
    except Exception:
        return None
