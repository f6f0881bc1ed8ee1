"""Mixes the stems of a song.

Every part gets a loudness of its own, so that any choice of instruments is balanced.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from generation.finishing.filters import Band, equalise, factor, reverberate
from generation.finishing.loudness import SILENT, integrated_loudness
from generation.song import Part

# LUFS of each part before mastering.
LOUDNESS = {
    "melody": -18.0,
    "harmony": -24.0,
    "chords": -23.5,
    "bass": -21.0,
    "pad": -28.0,
    "drums": -22.5,
}
# How much of each part goes to the shared reverb.
ROOM_SEND = {"melody": 0.9, "harmony": 1.0, "chords": 0.7, "bass": 0.08, "pad": 1.0, "drums": 0.35}
PAN = {"melody": 0.0, "harmony": 0.35, "chords": -0.3, "bass": 0.0, "pad": 0.1, "drums": 0.0}
TONE: Mapping[str, tuple[Band, ...]] = {
    "melody": (Band("highpass", 90), Band("peak", 2800, 1.5, 0.9)),
    "harmony": (Band("highpass", 140), Band("peak", 2500, -1.0, 0.9)),
    "chords": (Band("highpass", 150), Band("peak", 2500, -2.0, 0.9)),
    "pad": (Band("highpass", 180), Band("peak", 2500, -2.0, 0.9)),
    "bass": (Band("highpass", 35), Band("lowshelf", 80, -1.0)),
}
ROOM_LEVEL, ROOM_SECONDS = 0.18, 1.7
GAIN_LIMITS = (-30.0, 40.0)


def balance(part: Part, stem: np.ndarray, *, rate: int) -> np.ndarray:
    """One stem [samples, 2] at its loudness, tone and stereo position."""
    shaped = (
        equalise(stem.astype(np.float64), TONE[part.role], rate=rate)
        if part.role in TONE
        else stem.astype(np.float64)
    )
    loudness = integrated_loudness(shaped, rate=rate)
    if loudness <= SILENT:
        return shaped
    gain = float(np.clip(LOUDNESS[part.role] - loudness, *GAIN_LIMITS))
    # Equal power; the square root of two keeps a centred part where it was.
    angle = (PAN[part.role] + 1) * np.pi / 4
    return shaped * (factor(gain) * np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)]))


def mix(stems: Iterable[tuple[Part, np.ndarray]], *, rate: int) -> np.ndarray:
    """Sum balanced stems and the room they share, float64 [samples, 2]."""
    dry: np.ndarray | float = 0.0
    send: np.ndarray | float = 0.0
    for part, stem in stems:
        balanced = balance(part, stem, rate=rate)
        dry = dry + balanced
        send = send + balanced * ROOM_SEND[part.role]
    if not isinstance(send, np.ndarray):
        return np.zeros((rate, 2))
    return dry + ROOM_LEVEL * reverberate(send, rate=rate, seconds=ROOM_SECONDS)
