"""A finished score: parts with their notes, tempo, key and chords.

It is what is drawn, played, mixed and written to files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# Semitones above C, in C's key signature.
TONIC_OF_MODE = {"major": 0, "minor": 9, "dorian": 2, "mixolydian": 7}
KEY_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a part.

    start, end: in beats (quarter notes) from the beginning of the song. pitch: MIDI number.
    velocity: 1 to 127.
    """

    start: float
    end: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Part:
    """One instrument.

    role: melody, harmony, chords, bass, pad or drums. program: General MIDI number 0 to 127; for
    drums, a drum kit.
    """

    role: str
    name: str
    program: int
    notes: tuple[Note, ...]

    @property
    def is_drums(self) -> bool:
        return self.role == "drums"


@dataclass(frozen=True)
class Chord:
    """A chord symbol over a stretch of beats, in the song's own key."""

    start: float
    end: float
    name: str


@dataclass(frozen=True)
class Song:
    """A whole score.

    key: semitones above C of the home key signature. beats: the length, including the ringing of
    the last chord. sections: (first beat, letter).
    """

    title: str
    style: str
    mode: str
    key: int
    bpm: float
    beats: float
    parts: tuple[Part, ...]
    chords: tuple[Chord, ...] = ()
    sections: tuple[tuple[float, str], ...] = field(default=())

    @property
    def seconds(self) -> float:
        return self.beats * 60 / self.bpm

    @property
    def key_name(self) -> str:
        """The tonic and the mode, for example "Bb minor"."""
        return f"{KEY_NAMES[(self.key + TONIC_OF_MODE[self.mode]) % 12]} {self.mode}"

    def part(self, role: str) -> Part | None:
        return next((part for part in self.parts if part.role == role), None)

    def to_json(self) -> dict[str, Any]:
        """The notes as JSON, which the piano roll draws and the browser's synthesiser plays.

        Times are in beats, rounded to 1/1000.
        """
        return {
            "style": self.style,
            "key": self.key_name,
            "bpm": round(self.bpm, 2),
            "beats": round(self.beats, 3),
            "sections": [[round(start, 3), name] for start, name in self.sections],
            "chords": [
                [round(chord.start, 3), round(chord.end, 3), chord.name] for chord in self.chords
            ],
            "parts": [
                {
                    "role": part.role,
                    "name": part.name,
                    "program": part.program,
                    "notes": _note_rows(part.notes),
                }
                for part in self.parts
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, title: str = "") -> "Song":
        """The inverse of `to_json`."""
        tonic_name, _, mode = data["key"].partition(" ")
        return cls(
            title,
            data["style"],
            mode,
            (KEY_NAMES.index(tonic_name) - TONIC_OF_MODE[mode]) % 12,
            data["bpm"],
            data["beats"],
            parts=tuple(
                Part(
                    part["role"],
                    part["name"],
                    part["program"],
                    tuple(Note(*note) for note in part["notes"]),
                )
                for part in data["parts"]
            ),
            chords=tuple(Chord(*chord) for chord in data["chords"]),
            sections=tuple((start, name) for start, name in data["sections"]),
        )


def _note_rows(notes: Iterable[Note]) -> list[list[float]]:
    return [[round(note.start, 3), round(note.end, 3), note.pitch, note.velocity] for note in notes]
