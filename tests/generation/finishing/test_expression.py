import numpy as np
import pytest

from generation.finishing.expression import HIGHEST_NOTE, LOWEST_NOTE, express, fold
from generation.melodies.measures import ATTRIBUTES, attributes
from generation.melodies.tokens import DIATONIC, FIRST_PITCH, OFF
from tests.generation.training.music.music_examples import make_segments


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_slider_moves_its_attribute_evenly_and_far(name):
    phrases = make_segments(60)
    spread = attributes(phrases).std(0)[ATTRIBUTES.index(name)]
    measured = [
        attributes(np.stack([express(phrase, {name: amount}) for phrase in phrases])).mean(0)[
            ATTRIBUTES.index(name)
        ]
        for amount in np.linspace(-1, 1, 9)
    ]
    assert (np.diff(measured) >= 0).all() and measured[-1] - measured[0] > 2 * spread


def test_sliders_at_zero_leave_the_phrase_alone():
    phrase = make_segments(1)[0]
    assert np.array_equal(express(phrase, {}), phrase)
    assert np.array_equal(express(phrase, dict.fromkeys(ATTRIBUTES, 0.0)), phrase)


def test_all_sliders_together_still_give_a_melody_in_the_scale():
    rng = np.random.default_rng(0)
    for phrase in make_segments(40):
        played = express(phrase, dict(zip(ATTRIBUTES, rng.uniform(-1.5, 1.5, 4), strict=True)))
        pitches = played[played >= FIRST_PITCH] - FIRST_PITCH
        assert len(pitches) >= 2 and np.isin(pitches % 12, DIATONIC).all()
        assert pitches.min() >= LOWEST_NOTE and pitches.max() <= HIGHEST_NOTE


def test_silence_stays_silence():
    silence = np.zeros(32, dtype=np.int64)
    silence[0] = OFF
    assert np.array_equal(express(silence, {"density": 1.0}), silence)


def test_notes_beyond_the_compass_are_folded_by_octaves():
    folded = fold(np.array([0, 1, 30 + 2, 60 + 2, 120 + 2]))
    assert folded.tolist() == [0, 1, 54 + 2, 60 + 2, 96 + 2]
