"""Finds the one melody in played notes: leading channel, top line, grid and home key."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from generation.codecs.midi import DRUM_CHANNEL, ReadNote
from generation.melodies.tokens import BAR_STEPS, DIATONIC, tokens_of
from generation.refusal import Refused

STEPS_A_BEAT = 4
TOGETHER = 0.06  # Notes that begin within so many beats are one chord.
MAX_BARS = 256
DRONE_BEATS, DRONE_NOTES = 8, 8  # Longer than so many beats, while so many other notes begin.


def leading_notes(notes: Sequence[ReadNote]) -> list[ReadNote]:
    """The notes of the channel that carries the tune.

    It is high, plays mostly one note at a time, and plays for long. Raises Refused where there are
    only drums.
    """
    channels: dict[int, list[ReadNote]] = defaultdict(list)
    for note in notes:
        if note.channel != DRUM_CHANNEL:
            channels[note.channel].append(note)
    if not channels:
        raise Refused("There are only drums in this file. Choose one with a melody.")
    most = max(len(found) for found in channels.values())

    def score(found: list[ReadNote]) -> float:
        pitch = float(np.mean([note.pitch for note in found]))
        tops = top_line(found)
        return pitch / 12 + 3 * len(tops) / len(found) + 2 * min(1.0, len(tops) / (0.5 * most))

    return max(channels.values(), key=score)


def top_line(notes: Sequence[ReadNote]) -> list[ReadNote]:
    """Of notes that begin together, the highest one.

    What begins well below a sounding note is accompaniment, and left out; so is a drone, which
    sounds on while many others begin, such as a note that a file forgot to end.
    """
    line: list[ReadNote] = []
    starts = sorted(note.start for note in notes)
    for note in sorted(notes, key=lambda note: (note.start, -note.pitch)):
        if note.end - note.start > DRONE_BEATS:
            others = bisect_left(starts, note.end) - bisect_right(starts, note.start)
            if others >= DRONE_NOTES:
                continue
        last = line[-1] if line else None
        if last:
            is_same_chord = note.start - last.start < TOGETHER
            # A note may ring on into the next one; accompaniment lies below for most of its length.
            is_under = last.end > (note.start + note.end) / 2 and note.pitch < last.pitch - 4
            if is_same_chord or is_under:
                continue
        line.append(note)
    return line


def home_of(pitches: Sequence[int], lengths: Sequence[float]) -> int:
    """The major key (pitch class) whose scale holds the most of a melody.

    Its own tonic and dominant decide a draw.
    """
    weights = np.zeros(12)
    np.add.at(weights, np.asarray(pitches) % 12, np.asarray(lengths, dtype=np.float64))
    scores = []
    for home in range(12):
        scale = (np.array(DIATONIC) + home) % 12
        anchors = (
            0.05 * weights[home] + 0.03 * weights[(home + 7) % 12] + 0.02 * weights[(home + 9) % 12]
        )
        scores.append(weights[scale].sum() + anchors)
    return int(np.argmax(scores))


def grid_tokens(notes: Sequence[ReadNote]) -> np.ndarray:
    """The top line of notes on the grid of sixteenths, int64 [bars * 16].

    It has whole bars, from the first note's bar on. Raises Refused where nothing is left.
    """
    line = top_line(notes)
    if not line:
        raise Refused("There are no notes to make a melody of.")
    starts = [round(note.start * STEPS_A_BEAT) for note in line]
    ends = [
        max(round(note.end * STEPS_A_BEAT), start + 1)
        for note, start in zip(line, starts, strict=True)
    ]
    first = starts[0] // BAR_STEPS * BAR_STEPS
    for index, following in enumerate(starts[1:]):
        # A pause of less than an eighth is articulation, not a rest.
        if 0 < following - ends[index] < 2:
            ends[index] = following
    bars = min(MAX_BARS, -(-(max(ends) - first) // BAR_STEPS))
    placed = [
        (start - first, end - first, note.pitch)
        for start, end, note in zip(starts, ends, line, strict=True)
    ]
    return tokens_of(placed, steps=bars * BAR_STEPS)


def home_tokens(notes: Sequence[ReadNote]) -> tuple[np.ndarray, int]:
    """Notes -> (tokens in the home key, the pitch class of the key they were in)."""
    line = top_line(notes)
    home = (
        home_of([note.pitch for note in line], [note.end - note.start for note in line])
        if line
        else 0
    )
    shift = -home if home <= 6 else 12 - home
    moved = [
        ReadNote(note.start, note.end, note.pitch + shift, note.velocity, note.channel)
        for note in notes
    ]
    return grid_tokens(moved), home
