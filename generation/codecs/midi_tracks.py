"""Takes a Standard MIDI File apart: bytes -> tracks of note, tempo and meter events.

It forgives what players forgive. Events and chunks that no melody needs are skipped by their
length, whatever is in them; lengths and counts are checked against what follows; of a file that
was cut off, what came before the cut is kept. Source: The Complete MIDI 1.0 Detailed
Specification, Standard MIDI Files 1.0 (1996).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

HEAD, TRACK = b"MThd", b"MTrk"
WRAPPED_WITHIN = 1024  # Where MIDI may begin in a file that puts something else in front of it.
LONGEST_QUANTITY = 4  # Bytes.
ALL_SOUND_OFF, ALL_NOTES_OFF = 120, 123  # Controllers.
SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # Data bytes of messages that do not belong in a file.
FILM_TEMPO = 500_000  # Files timed in film frames have no beats; they count as 120 a minute.


@dataclass
class Track:
    """The events of one track that matter, each with its time in ticks from the track's start.

    notes: (tick, channel, pitch, velocity), where velocity 0 ends a note and pitch None all notes
    of the channel. tempos: (tick, microseconds in a beat). meters: (tick, beats in a bar). end: the
    tick of the last event.
    """

    notes: list[tuple[int, int, int | None, int]] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    meters: list[tuple[int, float]] = field(default_factory=list)
    end: int = 0


@dataclass(frozen=True)
class MidiTracks:
    """The tracks of a file. kind: 0, 1, or 2 for tunes one after the other.

    ticks_per_beat: 0 where the file does not say how long a beat is.
    """

    kind: int
    ticks_per_beat: float
    tracks: list[Track]


def find_midi(content: bytes) -> bytes | None:
    """The MIDI file in these bytes, which may be wrapped (RMID, MacBinary); None without one."""
    if content.startswith(HEAD):
        return content
    if content[:4] == b"RIFF" and content[8:12] == b"RMID":
        at = content.find(HEAD)
        if at >= 20 and content[at - 8 : at - 4] == b"data":
            return content[at : at + int.from_bytes(content[at - 4 : at], "little")]
    else:
        at = content.find(HEAD + b"\0\0\0\6", 0, WRAPPED_WITHIN)
    return content[at:] if at >= 0 else None


def read_tracks(data: bytes) -> MidiTracks | None:
    """The tracks of a file that begins with MThd, or None where it has none."""
    if len(data) < 14:
        return None
    length, kind, _, division = struct.unpack_from(">IHHH", data, 4)
    tracks = list(_tracks(data, 8 + length))
    if not tracks:
        return None
    if division < 0x8000:
        return MidiTracks(kind, division, tracks)
    for track in tracks:
        track.tempos, track.meters = [(0, FILM_TEMPO)], []
    frames, ticks = 256 - (division >> 8), division & 0xFF
    rate = 30_000 / 1001 if frames == 29 else frames
    return MidiTracks(kind, rate * ticks * FILM_TEMPO / 1_000_000, tracks)


def _tracks(data: bytes, at: int) -> Iterator[Track]:
    """The announced number of tracks is not trusted, and no length that leads nowhere is."""
    if not _is_chunk(data, at):
        at = data.find(TRACK, 8)
    while 0 <= at < len(data) - 8:
        name, (length,) = data[at : at + 4], struct.unpack_from(">I", data, at + 4)
        end = at + 8 + length
        is_sound = _is_chunk(data, end)
        if name == HEAD:
            return  # Another file follows.
        if name == TRACK:
            following = data.find(TRACK, at + 8)
            stop = end if is_sound else following if following > 0 else len(data)
            track, after = _read_track(data, at + 8, stop)
            yield track
            at = end if is_sound else data.find(TRACK, after)
        else:
            at = end if is_sound else data.find(TRACK, at + 4)


def _is_chunk(data: bytes, at: int) -> bool:
    """Whether a chunk may begin here: a track, another one that is whole, or the file's end."""
    if at > len(data):
        return False
    if len(data) - at < 8 or data.startswith((TRACK, HEAD), at):
        return True
    (length,) = struct.unpack_from(">I", data, at + 4)
    return all(0x20 <= byte < 0x7F for byte in data[at : at + 4]) and at + 8 + length <= len(data)


def _read_track(data: bytes, at: int, stop: int) -> tuple[Track, int]:
    """The track between these places, and where it ended."""
    track = Track()
    tick = running = 0
    try:
        while at < stop:
            delta, at = _quantity(data, at)
            tick += delta
            status = data[at]
            if status >= 0x80:
                at += 1
            else:
                status = running
            if status == 0xFF:
                kind = data[at]
                length, at = _quantity(data, at + 1)
                _take_meta(track, tick, kind, data[at : at + length])
                at += length
                if kind == 0x2F:
                    break
            elif status in (0xF0, 0xF7):
                length, body = _quantity(data, at)
                # Some programs write no length; then the message ends where F7 says so.
                at = body + length if body + length <= stop else data.index(0xF7, at, stop) + 1
            elif status >= 0xF0:
                at += SYSTEM_BYTES.get(status, 0)
            elif status >= 0x80:
                running = status
                at = _take_message(track, tick, status, data, at)
            else:
                at += 1  # A stray byte before any status.
    except (IndexError, ValueError):
        at = stop  # Cut off in the middle of an event.
    track.end = tick
    return track, at


def _quantity(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length quantity, seven bits a byte, and where it ends."""
    value = 0
    for place in range(at, at + LONGEST_QUANTITY):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value, at + LONGEST_QUANTITY


def _take_message(track: Track, tick: int, status: int, data: bytes, at: int) -> int:
    """Take a channel message whose data begins here; returns where it ends."""
    kind, channel = status & 0xF0, status & 0x0F
    if kind in (0xC0, 0xD0):
        return at + 1
    # Seven bits; some programs write more, which players cut off there.
    first, second = min(data[at], 127), min(data[at + 1], 127)
    if kind in (0x80, 0x90):
        track.notes.append((tick, channel, first, second if kind == 0x90 else 0))
    elif kind == 0xB0 and first in (ALL_SOUND_OFF, ALL_NOTES_OFF):
        track.notes.append((tick, channel, None, 0))
    return at + 2


def _take_meta(track: Track, tick: int, kind: int, body: bytes) -> None:
    """Take a tempo or a time signature; one that is too short says nothing."""
    if kind == 0x51 and len(body) >= 3 and any(body[:3]):
        track.tempos.append((tick, int.from_bytes(body[:3], "big")))
    elif kind == 0x58 and len(body) >= 2 and body[0] and body[1] < 8:
        track.meters.append((tick, 4 * body[0] / 2 ** body[1]))
