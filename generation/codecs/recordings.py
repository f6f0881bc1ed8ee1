"""Reads uploaded recordings in bounded memory: WAV, FLAC, Ogg or MP3 -> mono at a given rate."""

import io
from math import gcd

import numpy as np
import scipy
import soundfile

from generation.codecs import file_kinds
from generation.codecs.sound_files import MOST_CHANNELS, links_of, readings
from generation.refusal import Refused
from generation.words import word

LONGEST_SECONDS = 60.0
MAX_BYTES = 25_000_000
SHORTEST_SECONDS = 1.0
QUIETEST = 10 ** (-50 / 20)  # Peaks below -50 dBFS count as silence.
RATES = (4_000, 768_000)
# Where the mean of the channels has less than this part of the power of the strongest, they cancel
# each other out.
CANCELLED = 0.01
BLOCK = 4_096  # Frames: what a damaged file loses before the damage.
UNREADABLE = word("This sound cannot be read. Save it as WAV, FLAC, Ogg or MP3 and try again.")
WRONG_KIND = word(
    "This is {kind}, which can't be read as a sound here. Save it as WAV, FLAC, Ogg or MP3 and try"
    " again."
)
DAMAGE = (soundfile.LibsndfileError, RuntimeError, ValueError, TypeError)


class _TooLong(Exception):
    """There are more samples than may be read."""


def read_recording(content: bytes, *, rate: int, longest: float = LONGEST_SECONDS) -> np.ndarray:
    """Mono float32 [samples] at `rate`, with its peak at 1.

    The content decides what a file is, not its name, and its header is not trusted: the file is
    read block by block, up to the limit. Of a damaged file, what comes before the damage is kept.
    Raises Refused for what is no sound, too long, too short or silent.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "This file is larger than {largest_bytes} MB. Trim it to a minute, or save it as MP3.",
            largest_bytes=MAX_BYTES // 1000000,
        )
    try:
        mono, original = _read(content, longest=longest)
    except _TooLong:
        raise Refused(
            "This sound is longer than {longest:g} seconds. Trim it to the part with the tune.",
            longest=longest,
        ) from None
    if len(mono) < SHORTEST_SECONDS * original:
        raise Refused("This sound is shorter than a second. A tune needs a few.")
    mono = mono - mono.mean()  # Cheap microphones add a constant.
    peak = float(np.abs(mono).max())
    if not np.isfinite(peak) or peak < QUIETEST:
        raise Refused("This sound is silent. Record it louder and try again.")
    common = gcd(original, rate)
    return scipy.signal.resample_poly(mono / peak, rate // common, original // common).astype(
        np.float32
    )


def _read(content: bytes, *, longest: float) -> tuple[np.ndarray, int]:
    """The samples of a file, mono, and their rate. Raises Refused where nothing can be read."""
    best: tuple[np.ndarray, int] | None = None
    for reading in readings(content):
        parts: list[np.ndarray] = []
        original = count = 0
        for link in links_of(reading):
            try:
                part, rate = _read_link(link, longest=longest)
            except DAMAGE:
                break
            if original and rate != original:
                break
            original = rate
            count += len(part)
            if count > longest * rate:
                raise _TooLong
            parts.append(part)
        # Noise before the sound may look like a frame of it, so that less than a second is no end.
        if parts and (best is None or count / original > len(best[0]) / best[1]):
            best = np.concatenate(parts), original
        if best and len(best[0]) >= SHORTEST_SECONDS * best[1]:
            break
    if best:
        return best
    kind = file_kinds.name_of(content)
    if kind and kind not in file_kinds.SOUNDS:
        raise Refused(WRONG_KIND, kind=kind)
    raise Refused(UNREADABLE)


def _read_link(content: bytes, *, longest: float) -> tuple[np.ndarray, int]:
    """The mean of the channels; the strongest one alone, where they cancel each other out."""
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        if not RATES[0] <= file.samplerate <= RATES[1] or not 1 <= file.channels <= MOST_CHANNELS:
            raise Refused(
                "Sound needs {rates} to {rates_2} samples per second and at most"
                " {most_channels} channels.",
                rates=RATES[0],
                rates_2=RATES[1],
                most_channels=MOST_CHANNELS,
            )
        most, rate, channels = int(longest * file.samplerate), file.samplerate, file.channels
        mono, powers = _read_blocks(file, most=most)
    if channels > 1 and float((mono.astype(np.float64) ** 2).sum()) < CANCELLED * powers.max():
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            mono, _ = _read_blocks(file, most=most, channel=int(powers.argmax()))
    return mono, rate


def _read_blocks(
    file: soundfile.SoundFile, *, most: int, channel: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """One channel or the mean of all [samples], and the power of each [channels].

    Raises _TooLong when there are more than `most` samples.
    """
    blocks: list[np.ndarray] = [np.zeros(0, dtype=np.float32)]
    powers = np.zeros(file.channels)
    total = 0
    while True:
        try:
            block = file.read(BLOCK, dtype="float32", always_2d=True)
        except DAMAGE:
            block = np.zeros((0, file.channels), np.float32)
        if not len(block):
            return np.concatenate(blocks), powers
        total += len(block)
        if total > most:
            raise _TooLong
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        powers += (block.astype(np.float64) ** 2).sum(0)
        blocks.append(block.mean(1) if channel is None else block[:, channel])
