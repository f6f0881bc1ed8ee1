"""Takes the two phrases of a tune out of an uploaded melody, to breed from."""

from collections.abc import Callable

import numpy as np

from generation.finishing.music import plausibility
from generation.melodies.tokens import BAR_STEPS, FIRST_PITCH, HOLD, OFF
from generation.melodies.variations import transpose
from generation.refusal import Refused

PHRASE_STEPS = 2 * BAR_STEPS
FEWEST_NOTES = 4
ANSWER_STEPS = 2


def answer_higher(phrase: np.ndarray) -> np.ndarray:
    """The plainest second phrase: the first one, some steps of the scale higher."""
    return transpose(phrase, ANSWER_STEPS)


def two_phrases(
    tokens: np.ndarray, *, invent: Callable[[np.ndarray], np.ndarray] = answer_higher
) -> tuple[np.ndarray, np.ndarray]:
    """Tokens of a melody in the home key -> two phrases [32]: the first, and the most different.

    invent: makes a second phrase where the melody has only one. Raises Refused where no two bars
    hold enough notes.
    """
    padded = np.pad(tokens, (0, -len(tokens) % PHRASE_STEPS), constant_values=HOLD)
    windows = [
        _opened(padded[start : start + PHRASE_STEPS])
        for start in range(0, len(padded), PHRASE_STEPS)
    ]
    full = [window for window in windows if (window >= FIRST_PITCH).sum() >= FEWEST_NOTES]
    if not full:
        raise Refused("This melody has too few notes. It needs two bars with at least four notes.")
    first = full[0]
    others = [window for window in full[1:] if not np.array_equal(window, first)]
    if not others:
        return first, _opened(invent(first))

    def contrast(window: np.ndarray) -> float:
        return float((window != first).mean()) + 0.05 * plausibility(window)

    return first, max(others, key=contrast)


def _opened(window: np.ndarray) -> np.ndarray:
    """The phrase with silence in place of a note that is held into it.

    The net has never seen a phrase begin with a hold.
    """
    opened = window.copy()
    if opened[0] == HOLD:
        opened[0] = OFF
    return opened
