"""Filters, reverb and level tools for audio.

Arrays are float [samples, channels] in -1..1 at `rate` samples per second.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy


class Band(NamedTuple):
    """One equaliser band.

    kind: highpass, peak, lowshelf or highshelf. frequency: in Hz. gain: in dB. q: its sharpness.
    """

    kind: str
    frequency: float
    gain: float = 0.0
    q: float = 0.7071


def biquad(band: Band, *, rate: int) -> np.ndarray:
    """The second-order section [6] of a band.

    After Bristow-Johnson's "Cookbook formulae for audio equaliser biquad filters".
    """
    a = 10 ** (band.gain / 40)
    w = 2 * np.pi * band.frequency / rate
    cosine, alpha = np.cos(w), np.sin(w) / (2 * band.q)
    root = 2 * np.sqrt(a) * alpha
    if band.kind == "highpass":
        above = [(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2]
        below = [1 + alpha, -2 * cosine, 1 - alpha]
    elif band.kind == "peak":
        above = [1 + alpha * a, -2 * cosine, 1 - alpha * a]
        below = [1 + alpha / a, -2 * cosine, 1 - alpha / a]
    elif band.kind in ("lowshelf", "highshelf"):
        # The two shelves are mirror images: the sign in front of the cosine is all that differs.
        s = 1 if band.kind == "highshelf" else -1
        above = [
            a * ((a + 1) + s * (a - 1) * cosine + root),
            -2 * s * a * ((a - 1) + s * (a + 1) * cosine),
            a * ((a + 1) + s * (a - 1) * cosine - root),
        ]
        below = [
            (a + 1) - s * (a - 1) * cosine + root,
            2 * s * ((a - 1) - s * (a + 1) * cosine),
            (a + 1) - s * (a - 1) * cosine - root,
        ]
    else:
        raise ValueError(f"unknown kind of band: {band.kind}")
    return np.array([*above, *below]) / below[0]


def equalise(audio: np.ndarray, bands: Sequence[Band], *, rate: int) -> np.ndarray:
    """Filter audio with bands in series."""
    return scipy.signal.sosfilt(
        np.array([biquad(band, rate=rate) for band in bands]), audio, axis=0
    )


@lru_cache(maxsize=8)
def room(rate: int, seconds: float, seed: int) -> np.ndarray:
    """The impulse response of a room [samples, 2], with energy 1 per side.

    It is decaying noise after a short delay, darker as it fades.
    """
    samples = int(rate * seconds)
    rng = np.random.default_rng(seed)
    time = np.arange(samples) / rate
    noise = rng.standard_normal((samples, 2))
    bright = scipy.signal.sosfilt(
        scipy.signal.butter(2, [250, 7000], "bandpass", fs=rate, output="sos"), noise, axis=0
    )
    dark = scipy.signal.sosfilt(
        scipy.signal.butter(2, [200, 2500], "bandpass", fs=rate, output="sos"), noise, axis=0
    )
    # The low part reaches -60 dB at the end; the high part fades about twice as fast, because air
    # and walls absorb it.
    response = (
        bright * np.exp(-12.0 * time / seconds)[:, None]
        + dark * np.exp(-6.9 * time / seconds)[:, None]
    )
    onset = int(0.012 * rate)
    response[:onset] *= np.linspace(0, 1, onset)[:, None] ** 2
    response = np.concatenate([np.zeros((int(0.018 * rate), 2)), response])
    response /= np.sqrt((response**2).sum(0))
    response.flags.writeable = False
    return response


def reverberate(audio: np.ndarray, *, rate: int, seconds: float = 1.6, seed: int = 1) -> np.ndarray:
    """The sound of the room alone around stereo audio, as long as the audio."""
    response = room(rate, seconds, seed)
    sides = [
        scipy.signal.oaconvolve(audio[:, side], response[:, side])[: len(audio)] for side in (0, 1)
    ]
    return np.stack(sides, axis=1)


def decibels(factor: float) -> float:
    """A factor as a level in dB."""
    return float(20 * np.log10(max(factor, 1e-12)))


def factor(level: float) -> float:
    """A level in dB as a factor."""
    return float(10 ** (level / 20))
