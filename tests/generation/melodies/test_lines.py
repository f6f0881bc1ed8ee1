import numpy as np
import pytest

from generation.codecs.midi import ReadNote
from generation.melodies.lines import grid_tokens, home_of, home_tokens, leading_notes, top_line
from generation.melodies.tokens import notes_of
from generation.refusal import Refused

SCALE = [0, 2, 4, 5, 7, 9, 11, 12]


def make_melody(*, key=0, channel=0, octave=72, jitter=0.0, seed=0):
    rng = np.random.default_rng(seed)
    starts = 0.5 * np.arange(32) + rng.uniform(-jitter, jitter, 32)
    return [
        ReadNote(float(start), 0.5 * i + 0.45, octave + key + SCALE[i % 8], 80, channel)
        for i, start in enumerate(starts)
    ]


def make_chords(channel=1):
    return [
        ReadNote(2.0 * i, 2.0 * i + 2, pitch, 60, channel)
        for i in range(8)
        for pitch in (48, 52, 55)
    ]


def test_the_channel_with_the_tune_leads():
    drums = [ReadNote(0.25 * i, 0.25 * i + 0.1, 42, 90, 9) for i in range(64)]
    leading = leading_notes(make_chords() + drums + make_melody(channel=3))
    assert {note.channel for note in leading} == {3}


def test_drums_alone_are_refused():
    with pytest.raises(Refused, match="only drums"):
        leading_notes([ReadNote(0, 1, 38, 80, 9)])


def test_the_top_line_leaves_accompaniment_under_it_out():
    mixed = [
        ReadNote(0, 2, 76, 80, 0),
        ReadNote(0, 2, 60, 80, 0),
        ReadNote(1, 2, 55, 80, 0),
        ReadNote(2, 3, 74, 80, 0),
    ]
    assert [note.pitch for note in top_line(mixed)] == [76, 74]


@pytest.mark.parametrize("key", range(12))
def test_the_home_key_is_found(key):
    melody = make_melody(key=key)
    assert home_of([note.pitch for note in melody], [1.0] * len(melody)) == key


@pytest.mark.parametrize("key", [0, 3, 7, 10])
def test_an_unsteady_performance_in_any_key_comes_back_on_the_grid_at_home(key):
    tokens, home = home_tokens(make_melody(key=key, jitter=0.05))
    assert home == key and len(tokens) == 64
    assert [start for start, _, _ in notes_of(tokens)] == list(range(0, 64, 2))
    assert {pitch % 12 for _, _, pitch in notes_of(tokens)} == set(SCALE[:7])


def test_a_rest_stays_and_a_short_gap_closes():
    notes = [ReadNote(0, 0.8, 60, 80, 0), ReadNote(1, 1.5, 62, 80, 0), ReadNote(3, 4, 64, 80, 0)]
    assert notes_of(grid_tokens(notes)) == [(0, 4, 60), (4, 6, 62), (12, 16, 64)]


def test_silence_before_the_first_bar_is_cut():
    assert notes_of(grid_tokens([ReadNote(41, 44, 60, 80, 0)])) == [(4, 16, 60)]


def test_no_notes_are_refused():
    with pytest.raises(Refused, match="no notes"):
        grid_tokens([])


@pytest.mark.parametrize("pitch", [48, 61, 72, 84])
def test_a_note_that_sounds_on_while_the_tune_goes_on_does_not_hide_it(pitch):
    tune = [ReadNote(i / 2, i / 2 + 0.4, 60 + i % 8, 80, 0) for i in range(32)]
    stuck = ReadNote(0.0, 16.0, pitch, 80, 0)
    assert top_line([stuck, *tune]) == tune
    held = ReadNote(16.0, 32.0, pitch, 80, 0)  # With nothing beside it, it belongs to the tune.
    assert top_line([*tune, held])[-1] == held
