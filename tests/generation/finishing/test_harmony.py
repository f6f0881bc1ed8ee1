import numpy as np
import pytest

from generation.finishing.harmony import (
    FUNCTIONS,
    TONICS,
    TRIADS,
    guess_mode,
    harmonise,
    pitch_class_weights,
    voicing,
)
from generation.melodies.tokens import notes_of
from tests.generation.finishing.music_examples import A_MINOR_TUNE, C_MAJOR_TUNE, make_section


def notes(pitches):
    return notes_of(make_section(pitches).tolist())


@pytest.mark.parametrize(
    ("pitches", "mode"),
    [
        (C_MAJOR_TUNE, "major"),
        (A_MINOR_TUNE, "minor"),
        ([62, 65, 69, 65, 67, 64, 60, 64, 62, 65, 69, 72, 71, 69, 65, 62], "dorian"),
        ([67, 71, 74, 71, 72, 69, 67, 65, 67, 71, 74, 77, 74, 71, 67, 67], "mixolydian"),
    ],
)
def test_modes_of_plain_tunes_are_recognised(pitches, mode):
    assert guess_mode(notes(pitches), steps=64) == mode


def test_no_notes_are_major():
    assert guess_mode([], steps=64) == "major"


@pytest.mark.parametrize("mode", TONICS)
def test_every_tune_ends_on_the_tonic_of_its_mode(mode):
    rng = np.random.default_rng(1)
    for _ in range(10):
        chords = harmonise(
            notes(rng.choice([60, 62, 64, 65, 67, 69, 71, 72], 16)), steps=64, mode=mode
        )
        assert len(chords) == 8
        assert chords[-1].root == TONICS[mode]
        assert all(chord.name in FUNCTIONS[mode] for chord in chords)


def test_broken_chords_get_their_chord():
    pitches = [60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71, 60, 64, 67, 60]
    assert [chord.name for chord in harmonise(notes(pitches), steps=64, mode="major")][::2] == [
        "C",
        "F",
        "G",
        "C",
    ]


def test_strong_places_weigh_more():
    weights = pitch_class_weights([(0, 2, 60), (2, 4, 62)], 0, 16)
    assert weights[0] > weights[2] > 0 and weights.sum() == weights[0] + weights[2]


def test_voicings_hold_the_chord_and_move_little():
    previous = voicing(TRIADS["C"], ())
    for name in ("F", "G7", "Am", "Dm", "E", "C"):
        chord = voicing(TRIADS[name], previous)
        assert sorted({pitch % 12 for pitch in chord}) == sorted(TRIADS[name].pitch_classes)
        assert chord[-1] - chord[0] <= 14
        if len(chord) == len(previous):
            assert max(abs(a - b) for a, b in zip(chord, previous, strict=True)) <= 5
        previous = chord
