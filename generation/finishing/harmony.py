"""Finds chords under a melody, and voices them.

All pitches here are in the home key signature (C major and its modes). The chord path is the best
one through a lattice of half bars (Viterbi): how well the sounding notes fit a triad, plus how
usual the step from one harmonic function to the next is, plus cadences at the ends of phrases.
"""

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.melodies.tokens import BAR_STEPS

HALF_BAR = 8
TONICS = {"major": 0, "minor": 9, "dorian": 2, "mixolydian": 7}


@dataclass(frozen=True)
class Triad:
    """A chord of the home key: its name and all its pitch classes, root first."""

    name: str
    pitch_classes: tuple[int, ...]

    @property
    def root(self) -> int:
        return self.pitch_classes[0]


TRIADS = {
    triad.name: triad
    for triad in (
        Triad("C", (0, 4, 7)),
        Triad("Dm", (2, 5, 9)),
        Triad("Em", (4, 7, 11)),
        Triad("F", (5, 9, 0)),
        Triad("G", (7, 11, 2)),
        Triad("Am", (9, 0, 4)),
        Triad("G7", (7, 11, 2, 5)),
        Triad("E", (4, 8, 11)),
    )
}
# The function of each chord in a mode: T tonic, R its relative, S subdominant, D dominant; lower
# case marks weaker members.
FUNCTIONS = {
    "major": {"C": "T", "Am": "R", "F": "S", "Dm": "S", "G": "D", "G7": "D", "Em": "R"},
    "minor": {"Am": "T", "C": "R", "F": "S", "Dm": "S", "E": "D", "G": "d", "Em": "d"},
    "dorian": {"Dm": "T", "F": "R", "G": "S", "C": "D", "Am": "d", "Em": "s"},
    "mixolydian": {"G": "T", "F": "D", "C": "S", "Am": "s", "Dm": "d", "Em": "R"},
}
# The score of a step from one function to another.
STEPS = {
    "TS": 1.0,
    "TD": 0.8,
    "TR": 0.7,
    "TT": 0.3,
    "RS": 1.0,
    "RD": 0.7,
    "RT": 0.2,
    "RR": 0.1,
    "SD": 1.1,
    "ST": 0.7,
    "SS": 0.3,
    "SR": 0.2,
    "DT": 1.3,
    "DR": 0.5,
    "DD": 0.2,
    "DS": -0.4,
}
# How much a note at each sixteenth of the bar says about the harmony.
METRIC_WEIGHT = (1.5, 0.5, 0.7, 0.5, 1.1, 0.5, 0.7, 0.5, 1.3, 0.5, 0.7, 0.5, 1.1, 0.5, 0.7, 0.5)

StepNotes = Sequence[tuple[int, int, int]]  # (start step, end step, pitch)


def pitch_class_weights(notes: StepNotes, start: int, end: int) -> np.ndarray:
    """How strongly each pitch class sounds between two steps, float [12]."""
    weights = [0.0] * 12  # A list: this is called for each half bar of a live frame.
    for begins, ends, pitch in notes:
        if begins < end and ends > start:
            overlap = min(ends, end) - max(begins, start)
            weights[pitch % 12] += overlap * (
                METRIC_WEIGHT[begins % BAR_STEPS] if begins >= start else 0.8
            )
    return np.array(weights)


def guess_mode(notes: StepNotes, *, steps: int) -> str:
    """The mode of the home key signature that a melody is in.

    It is judged by the weight of tonic, fifth and third, and by the last note.
    """
    if not notes:
        return "major"
    weights = pitch_class_weights(notes, 0, steps)
    last = notes[-1][2] % 12
    scores = {}
    for mode, tonic in TONICS.items():
        third = 4 if mode in ("major", "mixolydian") else 3
        scores[mode] = (
            1.2 * weights[tonic]
            + 0.6 * weights[(tonic + 7) % 12]
            + 0.5 * weights[(tonic + third) % 12]
            + (last == tonic) * weights.sum() * 0.2
            + (mode == "major") * weights.sum() * 0.03
        )
    return max(scores, key=scores.__getitem__)


