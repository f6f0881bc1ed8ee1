import numpy as np
import pytest

from generation.finishing.phrases import two_phrases
from generation.melodies.tokens import OFF, tokens_of
from generation.refusal import Refused
from tests.generation.finishing.music_examples import make_section


def phrase(*pitches):
    return tokens_of([(4 * i, 4 * i + 4, pitch) for i, pitch in enumerate(pitches)], steps=32)


A = phrase(60, 62, 64, 65, 67, 65, 64, 62)
NEAR_A = phrase(60, 62, 64, 65, 67, 65, 64, 60)
B = phrase(72, 71, 69, 67, 69, 71, 72, 74)


def test_the_opening_and_the_most_different_phrase_are_taken():
    first, second = two_phrases(np.concatenate([A, NEAR_A, B, A]))
    assert np.array_equal(first, A) and np.array_equal(second, B)


def test_silence_before_the_tune_is_passed_over():
    silence = np.zeros(32, dtype=np.int64)
    silence[0] = OFF
    assert np.array_equal(two_phrases(np.concatenate([silence, A, B]))[0], A)


def test_a_short_tune_answers_itself_higher():
    first, second = two_phrases(A)
    assert np.array_equal(first, A)
    assert (
        second[second > OFF].min() > first[first > OFF].min()
        and (second > OFF).sum() == (first > OFF).sum()
    )


def test_a_note_held_into_a_phrase_becomes_silence():
    tokens = np.concatenate([A, B])
    tokens[32] = 0
    assert two_phrases(tokens)[1][0] == OFF


def test_melodies_of_odd_length_are_filled_up():
    first, second = two_phrases(make_section()[:40])
    assert len(first) == len(second) == 32


def test_too_few_notes_are_refused():
    with pytest.raises(Refused, match="too few notes"):
        two_phrases(phrase(60, 62, 64))


def test_a_second_phrase_can_be_invented():
    assert np.array_equal(two_phrases(A, invent=lambda phrase: B)[1], B)
    assert np.array_equal(
        two_phrases(np.concatenate([A, NEAR_A]), invent=lambda phrase: B)[1], NEAR_A
    )
