"""The melody of an uploaded MIDI file or recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generation.codecs.midi import ReadNote, decode_midi, is_midi
from generation.codecs.transcription import transcribe
from generation.melodies.lines import STEPS_A_BEAT, home_of, leading_notes, top_line
from generation.melodies.tokens import BAR_STEPS
from generation.refusal import Refused
from generation.song import KEY_NAMES
from generation.words import word

MIDI, SOUND = "midi", "sound"
LONGEST_BEATS = 256  # Of a longer piece the beginning is taken.
MOST_NOTES = 2_000
SLOWEST, FASTEST = 30.0, 300.0  # Plausible beats per minute.
BEATS_A_BAR = BAR_STEPS // STEPS_A_BEAT
DAMAGED = word("The melody got lost on the way. Please upload it again.")


@dataclass(frozen=True)
class Melody:
    """The single line of a file, and whether the file was MIDI or sound.

    notes: times in beats. source: MIDI or SOUND.
    """

    notes: tuple[ReadNote, ...]
    bpm: float
    source: str

    @property
    def beats(self) -> float:
        """Its length in beats, in whole bars."""
        return -(-max(note.end for note in self.notes) // BEATS_A_BAR) * BEATS_A_BAR

    @property
    def key_name(self) -> str:
        """The major key whose scale holds most of the melody."""
        return KEY_NAMES[
            home_of(
                [note.pitch for note in self.notes], [note.end - note.start for note in self.notes]
            )
        ]

    def at_tempo(self, factor: float) -> "Melody":
        """The same sounds read at another tempo. Raises Refused beyond what a tune can have."""
        if not SLOWEST <= self.bpm * factor <= FASTEST:
            raise Refused(
                "A tune must have {slowest:g} to {fastest:g} beats a minute.",
                slowest=SLOWEST,
                fastest=FASTEST,
            )
        notes = (
            ReadNote(note.start * factor, note.end * factor, note.pitch, note.velocity, 0)
            for note in self.notes
        )
        return _melody(list(notes), self.bpm * factor, self.source)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict, with times in thousandths of a beat."""
        rows = [
            [round(1000 * note.start), round(1000 * note.end), note.pitch] for note in self.notes
        ]
        return {"notes": rows, "bpm": round(self.bpm, 2), "source": self.source}

    @classmethod
    def from_json(cls, data: Any) -> "Melody":
        """The inverse of `to_json`, for what a browser sends back.

        Raises Refused where it is damaged.
        """
        try:
            rows, bpm, source = data["notes"], float(data["bpm"]), data["source"]
            notes = [
                ReadNote(_whole(start) / 1000, _whole(end) / 1000, _whole(pitch), 90, 0)
                for start, end, pitch in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(DAMAGED) from error
        are_notes = all(
            0 <= note.start < note.end <= 2 * LONGEST_BEATS and note.pitch < 128 for note in notes
        )
        if (
            source not in (MIDI, SOUND)
            or not SLOWEST <= bpm <= FASTEST
            or not 0 < len(notes) <= MOST_NOTES
            or not are_notes
        ):
            raise Refused(DAMAGED)
        return cls(tuple(notes), bpm, source)

    def notes_alone(self) -> Mapping[str, Any]:
        """The melody as `Song.to_json` gives a tune, to draw it and to play it on a piano."""
        rows = [[note.start, note.end, note.pitch, note.velocity] for note in self.notes]
        return {
            "style": "",
            "bpm": self.bpm,
            "beats": self.beats,
            "chords": [],
            "sections": [],
            "parts": [{"role": "melody", "program": 0, "notes": rows}],
        }


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a whole number")
    return value


def read_melody(content: bytes) -> Melody:
    """The melody of a file: MIDI by its content, anything else as sound.

    Raises Refused for what is no tune.
    """
    if is_midi(content):
        read = decode_midi(content)
        return _melody(
            top_line(leading_notes(read.notes)), min(max(read.bpm, SLOWEST), FASTEST), MIDI
        )
    found = transcribe(content)
    return _melody(top_line(found.in_beats()), found.bpm, SOUND)


def _melody(notes: list[ReadNote], bpm: float, source: str) -> Melody:
    """A melody of these notes, moved so that the first one stands in the first bar.

    Of a long piece the beginning is kept.
    """
    first = min(note.start for note in notes)
    # Just before the bar line counts as on it: people and the tempo search are slightly early.
    shift = (first + 0.1) // BEATS_A_BAR * BEATS_A_BAR
    moved = [
        ReadNote(max(0.0, note.start - shift), note.end - shift, note.pitch, note.velocity, 0)
        for note in notes
    ]
    kept = [note for note in moved if note.start < note.end <= LONGEST_BEATS][:MOST_NOTES]
    if not kept:
        raise Refused("This melody has too few notes. It needs two bars with at least four notes.")
    return Melody(tuple(kept), bpm, source)
