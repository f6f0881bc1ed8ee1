"""Reads and writes the XMP packet of PNG, JPEG and WebP files without touching a pixel.

Sources: XMP specification part 3 (ISO 16684-1 for the packet; Adobe's "Storage in Files" for its
place in each format), PNG third edition (W3C 2025) section 11.3.3, ITU-T T.81 annex B for JPEG's
segments, RFC 9649 for WebP.
"""

import struct
import zlib
from collections.abc import Iterator

from generation.refusal import Refused

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_HEADER = (  # Keyword, not compressed, no language, no translated keyword.
    b"XML:com.adobe.xmp\0\0\0\0\0"
)
JPEG_START = b"\xff\xd8"
JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
JPEG_MAX_PACKET = 65535 - 2 - len(JPEG_HEADER)
WEBP_XMP_FLAG, WEBP_ALPHA_FLAG = 0x04, 0x10


def media_type_of(data: bytes) -> str:
    """The media type by a file's first bytes. Raises Refused when it is none of the three."""
    if data.startswith(PNG_SIGNATURE):
        return "image/png"
    if data.startswith(JPEG_START + b"\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise Refused("The file is not a PNG, JPEG or WebP.")


def put_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet, which replaces one that it may have had.

    Raises Refused when the file is damaged.
    """
    try:
        return _PUT[media_type_of(data)](data, packet)
    except (struct.error, IndexError) as error:
        raise Refused("The picture file is damaged.") from error


def take_xmp(data: bytes) -> bytes | None:
    """The XMP packet of a file, or None. Raises Refused when the file is damaged."""
    try:
        return _TAKE[media_type_of(data)](data)
    except (struct.error, IndexError) as error:
        raise Refused("The picture file is damaged.") from error


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The type, the body and the whole of each chunk. Raises Refused or struct.error at damage."""
    at = len(PNG_SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            raise Refused("The PNG file is incomplete.")
        yield data[at + 4 : at + 8], data[at + 8 : end - 4], data[at:end]
        at = end


def _put_png(data: bytes, packet: bytes) -> bytes:
    body = b"iTXt" + PNG_HEADER + packet
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    parts = [PNG_SIGNATURE]
    for kind, content, whole in png_chunks(data):
        if kind == b"iTXt" and content.startswith(b"XML:com.adobe.xmp\0"):
            continue
        parts.append(whole)
        if kind == b"IHDR":
            parts.append(chunk)
    return b"".join(parts)


def _take_png(data: bytes) -> bytes | None:
    for kind, content, _ in png_chunks(data):
        if kind == b"iTXt" and content.startswith(PNG_HEADER):
            return content[len(PNG_HEADER) :]
    return None


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and end of the application and comment segments at the start of a JPEG file.

    Raises Refused, IndexError or struct.error at damage.
    """
    at = len(JPEG_START)
    while data[at] == 0xFF and (0xE0 <= data[at + 1] <= 0xEF or data[at + 1] == 0xFE):
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if end >= len(data):
            raise Refused("The JPEG file is incomplete.")
        yield data[at + 1], data[at + 4 : end], end
        at = end


def _put_jpeg(data: bytes, packet: bytes) -> bytes:
    if len(packet) > JPEG_MAX_PACKET:
        raise Refused("The description is too long for a JPEG file.")
    segment = (
        b"\xff\xe1" + struct.pack(">H", 2 + len(JPEG_HEADER) + len(packet)) + JPEG_HEADER + packet
    )
    # JFIF's APP0 must come first and Exif's APP1 next; the packet follows them.
    leading: list[bytes] = []
    others: list[bytes] = []
    end = len(JPEG_START)
    for marker, body, stop in jpeg_segments(data):
        whole, end = data[end:stop], stop
        if marker == 0xE1 and body.startswith(JPEG_HEADER):
            continue
        is_leading = not others and (
            marker == 0xE0 or (marker == 0xE1 and body.startswith(b"Exif\0"))
        )
        (leading if is_leading else others).append(whole)
    return b"".join([JPEG_START, *leading, segment, *others, data[end:]])


def _take_jpeg(data: bytes) -> bytes | None:
    for marker, body, _ in jpeg_segments(data):
        if marker == 0xE1 and body.startswith(JPEG_HEADER):
            return body[len(JPEG_HEADER) :]
    return None


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The type and the body of each chunk. Raises Refused or struct.error at damage."""
    at, stop = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    if stop > len(data):
        raise Refused("The WebP file is incomplete.")
    while at + 8 <= stop:
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > stop:
            raise Refused("The WebP file is damaged.")
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)


def _put_webp(data: bytes, packet: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in webp_chunks(data) if kind != b"XMP "]
    if chunks[0][0] == b"VP8X":
        _, header = chunks.pop(0)
        header = bytes([header[0] | WEBP_XMP_FLAG]) + header[1:]
    else:
        header = _webp_header(*chunks[0])
    body = b"".join(
        _webp_chunk(kind, body) for kind, body in [(b"VP8X", header), *chunks, (b"XMP ", packet)]
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _webp_header(kind: bytes, body: bytes) -> bytes:
    """The extended header for a simple file, from the size in its bitstream.

    RFC 9649 section 2.7, RFC 6386 section 9.1.
    """
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", body, 6))
        has_alpha = False
    elif kind == b"VP8L" and body[0] == 0x2F:
        (bits,) = struct.unpack_from("<I", body, 1)
        width, height, has_alpha = (
            (bits & 0x3FFF) + 1,
            (bits >> 14 & 0x3FFF) + 1,
            bool(bits >> 28 & 1),
        )
    else:
        raise Refused("The WebP file is damaged.")
    flags = WEBP_XMP_FLAG | (WEBP_ALPHA_FLAG if has_alpha else 0)
    return (
        struct.pack("<I", flags)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )


def _take_webp(data: bytes) -> bytes | None:
    return next((body for kind, body in webp_chunks(data) if kind == b"XMP "), None)


_PUT = {"image/png": _put_png, "image/jpeg": _put_jpeg, "image/webp": _put_webp}
_TAKE = {"image/png": _take_png, "image/jpeg": _take_jpeg, "image/webp": _take_webp}
