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
        (pack(HUGE_DELTA + b"\x90\x3c\x40\x01\x80\x3c\x40"), "longer than"),
        (pack(b"\x00\x90\x3c\x40\x01\x80\x3c\x40", ticks=0), "how long a beat is"),
        (b"MThd" + b"\x00" * MAX_BYTES, "larger than"),
        (pack(b"\x00\x90\x3c\x40\x01\x80\x3c\x40" * 60_000), "more than"),
    ],
)
def test_what_is_no_tune_is_refused(content, sentence):
    with pytest.raises(Refused, match=sentence):
        decode_midi(content)


TEMPO = b"\x00\xff\x51\x03\x09\x27\xc0"  # 100 beats a minute.
TUNE = b"".join(bytes([0, 0x90, pitch, 80, 0x83, 0x60, 0x80, pitch, 0]) for pitch in (60, 62, 64))
END = b"\x00\xff\x2f\x00"
PLAIN = pack(TEMPO + TUNE + END)
NOTES = [(0.0, 1.0, 60), (1.0, 2.0, 62), (2.0, 3.0, 64)]


def read(content):
    found = decode_midi(content)
    return [(note.start, note.end, note.pitch) for note in found.notes], round(found.bpm, 3)


def with_length(length):
    """The plain file with another length of its track."""
    return PLAIN[:18] + length.to_bytes(4, "big") + PLAIN[22:]


def riff(content):
    data = b"RMIDdata" + len(content).to_bytes(4, "little") + content
    body = data + b"LIST\x04\0\0\0INFO"
    return b"RIFF" + len(body).to_bytes(4, "little") + body


