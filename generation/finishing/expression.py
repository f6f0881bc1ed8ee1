"""The sliders of a tune: density, syncopation, height and range, as variations of its phrases.

The net's own read-outs of these are good, but moving z along them moves the notes far less than
they promise (measured: height and range by one standard deviation from end to end); a variation of
the written phrase does what its slider says.
"""

from collections.abc import Mapping

import numpy as np

from generation.melodies.measures import ATTRIBUTES
from generation.melodies.tokens import FIRST_PITCH
from generation.melodies.variations import fill, stretch, syncopate, transpose

# The effect of a slider at its end: notes added, beats struck early, growth of the intervals as a
# share, steps of the scale up.
NOTES, BEATS, WIDENING, STEPS = 8, 7, 0.9, 5
LOWEST_NOTE, HIGHEST_NOTE = 48, 98  # Beyond these the instruments of the melody squeak or growl.


def express(phrase: np.ndarray, sliders: Mapping[str, float]) -> np.ndarray:
    """A phrase [steps] varied by the sliders of ATTRIBUTES, each from -1 to 1.

    At 0 it stays as it was.
    """
    amounts = {name: float(np.clip(sliders.get(name, 0.0), -1, 1)) for name in ATTRIBUTES}
    if not any(amounts.values()) or not (phrase >= FIRST_PITCH).any():
        return phrase
    played = fill(phrase, round(NOTES * amounts["density"]))
    played = syncopate(played, round(BEATS * amounts["syncopation"]))
    if amounts["range"]:
        played = stretch(played, WIDENING * amounts["range"])
    return fold(transpose(played, round(STEPS * amounts["height"])))


def fold(phrase: np.ndarray) -> np.ndarray:
    """Move notes beyond the instruments' range into it by octaves."""
    pitches = phrase - FIRST_PITCH
    down = np.maximum(0, -(-(pitches - HIGHEST_NOTE) // 12))
    up = np.maximum(0, -(-(LOWEST_NOTE - pitches) // 12))
    return np.where(phrase >= FIRST_PITCH, phrase + 12 * (up - down), phrase)
