"""From a song to finished sound: stems, mix and master in one call. The same song gives the same sound on the same machine."""

from pathlib import Path

import numpy as np

from generation.finishing.mastering import master
from generation.finishing.mixing import balance, mix
from generation.finishing.song import Song
from generation.finishing.soundfont import RATE, stems


def render_audio(song: Song, *, font: Path | None = None, is_native: bool | None = None) -> tuple[np.ndarray, dict[str, float]]:
    """The mastered song, float32 [samples, 2] at RATE, and its figures (LUFS, true peak, seconds)."""
    mixed = mix(stems(song, font=font, is_native=is_native), rate=RATE)
    finished, figures = master(mixed, rate=RATE)
    return finished, figures | {"seconds": round(len(finished) / RATE, 2)}


def render_stems(song: Song, *, font: Path | None = None) -> dict[str, np.ndarray]:
    """Role -> balanced, dry stem, float32 [samples, 2] at RATE: what a musician takes into a studio of their own."""
    return {part.role: balance(part, stem, rate=RATE).astype(np.float32) for part, stem in stems(song, font=font)}
