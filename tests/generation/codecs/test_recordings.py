"""Recordings as people have them: odd headers, tags, damage, channels that cancel, wrong names."""

import io
import struct

import numpy as np
import pytest
import soundfile

from generation.codecs.recordings import read_recording
from generation.refusal import Refused

RATE, SECONDS = 22_050, 3
TIME = np.arange(SECONDS * RATE) / RATE
TONE = (0.5 * np.sin(2 * np.pi * 440 * TIME) * np.exp(-3 * (TIME % 0.5))).astype(np.float32)


def saved(sound=TONE, *, kind="WAV", coding="PCM_16", rate=RATE):
    packed = io.BytesIO()
    soundfile.write(packed, sound, rate, format=kind, subtype=coding)
    return packed.getvalue()


def id3(size, *, said=None):
    """An ID3 tag with a cover of so many bytes, which may say another length."""
    body = b"APIC" + struct.pack(">I", size) + b"\0\0" + b"\1" * size
    length = len(body) if said is None else said
    return b"ID3\3\0\0" + bytes(length >> shift & 127 for shift in (21, 14, 7, 0)) + body


def ogg_of_flac():
    """FLAC inside Ogg as ffmpeg writes it: a packet a page."""
    flac = saved(kind="FLAC")
    at, blocks = 4, []
    while True:
        length = int.from_bytes(flac[at + 1 : at + 4], "big")
        blocks.append(flac[at : at + 4 + length])
        at += 4 + length
        if blocks[-1][0] & 0x80:
            break
    head = b"\x7fFLAC\1\0" + struct.pack(">H", len(blocks) - 1) + b"fLaC" + blocks[0]
    pages = []
    for number, packet in enumerate([head, *blocks[1:], flac[at:]]):
        lacing = b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])
        place = 0
        while lacing:
            now, lacing = lacing[:255], lacing[255:]
            kind = 2 if not number else 0
            page = struct.pack("<4sBBQIIIB", b"OggS", 0, kind, 0, 1, len(pages), 0, len(now))
            pages.append(page + now + packet[place : place + sum(now)])
            place += sum(now)
    return b"".join(pages)


