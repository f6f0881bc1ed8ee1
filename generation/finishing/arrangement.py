"""From a melody in sections to a song for a band, with humanised timing and velocity.

The band plays chords, bass, pad, second voice and drums. The parts follow the form: the band starts
small, drums join with the second section, pad and colour come with the third, a second voice with
the last. Every random choice comes from the seed, so the same genome gives the same notes.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from generation.finishing.backing import BASS_PATTERNS, CHORD_PATTERNS, bass_pitch, drum_hits
from generation.finishing.harmony import (
    FUNCTIONS,
    HALF_BAR,
    TONICS,
    TRIADS,
    Triad,
    guess_mode,
    harmonise,
    voicing,
)
from generation.finishing.styles import PROGRAM_NAMES, find_style
from generation.melodies.tokens import BAR_STEPS, notes_of
from generation.song import KEY_NAMES, Chord, Note, Part, Song
from generation.words import word

INTRO_BARS = 2
RINGING = 14  # Steps that the last chord rings on.
TIMING = 0.005  # Standard deviation of a player's timing, seconds.
# Factors of the velocity in the four quarters of the form, which grows towards its end.
SWELL = (0.88, 1.0, 0.96, 1.08)


class Performer:
    """Turns grid steps into played notes: swing, slightly random timing and velocity, key."""

    def __init__(
        self, *, bpm: float, swing: float, key: int, seed: int, role: int, steps: int
    ) -> None:
        self.rng = np.random.default_rng([seed, role])
        self.chances = self._chances()
        self.steps = steps
        self.jitter = TIMING * bpm / 60
        self.late, self.key = swing / 4, key
        self.notes: list[Note] = []

    def _chances(self) -> Iterator[float]:
        """Normal numbers; the same as one by one, and faster."""
        while True:
            yield from self.rng.standard_normal(128).tolist()

    def beat(self, step: float) -> float:
        """The time of a step without any looseness, in beats from the beginning of the intro."""
        late = self.late if step % 4 == 2 else 0.0
        return (step + INTRO_BARS * BAR_STEPS) / 4 + late

    def play(
        self,
        pitch: int,
        start: float,
        end: float,
        velocity: float,
        *,
        spread: float = 4.0,
        late: float = 0.0,
    ) -> None:
        """Play one note from step to step.

        spread: standard deviation of the velocity. late: beats by which it is delayed, for rolled
        chords.
        """
        most, chance = 2 * self.jitter, self.jitter * next(self.chances)
        loose = -most if chance < -most else most if chance > most else chance
        begins = max(0.0, self.beat(start) + loose) + late
        ends = max(begins + 0.06, max(0.0, self.beat(end)) - 0.03)
        quarter = int(len(SWELL) * start / self.steps)
        swell = SWELL[0 if quarter < 0 else quarter if quarter < len(SWELL) else -1]
        strength = round(velocity * swell + spread * next(self.chances))
        note = Note(begins, ends, _midi(pitch + self.key, 0), _midi(strength, 1))
        self.notes.append(note)

    def part(self, role: str, program: int, *, name: str = "") -> Part:
        ordered = tuple(sorted(self.notes, key=lambda note: (note.start, note.pitch)))
        return Part(role, name or PROGRAM_NAMES.get(program, role.title()), program, ordered)


def _midi(value: int, lowest: int) -> int:
    """The nearest number that MIDI allows, lowest to 127."""
    # Comparisons are faster than min and max, and a live frame plays hundreds of notes.
    return lowest if value < lowest else 127 if value > 127 else value


def arrange(
    sections: Sequence[np.ndarray],
    *,
    style: str,
    seed: int,
    key: int = 0,
    bpm: float | None = None,
    lead: int | None = None,
    title: str = "",
) -> Song:
    """Arrange a melody for a band.

    sections: tokens [steps] of each section in the home key, in whole bars. key: semitones added in
    the end, -6 to 5. lead: the melody's program; bpm: beats per minute; both default to the
    style's.
    """
    kind = find_style(style)
    tokens = np.concatenate(sections)
    steps = len(tokens)
    found = notes_of(tokens.tolist())
    mode = guess_mode(found, steps=steps)
    melody = _settle(found, steps=steps, tonic=TONICS[mode])
    chords = harmonise(melody, steps=steps, mode=mode)
    tempo = bpm or kind.bpm
    starts = np.cumsum([0, *(len(section) for section in sections)]).tolist()
    path = [*_intro(mode, chords[0]), *chords]
    voices = _voices(path)

    def performer(role: int, *, is_drums: bool = False) -> Performer:
        return Performer(
            bpm=tempo,
            swing=kind.swing,
            key=0 if is_drums else key,
            seed=seed,
            role=role,
            steps=steps,
        )

    program = kind.leads[0] if lead is None else lead
    parts = [
        _melody(performer(1), melody, steps).part("melody", program),
        _harmony(performer(2), melody, chords, begins=starts[-2]).part("harmony", kind.harmony),
        _chords(performer(3), path, voices, kind.chord_pattern).part("chords", kind.chords),
        _bass(performer(4), path, kind.bass_pattern).part("bass", kind.bass),
        _pad(performer(5), voices, begins=starts[len(sections) // 2]).part("pad", kind.pad),
    ]
    if kind.drums:
        drums = _drums(performer(6, is_drums=True), kind.drums, steps=steps, begins=starts[1])
        parts.append(drums.part("drums", kind.drum_kit, name=word("Drums")))
    lead_in = INTRO_BARS * BAR_STEPS
    return Song(
        title=title,
        style=style,
        mode=mode,
        key=key,
        bpm=tempo,
        beats=(lead_in + steps + RINGING) / 4,
        parts=tuple(part for part in parts if part.notes),
        chords=_symbols(path, key),
        sections=tuple(
            ((start + lead_in) / 4, name)
            for start, name in zip(starts[:-1], _names(sections), strict=True)
        ),
    )


def _names(sections: Sequence[np.ndarray]) -> list[str]:
    """Letters for the form.

    Sections with equal first bars share a letter; one with a changed ending gets a prime.
    """
    names: list[str] = []
    letters: dict[bytes, str] = {}
    for index, section in enumerate(sections):
        opening = section[:BAR_STEPS].tobytes()
        letter = letters.setdefault(opening, "ABCDEFGH"[len(letters) % 8])
        earlier = next((i for i in range(index) if names[i][0] == letter), None)
        names.append(
            letter
            if earlier is None or np.array_equal(sections[earlier], section)
            else letter + "′"
        )
    return names


def _intro(mode: str, first: Triad) -> list[Triad]:
    """Two bars that lead in: the first chord, then subdominant and dominant of the mode."""
    functions = FUNCTIONS[mode]
    subdominant = next(name for name, function in functions.items() if function == "S")
    dominant = next(name for name, function in functions.items() if function == "D")
    return [first, first, TRIADS[subdominant], TRIADS[dominant]]


def _voices(path: Sequence[Triad]) -> list[tuple[int, ...]]:
    voices: list[tuple[int, ...]] = []
    for triad in path:
        voices.append(voicing(triad, voices[-1] if voices else ()))
    return voices


def _settle(
    melody: list[tuple[int, int, int]], *, steps: int, tonic: int
) -> list[tuple[int, int, int]]:
    """The melody with its last note moved to the nearest tonic and held to the end."""
    if not melody:
        return melody
    start, _, pitch = melody[-1]
    offset = (tonic - pitch + 6) % 12 - 6
    return [*melody[:-1], (start, steps, pitch + offset)]


def _melody(performer: Performer, melody: Sequence[tuple[int, int, int]], steps: int) -> Performer:
    for index, (start, end, pitch) in enumerate(melody):
        phrase = np.sin(np.pi * (start % 64) / 64)  # Every four bars swell and ebb.
        accent = 8 * (start % 8 == 0) + 4 * (start % 4 == 0)
        is_last = index == len(melody) - 1
        performer.play(
            pitch, start, steps + RINGING - 2 if is_last else end, 78 + 14 * phrase + accent
        )
    return performer


def _harmony(
    performer: Performer,
    melody: Sequence[tuple[int, int, int]],
    chords: Sequence[Triad],
    *,
    begins: int,
) -> Performer:
    """A second voice below the melody in the last section.

    Under each strong note it plays the next chord note at least a third lower.
    """
    strong = [
        note
        for note in melody
        if note[0] >= begins and (note[0] % 4 == 0 or note[1] - note[0] >= 4)
    ]
    for index, (start, _, pitch) in enumerate(strong):
        chord = chords[min(start // HALF_BAR, len(chords) - 1)]
        below = next(p for p in range(pitch - 3, pitch - 12, -1) if p % 12 in chord.pitch_classes)
        until = strong[index + 1][0] if index + 1 < len(strong) else strong[-1][1] + RINGING - 2
        performer.play(
            below, start, min(until, start + 16) if index + 1 < len(strong) else until, 62
        )
    return performer


def _chords(
    performer: Performer, path: Sequence[Triad], voices: Sequence[tuple[int, ...]], pattern: str
) -> Performer:
    for place, pitches in enumerate(voices):
        start = (place - 2 * INTRO_BARS) * HALF_BAR
        for hit in CHORD_PATTERNS[pattern](pitches, place):
            performer.play(
                hit.key,
                start + hit.step,
                start + hit.step + hit.length,
                hit.velocity,
                late=hit.late,
            )
    end = (len(path) - 2 * INTRO_BARS) * HALF_BAR
    for order, pitch in enumerate(voices[-1]):
        performer.play(pitch, end, end + RINGING, 64, late=0.03 * order)
    return performer


def _bass(performer: Performer, path: Sequence[Triad], pattern: str) -> Performer:
    for place, triad in enumerate(path):
        start = (place - 2 * INTRO_BARS) * HALF_BAR
        following = path[min(place + 1, len(path) - 1)]
        for hit in BASS_PATTERNS[pattern](triad, following, place):
            performer.play(hit.key, start + hit.step, start + hit.step + hit.length, hit.velocity)
    end = (len(path) - 2 * INTRO_BARS) * HALF_BAR
    performer.play(bass_pitch(path[-1]), end, end + RINGING, 80)
    return performer


def _pad(performer: Performer, voices: Sequence[tuple[int, ...]], *, begins: int) -> Performer:
    """Held chords from a step on; notes that two chords share are not struck again."""
    first = begins // HALF_BAR + 2 * INTRO_BARS
    held = [(first + place, pitches) for place, pitches in enumerate(voices[first:])]
    end = (len(voices) - 2 * INTRO_BARS) * HALF_BAR + RINGING
    sounding: dict[int, int] = {}
    for place, pitches in held:
        start = (place - 2 * INTRO_BARS) * HALF_BAR
        for pitch in [pitch for pitch in sounding if pitch not in pitches]:
            performer.play(pitch, sounding.pop(pitch), start, 50, spread=2)
        for pitch in pitches:
            sounding.setdefault(pitch, start)
    for pitch, start in sounding.items():
        performer.play(pitch, start, end, 50, spread=2)
    return performer


def _drums(
    performer: Performer, pattern: Mapping[int, Sequence[int]], *, steps: int, begins: int
) -> Performer:
    # One number at a time, because those of the omissions are drawn between them.
    performer.chances = iter(performer.rng.standard_normal, None)
    hits = drum_hits(pattern, bars=steps // BAR_STEPS, joins=begins // BAR_STEPS, rng=performer.rng)
    for hit in hits:
        performer.play(hit.key, hit.step, hit.step + 1, hit.velocity)
    return performer


def _symbols(path: Sequence[Triad], key: int) -> tuple[Chord, ...]:
    """Chord symbols in the song's key; a chord that stays is written once."""
    symbols: list[Chord] = []
    for place, triad in enumerate(path):
        quality = triad.name[1:]
        name = KEY_NAMES[(triad.root + key) % 12] + quality
        start = place * HALF_BAR / 4
        if symbols and symbols[-1].name == name:
            symbols[-1] = Chord(symbols[-1].start, start + 2, name)
        else:
            symbols.append(Chord(start, start + 2, name))
    return tuple(symbols)
