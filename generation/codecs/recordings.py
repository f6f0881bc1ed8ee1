"""Reads uploaded recordings in bounded memory: WAV, FLAC, Ogg or MP3 -> mono at a given rate."""

import io
from math import gcd

import numpy as np
import soundfile
from scipy.signal import resample_poly

from generation.refusal import Refused
from generation.words import word

LONGEST_SECONDS = 60.0
MAX_BYTES = 25_000_000
SHORTEST_SECONDS = 1.0
QUIETEST = 10 ** (-50 / 20)  # Peaks below -50 dBFS count as silence.
RATES = (8_000, 192_000)
MOST_CHANNELS = 8
BLOCK = 65_536
UNREADABLE = word("This sound cannot be read. Save it as WAV, FLAC, Ogg or MP3 and try again.")


def read_recording(content: bytes, *, rate: int, longest: float = LONGEST_SECONDS) -> np.ndarray:
    """Mono float32 [samples] at `rate`, with its peak at 1.

    The header is not trusted: the file is read block by block, up to the limit. Raises Refused for
    what is no sound, too long, too short or silent.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "This file is larger than {largest_bytes} MB. Trim it to a minute, or save it as MP3.",
            largest_bytes=MAX_BYTES // 1000000,
        )
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if (
                not RATES[0] <= file.samplerate <= RATES[1]
                or not 1 <= file.channels <= MOST_CHANNELS
            ):
                raise Refused(
                    "Sound needs {rates} to {rates_2} samples per second and at most"
                    " {most_channels} channels.",
                    rates=RATES[0],
                    rates_2=RATES[1],
                    most_channels=MOST_CHANNELS,
                )
            mono = _read_blocks(file, most=int(longest * file.samplerate))
            original = file.samplerate
    except (soundfile.LibsndfileError, RuntimeError, ValueError, TypeError) as error:
        raise Refused(UNREADABLE) from error
    if mono is None:
        raise Refused(
            "This sound is longer than {longest:g} seconds. Trim it to the part with the tune.",
            longest=longest,
        )
    if len(mono) < SHORTEST_SECONDS * original:
        raise Refused("This sound is shorter than a second. A tune needs a few.")
    peak = float(np.abs(mono).max())
    if not np.isfinite(peak) or peak < QUIETEST:
        raise Refused("This sound is silent. Record it louder and try again.")
    common = gcd(original, rate)
    return resample_poly(mono / peak, rate // common, original // common).astype(np.float32)


def _read_blocks(file: soundfile.SoundFile, *, most: int) -> np.ndarray | None:
    """The mean of the channels, or None when there are more than `most` samples."""
    blocks: list[np.ndarray] = []
    total = 0
    while True:
        block = file.read(BLOCK, dtype="float32", always_2d=True)
        if not len(block):
            return np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.float32)
        total += len(block)
        if total > most:
            return None
        blocks.append(np.nan_to_num(block).mean(1))