WAV, MP3, FLAC = saved(), saved(kind="MP3", coding="MPEG_LAYER_III"), saved(kind="FLAC")
DATA = WAV.index(b"data") + 4
BROKEN = np.stack([TONE, TONE], 1)
BROKEN[::97], BROKEN[5], BROKEN[9] = np.nan, np.inf, -np.inf
READ = {
    "a length that was never filled in": WAV[:DATA] + bytes(4) + WAV[DATA + 4 :],
    "a length of a stream": WAV[:4] + b"\xff" * 4 + WAV[8:DATA] + b"\xff" * 4 + WAV[DATA + 4 :],
    "a length beyond the end": WAV[:DATA] + struct.pack("<I", 2**31) + WAV[DATA + 4 :],
    "no length of the whole": WAV[:4] + bytes(4) + WAV[8:],
    "a tag before a WAV": id3(99) + WAV,
    "a format that says it is longer": WAV[:16] + struct.pack("<I", 18) + WAV[20:],
    "an extensible format without its extension": WAV[:20] + b"\xfe\xff" + WAV[22:],
    "a list of odd length": WAV[:36] + b"LIST\5\0\0\0INFOx" + WAV[36:],
    "zeros between the chunks": WAV[:36] + bytes(10) + WAV[36:],
    "a newline before a WAV": b"\r\n" + WAV,
    "24 bits": saved(coding="PCM_24"),
    "32-bit numbers": saved(coding="FLOAT"),
    "64-bit numbers": saved(coding="DOUBLE"),
    "numbers that are none": saved(BROKEN, coding="FLOAT"),
    "numbers far too large": saved(1000 * TONE, coding="FLOAT"),
    "an extensible head": saved(kind="WAVEX", coding="PCM_24"),
    "telephone coding": saved(coding="ULAW"),
    "AIFF": saved(kind="AIFF"),
    "CAF": saved(kind="CAF"),
    "six channels": saved(np.stack([TONE * (i == 2) for i in range(6)], 1)),
    "sixteen channels": saved(np.stack([TONE] * 16, 1)),
    "channels that cancel each other out": saved(np.stack([TONE, -TONE], 1)),
    "one silent channel": saved(np.stack([TONE, 0 * TONE], 1)),
    "a constant": saved(0.1 * TONE + 0.8),
    "a cover of megabytes": id3(2_000_000) + MP3,
    "two tags": id3(99) + id3(99) + MP3,
    "a padded tag": id3(99) + bytes(5000) + MP3,
    "a tag that says it is short": id3(5000, said=5) + MP3,
    "a tag that says it is endless": id3(99, said=2**28 - 1) + MP3,
    "noise before the first frame": bytes(range(256)) * 9 + MP3,
    "an old tag at the end": MP3 + b"TAG" + bytes(125),
    "a tag before a FLAC": id3(2_000_000) + FLAC,
    "a FLAC of unknown length": FLAC[:21] + bytes([FLAC[21] & 0xF0]) + bytes(4) + FLAC[26:],
    "a FLAC in an Ogg": ogg_of_flac(),
    "Ogg": saved(kind="OGG", coding="VORBIS"),
    "Opus": saved(
        np.interp(np.arange(144_000) / 48_000, TIME, TONE), kind="OGG", coding="OPUS", rate=48_000
    ),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_what_players_play_is_read(content):
    sound = read_recording(content, rate=RATE)
    assert SECONDS - 0.25 <= len(sound) / RATE <= SECONDS + 0.25
    assert np.abs(sound).max() == pytest.approx(1, abs=0.05)
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(spectrum.argmax() * RATE / len(sound) - 440) < 3


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "MP3"])
def test_of_a_recording_that_was_cut_the_beginning_is_kept(kind):
    content = {"WAV": WAV, "FLAC": FLAC, "MP3": MP3}[kind]
    sound = read_recording(content[: int(0.7 * len(content))], rate=RATE)
    assert 1.5 < len(sound) / RATE < 2.5


@pytest.mark.parametrize("rate", [5_512, 8_000, 96_000, 384_000])
def test_slow_and_fast_sampling_are_read(rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)
    assert len(read_recording(saved(tone, rate=rate), rate=RATE)) == pytest.approx(
        2 * RATE, rel=0.01
    )


def test_chained_parts_follow_each_other_and_count_as_one():
    chained = saved(kind="OGG", coding="VORBIS") * 2
    assert len(read_recording(chained, rate=RATE)) == pytest.approx(2 * SECONDS * RATE, rel=0.02)
    with pytest.raises(Refused, match="longer than 5 seconds"):
        read_recording(chained, rate=RATE, longest=5)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\0\0\0\x20ftypM4A \0\0\2\0isommp42", "an M4A recording"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isommp42", "an MP4 or M4A file"),
        (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(64), "an AAC recording"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", "a WebM or Matroska file"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "a WMA recording"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"PK\x03\x04\x14\0\0\0", "a ZIP archive"),
        (b'<?xml version="1.0"?>\n<score-partwise version="4.0">', "a MusicXML score"),
    ],
)
def test_what_cannot_be_read_is_called_by_its_name(content, kind):
    with pytest.raises(Refused, match=f"This is {kind}, .* WAV, FLAC, Ogg or MP3"):
        read_recording(content, rate=RATE)


def test_damaged_bytes_give_a_sound_or_a_refusal_and_nothing_else():
    rng = np.random.default_rng(3)
    outcomes = set()
    for whole in (WAV, FLAC, MP3, saved(kind="OGG", coding="VORBIS")):
        short = whole[:9_000]
        for _ in range(60):
            content = bytearray(short)
            for place in rng.integers(0, len(content) if rng.random() < 0.5 else 60, 4):
                content[place] = rng.integers(256)
            try:
                outcomes.add(read_recording(bytes(content), rate=RATE).dtype)
            except Refused:
                outcomes.add(Refused)
    assert outcomes <= {np.dtype(np.float32), Refused}
