"""Patterns of the backing band for half a bar: strums, arpeggios, bass lines, drums.

They are hits on a grid of sixteenths.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from generation.finishing.harmony import HALF_BAR, Triad
from generation.finishing.styles import (
    CLOSED_HAT,
    CRASH,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MIDDLE_TOM,
    SHAKER,
    SNARE,
)
from generation.melodies.tokens import BAR_STEPS

HIT_STRENGTH = {KICK: 92, SNARE: 84, CLOSED_HAT: 58, SHAKER: 44, CRASH: 66}


@dataclass(frozen=True, slots=True)
class Hit:
    """One note of a pattern.

    key: MIDI pitch or drum key. step, length: in sixteenths. late: beats after the step (a rolled
    chord).
    """

    key: int
    step: int
    length: int
    velocity: float
    late: float = 0.0

    @property
    def end(self) -> int:
        return self.step + self.length


def strum(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Guitar: down and up strokes, a different figure in the second half of the bar."""
    strokes = (
        ((2, 2, 62), (4, 2, 70), (6, 2, 60))
        if place % 2 == 0
        else ((0, 2, 68), (2, 2, 58), (4, 3, 70), (7, 1, 52))
    )
    for index, (step, length, velocity) in enumerate(strokes):
        strings = pitches if index % 2 == 0 else list(reversed(pitches))
        for order, pitch in enumerate(strings):
            yield Hit(pitch, step, length, velocity, late=0.018 * order)


def arpeggio(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Harp: up and over the octave."""
    del place
    over = pitches[1] + 12 if pitches[1] + 12 < 84 else pitches[1]
    for index, pitch in enumerate((pitches[0], pitches[1], pitches[2], over)):
        yield Hit(pitch, 2 * index, 3, 66 if index == 0 else 60)


def comp(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Electric piano: one long chord, and an answer off the beat."""
    for step, length, velocity in ((0, 3, 60), (3, 4, 54)) if place % 2 == 0 else ((0, 6, 58),):
        for order, pitch in enumerate(pitches):
            yield Hit(pitch, step, length, velocity, late=0.01 * order)


def pulse(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Synthesiser: short eighths, stronger off the beat."""
    del place
    for step in range(0, HALF_BAR, 2):
        for pitch in pitches:
            yield Hit(pitch, step, 1, 50 if step == 0 else 62)


def bossa_chords(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Nylon guitar: the two-bar bossa figure, half a bar at a time."""
    figure = (((0, 3), (6, 2)), ((2, 3), (6, 2)), ((2, 3), (5, 3)), ((2, 2), (4, 4)))[place % 4]
    for step, length in figure:
        for order, pitch in enumerate(pitches):
            yield Hit(pitch, step, length, 60 if step else 66, late=0.006 * order)


def rocking(pitches: Sequence[int], place: int) -> Iterator[Hit]:
    """Piano: rocking broken chords."""
    del place
    for index, pitch in enumerate((pitches[0], pitches[2], pitches[1], pitches[2])):
        yield Hit(pitch, 2 * index, 2, 54 if index == 0 else 46)


CHORD_PATTERNS: dict[str, Callable[[Sequence[int], int], Iterator[Hit]]] = {
    "strum": strum,
    "arpeggio": arpeggio,
    "comp": comp,
    "pulse": pulse,
    "bossa": bossa_chords,
    "rocking": rocking,
}


def bass_pitch(triad: Triad) -> int:
    """The root in the bass's register, E1 to Eb2."""
    return 36 + triad.root if triad.root < 4 else 24 + triad.root


def _fifth(triad: Triad) -> int:
    return bass_pitch(triad) + (7 if (triad.root + 7) % 12 in triad.pitch_classes else 0)


def two_beat(triad: Triad, following: Triad, place: int) -> Iterator[Hit]:
    """Root and fifth by turns; the root again where the chord changes within the bar."""
    yield Hit(bass_pitch(triad), 0, 4, 86)
    yield Hit(_fifth(triad) if following is not triad or place % 2 else bass_pitch(triad), 4, 4, 76)


def lazy(triad: Triad, following: Triad, place: int) -> Iterator[Hit]:
    """Behind the beat, with a pick-up to the next chord."""
    del following, place
    yield Hit(bass_pitch(triad), 0, 5, 88)
    yield Hit(_fifth(triad), 6, 2, 74)


def long(triad: Triad, following: Triad, place: int) -> Iterator[Hit]:
    """One held note."""
    del following, place
    yield Hit(bass_pitch(triad) + 12 * (triad.root >= 4 and triad.root < 9), 0, 8, 72)


def octaves(triad: Triad, following: Triad, place: int) -> Iterator[Hit]:
    """Eighths that jump an octave off the beat."""
    del following, place
    for step in range(0, HALF_BAR, 2):
        yield Hit(
            bass_pitch(triad) + (12 if step % 4 == 2 else 0), step, 2, 92 if step == 0 else 84
        )


def bossa_bass(triad: Triad, following: Triad, place: int) -> Iterator[Hit]:
    """Dotted: root, and the fifth (or the next root) just before the half bar."""
    del place
    yield Hit(bass_pitch(triad), 0, 6, 84)
    yield Hit(_fifth(triad) if following is triad else bass_pitch(following), 6, 2, 70)


BASS_PATTERNS: dict[str, Callable[[Triad, Triad, int], Iterator[Hit]]] = {
    "two": two_beat,
    "lazy": lazy,
    "long": long,
    "octaves": octaves,
    "bossa": bossa_bass,
}


def drum_hits(
    pattern: Mapping[int, Sequence[int]], *, bars: int, joins: int, rng: np.random.Generator
) -> Iterator[Hit]:
    """Drums from bar `joins` on: the pattern with small omissions.

    Every fourth bar has a fill, with a cymbal after it.
    """
    yield from _fill(joins - 1, is_short=True)
    for bar in range(joins, bars):
        first = bar * BAR_STEPS
        is_last = bar == bars - 1
        has_fill = bar % 4 == 3
        for key, steps in pattern.items():
            for step in steps:
                is_covered = has_fill and not is_last and step >= 12 and key != KICK
                is_left_out = key != KICK and rng.random() < 0.03
                if not is_covered and not is_left_out:
                    accent = 6 * (step % 8 == 0) - 10 * (step % 4 == 2)
                    yield Hit(key, first + step, 1, HIT_STRENGTH.get(key, 72) + accent)
        if has_fill and not is_last:
            yield from _fill(bar, is_short=bar % 8 == 3)
        if bar % 4 == 0:
            yield Hit(CRASH, first, 4, HIT_STRENGTH[CRASH])
    yield Hit(CRASH, bars * BAR_STEPS, 8, HIT_STRENGTH[CRASH])
    yield Hit(KICK, bars * BAR_STEPS, 1, HIT_STRENGTH[KICK])


def _fill(bar: int, *, is_short: bool) -> Iterator[Hit]:
    """The last beat of a bar on snare and toms."""
    keys = (
        ((12, SNARE), (14, SNARE))
        if is_short
        else ((12, HIGH_TOM), (13, HIGH_TOM), (14, MIDDLE_TOM), (15, LOW_TOM))
    )
    for step, key in keys:
        yield Hit(key, bar * BAR_STEPS + step, 1, 66 + step)
