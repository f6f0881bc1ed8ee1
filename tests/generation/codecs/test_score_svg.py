import re
from xml.etree import ElementTree

from generation.codecs.score_svg import (
    CARD_BEATS,
    CARD_EDGE,
    COLOURS,
    card_svg,
    score_svg,
    with_signs,
)
from tests.generation.finishing.music_examples import make_song


def strokes(drawn, colour):
    path = next(
        element
        for element in ElementTree.fromstring(drawn).iter()
        if element.get("stroke") == colour
    )
    return re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path.get("d"))


def test_a_card_is_a_square_file_with_the_first_bars_of_the_melody():
    notes = make_song().to_json()
    drawn = card_svg(notes)
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("width") == root.get("height")
    begin = notes["sections"][0][0] if notes["sections"] else 0
    melody = next(part for part in notes["parts"] if part["role"] == "melody")
    shown = [note for note in melody["notes"] if begin <= note[0] < begin + CARD_BEATS]
    drawn_notes = strokes(drawn, COLOURS["melody"])
    assert len(drawn_notes) == len(shown) > 0
    assert all(0 < float(x) < float(x) + float(length) < CARD_EDGE for x, _, length in drawn_notes)


def test_a_score_shows_every_note_every_section_and_each_chord_once_in_a_row():
    notes = make_song().to_json()
    drawn = score_svg(notes, label="A <tune>")
    for part in notes["parts"]:
        if part["role"] in COLOURS and part["notes"]:
            assert len(strokes(drawn, COLOURS[part["role"]])) == len(part["notes"])
    words = [
        element.text
        for element in ElementTree.fromstring(drawn).iter()
        if element.tag.endswith("text")
    ]
    names = [name for _, _, name in notes["chords"]]
    changes = [name for index, name in enumerate(names) if index == 0 or name != names[index - 1]]
    assert words == [name for _, name in notes["sections"]] + [with_signs(name) for name in changes]
    assert 'aria-label="A &lt;tune&gt;"' in drawn


def test_a_tune_of_drums_alone_can_be_drawn():
    notes = {
        "style": "",
        "beats": 4,
        "sections": [],
        "chords": [],
        "parts": [{"role": "drums", "notes": [[0, 1, 36, 90]]}],
    }
    assert "v6" in score_svg(notes, label="") and "<rect" in card_svg(notes)


def test_names_get_the_signs_of_notation():
    assert [with_signs(name) for name in ("Bbm", "F# minor", "B major", "C7", "")] == [
        "B♭m",
        "F♯ minor",
        "B major",
        "C7",
        "",
    ]
