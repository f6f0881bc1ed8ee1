"""The texts that programs store in PNG, JPEG and WebP files, read as far as they are whole.

Sources: PNG third edition (W3C 2025) section 11.3.3 for tEXt, zTXt and iTXt; Exif 2.32 (CIPA
DC-008) and TIFF 6.0 (Adobe 1992) for the rest.
"""

import struct
import zlib
from collections.abc import Iterator
from itertools import islice

from generation.codecs.containers import (
    JPEG_START,
    PNG_SIGNATURE,
    jpeg_segments,
    png_chunks,
    webp_chunks,
)
from generation.refusal import Refused

MAX_PARTS = 100_000  # Chunks or segments of a file.
MAX_TEXTS = 64
MAX_TEXT = 4_000_000  # Bytes of all texts of a file together, unpacked.
MAX_TAGS = 200  # Of an Exif directory.
USER_COMMENT, EXIF_DIRECTORY = 0x9286, 0x8769
BYTES, ASCII, UNDEFINED = 1, 2, 7  # Types of a tag's value.
COMMENT = "UserComment"
_DAMAGE = (Refused, struct.error, IndexError)


def picture_texts(data: bytes) -> dict[str, str]:
    """The texts in a file by their name, the first of each name; those before damage if it is
    damaged, and none if it is no picture.

    Names are a PNG's keywords, COMMENT for Exif's user comment, and what stands before the colon
    in Exif's plain texts, where ComfyUI puts a name.
    """
    texts: dict[str, str] = {}
    room = MAX_TEXT
    parts = islice(_parts(data), MAX_PARTS)
    while len(texts) < MAX_TEXTS and room > 0:
        try:
            name, body = next(parts)
        except (StopIteration, *_DAMAGE):
            break
        for key, text in _READ[name](body, room) if name in _READ else ():
            room -= len(text)
            texts.setdefault(key, text)
    return texts


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data.startswith(PNG_SIGNATURE):
        for kind, body, _ in png_chunks(data):
            yield kind, body
    elif data.startswith(JPEG_START):
        for marker, body, _ in jpeg_segments(data):
            if marker == 0xE1 and body.startswith(b"Exif\0"):
                yield b"EXIF", body
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        yield from webp_chunks(data)


def _plain(body: bytes, room: int) -> Iterator[tuple[str, str]]:
    keyword, _, text = body.partition(b"\0")
    yield _name(keyword), _decode(text[:room])


def _packed(body: bytes, room: int) -> Iterator[tuple[str, str]]:
    keyword, _, text = body.partition(b"\0")
    if text[:1] == b"\0":  # The one way of compressing.
        yield _name(keyword), _decode(_unpack(text[1:], room))


def _international(body: bytes, room: int) -> Iterator[tuple[str, str]]:
    keyword, _, rest = body.partition(b"\0")
    # After the two bytes about compressing stand the language and the translated keyword.
    parts = rest[2:].split(b"\0", 2)
    if len(parts) == 3:
        text = _unpack(parts[2], room) if rest[:1] == b"\1" else parts[2][:room]
        yield _name(keyword), _decode(text)


def _exif(body: bytes, room: int) -> Iterator[tuple[str, str]]:
    body = body.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    if not order:
        return
    try:
        (at,) = struct.unpack_from(order + "I", body, 4)
        for tag, kind, value in _tags(body, order, at):
            text = value[:room]
            if tag == EXIF_DIRECTORY and len(value) == 4:
                (inner,) = struct.unpack(order + "I", value)
                for inner_tag, _, comment in _tags(body, order, inner):
                    if inner_tag == USER_COMMENT:
                        yield COMMENT, _decode_comment(comment[:room])
            elif kind == ASCII and b":" in text[:40]:
                keyword, _, rest = text.partition(b":")
                yield _name(keyword), _decode(rest.rstrip(b"\0"))
    except struct.error:
        return  # Cut off.


def _tags(body: bytes, order: str, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Tag, type and bytes of each text or offset in a directory."""
    (count,) = struct.unpack_from(order + "H", body, at)
    for place in range(at + 2, at + 2 + 12 * min(count, MAX_TAGS), 12):
        tag, kind, length = struct.unpack_from(order + "HHI", body, place)
        if kind in (BYTES, ASCII, UNDEFINED) and length > 4:
            (start,) = struct.unpack_from(order + "I", body, place + 8)
            yield tag, kind, body[start : start + length]
        elif tag == EXIF_DIRECTORY:
            yield tag, kind, body[place + 8 : place + 12]


def _decode_comment(value: bytes) -> str:
    """The text of a user comment, whose first eight bytes name its encoding."""
    code, text = value[:8], value[8:]
    if code != b"UNICODE\0":
        return _decode(text if code in (b"ASCII\0\0\0", bytes(8)) else value)
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return text.decode("utf-16", "replace")
    # Exif leaves the order of the bytes to the file's; programs do as they like. Most letters of
    # most prompts have a zero as their high byte.
    is_big = text[0::2].count(0) >= text[1::2].count(0)
    return text.decode("utf-16-be" if is_big else "utf-16-le", "replace")


def _decode(text: bytes) -> str:
    """UTF-8, which programs write even where the standards say Latin-1, or else Latin-1."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _name(keyword: bytes) -> str:
    return keyword[:80].decode("latin-1")


def _unpack(packed: bytes, room: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, room)
    except zlib.error:
        return b""


_READ = {b"tEXt": _plain, b"zTXt": _packed, b"iTXt": _international, b"eXIf": _exif, b"EXIF": _exif}
