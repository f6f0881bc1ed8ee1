"""A melody as tokens on a grid of sixteenths: what the music nets read and write.

A 4/4 bar has 16 steps. Tokens: 0 holds the note (or the silence), 1 ends it, 2 + p starts MIDI
pitch p. All tunes are moved to the key signature of C (major, or one of its modes), so that what is
learnt from one tune fits every other, and blends stay in one key.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from generation.codecs.abc import Bar

HOLD, OFF, FIRST_PITCH = 0, 1, 2
VOCABULARY = 130
BAR_STEPS = 16
LOWEST, HIGHEST = 45, 93  # MIDI pitches of melodies; folk tunes, flutes and violins stay inside.
DIATONIC = (0, 2, 4, 5, 7, 9, 11)


def notes_of(tokens: Iterable[int]) -> list[tuple[int, int, int]]:
    """Tokens -> [(start step, end step, pitch)]; the last note ends where the tokens end."""
    notes: list[tuple[int, int, int]] = []
    start, pitch, step = 0, None, -1
    for step, token in enumerate(tokens):
        if token == HOLD:
            continue
        if pitch is not None:
            notes.append((start, step, pitch))
        start, pitch = step, (int(token) - FIRST_PITCH if token >= FIRST_PITCH else None)
    if pitch is not None:
        notes.append((start, step + 1, pitch))
    return notes


def tokens_of(notes: Iterable[tuple[int, int, int]], *, steps: int) -> np.ndarray:
    """The inverse of `notes_of` for notes of one voice, int64 [steps].

    A later note cuts an earlier one short.
    """
    tokens = np.zeros(steps, dtype=np.int64)
    ordered = [note for note in sorted(notes) if note[0] < steps]
    if not ordered or ordered[0][0] > 0:
        tokens[0] = OFF
    for index, (start, end, pitch) in enumerate(ordered):
        following = ordered[index + 1][0] if index + 1 < len(ordered) else steps
        tokens[start] = pitch + FIRST_PITCH
        if start < end < following:
            tokens[end] = OFF
    return tokens


def bar_tokens(bar: Bar) -> tuple[list[int] | None, int]:
    """One bar of ABC on the grid -> (16 tokens, number of notes that had to be rounded).

    The tokens are None where it is not a 4/4 bar. Bars of 2/4 are read at half speed, so that their
    sixteenths become eighths as in the 4/4 tunes of the same books.
    """
    scale = {Fraction(1): 16, Fraction(1, 2): 32}.get(bar.meter)
    if scale is None or bar.length * scale != BAR_STEPS:
        return None, 0
    tokens = [HOLD] * BAR_STEPS
    rounded, at, last = 0, Fraction(0), None
    for note in bar.notes:
        step = int(at + Fraction(1, 2))
        rounded += at.denominator != 1
        at += note.length * scale
        if step >= BAR_STEPS or note.continues:
            continue
        if note.pitch is None:
            tokens[step] = HOLD if last == OFF else OFF
            last = OFF
        else:
            tokens[step] = min(max(note.pitch, 0), 127) + FIRST_PITCH
            last = tokens[step]
    return tokens, rounded


def join_split_bars(bars: Sequence[Bar]) -> list[Bar]:
    """Join the two halves of a bar that a repeat sign cuts in two.

    They are the end of a phrase and the upbeat of the next one.
    """
    joined: list[Bar] = []
    for bar in bars:
        last = joined[-1] if joined else None
        if (
            last
            and last.meter == bar.meter
            and last.length < bar.meter
            and last.length + bar.length == bar.meter
        ):
            joined[-1] = Bar(bar.meter, last.notes + bar.notes, last.is_break)
        else:
            joined.append(bar)
    return joined


def to_home_key(tokens: np.ndarray, home: int) -> np.ndarray:
    """Move tokens to C from the relative major `home` (pitch class), by the shorter way."""
    shift = -home if home <= 6 else 12 - home
    return np.where(tokens >= FIRST_PITCH, tokens + shift, tokens)


def scale_shifts(reach: int) -> np.ndarray:
    """Token table [2 * reach + 1, VOCABULARY] for moving pitches along the scale of C.

    Row `reach + k` moves every pitch k steps. A note outside the scale keeps its distance from the
    scale note below it.
    """
    table = np.tile(np.arange(VOCABULARY), (2 * reach + 1, 1))
    for pitch in range(128):
        octave, pitch_class = divmod(pitch, 12)
        degree = max(index for index, member in enumerate(DIATONIC) if member <= pitch_class)
        above = pitch_class - DIATONIC[degree]
        for shift in range(-reach, reach + 1):
            octaves, member = divmod(degree + shift, 7)
            moved = 12 * (octave + octaves) + DIATONIC[member] + above
            table[reach + shift, pitch + FIRST_PITCH] = min(max(moved, 0), 127) + FIRST_PITCH
    return table


def outline(tokens: Sequence[int]) -> tuple[int, ...]:
    """The segment up to transposition: equal outlines are the same music."""
    first = next((token for token in tokens if token >= FIRST_PITCH), 0)
    return tuple(
        int(token) if token < FIRST_PITCH else int(token) - int(first) + 1000 for token in tokens
    )


def is_presentable(tokens: np.ndarray, *, bars: int) -> bool:
    """Whether a segment is music enough to learn from.

    It needs at least two notes per bar on average, all in the range of a melody.
    """
    pitches = tokens[tokens >= FIRST_PITCH] - FIRST_PITCH
    return len(pitches) >= 2 * bars and pitches.min() >= LOWEST and pitches.max() <= HIGHEST
