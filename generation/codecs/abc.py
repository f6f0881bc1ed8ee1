"""Reads ABC notation, the text format of folk tunes: text -> tunes -> bars of notes.

The standard is 2.1 of abcnotation.com. Only what a melody needs is read: one voice, pitches,
lengths, ties, tuplets, broken rhythm, key, meter and unit-length changes. Grace notes, decorations,
chord symbols and lyrics are skipped; of a chord the highest note is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

SHARP_ORDER = "FCGDAEB"
STEP_PITCH = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
ACCIDENTALS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
TONIC_FIFTHS = {
    "C": 0,
    "G": 1,
    "D": 2,
    "A": 3,
    "E": 4,
    "B": 5,
    "F#": 6,
    "C#": 7,
    "G#": 8,
    "D#": 9,
    "A#": 10,
    "F": -1,
    "Bb": -2,
    "Eb": -3,
    "Ab": -4,
    "Db": -5,
    "Gb": -6,
    "Cb": -7,
}
MODE_FIFTHS = {
    "": 0,
    "maj": 0,
    "ion": 0,
    "m": -3,
    "min": -3,
    "aeo": -3,
    "dor": -2,
    "phr": -4,
    "lyd": 1,
    "mix": -1,
    "loc": -5,
}
TUPLET_TIME = {2: 3, 3: 2, 4: 3, 5: 2, 6: 2, 7: 2, 8: 3, 9: 2}
FIELD = re.compile(r"^([A-Za-z]):(.*)$")
LENGTH = re.compile(r"(\d{0,6})\d*(/*)(\d{0,6})\d*$")  # Longer numbers are damage.
NOTE = re.compile(r"(\^\^|__|\^|_|=)?([A-Ga-g])([,']*)(\d*/*\d*)")
SYMBOL = re.compile(
    r"""\[(?P<field>[KML]):(?P<value>[^\]]*)\]
      | \[[A-Za-z]:[^\]]*\] | "[^"]*" | ![^!]*! | \+[^+\s]{2,12}\+ | \{[^}]*\}
      | (?P<bar>\|\]|\|\||:\|+:?|\|+:|::|\[\||\|)
      | \[(?P<ending>\d)
      | \((?P<tuplet>\d)(?::(?P<tuplet_time>\d?))?(?::(?P<tuplet_count>\d?))?
      | (?P<chord>\[[^\]]*\])(?P<chord_length>\d*/*\d*)
      | (?P<accidental>\^\^|__|\^|_|=)?(?P<step>[A-Ga-g])(?P<octave>[,']*)(?P<length>\d*/*\d*)
      | (?P<rest>[zxZ])(?P<rest_length>\d*/*\d*)
      | (?P<broken>[<>]+) | (?P<tie>-)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Note:
    """One note or rest.

    pitch: MIDI number, None for a rest. length: as a part of a whole note. continues: tied to the
    note before.
    """

    pitch: int | None
    length: Fraction
    continues: bool = False


@dataclass(frozen=True)
class Bar:
    """The notes between two bar lines.

    is_break: the bar written before this one does not sound before it (second endings).
    """

    meter: Fraction
    notes: tuple[Note, ...]
    is_break: bool = False

    @property
    def length(self) -> Fraction:
        return sum((note.length for note in self.notes), Fraction(0))


@dataclass(frozen=True)
class AbcTune:
    """One tune.

    home: pitch class of the major key with the same key signature (0 for C major, A minor and D
    dorian).
    """

    number: str
    title: str
    home: int
    bars: tuple[Bar, ...]


def split_tunes(text: str) -> Iterator[tuple[dict[str, str], str]]:
    """Cut a tune book into (header fields, body).

    Key, meter and unit-length lines after the header become inline fields of the body.
    """
    for block in re.split(r"(?m)^(?=X:)", text):
        if not block.startswith("X:"):
            continue
        header: dict[str, str] = {}
        body: list[str] = []
        in_body = False
        for raw in block.splitlines():
            line = raw.split("%")[0].rstrip()
            if not line:
                if in_body and not raw.startswith("%"):
                    break
                continue
            found = FIELD.match(line)
            if not found:
                if in_body:
                    body.append(line.removesuffix("\\"))
            elif not in_body:
                header.setdefault(found[1], found[2].strip())
                in_body = found[1] == "K"
            elif found[1] in "KML":
                body.append(f"[{found[1]}:{found[2].strip()}]")
            elif found[1] == "V":
                header["V"] = found[2].strip()
        if in_body:
            yield header, " ".join(body)


def read_meter(text: str) -> Fraction | None:
    """A meter as a part of a whole note, or None where there is no steady meter.

    `C`, `C|` and `4/4` are one whole note.
    """
    if text.strip().startswith("C"):
        return Fraction(1)
    found = re.match(r"\s*(\d{1,6})/(\d{1,6})", text)
    return (
        Fraction(int(found[1]), int(found[2]))
        if found and int(found[2]) and int(found[1])
        else None
    )


def read_key(text: str) -> tuple[dict[str, int], int]:
    """A key field -> (step -> semitones, pitch class of the relative major's tonic)."""
    text = text.strip()
    # Highland pipes: written without signature, sounding in A mixolydian.
    if text[:2].upper() == "HP":
        text = "Amix"
    found = re.match(r"([A-G])([#b]?)\s*([A-Za-z]*)", text)
    if not found:
        return {}, 0
    mode = "" if found[3] == "M" else found[3].lower()[:3]
    if mode not in MODE_FIFTHS:
        mode = "m" if mode.startswith("m") else ""
    fifths = TONIC_FIFTHS.get(found[1] + found[2], 0) + MODE_FIFTHS[mode]
    if fifths >= 0:
        signature = dict.fromkeys(SHARP_ORDER[: min(fifths, 7)], 1)
    else:
        signature = dict.fromkeys(SHARP_ORDER[::-1][: min(-fifths, 7)], -1)
    return signature, fifths * 7 % 12


def read_length(text: str) -> Fraction:
    """A note's length suffix as a multiple of the unit length.

    The suffix is `3/2`, `/`, `//`, `2`, or nothing.
    """
    found = LENGTH.match(text)
    if not text or not found:
        return Fraction(1)
    above = int(found[1]) if found[1] else 1
    if not found[2]:
        return Fraction(above)
    below = int(found[3]) if found[3] else 2 ** len(found[2])
    return Fraction(above, below or 1)


@dataclass
class _Reader:
    """The state of reading a body from left to right."""

    meter: Fraction
    unit: Fraction
    signature: dict[str, int]
    bars: list[Bar] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    altered: dict[tuple[str, str], int] = field(default_factory=dict)
    tuplet_left: int = 0
    tuplet_ratio: Fraction = Fraction(1)
    broken: str = ""
    is_tied: bool = False
    is_break: bool = False

    def pitch(self, accidental: str | None, step: str, octave: str) -> int:
        """The MIDI pitch of a note.

        An accidental holds until the bar line; otherwise the key signature counts.
        """
        name = step.upper()
        register = 12 * (step.islower() + octave.count("'") - octave.count(","))
        if accidental:
            self.altered[name, step + octave] = ACCIDENTALS[accidental]
        return (
            STEP_PITCH[name]
            + register
            + self.altered.get((name, step + octave), self.signature.get(name, 0))
        )

    def add(self, pitch: int | None, length: Fraction) -> None:
        length *= self.unit
        if self.tuplet_left:
            length *= self.tuplet_ratio
            self.tuplet_left -= 1
        if self.broken and self.notes:
            # `a>b` dots the first and halves the second note, `a<b` the other way round. Repeated
            # signs mean further dots.
            short = Fraction(1, 2 ** len(self.broken))
            before, after = (2 - short, short) if self.broken[0] == ">" else (short, 2 - short)
            last = self.notes[-1]
            self.notes[-1] = Note(last.pitch, last.length * before, last.continues)
            length *= after
        self.broken = ""
        self.notes.append(Note(pitch, length, self.is_tied and pitch is not None))
        self.is_tied = False

    def end_bar(self) -> None:
        if self.notes:
            self.bars.append(Bar(self.meter, tuple(self.notes), self.is_break))
            self.notes, self.is_break = [], False
        self.altered = {}

    def change(self, name: str, value: str) -> None:
        if name == "K":
            self.signature = read_key(value)[0]
        elif name == "M":
            self.meter = read_meter(value) or self.meter
        elif unit := read_meter(value):
            self.unit = unit

    def take(self, symbol: re.Match[str]) -> None:
        """Process one symbol of the body."""
        part = symbol.groupdict()
        if part["field"]:
            self.change(part["field"], part["value"])
        elif part["bar"]:
            self.end_bar()
        elif part["ending"]:
            self.is_break = self.is_break or part["ending"] != "1"
        elif part["tuplet"]:
            count = int(part["tuplet"])
            time = int(part["tuplet_time"] or 0) or TUPLET_TIME.get(count, 2)
            self.tuplet_left = int(part["tuplet_count"] or 0) or count
            self.tuplet_ratio = Fraction(time, count or 1)
        elif part["chord"]:
            notes = [
                (self.pitch(*found[:3]), read_length(found[3]))
                for found in NOTE.findall(part["chord"])
            ]
            if notes:
                pitch, length = max(notes)
                self.add(pitch, length * read_length(part["chord_length"]))
        elif part["step"]:
            self.add(
                self.pitch(part["accidental"], part["step"], part["octave"]),
                read_length(part["length"]),
            )
        elif part["rest"]:
            whole_bars = part["rest"] == "Z"
            self.add(
                None, self.meter / self.unit if whole_bars else read_length(part["rest_length"])
            )
        elif part["broken"]:
            self.broken = part["broken"]
        elif part["tie"]:
            self.is_tied = True


def read_tune(header: dict[str, str], body: str) -> AbcTune | None:
    """Read one tune; None where it has no steady meter."""
    meter = read_meter(header.get("M", "C"))
    if meter is None:
        return None
    unit = read_meter(header.get("L", "")) or (
        Fraction(1, 16) if meter < Fraction(3, 4) else Fraction(1, 8)
    )
    signature, home = read_key(header.get("K", "C"))
    reader = _Reader(meter, unit, signature)
    for symbol in SYMBOL.finditer(body):
        reader.take(symbol)
    reader.end_bar()
    return AbcTune(header.get("X", ""), header.get("T", ""), home, tuple(reader.bars))
