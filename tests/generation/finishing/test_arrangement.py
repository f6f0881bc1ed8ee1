import numpy as np
import pytest

from generation.finishing.arrangement import INTRO_BARS, arrange
from generation.finishing.styles import STYLES, find_style
from generation.refusal import Refused
from tests.generation.finishing.music_examples import make_section, make_song

INTRO_BEATS = 4 * INTRO_BARS


@pytest.mark.parametrize("style", STYLES)
def test_every_style_makes_a_whole_song(style):
    song = make_song(style)
    roles = [part.role for part in song.parts]
    assert roles[:5] == ["melody", "harmony", "chords", "bass", "pad"]
    assert ("drums" in roles) == bool(STYLES[style].drums)
    assert song.beats == INTRO_BEATS + 64 + 3.5
    assert [name for _, name in song.sections] == ["A", "A", "B", "A"]
    for part in song.parts:
        assert all(0 <= note.start < note.end <= song.beats + 0.1 for note in part.notes), part.role
        assert all(1 <= note.velocity <= 127 and 0 <= note.pitch <= 127 for note in part.notes)


def test_the_same_seed_plays_the_same_and_another_plays_otherwise():
    assert make_song(seed=4) == make_song(seed=4)
    assert make_song(seed=4) != make_song(seed=5)


def test_a_changed_ending_gets_a_stroke():
    changed = make_section()
    changed[-8:] = 0
    song = arrange([make_section(), changed, make_section(start=12), changed], style="folk", seed=0)
    assert [name for _, name in song.sections] == ["A", "A′", "B", "A′"]


def test_melody_notes_are_the_tokens_notes_after_the_intro():
    melody = make_song("chamber").part("melody")
    assert [round(note.start - INTRO_BEATS) for note in melody.notes[:8]] == list(range(8))
    differences = np.diff([note.pitch for note in melody.notes[:8]])
    assert differences.tolist() == np.diff([60, 64, 67, 64, 65, 69, 67, 64]).tolist()


def test_the_key_moves_everything_but_the_drums():
    plain, moved = make_song(key=0), make_song(key=3)
    for role in ("melody", "chords", "bass", "pad"):
        pairs = zip(plain.part(role).notes, moved.part(role).notes, strict=True)
        assert all(b.pitch - a.pitch == 3 for a, b in pairs)
    assert plain.part("drums") == moved.part("drums")
    assert plain.chords[0].name == "C" and moved.chords[0].name == "Eb"
    assert moved.key_name == "Eb major"


def test_the_band_grows_section_by_section():
    song = make_song("folk")
    first = {part.role: part.notes[0].start - INTRO_BEATS for part in song.parts}
    assert first["chords"] < 0 and first["bass"] < 0
    assert first["melody"] == pytest.approx(0, abs=0.1)
    assert 12 <= first["drums"] < 16.1
    assert first["pad"] == pytest.approx(32, abs=0.1)
    assert first["harmony"] == pytest.approx(48, abs=0.1)


def test_the_band_plays_softest_at_first_and_strongest_at_last():
    bass = make_song("synth").part("bass")

    def strength(begins):
        return np.mean(
            [
                note.velocity
                for note in bass.notes
                if begins <= note.start - INTRO_BEATS < begins + 16
            ]
        )

    assert strength(48) > 1.1 * strength(0)


def test_the_second_voice_sings_chord_notes_below_the_tune():
    song = make_song()
    melody, harmony = song.part("melody"), song.part("harmony")
    for note in harmony.notes:
        above = max(tune.pitch for tune in melody.notes if abs(tune.start - note.start) < 0.2)
        assert 3 <= above - note.pitch <= 11


def test_swing_delays_the_eighths_off_the_beat():
    tokens = np.zeros(64, dtype=np.int64)
    tokens[::2] = 74
    for style, late in (("lofi", STYLES["lofi"].swing / 4), ("folk", 0.0)):
        song = arrange([tokens] * 4, style=style, seed=1)
        off = [
            note.start % 1 - 0.5 for note in song.part("melody").notes if 0.3 < note.start % 1 < 0.7
        ]
        assert np.mean(off) == pytest.approx(late, abs=0.01)


def test_an_unknown_style_is_refused():
    with pytest.raises(Refused, match="folk"):
        find_style("polka")


def test_json_holds_every_note():
    song = make_song()
    data = song.to_json()
    assert [len(part["notes"]) for part in data["parts"]] == [
        len(part.notes) for part in song.parts
    ]
    assert data["chords"][0][2] == "C" and data["beats"] == song.beats