VENDOR = b"XFIH\x00\x00\x00\x04\x01\x02\x03M"
FORGIVEN = {
    "a key of 18 flats": pack(TEMPO + b"\x00\xff\x59\x02\xee\x01" + TUNE + END),
    "a key of a single byte": pack(TEMPO + b"\x00\xff\x59\x01\x02" + TUNE + END),
    "a tempo of two bytes": pack(TEMPO + b"\x00\xff\x51\x02\x07\xa1" + TUNE + END),
    "a tempo of nothing": pack(TEMPO + b"\x00\xff\x51\x03\0\0\0" + TUNE + END),
    "a meter of one byte": pack(TEMPO + b"\x00\xff\x58\x01\x04" + TUNE + END),
    "a bad SMPTE offset": pack(TEMPO + b"\x00\xff\x54\x05\xff\0\0\0\0" + TUNE + END),
    "an empty sequence number": pack(TEMPO + b"\x00\xff\x00\x00" + TUNE + END),
    "an unknown meta event": pack(TEMPO + b"\x00\xff\x4b\x03\x01\x02\x03" + TUNE + END),
    "a name in no encoding": pack(TEMPO + b"\x00\xff\x03\x04\xff\xfe\x81\x00" + TUNE + END),
    "a system message": pack(TEMPO + b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7" + TUNE + END),
    "a system message without a length": pack(TEMPO + b"\x00\xf0\x7e\x7f\x09\xf7" + TUNE + END),
    "a clock in the file": pack(TEMPO + b"\x00\xf8" + TUNE + END),
    "a controller of 255": pack(TEMPO + b"\x00\xb0\x07\xff" + TUNE + END),
    "a vendor's chunk before": PLAIN[:14] + VENDOR + PLAIN[14:],
    "a vendor's chunk after": PLAIN + VENDOR,
    "a newline after": PLAIN + b"\n",
    "another file after": PLAIN + PLAIN,
    "more tracks announced": PLAIN[:10] + b"\x00\x07" + PLAIN[12:],
    "fewer tracks announced": PLAIN[:10] + b"\x00\x00" + PLAIN[12:],
    "a longer head": PLAIN[:4] + b"\x00\x00\x00\x08" + PLAIN[8:14] + b"\0\0" + PLAIN[14:],
    "an unknown format": PLAIN[:8] + b"\x00\x05" + PLAIN[10:],
    "no end of track": pack(TEMPO + TUNE),
    "notes after the end of track": pack(TEMPO + TUNE + END + b"\x00\x90\x48\x50"),
    "a track of length zero": with_length(0),
    "a track that is too short": with_length(12),
    "a track that is too long": with_length(2**31),
    "a wrapped file": riff(PLAIN),
    "a file with a MacBinary head": b"\0\x08song.mid".ljust(128, b"\0") + PLAIN,
    "a byte that is missing at the end": PLAIN[:-1],
    "a cut in the last but one event": pack(TEMPO + TUNE + b"\x00\x90\x40")[:-1],
    "an endless wait for nothing": pack(TEMPO + TUNE + HUGE_DELTA + b"\xff\x2f\x00"),
    "a note hours later": pack(TEMPO + TUNE + HUGE_DELTA + b"\x90\x48\x50\x01\x80\x48\x50"),
}


@pytest.mark.parametrize("content", FORGIVEN.values(), ids=FORGIVEN)
def test_what_no_melody_needs_may_be_damaged(content):
    assert read(content) == (NOTES, 100)


def test_of_a_file_that_was_cut_what_came_before_is_kept():
    assert read(PLAIN[: PLAIN.index(b"\x40\x50")])[0] == NOTES[:2]


def test_a_note_that_nothing_ends_ends_with_its_track_and_lasts_a_beat_at_least():
    endless = pack(TUNE + b"\x00\x90\x43\x50\x8b\x20\xff\x2f\x00")
    assert read(endless)[0] == [*NOTES, (3.0, 6.0, 67)]
    assert read(pack(TUNE + b"\x00\x90\x43\x50" + END))[0] == [*NOTES, (3.0, 4.0, 67)]


def test_all_notes_off_ends_notes_and_a_note_of_no_length_is_still_one():
    assert read(pack(b"\x00\x90\x43\x50\x83\x60\xb0\x7b\x00\x83\x60" + END[1:]))[0] == [
        (0.0, 1.0, 67)
    ]
    assert len(read(pack(b"\x00\x90\x43\x50\x00\x80\x43\x00" + TUNE))[0]) == 4


def test_a_file_timed_in_film_frames_is_read_at_120_beats_a_minute():
    # 25 frames of 40 ticks are a second, which is two beats.
    tune = b"\x00\x90\x3c\x40\x83\x74\x80\x3c\x40"  # 500 ticks.
    assert read(pack(TEMPO + tune, ticks=0xE728)) == ([(0.0, 1.0, 60)], 120)


def test_tunes_of_format_2_follow_each_other():
    two = PLAIN[:8] + b"\x00\x02\x00\x02" + PLAIN[12:] + PLAIN[14:]
    notes, bpm = read(two)
    assert (notes[:3], [start for start, _, _ in notes[3:]], bpm) == (NOTES, [4.0, 5.0, 6.0], 100)


def test_the_tempo_is_that_of_the_first_note():
    slow = b"\x00\xff\x51\x03\x0f\x42\x40"  # 60 beats a minute.
    assert read(pack(slow + TEMPO + TUNE))[1] == 100
    assert read(pack(TEMPO + TUNE + slow))[1] == 100
    assert read(pack(TUNE + TEMPO))[1] == 100
    assert read(pack(TEMPO, TUNE))[1] == 100


def test_an_upbeat_with_a_meter_of_its_own_stands_at_the_end_of_a_bar():
    quarter, whole = b"\x00\xff\x58\x04\x01\x02\x18\x08", b"\x00\xff\x58\x04\x04\x02\x18\x08"
    upbeat = quarter + TUNE[:9] + whole + TUNE[9:]
    assert [start for start, _, _ in read(pack(upbeat))[0]] == [3.0, 4.0, 5.0]
    assert read(pack(whole + TUNE))[0] == NOTES


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
