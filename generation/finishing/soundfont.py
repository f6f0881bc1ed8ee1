"""Plays the parts of a song through a SoundFont: one dry stereo stem for each part.

tinysoundfont does it 50 times faster than real time where it is installed (`pip install --no-deps
tinysoundfont`); otherwise our own sampler does, several times faster than real time, with the same
SoundFont.
"""

import functools
import importlib.util
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from generation.finishing.sampler import Font
from generation.refusal import Refused
from generation.song import Part, Song

try:
    import tinysoundfont
except ImportError:  # The library has no wheel for every machine; the sampler needs none.
    tinysoundfont = None

RATE = 44_100
TAIL_SECONDS = 1.5  # Room after the last note for it to die away.
BLOCK = 64  # Samples between two checks for events.
_lock = threading.Lock()


def default_font() -> Path:
    """The SoundFont named by ARBORETUM_SOUNDFONT, or the small General MIDI one of pretty_midi.

    Raises Refused when there is none.
    """
    named = os.environ.get("ARBORETUM_SOUNDFONT", "")
    if named:
        path = Path(named)
    else:
        spec = importlib.util.find_spec("pretty_midi")
        path = Path(spec.origin).parent / "TimGM6mb.sf2" if spec and spec.origin else Path()
    if not path.is_file():
        raise Refused(
            "No SoundFont was found. Install pretty_midi, or set ARBORETUM_SOUNDFONT to a .sf2"
            " file."
        )
    return path


def stems(
    song: Song, *, font: Path | None = None, is_native: bool | None = None
) -> Iterator[tuple[Part, np.ndarray]]:
    """Each part with its sound, float32 [samples, 2] at RATE, as long as the whole song.

    is_native: True requires tinysoundfont, False our own sampler, None takes the faster available
    one.
    """
    path = font or default_font()
    samples = round((song.seconds + TAIL_SECONDS) * RATE)
    use_native = tinysoundfont is not None if is_native is None else is_native
    for part in song.parts:
        if use_native:
            yield part, _native_stem(part, song, path=path, samples=samples)
        else:
            yield part, _sampled_stem(part, song, path=path, samples=samples)


@functools.lru_cache(maxsize=1)
def _native_synth(path: Path) -> tuple[Any, int]:
    synth = tinysoundfont.Synth(samplerate=RATE, gain=-6)
    return synth, synth.sfload(str(path))


def _native_stem(part: Part, song: Song, *, path: Path, samples: int) -> np.ndarray:
    """One part alone through the one synthesiser of this process.

    The synthesiser is drained before and after, so that stems never mix.
    """
    with _lock:
        synth, font = _native_synth(path)
        channel = 9 if part.is_drums else 0
        synth.program_select(
            channel, font, 128 if part.is_drums else 0, part.program, part.is_drums
        )
        beat = 60 / song.bpm
        events = [(note.start * beat, 1, note.pitch, note.velocity) for note in part.notes]
        events += [(note.end * beat, 0, note.pitch, 0) for note in part.notes]
        sound = np.zeros((samples, 2), dtype=np.float32)
        at = 0
        for time, is_on, pitch, velocity in sorted(events):
            at = _generate(synth, sound, at, min(samples, int(time * RATE) // BLOCK * BLOCK))
            if is_on:
                synth.noteon(channel, pitch, velocity)
            else:
                synth.noteoff(channel, pitch)
        _generate(synth, sound, at, samples)
        synth.notes_off()
        synth.sounds_off()
        synth.generate(RATE // 4)
        return sound


def _generate(synth: Any, sound: np.ndarray, start: int, end: int) -> int:
    """Let the synthesiser fill a stretch of `sound`; returns where it ended."""
    at = start
    while at < end:
        count = min(4096, end - at)
        sound[at : at + count] = np.frombuffer(
            bytes(synth.generate(count)), dtype=np.float32
        ).reshape(-1, 2)
        at += count
    return max(at, start)


@functools.lru_cache(maxsize=1)
def _font(path: Path) -> Font:
    return Font(path)


def _sampled_stem(part: Part, song: Song, *, path: Path, samples: int) -> np.ndarray:
    sound = np.zeros((samples, 2), dtype=np.float32)
    beat = 60 / song.bpm
    bank = 128 if part.is_drums else 0
    with _lock:
        font = _font(path)
        for note in part.notes:
            font.play(
                sound,
                rate=RATE,
                bank=bank,
                program=part.program,
                pitch=note.pitch,
                velocity=note.velocity,
                start=note.start * beat,
                end=note.end * beat,
            )
    return sound
