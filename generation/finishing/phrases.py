"""Takes the two phrases of a tune out of a melody that someone brought: what an upload is bred from."""

import numpy as np

from generation.data.tunes import BAR_STEPS, FIRST_PITCH, HOLD, OFF
from generation.data.variations import transpose
from generation.finishing.music import plausibility
from generation.refusal import Refused

PHRASE_STEPS = 2 * BAR_STEPS
FEWEST_NOTES = 4
ANSWER_STEPS = 2  # Where a tune is too short for a second phrase, it is the first one so many steps of the scale higher.


def two_phrases(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tokens of a whole melody in the home key -> its opening phrase and the one that differs most from it, each [32].

    Raises Refused where no two bars hold enough notes.
    """
    padded = np.pad(tokens, (0, -len(tokens) % PHRASE_STEPS), constant_values=HOLD)
    windows = [_opened(padded[start : start + PHRASE_STEPS]) for start in range(0, len(padded), PHRASE_STEPS)]
    full = [window for window in windows if (window >= FIRST_PITCH).sum() >= FEWEST_NOTES]
    if not full:
        raise Refused("This melody has too few notes. Two bars with at least four notes are needed.")
    first = full[0]
    others = [window for window in full[1:] if not np.array_equal(window, first)]
    if not others:
        return first, transpose(first, ANSWER_STEPS)

    def contrast(window: np.ndarray) -> float:
        return float((window != first).mean()) + 0.05 * plausibility(window)

    return first, max(others, key=contrast)


def _opened(window: np.ndarray) -> np.ndarray:
    """A note that is held into the phrase becomes silence: the net has never seen a phrase begin with a hold."""
    opened = window.copy()
    if opened[0] == HOLD:
        opened[0] = OFF
    return opened
