"""Small melodies and songs for the tests of finishing."""

import numpy as np

from generation.finishing.arrangement import arrange
from generation.melodies.tokens import tokens_of

C_MAJOR_TUNE = [60, 64, 67, 64, 65, 69, 67, 64, 62, 65, 67, 71, 72, 67, 64, 60]
A_MINOR_TUNE = [69, 72, 76, 72, 74, 77, 76, 72, 71, 68, 71, 76, 72, 71, 69, 69]


def make_section(pitches=C_MAJOR_TUNE, *, start=0):
    """Four bars of quarters, int64 [64]."""
    return tokens_of(
        [(4 * i, 4 * i + 4, pitch + start) for i, pitch in enumerate(pitches)], steps=64
    )


def make_sections():
    other = make_section([67, 69, 71, 72, 74, 72, 71, 69, 67, 65, 64, 62, 67, 71, 74, 79])
    return [make_section(), make_section(), other, make_section()]


def make_song(style="folk", *, seed=0, **changes):
    return arrange(make_sections(), style=style, seed=seed, **changes)


def tone(*, pitch=1000.0, seconds=3.0, level=-23.0, rate=48_000):
    """A stereo sine with peaks at `level` dBFS, float64 [samples, 2]."""
    time = np.arange(int(seconds * rate)) / rate
    return np.stack([10 ** (level / 20) * np.sin(2 * np.pi * pitch * time)] * 2, axis=1)


def longest_silence(audio: np.ndarray, *, rate: int, threshold: float = -60.0) -> float:
    """Seconds of the longest stretch in which no 10 ms are louder than the threshold.

    threshold: RMS in dBFS.
    """
    hop = rate // 100
    count = len(audio) // hop
    levels = np.sqrt((audio[: count * hop] ** 2).mean(1).reshape(count, hop).mean(1))
    longest = run = 0
    for is_silent in levels < 10 ** (threshold / 20):
        run = run + 1 if is_silent else 0
        longest = max(longest, run)
    return longest / 100
