"""From a song to finished sound: stems, mix and master in one call. The same song gives the same
sound on the same machine.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from generation.finishing.mastering import master
from generation.finishing.mixing import balance, mix
from generation.finishing.soundfont import RATE, stems
from generation.song import Part, Song

# The share of the progress that is told by playing the parts; the rest is mixing and mastering.
PLAYED = 0.55
Tell = Callable[[float], None]


def silently(progress: float) -> None:
    """Tells nobody."""


def render_audio(
    song: Song, *, font: Path | None = None, is_native: bool | None = None, tell: Tell = silently
) -> tuple[np.ndarray, dict[str, float]]:
    """The mastered song, float32 [samples, 2] at RATE, and its figures (LUFS, true peak, seconds).

    tell: called with the progress, 0 to 1, between its parts and stages; whatever it raises ends
    the work.
    """
    played = stems(song, font=font, is_native=is_native)
    mixed = mix(_told(played, song, tell, share=PLAYED), rate=RATE)
    tell(0.7)
    finished, figures = master(mixed, rate=RATE)
    tell(1.0)
    return finished, figures | {"seconds": round(len(finished) / RATE, 2)}


def render_stems(
    song: Song, *, font: Path | None = None, tell: Tell = silently
) -> dict[str, np.ndarray]:
    """Role -> balanced, dry stem, float32 [samples, 2] at RATE: what a musician takes into a studio
    of their own.
    """
    played = _told(stems(song, font=font), song, tell, share=1.0)
    return {part.role: balance(part, stem, rate=RATE).astype(np.float32) for part, stem in played}


def _told(
    played: Iterator[tuple[Part, np.ndarray]], song: Song, tell: Tell, *, share: float
) -> Iterator[tuple[Part, np.ndarray]]:
    for number, stem in enumerate(played, start=1):
        tell(share * number / len(song.parts))
        yield stem
