import json

import numpy as np
import pytest

from generation.data.music import (
    Counts,
    collection_files,
    melodies_of_files,
    melodies_of_text,
    prepare,
    read_data_set,
    segments_of,
    split_titles,
    write_data_set,
)
from generation.melodies.tokens import outline
from generation.refusal import Refused

NOTES = "CDEFGABcdefga"


def make_book(count, *, seed=0, meter="4/4"):
    """Tunes of four random bars in assorted keys."""
    rng = np.random.default_rng(seed)
    tunes = []
    for number in range(count):
        bars = "|".join("".join(rng.choice(list(NOTES), 8)) for _ in range(4))
        tunes.append(
            f"X:{number}\nT:Tune"
            f" {number}\nM:{meter}\nL:1/8\nK:{rng.choice(['C', 'G', 'Dm', 'A'])}\n{bars}|\n"
        )
    return "\n".join(tunes)


def melodies(text):
    counts = Counts()
    return list(melodies_of_text(text, source="book.abc", counts=counts)), counts


def test_a_book_becomes_melodies_and_a_report():
    found, counts = melodies(make_book(5))
    assert [len(melody.tokens) for melody in found] == [64] * 5
    assert counts["tunes read"] == counts["tunes used"] == 5 and counts["bars used"] == 20


def test_tunes_in_other_meters_are_skipped_and_counted():
    found, counts = melodies(make_book(3, meter="3/4"))
    assert found == [] and counts["tunes skipped: no bar in 4/4 or 2/4"] == 3


def test_an_unusable_bar_cuts_a_melody_in_two():
    found, _ = melodies("X:1\nM:4/4\nL:1/8\nK:C\nCDEFGABc|CDE|cBAGFEDC|\n")
    assert [len(melody.tokens) for melody in found] == [16, 16]


def test_windows_move_by_one_bar_and_begin_with_a_token():
    found, _ = melodies("X:1\nM:4/4\nL:1/8\nK:C\nCDEF GAB2-|B2cB AGFE|CDEF GABc|\n")
    windows = list(segments_of(found[0], bars=2))
    assert len(windows) == 2 and windows[1][0] == 1


def test_no_title_is_in_two_splits_and_the_split_repeats():
    places = split_titles([f"t{i}" for i in range(100)], held_out=0.1, seed=3)
    assert (
        sorted(places.values()).count("test") == 10
        and sorted(places.values()).count("validation") == 10
    )
    assert places == split_titles([f"t{i}" for i in range(100)], held_out=0.1, seed=3)


def test_held_out_segments_never_occur_in_training():
    found, counts = melodies(make_book(60))
    data = prepare(found + found, bars=2, counts=counts, held_out=0.2)
    outlines = {name: [outline(row.tolist()) for row in rows] for name, rows in data.items()}
    everything = outlines["train"] + outlines["validation"] + outlines["test"]
    assert len(set(everything)) == len(everything) > 100
    assert counts["segments skipped: already there up to transposition"] >= len(everything)


def test_too_few_tunes_are_refused():
    found, counts = melodies(make_book(2))
    with pytest.raises(Refused, match="too few tunes"):
        prepare(found, bars=2, counts=counts)


def test_a_data_set_is_read_as_it_was_written(tmp_path):
    found, counts = melodies(make_book(40))
    data = prepare(found, bars=2, counts=counts)
    write_data_set(tmp_path / "tunes", data, bars=2, counts=counts)
    again = read_data_set(tmp_path / "tunes")
    assert all(np.array_equal(data[name], again[name]) for name in data)
    assert (
        json.loads((tmp_path / "tunes" / "report.json").read_text())["counts"]["tunes read"] == 40
    )


def test_a_folder_without_data_is_refused(tmp_path):
    with pytest.raises(Refused, match="prepare_data"):
        read_data_set(tmp_path)
    with pytest.raises(Refused, match="music21"):
        collection_files(tmp_path)


def test_only_the_cleared_books_of_a_collection_are_read(tmp_path):
    folder = tmp_path / "airdsAirs"
    folder.mkdir()
    for name in ("book1.abc", "book2.abc", "book3.abc"):
        (folder / name).write_text(make_book(1), encoding="utf-8")
    files = collection_files(tmp_path)
    assert [path.name for path in files] == ["book1.abc", "book3.abc"]
    assert len(list(melodies_of_files(files, counts=Counts()))) == 2
