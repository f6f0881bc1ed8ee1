from fractions import Fraction

import pytest

from generation.codecs.abc import read_key, read_length, read_meter, read_tune, split_tunes

EIGHTH = Fraction(1, 8)


def read(body, **header):
    return read_tune({"X": "1", "M": "4/4", "L": "1/8", "K": "C"} | header, body)


def pitches(tune):
    return [[note.pitch for note in bar.notes] for bar in tune.bars]


def lengths(tune):
    return [[note.length for note in bar.notes] for bar in tune.bars]


def test_letters_commas_and_ticks_are_octaves():
    assert pitches(read("C,CCc c'2")) == [[48, 60, 60, 72, 84]]


def test_the_key_signature_alters_notes():
    assert pitches(read("F C =F f", K="D")) == [[66, 61, 65, 78]]


def test_an_accidental_lasts_until_the_bar_line():
    assert pitches(read("^F F|F _B=B")) == [[66, 66], [65, 70, 71]]


def test_an_accidental_leaves_other_octaves_alone():
    assert pitches(read("^F f")) == [[66, 77]]


@pytest.mark.parametrize(
    ("text", "sharps", "home"),
    [
        ("C", {}, 0),
        ("Am", {}, 0),
        ("D dorian", {}, 0),
        ("G", {"F": 1}, 7),
        ("Em", {"F": 1}, 7),
        ("Amix", {"F": 1, "C": 1}, 2),
        ("F", {"B": -1}, 5),
        ("Bb", {"B": -1, "E": -1}, 10),
        ("HP", {"F": 1, "C": 1}, 2),
        ("GM", {"F": 1}, 7),
    ],
)
def test_keys_give_their_signature_and_relative_major(text, sharps, home):
    assert read_key(text) == (sharps, home)


def test_lengths_are_multiples_of_the_unit():
    assert [read_length(text) for text in ("", "2", "/", "//", "3/2", "/4")] == [
        1,
        2,
        Fraction(1, 2),
        Fraction(1, 4),
        Fraction(3, 2),
        Fraction(1, 4),
    ]


def test_broken_rhythm_dots_one_note_and_shortens_the_other():
    assert lengths(read("A>B A<B A>>B")) == [
        [EIGHTH * 3 / 2, EIGHTH / 2, EIGHTH / 2, EIGHTH * 3 / 2, EIGHTH * 7 / 4, EIGHTH / 4]
    ]


def test_triplets_take_the_time_of_two():
    tune = read("(3ABc d2")
    assert lengths(tune) == [[EIGHTH * 2 / 3] * 3 + [EIGHTH * 2]]


def test_ties_are_marked_on_the_note_that_goes_on():
    assert [note.continues for note in read("A2-A2 B").bars[0].notes] == [False, True, False]


def test_ornaments_words_and_chord_symbols_are_not_notes():
    assert pitches(read('"Am"{cd}A !trill!B .c ~d')) == [[69, 71, 72, 74]]


def test_of_a_chord_the_highest_note_is_kept():
    assert pitches(read("[CEG]2 [Ac]")) == [[67, 72]]


def test_a_second_ending_does_not_follow_the_first():
    assert [bar.is_break for bar in read("A8|[1 B8:|[2 c8|]").bars] == [False, False, True]


def test_the_meter_can_change_within_a_tune():
    assert [bar.meter for bar in read("A8|[M:3/4]A6|").bars] == [1, Fraction(3, 4)]


def test_tunes_of_a_book_are_separated_and_comments_dropped():
    book = (
        "% a book\n\nX:1\nT:One\nM:C|\nL:1/8\nK:G\nABcd|%end\nw: la"
        " la\nefga|\n\nX:2\nT:Two\nK:D\nA2|\n"
    )
    tunes = list(split_tunes(book))
    assert [header["T"] for header, _ in tunes] == ["One", "Two"]
    assert "la" not in tunes[0][1]
    assert len(read_tune(*tunes[0]).bars) == 2


def test_a_tune_without_steady_meter_is_left_out():
    assert read("ABcd", M="none") is None
    assert read_meter("6/8") == Fraction(3, 4)


def test_a_number_of_thousands_of_digits_is_no_end():
    endless = "9" * 5000
    [(header, body)] = split_tunes(f"X:1\nM:4/4\nL:1/8\nK:C\nA{endless}B/{endless}c|\n")
    assert len(read_tune(header, body).bars[0].notes) == 3
    assert read_meter(f"4/{endless}") is not None
