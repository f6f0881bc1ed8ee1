"""Samples of a music net in training, to listen to.

They are the bare melodies as MIDI, and all of them in a row as one sound file.
"""

from pathlib import Path

import numpy as np

from generation.codecs.audio import encode_audio
from generation.codecs.midi import encode_midi
from generation.finishing.audio import render_audio
from generation.finishing.soundfont import RATE
from generation.melodies.tokens import notes_of
from generation.song import Note, Part, Song
from generation.training.runs import write_atomically

BPM = 112.0
PAUSE_STEPS = 16
FLUTE = 73


def melody_song(rows: np.ndarray, *, title: str) -> Song:
    """Make a song of melodies, int64 [count, steps], played by a flute one after another.

    There is a bar of rest between them.
    """
    length = rows.shape[1] + PAUSE_STEPS
    notes = tuple(
        Note((index * length + start) / 4, (index * length + end) / 4 - 0.02, pitch, 84)
        for index, row in enumerate(rows)
        for start, end, pitch in notes_of(row.tolist())
    )
    return Song(
        title=title,
        style="",
        mode="major",
        key=0,
        bpm=BPM,
        beats=len(rows) * length / 4,
        parts=(Part("melody", "Flute", FLUTE, notes),),
    )


def write_samples(rows: np.ndarray, folder: Path) -> None:
    """Write samples.mid and samples.ogg into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    song = melody_song(rows, title=folder.name)
    write_atomically(folder / "samples.mid", encode_midi(song))
    sound, _ = render_audio(song)
    write_atomically(folder / "samples.ogg", encode_audio(sound, rate=RATE, kind="ogg"))
