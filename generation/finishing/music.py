"""Composes a whole tune from the genes of two phrases.

The form is AABA', with answers from neighbours of the phrases in latent space; then the band is
added. Numpy only: the net comes in as `decode`, a function from z [batch, z] to tokens [batch,
steps], always the most probable ones, so that the same genes give the same notes.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from generation.finishing.arrangement import arrange
from generation.finishing.expression import express
from generation.finishing.harmony import TONICS, guess_mode
from generation.finishing.styles import STYLES, find_style
from generation.melodies.tokens import BAR_STEPS, DIATONIC, FIRST_PITCH, HOLD
from generation.song import Song

Decode = Callable[[np.ndarray], np.ndarray]

MELODY_CENTRE = 74  # MIDI pitch in the middle of the lead instruments' range.
NO_MELODY = -99.0  # The plausibility of too few notes.
NEIGHBOURS = 10  # Candidates for each answering phrase.
NEAR = 0.45  # How far answers lie from their phrase: the share of noise in a neighbour's z.
LOWEST_BPM, HIGHEST_BPM = 56.0, 168.0
OPEN_ENDINGS = {
    "major": (2, 7, 11),
    "minor": (11, 4, 8),
    "dorian": (9, 4, 0),
    "mixolydian": (2, 5, 9),
}


@dataclass(frozen=True)
class TuneGenes:
    """The genes of a tune by name.

    a, b: z of its phrases. key: semitones from C, -6 to 5. lead: 0 to 3, the style's instrument.
    sliders: density, syncopation, height and range, each from -1 to 1.
    """

    a: np.ndarray
    b: np.ndarray
    style: str = "folk"
    key: int = 0
    bpm: float = 112.0
    lead: int = 0
    sliders: Mapping[str, float] = field(default_factory=dict)

    def checked(self) -> "TuneGenes":
        """The genes with every value in its range. Raises Refused for an unknown style."""
        find_style(self.style)
        return replace(
            self,
            key=(int(self.key) + 6) % 12 - 6,
            bpm=float(np.clip(self.bpm, LOWEST_BPM, HIGHEST_BPM)),
            lead=int(self.lead) % len(STYLES[self.style].leads),
        )


def plausibility(tokens: np.ndarray) -> float:
    """How much two bars resemble a phrase that people would sing; higher is better.

    Used to choose among candidates.
    """
    # Lists: for so few numbers they are several times as fast as arrays, and a live frame judges
    # twenty phrases.
    written = tokens.tolist()
    onsets = [step for step, token in enumerate(written) if token >= FIRST_PITCH]
    pitches = [written[step] - FIRST_PITCH for step in onsets]
    if len(onsets) < 5:
        return NO_MELODY
    bars = len(written) // BAR_STEPS
    leaps = [abs(after - before) for before, after in itertools.pairwise(pitches)]
    score = -12 * (1 - _part(pitch % 12 in DIATONIC for pitch in pitches))
    score -= abs(len(onsets) / bars - 6) / 6
    score -= 6 * _part(leap > 12 for leap in leaps) + 3 * max(
        0.0, _part(leap == 0 for leap in leaps) - 0.3
    )
    score -= 0.15 * max(0, max(pitches) - min(pitches) - 17) + (len(set(pitches)) < 4)
    score -= 0.8 * _part(token < FIRST_PITCH for token in written[::BAR_STEPS])
    score += 0.8 * _part(step % 4 == 0 for step in onsets) + 0.4 * _part(
        leap <= 4 for leap in leaps
    )
    first, last = written[:BAR_STEPS], written[-BAR_STEPS:]
    # A recurring rhythm is good, but not a bar that is merely repeated.
    score += 0.5 * _part(
        (one >= FIRST_PITCH) == (other >= FIRST_PITCH)
        for one, other in zip(first, last, strict=True)
    )
    return score - 0.6 * (first == last)


def _part(are: Iterable[bool]) -> float:
    """The part of them that is true, 0 to 1."""
    found = list(are)
    return sum(found) / len(found)


def neighbours(
    z: np.ndarray, *, scale: np.ndarray, rng: np.random.Generator, count: int = NEIGHBOURS
) -> np.ndarray:
    """Points near z [count, z], about as far from the centre as z.

    scale: the spread of the codes [z].
    """
    noise = rng.standard_normal((count, len(z))).astype(np.float32) * scale
    return (np.sqrt(1 - NEAR**2) * z + NEAR * noise).astype(np.float32)


def compose_sections(
    genes: TuneGenes, *, decode: Decode, scale: np.ndarray, seed: int
) -> list[np.ndarray]:
    """Four sections of 64 tokens: A, A', B, A'.

    A is phrase a and an open answer, A' ends on the tonic, B is phrase b with an open answer.
    """
    rng = np.random.default_rng([seed, 11])
    near_a, near_b = (neighbours(z, scale=scale, rng=rng) for z in (genes.a, genes.b))
    written = decode(np.concatenate([[genes.a], near_a, [genes.b], near_b]).astype(np.float32))
    (a, *answers_a), (b, *answers_b) = (
        _played(rows, genes.sliders) for rows in np.split(written, 2)
    )
    mode = guess_mode(_notes([a, b]), steps=len(a) + len(b))
    open_ending, closed_ending = OPEN_ENDINGS[mode], (TONICS[mode],)
    judged_a, judged_b = (
        [(one, plausibility(one)) for one in rows] for rows in (answers_a, answers_b)
    )
    opening = np.concatenate([a, _answer(a, judged_a, endings=open_ending)])
    closing = np.concatenate(
        [a, _settled(_answer(a, judged_a, endings=closed_ending), tonic=TONICS[mode])]
    )
    middle = np.concatenate([b, _answer(b, judged_b, endings=open_ending)])
    return [opening, closing, middle, closing]


def _played(rows: np.ndarray, sliders: Mapping[str, float]) -> list[np.ndarray]:
    """A phrase and its answers in the range of the lead instruments, varied by the sliders.

    They are moved by octaves.
    """
    pitches = _pitches(rows[0])
    away = MELODY_CENTRE - float(pitches.mean()) if len(pitches) else 0.0
    shift = 0 if abs(away) <= 8 else 12 * round(away / 12)
    return [express(np.where(row >= FIRST_PITCH, row + shift, row), sliders) for row in rows]


def _notes(phrases: Sequence[np.ndarray]) -> list[tuple[int, int, int]]:
    onsets = [
        (i, int(token) - FIRST_PITCH)
        for i, token in enumerate(np.concatenate(phrases))
        if token >= FIRST_PITCH
    ]
    return [(start, start + 2, pitch) for start, pitch in onsets]


def _answer(
    phrase: np.ndarray, candidates: Sequence[tuple[np.ndarray, float]], *, endings: Sequence[int]
) -> np.ndarray:
    """The candidate that answers best, of tokens and their plausibility.

    It is plausible, begins near where the phrase ended, and ends on one of the pitch classes.
    """
    asked = _pitches(phrase)

    def score(candidate: tuple[np.ndarray, float]) -> float:
        tokens, plausible = candidate
        pitches = _pitches(tokens)
        if not len(pitches) or not len(asked):
            return NO_MELODY
        jump = 0.06 * abs(int(pitches[0]) - int(asked[-1]))
        # An answer stays in the range of its question.
        away = 0.1 * abs(float(pitches.mean()) - float(asked.mean()))
        return (
            plausible
            - jump
            - away
            + (pitches[-1] % 12 in endings)
            - 0.8 * np.array_equal(tokens, phrase)
        )

    return max(candidates, key=score)[0]


def _pitches(tokens: np.ndarray) -> np.ndarray:
    return tokens[tokens >= FIRST_PITCH] - FIRST_PITCH


def _settled(tokens: np.ndarray, *, tonic: int) -> np.ndarray:
    """The phrase with its last half bar replaced by the nearest tonic, held."""
    pitches = _pitches(tokens[:-8])
    if len(pitches) < 3:
        return tokens
    last = int(pitches[-1])
    settled = tokens.copy()
    settled[-8:] = HOLD
    settled[-8] = last + (tonic - last + 6) % 12 - 6 + FIRST_PITCH
    return settled


def compose(
    genes: TuneGenes, *, decode: Decode, scale: np.ndarray, seed: int, title: str = ""
) -> Song:
    """A whole arranged song of 16 bars with an intro of two.

    The same genes and seed give the same notes.
    """
    genes = genes.checked()
    sections = compose_sections(genes, decode=decode, scale=scale, seed=seed)
    style = STYLES[genes.style]
    return arrange(
        sections,
        style=genes.style,
        seed=seed,
        key=genes.key,
        bpm=genes.bpm,
        lead=style.leads[genes.lead],
        title=title,
    )
