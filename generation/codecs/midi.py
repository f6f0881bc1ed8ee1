"""Songs to Standard MIDI Files and back to notes.

Reading needs notes and tempo alone, and forgives whatever else is wrong with a file
(`generation.codecs.midi_tracks`). What is not music is refused, quickly and in bounded memory.
"""

import io
from dataclasses import dataclass

import mido

from generation.codecs.midi_tracks import MidiTracks, Track, find_midi, read_tracks
from generation.refusal import Refused
from generation.song import Song
from generation.words import word

TICKS = 480  # In a quarter note.
DRUM_CHANNEL = 9
MAX_BYTES = 1_000_000
LARGEST_EVENTS = 100_000
LARGEST_BEATS = 4_000
BEATS_A_BAR = 4
USUAL_BPM = 120.0  # Of a file without a tempo, as the standard says.
SHORTEST = 1 / 8  # Beats: of a note that ends where it starts.
ENDLESS = 1.0  # Beats: the least of a note that nothing ends.
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
    """What a MIDI file holds: its notes by their start, and the tempo of the first one."""

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


def is_midi(content: bytes) -> bool:
    """Whether there is a MIDI file in these bytes, on its own or wrapped (RMID, MacBinary)."""
    return find_midi(content) is not None


def decode_midi(content: bytes) -> ReadMidi:
    """Read a file's notes.

    Raises Refused for what is no MIDI file, is too large or too long, or has no notes.
    """
    data = find_midi(content)
    if data is None:
        raise Refused(NOT_MIDI)
    if len(data) > MAX_BYTES:
        raise Refused(
            "This MIDI file is larger than {largest_bytes} MB. Export one tune, without audio"
            " data.",
            largest_bytes=MAX_BYTES // 1000000,
        )
    file = read_tracks(data)
    if file is None:
        raise Refused(NOT_MIDI)
    if file.ticks_per_beat <= 0:
        raise Refused(
            "This MIDI file doesn't say how long a beat is. Export it again with a tempo."
        )
    if sum(len(track.notes) for track in file.tracks) > LARGEST_EVENTS:
        raise Refused(
            "This MIDI file has more than {largest_events:,d} events. Export one tune only.",
            largest_events=LARGEST_EVENTS,
        )
    notes = _notes(file)
    if not notes and _beats(file) > LARGEST_BEATS:
        raise Refused(
            "This MIDI file is longer than {largest_beats:,d} beats. Trim it to one tune.",
            largest_beats=LARGEST_BEATS,
        )
    if not notes:
        raise Refused("This MIDI file has no notes.")
    notes.sort(key=lambda note: (note.start, note.pitch))
    return ReadMidi(tuple(notes), _tempo(file))


def _notes(file: MidiTracks) -> list[ReadNote]:
    """The notes of all tracks: those of format 2 one after the other, of others together."""
    if file.kind != 2:
        ahead = _upbeat(file)
        return [note for track in file.tracks for note in _track_notes(track, file, ahead=ahead)]
    notes: list[ReadNote] = []
    for track in file.tracks:
        ahead = max((note.end for note in notes), default=0.0)
        ahead = -(-ahead // BEATS_A_BAR) * BEATS_A_BAR
        notes += _track_notes(track, file, ahead=ahead)
    return notes


def _upbeat(file: MidiTracks) -> float:
    """How many beats are missing at the start of a first bar that only holds an upbeat.

    Notation programs write one with a meter of its own: a bar of 1/4, then 4/4.
    """
    meters = sorted(meter for track in file.tracks for meter in track.meters)
    if len(meters) < 2 or meters[0][0] > 0:
        return 0.0
    (_, first), (tick, second) = meters[:2]
    is_one_bar = abs(tick / file.ticks_per_beat - first) < 0.01
    return second - first if is_one_bar and first < second else 0.0


def _track_notes(track: Track, file: MidiTracks, *, ahead: float) -> list[ReadNote]:
    """The notes of a track, which begins so many beats ahead; those beyond the limit are left out.

    A note that nothing ends ends with its track.
    """
    sounding: dict[tuple[int, int], tuple[float, int]] = {}
    notes = []

    def end(channel: int, pitch: int, at: float) -> None:
        start, velocity = sounding.pop((channel, pitch))
        notes.append(ReadNote(start, at, pitch, velocity, channel))

    for tick, channel, pitch, velocity in track.notes:
        beat = ahead + tick / file.ticks_per_beat
        if beat > LARGEST_BEATS:
            return notes
        ended = (
            [(channel, pitch)] if pitch is not None else [it for it in sounding if it[0] == channel]
        )
        for voice in ended:
            # Struck again at the same moment, it is one note.
            if voice in sounding and (not velocity or beat > sounding[voice][0]):
                end(*voice, max(beat, sounding[voice][0] + SHORTEST))
        if pitch is not None and velocity:
            sounding[channel, pitch] = beat, velocity
    last = min(ahead + track.end / file.ticks_per_beat, LARGEST_BEATS)
    for voice, (start, _) in list(sounding.items()):
        end(*voice, max(last, start + ENDLESS))
    return notes


def _beats(file: MidiTracks) -> float:
    return max(track.end for track in file.tracks) / file.ticks_per_beat


def _tempo(file: MidiTracks) -> float:
    """Beats a minute when the first note starts; else the first tempo that is given."""
    # Tunes of format 2 have a tempo each.
    tracks = [track for track in file.tracks if track.notes][:1] if file.kind == 2 else file.tracks
    first = min(track.notes[0][0] for track in tracks if track.notes)
    tempos = sorted((change for track in tracks for change in track.tempos), key=lambda it: it[0])
    ruling = [tempo for tick, tempo in tempos if tick <= first][-1:] or [
        tempo for _, tempo in tempos
    ]
    return 60_000_000 / ruling[0] if ruling else USUAL_BPM
