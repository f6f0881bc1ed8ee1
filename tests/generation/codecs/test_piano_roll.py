import re
from xml.etree import ElementTree

import pytest

from generation.codecs.piano_roll import piano_roll_svg
from generation.song import Note, Part, Song
from tests.generation.finishing.music_examples import make_song

SVG = "{http://www.w3.org/2000/svg}"


def strokes(svg, role):
    path = next(path for path in ElementTree.fromstring(svg) if path.get("class") == f"roll-{role}")
    return [
        tuple(map(float, found))
        for found in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path.get("d"))
    ]


def test_every_note_is_a_stroke_where_it_sounds():
    song = make_song()
    svg = piano_roll_svg(song, width=400, height=100)
    drawn = strokes(svg, "melody")
    notes = song.part("melody").notes
    assert len(drawn) == len(notes)
    for (x, _, length), note in zip(drawn, notes, strict=True):
        assert x == pytest.approx(note.start * 400 / song.beats, abs=0.06)
        assert x + length <= 401


def test_higher_notes_are_drawn_higher_and_inside_the_box():
    notes = (Note(0, 1, 60, 80), Note(1, 2, 72, 80))
    song = Song("", "folk", "major", 0, 100.0, 4.0, (Part("melody", "Flute", 73, notes),))
    (_, low, _), (_, high, _) = strokes(piano_roll_svg(song, width=40, height=100), "melody")
    assert 0 < high < low < 100


def test_the_melody_lies_in_front_and_drums_are_not_drawn():
    classes = re.findall(r'class="roll-(\w+)"', piano_roll_svg(make_song(), width=400, height=100))
    assert (
        classes[-1] == "melody"
        and "drums" not in classes
        and "bar" in classes
        and "section" in classes
    )


def test_only_the_wanted_parts_are_drawn():
    svg = piano_roll_svg(make_song(), width=400, height=100, roles=("melody",))
    assert "roll-bass" not in svg and "roll-melody" in svg


def test_a_label_is_escaped_and_its_absence_hides_the_drawing():
    assert 'aria-label="A &lt;b&gt; &quot;tune&quot;"' in piano_roll_svg(
        make_song(), width=9, height=9, label='A <b> "tune"'
    )
    assert 'aria-hidden="true"' in piano_roll_svg(make_song(), width=9, height=9)


def test_a_song_without_notes_is_an_empty_box():
    song = Song("", "folk", "major", 0, 100.0, 4.0, ())
    assert ElementTree.fromstring(piano_roll_svg(song, width=40, height=10)).tag in (
        "svg",
        f"{SVG}svg",
    )


def test_it_is_small_enough_to_stand_inline():
    assert (
        len(piano_roll_svg(make_song("lullaby"), width=320, height=80, roles=("melody", "bass")))
        < 5_000
    )
