"""Measurable properties of a segment: density, syncopation, height, range, and copies."""

from collections.abc import Iterable

import numpy as np

from generation.melodies.tokens import BAR_STEPS, DIATONIC, FIRST_PITCH, outline

ATTRIBUTES = ("density", "syncopation", "height", "range")
# Metric weight of each sixteenth of a 4/4 bar (Longuet-Higgins and Lee 1984), 0 is the strongest.
METRIC_STRENGTH = np.array([0, -4, -3, -4, -2, -4, -3, -4, -1, -4, -3, -4, -2, -4, -3, -4])


def attributes(segments: np.ndarray) -> np.ndarray:
    """Tokens [count, steps] -> float [count, 4]: the ATTRIBUTES.

    density: notes per bar. syncopation: the square root of its sum per bar. height: mean MIDI
    pitch. range: semitones between the lowest and the highest note.
    """
    is_onset = segments >= FIRST_PITCH
    bars = segments.shape[1] / BAR_STEPS
    pitches = np.where(is_onset, segments - FIRST_PITCH, 0).astype(np.float64)
    count = np.maximum(is_onset.sum(1), 1)
    height = pitches.sum(1) / count
    highest = pitches.max(1)
    lowest = np.where(is_onset, pitches, 999).min(1)
    compass = np.where(is_onset.any(1), highest - lowest, 0)
    return np.stack(
        [is_onset.sum(1) / bars, np.sqrt(syncopation(segments) / bars), height, compass], axis=1
    )


def syncopation(segments: np.ndarray) -> np.ndarray:
    """The syncopation of each segment [count], after Longuet-Higgins and Lee.

    It is the sum over the notes that are held over a stronger step of the bar: how much stronger
    the strongest such step is than that of the note.
    """
    steps = segments.shape[1]
    strength = np.tile(METRIC_STRENGTH, steps // BAR_STEPS)
    is_struck = segments != 0
    total = np.zeros(len(segments))
    # The strongest of the steps that the note sounding before this step is held over.
    strongest = np.full(len(segments), -9)
    for step in range(steps - 1, -1, -1):
        is_onset = segments[:, step] >= FIRST_PITCH
        total += np.where(is_onset & (strongest > strength[step]), strongest - strength[step], 0)
        strongest = np.where(is_struck[:, step], -9, np.maximum(strongest, strength[step]))
    return total


def melody_figures(segments: np.ndarray) -> dict[str, float]:
    """Figures of a whole set of segments.

    The shares of notes in the scale and of notes that repeat the one before, and notes per bar.
    """
    in_scale = notes = repeated = followed = 0
    for row in segments:
        pitches = row[row >= FIRST_PITCH] - FIRST_PITCH
        notes += len(pitches)
        in_scale += int(np.isin(pitches % 12, DIATONIC).sum())
        repeated += int((np.diff(pitches) == 0).sum())
        followed += max(0, len(pitches) - 1)
    return {
        "diatonic": round(in_scale / max(1, notes), 4),
        "repeated": round(repeated / max(1, followed), 4),
        "notes_per_bar": round(notes / max(1, segments.size / BAR_STEPS), 2),
    }


def copies(segments: np.ndarray, known: Iterable[np.ndarray]) -> int:
    """How many segments are, up to transposition, among the known ones."""
    outlines = {outline(row.tolist()) for row in known}
    return sum(outline(row.tolist()) in outlines for row in segments)
