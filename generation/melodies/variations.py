"""Variations of a segment that change one attribute and keep the tune recognisable.

A net that learns them gets reliable sliders. Every variation is a fixed function of the tokens and
a strength: the same tune under the same strength always varies alike, so that a net can learn where
it leads. All stay in the home key.
"""

import numpy as np

from generation.melodies.measures import METRIC_STRENGTH
from generation.melodies.tokens import DIATONIC, FIRST_PITCH, HOLD, VOCABULARY

KINDS = ("transpose", "syncopate", "stretch", "fill")
# Beats in the order in which they are syncopated: the middle of a bar first, the bar lines last.
BEAT_ORDER = (8, 24, 4, 20, 12, 28, 16)


def _degrees() -> tuple[np.ndarray, np.ndarray]:
    """For each token its scale degree (7 an octave) and the semitones above it."""
    degrees, above = np.zeros(VOCABULARY, dtype=np.int64), np.zeros(VOCABULARY, dtype=np.int64)
    for pitch in range(128):
        octave, pitch_class = divmod(pitch, 12)
        degree = max(index for index, member in enumerate(DIATONIC) if member <= pitch_class)
        degrees[pitch + FIRST_PITCH] = 7 * octave + degree
        above[pitch + FIRST_PITCH] = pitch_class - DIATONIC[degree]
    return degrees, above


DEGREES, ABOVE = _degrees()
SCALE = np.array(DIATONIC)


def token_of(degrees: np.ndarray, above: np.ndarray | int = 0) -> np.ndarray:
    """Scale degrees -> tokens, clipped to the vocabulary."""
    pitches = 12 * (degrees // 7) + SCALE[degrees % 7] + above
    return np.clip(pitches, 0, 127) + FIRST_PITCH


def transpose(tokens: np.ndarray, steps: int) -> np.ndarray:
    """Every note moved by steps of the scale."""
    return np.where(tokens >= FIRST_PITCH, token_of(DEGREES[tokens] + steps, ABOVE[tokens]), tokens)


def stretch(tokens: np.ndarray, amount: float) -> np.ndarray:
    """Intervals around the tune's middle multiplied by 1 + amount."""
    is_note = tokens >= FIRST_PITCH
    middle = np.round(DEGREES[tokens[is_note]].mean())
    degrees = np.round(middle + (1 + amount) * (DEGREES[tokens] - middle)).astype(np.int64)
    return np.where(is_note, token_of(degrees), tokens)


def fill(tokens: np.ndarray, notes: int) -> np.ndarray:
    """More notes: passing notes inside the longest ones.

    For a negative number fewer: the weakest are left out.
    """
    varied = tokens.copy()
    for _ in range(abs(notes)):
        onsets = np.flatnonzero(varied >= FIRST_PITCH)
        if notes < 0:
            if len(onsets) < 3:
                break
            weakest = min(onsets[1:], key=lambda step: (METRIC_STRENGTH[step % 16], step))
            varied[weakest] = HOLD
        else:
            ends = np.append(np.flatnonzero(varied != HOLD), len(varied))
            lengths = np.array([ends[ends > onset][0] - onset for onset in onsets])
            longest = int(np.argmax(lengths))
            if lengths[longest] < 2:
                break
            here = DEGREES[varied[onsets[longest]]]
            following = DEGREES[varied[onsets[min(longest + 1, len(onsets) - 1)]]]
            step = np.sign(following - here) or 1
            varied[onsets[longest] + lengths[longest] // 2] = token_of(here + step)
    return varied


def syncopate(tokens: np.ndarray, beats: int) -> np.ndarray:
    """The notes on up to so many beats struck early.

    For a negative number, early notes are put back on their beat.
    """
    varied, left = tokens.copy(), abs(beats)
    for beat in BEAT_ORDER:
        if not left or beat >= len(varied):
            continue
        eighth, sixteenth = varied[beat - 2], varied[beat - 1]
        if beats > 0 and varied[beat] >= FIRST_PITCH and sixteenth == HOLD:
            varied[beat - 2 if eighth == HOLD else beat - 1] = varied[beat]
            varied[beat] = HOLD
            left -= 1
        elif beats < 0 and varied[beat] == HOLD:
            early = beat - 1 if sixteenth >= FIRST_PITCH else beat - 2
            if varied[early] >= FIRST_PITCH and (early == beat - 1 or sixteenth == HOLD):
                varied[beat], varied[early] = varied[early], HOLD
                left -= 1
    return varied


def vary(tokens: np.ndarray, kind: str, *, rng: np.random.Generator) -> np.ndarray:
    """One variation of a kind, of random strength."""
    if kind == "transpose":
        return transpose(tokens, int(rng.integers(-7, 8)))
    if kind == "syncopate":
        return syncopate(tokens, int(rng.choice((-7, -4, 1, 2, 3, 4, 5, 7))))
    if kind == "stretch":
        return stretch(tokens, float(rng.choice((-0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1.0))))
    return fill(tokens, int(rng.integers(-6, 7)))
