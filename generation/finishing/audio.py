"""From a song to finished sound: stems, mix and master in one call.

The same song gives the same sound on the same machine.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from generation.finishing.mastering import master
from generation.finishing.mixing import balance, mix
from generation.finishing.soundfont import RATE, stems
from generation.song import Part, Song
from generation.yielding import YieldPoint, ignore_progress

# The part of the progress that playing takes; the rest is mixing and mastering.
PLAY_SHARE = 0.55


def render_audio(
    song: Song,
    *,
    font: Path | None = None,
    is_native: bool | None = None,
    on_progress: YieldPoint = ignore_progress,
) -> tuple[np.ndarray, dict[str, float]]:
    """The mastered song, float32 [samples, 2] at RATE, and its figures.

    Figures: LUFS, true peak, seconds (see `mastering.master`). on_progress is called with 0 to 1
    between parts and stages; whatever it raises ends the work.
    """
    played = stems(song, font=font, is_native=is_native)
    mixed = mix(_reporting(played, song, on_progress, share=PLAY_SHARE), rate=RATE)
    on_progress(0.7)
    finished, figures = master(mixed, rate=RATE)
    on_progress(1.0)
    return finished, figures | {"seconds": round(len(finished) / RATE, 2)}


def render_stems(
    song: Song, *, font: Path | None = None, on_progress: YieldPoint = ignore_progress
) -> dict[str, np.ndarray]:
    """Role -> balanced, dry stem, float32 [samples, 2] at RATE, for another studio to mix."""
    played = _reporting(stems(song, font=font), song, on_progress, share=1.0)
    return {part.role: balance(part, stem, rate=RATE).astype(np.float32) for part, stem in played}


def _reporting(
    played: Iterator[tuple[Part, np.ndarray]], song: Song, on_progress: YieldPoint, *, share: float
) -> Iterator[tuple[Part, np.ndarray]]:
    """The same stems, with the progress reported before each of them."""
    for number, stem in enumerate(played, start=1):
        on_progress(share * number / len(song.parts))
        yield stem
