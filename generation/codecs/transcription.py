"""Recordings to notes, by the Basic Pitch net and ONNX Runtime.

Bittner et al. 2022, "A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription and
Multipitch Estimation", ICASSP. The weights come from the package basic-pitch (Apache-2.0; `pip
install --no-deps basic-pitch`). One instrument or voice at a time works; full mixes do not.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from generation.codecs.midi import ReadNote
from generation.codecs.recordings import read_recording
from generation.onnx_sessions import open_session
from generation.refusal import Refused
from generation.residency import nets

RATE, HOP = 22_050, 256
WINDOW = 43_844  # Samples of the net's input.
# Frames at both ends of a window that lack context; the neighbouring windows cover them too.
EDGE_FRAMES = 15
LOWEST_PITCH, PITCHES = 21, 88
# The net's outputs [windows, frames, PITCHES], by their names in nmp.onnx; a third one, with finer
# pitches, is not needed.
NOTES_OUTPUT, ONSETS_OUTPUT = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"
BATCH = 8
ONSET_THRESHOLD, NOTE_THRESHOLD = 0.6, 0.35
SHORTEST_NOTE = 0.08  # Seconds.
PATIENCE = 8  # So many frames below the threshold do not end a note yet.
MOST_NOTES_A_SECOND = 25
TOGETHER, RINGING = 0.05, 0.1  # Seconds.
OVERTONES, OVERTONE_SHARE = (12, 19, 24, 28, 31), 0.9
SLOWEST, FASTEST, USUAL = 60.0, 180.0, 110.0  # Beats per minute.
HALF_BEATS, BEATS = 0.7, 0.35  # How much these grids count beside that of the sixteenths.


@dataclass(frozen=True, slots=True)
class TranscribedNote:
    """A note in a recording: start and end in seconds, MIDI pitch, strength from 0 to 1."""

    start: float
    end: float
    pitch: int
    strength: float


@dataclass(frozen=True)
class Transcription:
    """The notes of a recording and its tempo.

    phase: the time in seconds at which the first note stands on the grid of sixteenths.
    """

    notes: tuple[TranscribedNote, ...]
    bpm: float
    phase: float

    def at_tempo(self, factor: float) -> "Transcription":
        """The same notes read at another tempo: factor 2 doubles it, 0.5 halves it.

        People can hear which tempo is meant; the search for it may not.
        """
        return Transcription(self.notes, self.bpm * factor, self.phase)

    def in_beats(self) -> list[ReadNote]:
        """The notes of a single line with their times in beats, as in a MIDI file.

        Each ends where the next begins at the latest, because rooms and pedals let notes overlap.
        """
        starts = np.array([note.start for note in self.notes])
        read = []
        for note in self.notes:
            later = starts[starts > note.start + TOGETHER]
            end = min(note.end, float(later[0])) if len(later) else note.end
            start, end = ((time - self.phase) * self.bpm / 60 for time in (note.start, end))
            read.append(ReadNote(start, end, note.pitch, int(40 + 80 * note.strength), 0))
        return read


def transcribe(content: bytes) -> Transcription:
    """Transcribe a recording of up to a minute.

    Raises Refused for what is no sound, has no clear notes, or is mere noise.
    """
    sound = read_recording(content, rate=RATE)
    times, notes, onsets = listen(sound)
    found = remove_ghosts(find_notes(times, notes, onsets))
    if len(found) < 3:
        raise Refused(
            "No clear notes were heard. A single voice or instrument without accompaniment works"
            " best."
        )
    if len(found) > MOST_NOTES_A_SECOND * len(sound) / RATE:
        raise Refused(
            "This sounds like noise, not like a tune. A single voice or instrument works best."
        )
    bpm, phase = find_tempo(np.array([note.start for note in found]))
    step = 60 / bpm / 4
    first = phase + round((found[0].start - phase) / step) * step
    return Transcription(tuple(found), bpm, first)


def _session() -> onnxruntime.InferenceSession:
    spec = importlib.util.find_spec("basic_pitch")
    path = (
        Path(spec.origin).parent / "saved_models/icassp_2022/nmp.onnx"
        if spec and spec.origin
        else Path()
    )
    if not path.is_file():
        raise Refused(
            "Recordings can't be transcribed here: the basic-pitch package is missing (pip"
            " install --no-deps basic-pitch)."
        )
    return nets.get("hearing", lambda: open_session(path), size=path.stat().st_size)


def listen(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run the net on mono sound at RATE -> (times, notes, onsets).

    times [frames]: in seconds. notes, onsets [frames, PITCHES]: the probability that each pitch
    sounds, and that it begins.
    """
    session = _session()
    lead = EDGE_FRAMES * HOP
    step = WINDOW - 2 * lead
    padded = np.pad(sound, (lead, 0))
    count = max(1, -(-len(padded) // step))
    padded = np.pad(padded, (0, count * step + WINDOW - len(padded)))
    windows = np.stack([padded[i * step : i * step + WINDOW] for i in range(count)])[
        ..., None
    ].astype(np.float32)
    wanted = [NOTES_OUTPUT, ONSETS_OUTPUT]
    name = session.get_inputs()[0].name
    parts = [session.run(wanted, {name: windows[i : i + BATCH]}) for i in range(0, count, BATCH)]
    surfaces = [np.concatenate(surface) for surface in zip(*parts, strict=True)]
    frames = surfaces[0].shape[1]
    inner = np.arange(EDGE_FRAMES, frames - EDGE_FRAMES)
    times = ((np.arange(count)[:, None] * step + inner * HOP - lead) / RATE).reshape(-1)
    order = np.argsort(times, kind="stable")
    notes, onsets = (surface[:, inner].reshape(-1, PITCHES)[order] for surface in surfaces)
    return times[order], notes, onsets


def find_notes(times: np.ndarray, notes: np.ndarray, onsets: np.ndarray) -> list[TranscribedNote]:
    """Follow each onset for as long as its pitch sounds. Arrays as `listen` returns them."""
    left = notes.copy()
    rise = np.maximum(0, np.diff(left, axis=0, prepend=left[:1]))
    rise *= onsets.max() / max(float(rise.max()), 1e-6)
    begins = np.maximum(onsets, rise * 0.999)
    is_peak = (
        (begins >= ONSET_THRESHOLD)
        & (begins >= np.roll(begins, 1, 0))
        & (begins > np.roll(begins, -1, 0))
    )
    is_peak[-1] = False
    found = []
    # From the last to the first: a note ends where the next one of its pitch, whose frames are
    # cleared below, has begun.
    for frame, pitch in sorted(zip(*np.where(is_peak), strict=True), reverse=True):
        end = _end_of(left[:, pitch], frame)
        if times[end] - times[frame] < SHORTEST_NOTE:
            continue
        strength = float(left[frame:end, pitch].mean())
        left[frame:end, pitch] = 0
        for neighbour in (pitch - 1, pitch + 1):
            if 0 <= neighbour < PITCHES:
                left[frame:end, neighbour] *= 0.3
        found.append(
            TranscribedNote(
                float(times[frame]), float(times[end]), int(pitch) + LOWEST_PITCH, strength
            )
        )
    return sorted(found, key=lambda note: (note.start, note.pitch))


def _end_of(sounding: np.ndarray, start: int) -> int:
    """The first frame after `start` from which a pitch is silent for longer than PATIENCE."""
    missed, end = 0, start + 1
    while end < len(sounding) - 1 and missed < PATIENCE:
        missed = missed + 1 if sounding[end] < NOTE_THRESHOLD else 0
        end += 1
    return end - missed


def remove_ghosts(found: list[TranscribedNote]) -> list[TranscribedNote]:
    """Leave out notes that are caused by a stronger note which begins at the same time.

    They are its overtones, or its attack on a note that is still ringing.
    """
    kept = []
    for note in found:
        together = [
            other
            for other in found
            if abs(other.start - note.start) < TOGETHER and other.strength > note.strength
        ]
        rings = any(
            other.pitch == note.pitch and 0 <= note.start - other.end < RINGING
            for other in found
            if other is not note
        )
        is_overtone = any(
            note.pitch - other.pitch in OVERTONES
            and note.strength < OVERTONE_SHARE * other.strength
            for other in together
        )
        if not is_overtone and not (rings and together):
            kept.append(note)
    return kept


def find_tempo(starts: np.ndarray) -> tuple[float, float]:
    """Beats per minute and phase (seconds) of the sixteenths whose grids fit the onsets best.

    The grids of half-beats and beats count, too: sixteenths alone also fit at tempos at which most
    notes would be syncopated. Where several tempos fit, the one nearest to USUAL wins.
    """
    best = (-np.inf, USUAL, 0.0)
    for bpm in np.arange(SLOWEST, FASTEST, 0.25):
        step = 60 / bpm / 4
        mean, halves, beats = (
            np.exp(2j * np.pi * starts / grid).mean() for grid in (step, 2 * step, 4 * step)
        )
        score = abs(mean) + HALF_BEATS * abs(halves) + BEATS * abs(beats)
        score -= 0.12 * abs(np.log2(bpm / USUAL))
        if score > best[0]:
            best = (score, float(bpm), float(np.angle(mean) / (2 * np.pi) * step))
    return best[1], best[2]
