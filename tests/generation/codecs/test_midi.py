import io
import struct

import mido
import pretty_midi
import pytest

from generation.codecs.midi import MAX_BYTES, decode_midi, encode_midi
from generation.refusal import Refused
from generation.song import Note, Part, Song


def make_song(**changes):
    melody = Part(
        "melody", "Flute", 73, (Note(0, 1, 72, 80), Note(1, 1.5, 74, 90), Note(1.5, 4, 76, 70))
    )
    drums = Part("drums", "Drums", 0, (Note(0, 0.25, 36, 100), Note(2, 2.25, 38, 90)))
    fields = {
        "title": "Morning",
        "style": "folk",
        "mode": "minor",
        "key": 2,
        "bpm": 96.0,
        "beats": 8.0,
        "parts": (melody, drums),
        "sections": ((0.0, "A"), (2.0, "A′")),
    }
    return Song(**fields | changes)


def pack(*tracks, ticks=480):
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), ticks)
    return head + b"".join(b"MTrk" + struct.pack(">I", len(track)) + track for track in tracks)


def test_what_is_written_is_read_again():
    read = decode_midi(encode_midi(make_song()))
    assert read.bpm == pytest.approx(96, abs=0.01)
    melody = [
        (note.start, note.end, note.pitch, note.velocity)
        for note in read.notes
        if note.channel != 9
    ]
    assert melody == [(0, 1, 72, 80), (1, 1.5, 74, 90), (1.5, 4, 76, 70)]
    assert [note.pitch for note in read.notes if note.channel == 9] == [36, 38]


def test_another_program_reads_names_programs_tempo_and_key():
    other = pretty_midi.PrettyMIDI(io.BytesIO(encode_midi(make_song())))
    assert [(part.program, part.is_drum) for part in other.instruments] == [(73, False), (0, True)]
    assert other.instruments[0].name == "Melody: Flute"
    assert other.get_tempo_changes()[1][0] == pytest.approx(96, abs=0.01)
    assert other.key_signature_changes[0].key_number == pretty_midi.key_name_to_key_number(
        "D major"
    )


@pytest.mark.parametrize("key", range(-6, 6))
def test_every_key_can_be_written(key):
    assert decode_midi(encode_midi(make_song(key=key))).notes


def test_titles_beyond_latin_letters_do_not_break_the_file():
    assert decode_midi(encode_midi(make_song(title="朝 Ärger")))


def test_notes_on_the_same_pitch_that_touch_stay_two():
    part = Part("melody", "Flute", 73, (Note(0, 1, 72, 80), Note(1, 2, 72, 80)))
    assert len(decode_midi(encode_midi(make_song(parts=(part,)))).notes) == 2


HUGE_DELTA = b"\xff\xff\xff\x7f"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a readable MIDI file"),
        (b"This is a text file.", "not a readable MIDI file"),
        (b"MThd", "not a readable MIDI file"),
        (b"MThd" + b"\x01" * 100, "not a readable MIDI file"),
        (pack(b"\x00\xff\x2f\x00"), "no notes"),
        (pack(b"\x00\x90\x3c\x40" + HUGE_DELTA + b"\x80\x3c\x40"), "longer than"),
        (pack(b"\x00\x90\x3c\x40" * 3)[:-5], "not a readable MIDI file"),
        (pack(b"\x00\x90\x3c\x40\x01\x80\x3c\x40", ticks=0), "beats"),
        (pack(b"\x00\x90\x3c\x40\x01\x80\x3c\x40", ticks=0xE728), "film frames"),
        (b"MThd" + b"\x00" * MAX_BYTES, "larger than"),
        (pack(b"\x00\x90\x3c\x40\x01\x80\x3c\x40" * 60_000), "more than"),
    ],
)
def test_what_is_no_tune_is_refused(content, sentence):
    with pytest.raises(Refused, match=sentence):
        decode_midi(content)


def test_a_file_without_tempo_plays_at_120():
    file = mido.MidiFile()
    file.tracks.append(
        mido.MidiTrack(
            [mido.Message("note_on", note=60), mido.Message("note_off", note=60, time=480)]
        )
    )
    packed = io.BytesIO()
    file.save(file=packed)
    assert decode_midi(packed.getvalue()).bpm == 120
