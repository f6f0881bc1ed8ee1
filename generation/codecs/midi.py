"""Songs to Standard MIDI Files and back to notes.

Reading refuses whatever is not music, quickly and in bounded memory.
"""

import io
from dataclasses import dataclass

import mido

from generation.refusal import Refused
from generation.song import Song
from generation.words import word

TICKS = 480  # In a quarter note.
DRUM_CHANNEL = 9
MAX_BYTES = 1_000_000
LARGEST_EVENTS = 100_000
LARGEST_BEATS = 4_000
KEYS = {
    -6: "Gb",
    -5: "Db",
    -4: "Ab",
    -3: "Eb",
    -2: "Bb",
    -1: "F",
    0: "C",
    1: "G",
    2: "D",
    3: "A",
    4: "E",
    5: "B",
}
NOT_MIDI = word("This is not a readable MIDI file. Export it again as a Standard MIDI File (.mid).")


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A note of a file.

    start, end: in beats (quarter notes). pitch: MIDI number. channel: its MIDI channel, from 0.
    """

    start: float
    end: float
    pitch: int
    velocity: int
    channel: int


@dataclass(frozen=True)
class ReadMidi:
    """What a MIDI file holds: its notes by their start, and its first tempo."""

    notes: tuple[ReadNote, ...]
    bpm: float


def encode_midi(song: Song, *, rights: str = "", comment: str = "") -> bytes:
    """A format 1 file: tempo, key and title on the first track, then a track for each part.

    rights, comment: the file's copyright notice, and a text about it.
    """
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    head = mido.MidiTrack()
    head.append(mido.MetaMessage("track_name", name=_latin(song.title or "Arboretum"), time=0))
    for kind, text in (("copyright", rights), ("text", comment)):
        if text:
            head.append(mido.MetaMessage(kind, text=_latin(text), time=0))
    head.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(song.bpm), time=0))
    head.append(mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0))
    fifths = (song.key * 7 + 6) % 12 - 6
    head.append(mido.MetaMessage("key_signature", key=KEYS[fifths], time=0))
    at = 0
    for start, name in song.sections:
        tick = round(start * TICKS)
        head.append(mido.MetaMessage("marker", text=_latin(name.replace("′", "'")), time=tick - at))
        at = tick
    file.tracks.append(head)
    channels = (channel for channel in range(16) if channel != DRUM_CHANNEL)
    for part in song.parts:
        channel = DRUM_CHANNEL if part.is_drums else next(channels)
        track = mido.MidiTrack()
        track.append(
            mido.MetaMessage("track_name", name=_latin(f"{part.role.title()}: {part.name}"), time=0)
        )
        track.append(mido.Message("program_change", channel=channel, program=part.program, time=0))
        events = [(round(note.start * TICKS), 1, note.pitch, note.velocity) for note in part.notes]
        events += [
            (max(round(note.end * TICKS), round(note.start * TICKS) + 1), 0, note.pitch, 0)
            for note in part.notes
        ]
        at = 0
        for tick, is_on, pitch, velocity in sorted(events):
            kind = "note_on" if is_on else "note_off"
            track.append(
                mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - at)
            )
            at = tick
        file.tracks.append(track)
    packed = io.BytesIO()
    file.save(file=packed)
    return packed.getvalue()


def _latin(text: str) -> str:
    """The text in Latin-1, as MIDI has it; what is missing there becomes a question mark."""
    return text.encode("latin-1", "replace").decode("latin-1")


def decode_midi(content: bytes) -> ReadMidi:
    """Read a file's notes.

    Raises Refused for what is no MIDI file, is too large or too long, or has no notes.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "This MIDI file is larger than {largest_bytes} MB. Export one tune, without audio"
            " data.",
            largest_bytes=MAX_BYTES // 1000000,
        )
    if not content.startswith(b"MThd"):
        raise Refused(NOT_MIDI)
    try:
        file = mido.MidiFile(file=io.BytesIO(content), clip=True)
    # mido raises many kinds of errors for damaged files, EOFError and IndexError among them.
    except Exception as error:
        raise Refused(NOT_MIDI) from error
    if file.ticks_per_beat <= 0:
        raise Refused("This MIDI file is timed in film frames, not beats. Export it with a tempo.")
    if sum(len(track) for track in file.tracks) > LARGEST_EVENTS:
        raise Refused(
            "This MIDI file has more than {largest_events:,d} events. Export one tune only.",
            largest_events=LARGEST_EVENTS,
        )
    notes = [note for track in file.tracks for note in _track_notes(track, file.ticks_per_beat)]
    if not notes:
        raise Refused("This MIDI file has no notes.")
    return ReadMidi(tuple(sorted(notes, key=lambda note: (note.start, note.pitch))), _tempo(file))


def _track_notes(track: mido.MidiTrack, ticks_per_beat: int) -> list[ReadNote]:
    sounding: dict[tuple[int, int], tuple[float, int]] = {}
    notes = []
    tick = 0
    for message in track:
        tick += message.time
        beat = tick / ticks_per_beat
        if beat > LARGEST_BEATS:
            raise Refused(
                "This MIDI file is longer than {largest_beats:,d} beats. Trim it to one tune.",
                largest_beats=LARGEST_BEATS,
            )
        if message.type not in ("note_on", "note_off"):
            continue
        voice = message.channel, message.note
        if voice in sounding:
            start, velocity = sounding.pop(voice)
            if beat > start:
                notes.append(ReadNote(start, beat, message.note, velocity, message.channel))
        if message.type == "note_on" and message.velocity:
            sounding[voice] = beat, message.velocity
    return notes


def _tempo(file: mido.MidiFile) -> float:
    for track in file.tracks:
        for message in track:
            if message.type == "set_tempo" and message.tempo > 0:
                return mido.tempo2bpm(message.tempo)
    return 120.0
