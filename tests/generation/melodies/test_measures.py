import numpy as np

from generation.melodies.measures import ATTRIBUTES, attributes, copies, melody_figures, syncopation
from generation.melodies.tokens import tokens_of


def measure(notes):
    return dict(
        zip(ATTRIBUTES, attributes(tokens_of(notes, steps=32)[None])[0].tolist(), strict=True)
    )


def test_attributes_are_what_they_say():
    measured = measure([(0, 4, 60), (4, 8, 64), (8, 16, 72), (16, 32, 60)])
    assert measured == {"density": 2.0, "syncopation": 0.0, "height": 64.0, "range": 12.0}


def test_a_segment_without_notes_has_no_height_and_no_range():
    assert measure([]) == {"density": 0.0, "syncopation": 0.0, "height": 0.0, "range": 0.0}


def test_a_note_held_over_a_stronger_place_is_syncopated():
    straight = tokens_of([(0, 4, 60), (4, 8, 62), (8, 32, 64)], steps=32)
    early = tokens_of([(0, 4, 60), (4, 6, 62), (6, 32, 64)], steps=32)
    # Step 6 has strength -3; the strongest place under the held note is the next bar line, strength
    # 0.
    assert syncopation(np.stack([straight, early])).tolist() == [1.0, 3.0]


def test_figures_count_notes_of_the_scale_and_repeated_notes():
    rows = tokens_of([(0, 4, 60), (4, 8, 60), (8, 12, 61), (12, 32, 64)], steps=32)[None]
    assert melody_figures(rows) == {"diatonic": 0.75, "repeated": 0.3333, "notes_per_bar": 2.0}


def test_transposed_copies_are_found():
    known = np.array([[62, 0, 66, 0]])
    assert copies(np.array([[64, 0, 68, 0], [62, 0, 67, 0]]), known) == 1
