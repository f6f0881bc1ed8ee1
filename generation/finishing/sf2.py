"""Reads SoundFont files (.sf2; .sf3 with Ogg Vorbis samples): presets, zones and samples.

After the SoundFont 2.04 specification.
"""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from generation.refusal import Refused

# Generator numbers of the standard that a sampler needs.
START_OFFSET, LOOP_START, LOOP_END, CUTOFF, RESONANCE = 0, 2, 3, 8, 9
PAN, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE = 17, 34, 35, 36, 37, 38
INSTRUMENT, KEY_RANGE, VELOCITY_RANGE = 41, 43, 44
LOOP_START_COARSE, ATTENUATION, LOOP_END_COARSE = 45, 48, 50
COARSE_TUNE, FINE_TUNE, SAMPLE, SAMPLE_MODES, SCALE_TUNING, ROOT_KEY = 51, 52, 53, 54, 56, 58
DEFAULTS = {
    START_OFFSET: 0,
    LOOP_START: 0,
    LOOP_END: 0,
    CUTOFF: 13_500,
    RESONANCE: 0,
    PAN: 0,
    ATTACK: -12_000,
    HOLD: -12_000,
    DECAY: -12_000,
    SUSTAIN: 0,
    RELEASE: -12_000,
    LOOP_START_COARSE: 0,
    ATTENUATION: 0,
    LOOP_END_COARSE: 0,
    COARSE_TUNE: 0,
    FINE_TUNE: 0,
    SAMPLE_MODES: 0,
    SCALE_TUNING: 100,
    ROOT_KEY: -1,
}
# The preset's values of these are added to the instrument's.
ADDITIVE = (
    CUTOFF,
    RESONANCE,
    PAN,
    ATTACK,
    HOLD,
    DECAY,
    SUSTAIN,
    RELEASE,
    ATTENUATION,
    COARSE_TUNE,
    FINE_TUNE,
)
VORBIS_FLAG = 0x10

Zone = dict[int, int]  # Generator number -> its value.
Record = tuple[Any, ...]  # One fixed-length record of a chunk, unpacked by `struct`.


@dataclass(frozen=True)
class Sample:
    """A recorded sound in -1..1.

    loop_start, loop_end: in samples. pitch: MIDI pitch it was recorded at; correction: cents off
    it.
    """

    sound: np.ndarray
    loop_start: int
    loop_end: int
    rate: int
    pitch: int
    correction: int


class SoundFont:
    """The presets of one file. Samples are decoded at first use and cached."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        try:
            self.chunks = dict(self._chunks())
            self.samples_at = self.chunks[b"smpl"][0]
            self.headers = self._records(b"shdr", "<20sIIIIIBbHH")
            self.presets = self._read_presets()
        except (KeyError, struct.error, IndexError) as error:
            raise Refused("{path} is not a readable SoundFont.", path=path.name) from error
        self._cache: dict[int, Sample] = {}

    def _chunks(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        for name, at, size in self._walk(12, len(self.content)):
            if name == b"LIST":
                for inner, inner_at, inner_size in self._walk(at + 4, at + size):
                    yield inner, (inner_at, inner_size)

    def _walk(self, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        while at < end - 7:
            (size,) = struct.unpack_from("<I", self.content, at + 4)
            yield self.content[at : at + 4], at + 8, size
            at += 8 + size + (size & 1)

    def _records(self, name: bytes, layout: str) -> list[Record]:
        at, size = self.chunks[name]
        whole = size // struct.calcsize(layout) * struct.calcsize(layout)
        return list(struct.iter_unpack(layout, self.content[at : at + whole]))

    def _read_presets(self) -> dict[tuple[int, int], list[tuple[Zone, Zone]]]:
        """(bank, program) -> pairs of a preset zone and an instrument zone."""
        headers, instruments = self._records(b"phdr", "<20sHHHIII"), self._records(b"inst", "<20sH")
        preset_bags, preset_gens = self._records(b"pbag", "<HH"), self._records(b"pgen", "<Hh")
        bags, gens = self._records(b"ibag", "<HH"), self._records(b"igen", "<Hh")
        zones = [
            [
                zone
                for zone in _zones(bags, gens, first=this[1], last=following[1])
                if SAMPLE in zone
            ]
            for this, following in zip(instruments, instruments[1:], strict=False)
        ]
        presets = {}
        for this, following in zip(headers, headers[1:], strict=False):
            outer_zones = _zones(preset_bags, preset_gens, first=this[3], last=following[3])
            presets[this[2], this[1]] = [
                (outer, inner)
                for outer in outer_zones
                if INSTRUMENT in outer
                for inner in zones[outer[INSTRUMENT]]
            ]
        return presets

    def zones(self, *, bank: int, program: int, pitch: int, velocity: int) -> Iterator[Zone]:
        """The merged generators of every zone that sounds for a note.

        Where the program is missing, another one of the bank is taken.
        """
        preset = (
            self.presets.get((bank, program))
            or self.presets.get((bank, 0))
            or next(iter(self.presets.values()))
        )
        for outer, inner in preset:
            if all(
                _has(zone, KEY_RANGE, pitch) and _has(zone, VELOCITY_RANGE, velocity)
                for zone in (outer, inner)
            ):
                merged = DEFAULTS | inner
                for number in ADDITIVE:
                    merged[number] += outer.get(number, 0)
                yield merged

    def sample(self, number: int) -> Sample:
        if number not in self._cache:
            _, start, end, loop_start, loop_end, rate, pitch, correction, _, kind = self.headers[
                number
            ]
            if kind & VORBIS_FLAG:
                packed = self.content[self.samples_at + start : self.samples_at + end]
                sound, rate = soundfile.read(io.BytesIO(packed), dtype="float32")
                self._cache[number] = Sample(sound, loop_start, loop_end, rate, pitch, correction)
            else:
                raw = np.frombuffer(self.content, "<i2", end - start, self.samples_at + 2 * start)
                sound = raw.astype(np.float32) / 32_768
                self._cache[number] = Sample(
                    sound, loop_start - start, loop_end - start, rate, pitch, correction
                )
        return self._cache[number]


def _zones(
    bags: Sequence[Record], gens: Sequence[Record], *, first: int, last: int
) -> Iterator[Zone]:
    """The zones between two bags.

    A first zone without an instrument or sample holds defaults for the others.
    """
    shared: Zone = {}
    for index in range(first, last):
        zone: Zone = dict(gens[bags[index][0] : bags[index + 1][0]])
        if index == first and INSTRUMENT not in zone and SAMPLE not in zone:
            shared = zone
        else:
            yield shared | zone


def _has(zone: Zone, number: int, value: int) -> bool:
    """Whether a key or velocity lies in a zone's range.

    A range has its low end in the lower byte and its high end in the upper byte.
    """
    return number not in zone or (zone[number] & 255) <= value <= ((zone[number] >> 8) & 255)
