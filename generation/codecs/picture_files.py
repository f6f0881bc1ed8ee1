"""Takes picture files apart before a decoder sees them, and keeps only what a picture needs.

Texts, thumbnails, further frames and trailers are left out, so that damage to them does no harm and
they cost nothing; files that were made to keep a decoder busy are refused. Sources: PNG third
edition (W3C 2025), ITU-T T.81 annex B for JPEG, RFC 9649 for WebP, GIF89a (CompuServe 1990), TIFF
6.0 (Adobe 1992) and Exif 2.32 for the orientation.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from generation.refusal import Refused
from generation.words import word

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SCANS = 64  # Cameras and programs write up to twenty.
MAX_PARTS = 100_000  # Segments or chunks of a file.
MAX_PROFILE = 8_000_000  # Bytes of a colour profile, unpacked.
MAX_UNPACKED = 200_000_000  # Bytes of a PNG that is mended.
MEND_STEP = 256  # Bytes unpacked at once; those before damage in the same step are lost.
# Offsets and lengths of the strips or tiles of a TIFF, which has one for each row at most.
STRIP_TAGS, MAX_STRIPS = (273, 279, 324, 325), 65_536
BMP_RUN_LENGTHS = (1, 2)  # Ways of compressing, which Pillow unpacks slowly.
MAX_RUN_LENGTHS = 1_000_000  # Bytes.
# Steps and offsets across and down of the seven passes of an interlaced PNG.
ADAM7 = (
    (8, 8, 0, 0),
    (8, 8, 4, 0),
    (4, 8, 0, 4),
    (4, 4, 2, 0),
    (2, 4, 0, 2),
    (2, 2, 1, 0),
    (1, 2, 0, 1),
)
TOO_MANY_SCANS = word(
    "This JPEG is stored in more than {most} scans, which would take too long to read. Save it as"
    " a plain JPEG or PNG and try again."
)
UNREADABLE = word(
    "The file is not a readable PNG, JPEG or WebP picture. Save it as one of these and try again."
)
# In entropy-coded data, anything but a stuffed zero, a restart marker or a fill byte ends it.
JPEG_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
ORIENTATION_TAG = 0x0112
TIFF_SIZES = (1, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 1, 1, 8, 8, 8)  # Bytes by type.


@dataclass(frozen=True)
class PictureFile:
    """A file without what its picture does not need.

    orientation: as in Exif, 1 to 8. profile: its ICC profile. is_whole: False for a file that was
    cut off. missing: the part of its pixels that it is known to lack.
    """

    data: bytes
    orientation: int = 1
    profile: bytes = b""
    is_whole: bool = True
    missing: float = 0.0


def tidy(data: bytes, *, mends: bool = False) -> PictureFile:
    """What the picture in this file needs. Raises Refused for what would take too long to read.

    mends: rows of a PNG that cannot be unpacked become empty ones.
    """
    try:
        if data.startswith(PNG_SIGNATURE):
            return _tidy_png(data, mends=mends)
        if data.startswith(b"\xff\xd8\xff"):
            return _tidy_jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _tidy_webp(data)
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return _tidy_gif(data)
        if data[:4] in (b"II*\0", b"MM\0*"):
            _check_tiff(data)
        if data[:2] == b"BM" and data[30] in BMP_RUN_LENGTHS and len(data) > MAX_RUN_LENGTHS:
            raise Refused(UNREADABLE)
    except (struct.error, IndexError, zlib.error) as error:
        raise Refused(UNREADABLE) from error
    return PictureFile(data)


def orientation_of(exif: bytes) -> int:
    """The orientation 1 to 8 that Exif data gives; 1 where it is damaged or gives none."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if not order:
        return 1
    try:
        (at,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, at)
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", exif, place)
            if tag == ORIENTATION_TAG:
                (value,) = struct.unpack_from(order + ("H" if kind == 3 else "I"), exif, place + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # Cut off.
    return 1


def _tidy_png(data: bytes, *, mends: bool) -> PictureFile:
    header = palette = key = profile = b""
    pixels: list[bytes] = []
    orientation, is_whole = 1, False
    for kind, body in _png_chunks(data):
        if kind == b"IHDR" and not header:
            header = body
        elif kind == b"PLTE" and not palette:
            palette = body
        elif kind == b"tRNS" and not key:
            key = body
        elif kind == b"IDAT":
            pixels.append(body)
        elif kind == b"iCCP" and not profile:
            profile = _unpack_profile(body)
        elif kind == b"eXIf":
            orientation = orientation_of(body)
        elif kind == b"IEND":
            is_whole = True
            break
    depth, colour = header[8], header[9]
    packed, missing = b"".join(pixels), 0.0
    if mends or not is_whole:
        packed, missing = _mend_png_rows(packed, header)
    chunks = [(b"IHDR", header), (b"PLTE", palette), (b"tRNS", _png_key(key, depth, colour))]
    chunks += [(b"IDAT", packed), (b"IEND", b"")]
    parts = [_png_chunk(kind, body) for kind, body in chunks if body or kind == b"IEND"]
    whole = PNG_SIGNATURE + b"".join(parts)
    return PictureFile(whole, orientation, profile, missing == 0, missing)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and body of each chunk; the last one may be cut off. Checksums are not looked at."""
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
    raise Refused(UNREADABLE)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png_key(key: bytes, depth: int, colour: int) -> bytes:
    """The tRNS chunk for pixels of 8 bits, to which Pillow brings all but 16 bits of grey."""
    if colour == 3:
        return key
    length = {0: 2, 2: 6}.get(colour, 0)
    if not length or len(key) < length:
        return b""
    values = struct.unpack(f">{length // 2}H", key[:length])
    if colour == 2 and depth == 16:
        values = tuple(value >> 8 for value in values)
    elif depth in (2, 4):
        values = tuple(value * 255 // (2**depth - 1) for value in values)
    return struct.pack(f">{length // 2}H", *values)


def _mend_png_rows(packed: bytes, header: bytes) -> tuple[bytes, float]:
    """The packed rows of a PNG, with empty ones for those that are missing or damaged.

    Also which part of all rows these are.
    """
    wanted = _png_rows_size(header)
    if not wanted or wanted > MAX_UNPACKED:
        return packed, 1.0
    unpacker = zlib.decompressobj()
    rows = bytearray()
    try:
        for start in range(0, len(packed), MEND_STEP):
            rows += unpacker.decompress(packed[start : start + MEND_STEP], wanted - len(rows) + 1)
            if len(rows) > wanted or unpacker.eof:
                break
    except zlib.error:
        pass  # What was unpacked before the damage counts.
    missing = max(0.0, 1 - len(rows) / wanted)
    if missing > 0.5:
        return packed, missing
    return zlib.compress(bytes(rows[:wanted].ljust(wanted, b"\0")), 1), missing


def _png_rows_size(header: bytes) -> int:
    """How many bytes the rows of a PNG have, each with its filter."""
    width, height, depth, colour = struct.unpack(">IIBB", header[:10])
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 0)
    size = 0
    for across, down, left, top in ADAM7 if header[12] else [(1, 1, 0, 0)]:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            size += rows * (1 + -(-columns * bits // 8))
    return size


def _unpack_profile(body: bytes) -> bytes:
    """The ICC profile of an iCCP chunk; empty where it is damaged or too long."""
    _, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], MAX_PROFILE)
    except zlib.error:
        return b""
    return profile if unpacker.eof else b""


def _tidy_jpeg(data: bytes) -> PictureFile:
    parts: list[bytes] = [b"\xff\xd8"]
    profile: dict[int, bytes] = {}
    orientation = 1
    scans = found = 0
    at, is_whole = 2, False
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        found += 1
        if found > MAX_PARTS:
            raise Refused(UNREADABLE)
        marker = data[at + 1]
        if marker in (0x00, 0x01, 0xD8, 0xFF) or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2  # Stray bytes between segments.
            continue
        if marker == 0xD9:
            is_whole = True
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : end]
        if marker == 0xDA:
            scans += 1
            if scans > MAX_SCANS:
                raise Refused(TOO_MANY_SCANS, most=MAX_SCANS)
            following = JPEG_SCAN_END.search(data, end)
            end = following.start() if following else len(data)
        if marker == 0xE1 and body.startswith(b"Exif\0"):
            orientation = orientation_of(body)
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            profile.setdefault(body[12], body[14:])
        elif marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            parts.append(data[at:end])
        at = max(end, at + 4)
    parts.append(b"\xff\xd9")
    whole_profile = b"".join(profile[number] for number in sorted(profile))
    return PictureFile(b"".join(parts), orientation, whole_profile, is_whole)


def _tidy_webp(data: bytes) -> PictureFile:
    chunks: list[tuple[bytes, bytes]] = []
    profile, orientation = b"", 1
    at, has_frame = 12, False
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            break
        kind, length = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
        if kind == b"ICCP":
            profile = body
        elif kind == b"EXIF":
            orientation = orientation_of(body)
        elif kind == b"VP8X":
            # The flags say which chunks follow; those for profile, Exif and XMP are left out.
            chunks.append((kind, bytes([body[0] & ~0x2C]) + body[1:]))
        elif kind in (b"ANIM", b"ALPH", b"VP8 ", b"VP8L", b"ANMF") and not has_frame:
            chunks.append((kind, body))
            has_frame = kind in (b"VP8 ", b"VP8L", b"ANMF")  # The first frame is enough.
    body = b"".join(
        struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)
        for kind, body in chunks
    )
    whole = b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
    return PictureFile(whole, orientation, profile)


def _tidy_gif(data: bytes) -> PictureFile:
    """The first frame with its transparency; comments and further frames are left out."""
    flags = data[10]
    at = 13 + (3 * 2 ** (1 + (flags & 7)) if flags & 0x80 else 0)
    parts, control = [data[:at]], b""
    for _ in range(MAX_PARTS):
        if data[at] != 0x21:
            break
        # Of the extensions, the last graphic control before the frame is its own.
        end = _gif_blocks_end(data, at + 2)
        if data[at + 1] == 0xF9:
            control = data[at:end]
        at = end
    if data[at] != 0x2C:
        raise Refused(UNREADABLE)
    flags = data[at + 9]
    start = at + 11 + (3 * 2 ** (1 + (flags & 7)) if flags & 0x80 else 0)
    end = _gif_blocks_end(data, start)
    return PictureFile(b"".join([*parts, control, data[at:end], b";"]), is_whole=end <= len(data))


def _gif_blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _check_tiff(data: bytes) -> None:
    """Raises Refused for a first directory whose tags claim far more than the file holds.

    Pillow would copy what each of them points to, however often that is the same.
    """
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    claimed = 0
    for place in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, values = struct.unpack_from(order + "HHI", data, place)
        size = values * (TIFF_SIZES[kind] if kind < len(TIFF_SIZES) else 1)
        claimed += min(size, len(data))
        if tag in STRIP_TAGS and values > MAX_STRIPS:
            raise Refused(UNREADABLE)
    if claimed > 2 * len(data) + 65_536:
        raise Refused(UNREADABLE)
