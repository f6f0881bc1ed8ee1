from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from generation.codecs.abc import read_tune
from generation.melodies.tokens import (
    HOLD,
    OFF,
    VOCABULARY,
    bar_tokens,
    is_presentable,
    join_split_bars,
    notes_of,
    outline,
    scale_shifts,
    to_home_key,
    tokens_of,
)


def bars(body, **header):
    return read_tune({"X": "1", "M": "4/4", "L": "1/8", "K": "C"} | header, body).bars


@st.composite
def melodies(draw):
    """Notes of one voice without gaps of length zero, on 32 steps."""
    edges = sorted(draw(st.sets(st.integers(0, 32), min_size=2, max_size=20)))
    pitches = draw(st.lists(st.integers(0, 127), min_size=len(edges) - 1, max_size=len(edges) - 1))
    return [
        (start, end, pitch) for start, end, pitch in zip(edges, edges[1:], pitches, strict=False)
    ]


@given(melodies())
def test_notes_survive_tokens_and_back(notes):
    assert notes_of(tokens_of(notes, steps=32)) == notes


def test_silence_before_the_first_note_is_kept():
    tokens = tokens_of([(4, 8, 60)], steps=16)
    assert tokens[0] == OFF and tokens[4] == 62 and tokens[8] == OFF
    assert notes_of(tokens) == [(4, 8, 60)]


def test_a_bar_of_eighths_fills_every_second_step():
    tokens, rounded = bar_tokens(bars("CDEF GABc")[0])
    assert (
        tokens[::2] == [62, 64, 66, 67, 69, 71, 73, 74]
        and set(tokens[1::2]) == {HOLD}
        and rounded == 0
    )


def test_triplets_are_rounded_to_the_grid_and_counted():
    tokens, rounded = bar_tokens(bars("(3CDE F2 G4")[0])
    assert tokens is not None and rounded == 2
    assert sum(token > OFF for token in tokens) == 5


def test_two_four_is_read_at_half_speed():
    tokens, _ = bar_tokens(bars("CDEF", M="2/4")[0])
    assert [step for step, token in enumerate(tokens) if token > OFF] == [0, 4, 8, 12]


def test_other_meters_and_incomplete_bars_are_refused():
    assert bar_tokens(bars("CDEFGA", M="6/8")[0])[0] is None
    assert bar_tokens(bars("CDEF")[0])[0] is None


def test_a_bar_cut_by_a_repeat_sign_is_joined():
    joined = join_split_bars(bars("CDEF GAB:|:c|C8|"))
    assert [bar.length for bar in joined] == [1, Fraction(1)]


def test_tied_notes_are_struck_once():
    tokens, _ = bar_tokens(bars("C4-C4")[0])
    assert sum(token > OFF for token in tokens) == 1


def test_every_home_key_moves_to_c_by_at_most_six_semitones():
    tokens = np.array([OFF, HOLD, 62])
    for home in range(12):
        moved = to_home_key(tokens, home)
        assert moved[0] == OFF and moved[1] == HOLD
        assert (moved[2] - 62 + home) % 12 == 0
        assert abs(int(moved[2]) - 62) <= 6


def test_moving_along_the_scale_keeps_notes_in_the_scale_and_comes_back():
    table = scale_shifts(7)
    assert table.shape == (15, VOCABULARY)
    c_major = np.array([62, 64, 66, 67, 69, 71, 73])
    up = table[7 + 2, c_major]
    assert up.tolist() == [66, 67, 69, 71, 73, 74, 76]
    assert table[7 - 2, up].tolist() == c_major.tolist()
    assert table[7 + 3, [HOLD, OFF]].tolist() == [HOLD, OFF]


def test_transposed_segments_share_their_outline():
    assert outline([62, 0, 66, 1]) == outline([69, 0, 73, 1]) != outline([62, 0, 67, 1])


def test_too_few_or_too_high_notes_are_not_presentable():
    busy = np.tile([72, 0, 74, 0], 8)
    assert is_presentable(busy, bars=2)
    assert not is_presentable(np.where(busy == 72, 100, busy), bars=2)
    assert not is_presentable(np.array([72] + [0] * 31), bars=2)