def harmonise(notes: StepNotes, *, steps: int, mode: str) -> list[Triad]:
    """One triad for each half bar of a melody of `steps` sixteenths."""
    names = list(FUNCTIONS[mode])
    functions = [FUNCTIONS[mode][name].upper() for name in names]
    steps_to = [_steps(mode, is_inside_bar=False), _steps(mode, is_inside_bar=True)]
    count = steps // HALF_BAR
    best = np.zeros((count, len(names)))
    came_from = np.zeros((count, len(names)), dtype=int)
    for place in range(count):
        fit = _fits(pitch_class_weights(notes, place * HALF_BAR, (place + 1) * HALF_BAR), names)
        fit += [_cadence(place, count, FUNCTIONS[mode][name]) for name in names]
        if place == 0:
            best[0] = fit + [1.2 * (function == "T") for function in functions]
            continue
        reached = best[place - 1][None, :] + steps_to[place % 2]
        came_from[place] = reached.argmax(1)
        best[place] = reached.max(1) + fit
    path = [int(best[-1].argmax())]
    for place in range(count - 1, 0, -1):
        path.append(int(came_from[place, path[-1]]))
    return [TRIADS[names[index]] for index in reversed(path)]


def _fits(weights: np.ndarray, names: Sequence[str]) -> np.ndarray:
    total = float(weights.sum()) or 1.0
    each = weights.tolist()
    scores = []
    for name in names:
        tones, beside = _tones(name)
        inside = sum(each[tone] for tone in tones)
        clash = sum(0.6 * each[tone] for tone in beside)
        scores.append(3 * (inside - clash) / total - (0.15 if name in ("E", "Em") else 0))
    return np.array(scores)


@functools.cache
def _tones(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The pitch classes of a triad, and those that sound wrong with it, a semitone above."""
    tones = TRIADS[name].pitch_classes
    above = [(tone + 1) % 12 for tone in tones]
    return tones, tuple(tone for tone in above if tone not in tones)


@functools.cache
def _steps(mode: str, *, is_inside_bar: bool) -> np.ndarray:
    """How well each triad of a mode, the rows, follows each other one, the columns."""
    functions = {name: function.upper() for name, function in FUNCTIONS[mode].items()}
    stays, leaves = (0.55, 0.5) if is_inside_bar else (-0.1, 0.0)
    return np.array(
        [
            [
                stays
                if before == after
                else STEPS.get(functions[before] + functions[after], 0.0) - leaves
                for before in functions
            ]
            for after in functions
        ]
    )


def _cadence(place: int, count: int, function: str) -> float:
    bar, bars = place // 2, count // 2
    if bar == bars - 1:
        # Whatever the melody does, the last chord has to be the tonic.
        must = 100.0 if place == count - 1 else 0.0
        return 2.5 if function == "T" else -must
    if bar == bars - 2 and function == "D":
        return 0.8
    return 0.5 if bar % 4 == 3 and function in "Dd" else 0.0


@functools.cache
def voicing(
    triad: Triad, previous: tuple[int, ...], *, low: int = 53, high: int = 72
) -> tuple[int, ...]:
    """The closest way to play a triad after the chord before it.

    The voices move as little as possible, and the chord is at most a ninth wide.
    """
    places = [
        [pitch for pitch in range(low, high) if pitch % 12 == member]
        for member in triad.pitch_classes
    ]
    candidates: list[tuple[float, list[int]]] = []
    for chosen in itertools.product(*places):
        pitches = sorted(chosen)
        if pitches[-1] - pitches[0] > 14:
            continue
        if len(previous) == len(pitches):
            cost: float = sum(abs(a - b) for a, b in zip(pitches, previous, strict=True))
        else:
            cost = abs(sum(pitches) / len(pitches) - 62)
        candidates.append((cost, pitches))
    return tuple(min(candidates)[1])
