"""The styles of arrangement: tempo, instruments, and patterns of chords, bass and drums.

Programs are General MIDI numbers from 0. Drum keys are the General MIDI percussion map. Steps are
sixteenths of a bar.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from generation.refusal import Refused
from generation.words import word

PROGRAM_NAMES = {
    0: word("Piano"),
    4: word("Electric piano"),
    8: word("Celesta"),
    9: word("Glockenspiel"),
    10: word("Music box"),
    11: word("Vibraphone"),
    12: word("Marimba"),
    16: word("Organ"),
    21: word("Accordion"),
    22: word("Harmonica"),
    24: word("Nylon guitar"),
    25: word("Steel guitar"),
    26: word("Jazz guitar"),
    32: word("Double bass"),
    33: word("Fingered bass"),
    38: word("Synth bass"),
    39: word("Deep synth bass"),
    40: word("Violin"),
    41: word("Viola"),
    42: word("Cello"),
    45: word("Plucked strings"),
    46: word("Harp"),
    48: word("Strings"),
    49: word("Slow strings"),
    52: word("Choir"),
    60: word("French horn"),
    68: word("Oboe"),
    70: word("Bassoon"),
    71: word("Clarinet"),
    73: word("Flute"),
    74: word("Recorder"),
    75: word("Pan flute"),
    78: word("Whistle"),
    79: word("Ocarina"),
    80: word("Square lead"),
    81: word("Saw lead"),
    88: word("New age pad"),
    89: word("Warm pad"),
    90: word("Polysynth"),
    91: word("Space voice"),
    95: word("Sweep pad"),
    105: word("Banjo"),
    107: word("Koto"),
    110: word("Fiddle"),
}
KICK, STICK, SNARE, CLAP, CLOSED_HAT, OPEN_HAT, CRASH, SHAKER = 36, 37, 38, 39, 42, 46, 49, 70
LOW_TOM, MIDDLE_TOM, HIGH_TOM = 45, 47, 50


@dataclass(frozen=True)
class Style:
    """One way to arrange.

    leads: the programs from which a tune may choose its melody's. swing: delay of off-beats, as a
    part of a sixteenth.
    """

    key: str
    label: str
    bpm: float
    leads: tuple[int, ...]
    harmony: int
    chords: int
    bass: int
    pad: int
    chord_pattern: str
    bass_pattern: str
    drums: Mapping[int, tuple[int, ...]]
    swing: float = 0.0
    drum_kit: int = 0


STYLES = {
    style.key: style
    for style in (
        Style(
            "folk",
            word("Folk band"),
            112,
            leads=(73, 110, 22, 78),
            harmony=71,
            chords=25,
            bass=32,
            pad=48,
            chord_pattern="strum",
            bass_pattern="two",
            drums={KICK: (0, 8), SHAKER: (0, 2, 4, 6, 8, 10, 12, 14), STICK: (4, 12)},
        ),
        Style(
            "lofi",
            word("Lo-fi"),
            82,
            leads=(11, 4, 26, 0),
            harmony=11,
            chords=4,
            bass=33,
            pad=89,
            chord_pattern="comp",
            bass_pattern="lazy",
            drums={KICK: (0, 7, 10), SNARE: (4, 12), CLOSED_HAT: (0, 2, 4, 6, 8, 10, 12, 14)},
            swing=0.28,
        ),
        Style(
            "chamber",
            word("Chamber"),
            94,
            leads=(40, 68, 71, 73),
            harmony=41,
            chords=46,
            bass=42,
            pad=49,
            chord_pattern="arpeggio",
            bass_pattern="long",
            drums={},
        ),
        Style(
            "synth",
            word("Synth"),
            120,
            leads=(81, 80, 90, 11),
            harmony=80,
            chords=90,
            bass=38,
            pad=95,
            chord_pattern="pulse",
            bass_pattern="octaves",
            drums={KICK: (0, 4, 8, 12), CLAP: (4, 12), CLOSED_HAT: (2, 6, 10, 14), OPEN_HAT: (14,)},
            drum_kit=24,
        ),
        Style(
            "bossa",
            word("Bossa nova"),
            124,
            leads=(73, 71, 24, 11),
            harmony=24,
            chords=24,
            bass=32,
            pad=48,
            chord_pattern="bossa",
            bass_pattern="bossa",
            drums={
                KICK: (0, 6, 8, 14),
                STICK: (0, 6, 12),
                CLOSED_HAT: tuple(range(0, 16, 2)),
                SHAKER: tuple(range(0, 16)),
            },
        ),
        Style(
            "lullaby",
            word("Lullaby"),
            76,
            leads=(10, 8, 46, 79),
            harmony=9,
            chords=0,
            bass=32,
            pad=52,
            chord_pattern="rocking",
            bass_pattern="long",
            drums={},
        ),
    )
}


def find_style(key: str) -> Style:
    """The style with this key. Raises Refused for an unknown one."""
    if key not in STYLES:
        raise Refused(
            "There is no style “{key}”; choose from {styles}.",
            key=key[:40],
            styles=", ".join(STYLES),
        )
    return STYLES[key]
