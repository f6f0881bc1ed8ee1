"""Puts right what keeps libsndfile from reading a sound file that players play.

Sources: Microsoft's "Multiple Channel Audio Data and WAVE Files" for RIFF, id3.org's ID3v2.4.0,
ISO/IEC 11172-3 for MPEG frames, RFC 3533 for Ogg, and "FLAC to Ogg mapping" (Xiph 2003).
"""

import re
import struct
from collections.abc import Iterator

ID3_HEAD = 10  # Bytes.
WITHIN_TAG = b"RIFF", b"fLaC", b"OggS", b"FORM"  # What may follow an ID3 tag beside MPEG frames.
MPEG_SYNC = re.compile(rb"\xff(?=[\xe2-\xff])")
MOST_TRIED = 200_000  # Places at which a frame may begin.
FRAMES_IN_A_ROW = 3
BITRATES = {  # kbit/s by (is MPEG 1, layer).
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = (44_100, 48_000, 32_000)
MOST_LINKS = 100
WAVE_WITHIN = 1024  # Bytes.
MOST_CHANNELS = 64
PLAIN_CODINGS = (1, 3, 6, 7)  # Whole numbers, floating point, A-law and mu-law.
OGG_PAGE, BEGINS = b"OggS\0", 2


def readings(content: bytes) -> Iterator[bytes]:
    """The file as libsndfile may be able to read it, the likeliest first."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        content = _with_length(content)
    yield content
    start = after_tags(content)
    if content.startswith(WITHIN_TAG, start) and start:
        yield content[start:]
    if content.startswith(OGG_PAGE) and content[29:33] == b"FLAC":
        yield _unwrap_flac(content)
    if mended := _mend_wave(content):
        yield mended
    first = first_frame(content, start)
    if first is None and start:
        first = first_frame(content, ID3_HEAD)  # The tag's length was wrong.
    if first:
        yield content[first:]


def links_of(content: bytes) -> list[bytes]:
    """The parts of a chained Ogg file, which are played one after the other; else the file."""
    if not content.startswith(OGG_PAGE):
        return [content]
    starts = [found.start() for found in re.finditer(OGG_PAGE, content)]
    begins = [content[at + 5 : at + 6] == bytes([BEGINS]) for at in starts]
    firsts = [
        at
        for at, is_first, follows in zip(starts, begins, [False, *begins], strict=False)
        if is_first and not follows
    ]
    if not 1 < len(firsts) <= MOST_LINKS:
        return [content]
    return [content[at:end] for at, end in zip(firsts, [*firsts[1:], len(content)], strict=True)]


def after_tags(content: bytes) -> int:
    """Where the sound begins after ID3 tags and the zeros that may pad them."""
    at = 0
    while content.startswith(b"ID3", at) and len(content) >= at + ID3_HEAD:
        length = 0
        for byte in content[at + 6 : at + ID3_HEAD]:
            length = length << 7 | byte & 0x7F
        has_footer = content[at + 5] & 0x10
        at += ID3_HEAD + length + (ID3_HEAD if has_footer else 0)
    while at < len(content) and not content[at]:
        at += 1
    return min(at, len(content))


def first_frame(content: bytes, at: int) -> int | None:
    """Where the first of some MPEG frames in a row begins, or None."""
    for tried, found in enumerate(MPEG_SYNC.finditer(content, at)):
        if tried > MOST_TRIED:
            return None
        place = found.start()
        for _ in range(FRAMES_IN_A_ROW):
            length = _frame_length(content, place)
            if not length:
                break
            place += length
        else:
            return found.start()
    return None


def _frame_length(content: bytes, at: int) -> int:
    """The length in bytes of the MPEG frame that begins here; 0 where none does."""
    if at + 4 > len(content):
        return 0
    sync, version, layer = content[at], content[at + 1] >> 3 & 3, 4 - (content[at + 1] >> 1 & 3)
    bitrate, rate, padding = (
        content[at + 2] >> 4,
        content[at + 2] >> 2 & 3,
        content[at + 2] >> 1 & 1,
    )
    if sync != 0xFF or content[at + 1] < 0xE0 or version == 1 or layer == 4:
        return 0
    if bitrate in (0, 15) or rate == 3:
        return 0
    bits = BITRATES[version == 3, layer][bitrate] * 1000
    hertz = RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding


def _with_length(content: bytes) -> bytes:
    """A WAV file whose data reaches to its end, where its length was never filled in.

    Programs that stream, or that were stopped while they recorded, leave zero there.
    """
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        if name == b"data":
            left = len(content) - at - 8
            if length == 0 and left > 0:
                return content[: at + 4] + struct.pack("<I", left) + content[at + 8 :]
            return content
        at += 8 + length + length % 2
    return content


def _mend_wave(content: bytes) -> bytes:
    """A plain WAV file with the samples of one whose chunks are damaged; empty without any.

    Its format and its data are found by their names, whatever lengths and chunks are around them.
    """
    at = content.find(b"WAVE", 0, WAVE_WITHIN)
    form, data = content.find(b"fmt ", max(at, 0)), content.find(b"data", max(at, 0))
    if at < 0 or form < 0 or data < 0 or form + 24 > len(content):
        return b""
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", content, form + 8)
    samples = content[data + 8 : form if form > data else None]
    coding = coding if coding in PLAIN_CODINGS else PLAIN_CODINGS[0]
    width = channels * bits // 8
    if not width or not rate or bits % 8 or channels > MOST_CHANNELS or bits > 64:
        return b""
    head = struct.pack("<HHIIHH", coding, channels, rate, rate * width & 0xFFFFFFFF, width, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _unwrap_flac(content: bytes) -> bytes:
    """The FLAC file inside an Ogg file, whose first packet says how it is wrapped."""
    packets: list[bytes] = []
    part = b""
    for found in re.finditer(OGG_PAGE, content):
        at = found.start()
        if at + 27 > len(content):
            break
        lacing = content[at + 27 : at + 27 + content[at + 26]]
        place = at + 27 + len(lacing)
        for length in lacing:
            part += content[place : place + length]
            place += length
            if length < 255:
                packets.append(part)
                part = b""
    return b"".join([packets[0][9:], *packets[1:]]) if packets else b""
