"""A SoundFont sampler in numpy, for machines without a native synthesiser.

It has envelope, loop, filter and pan.
"""

from pathlib import Path

import numpy as np
import scipy

from generation.finishing import sf2
from generation.finishing.sf2 import Sample, SoundFont, Zone

SHORTEST_RELEASE, LONGEST_RELEASE = 0.02, 2.5  # Seconds.
DRUM_SECONDS = 2.0  # Drums ring out, whatever the length of their note.
FADE_SAMPLES = 64
GAIN = 0.35


class Font:
    """Plays notes of one SoundFont into arrays."""

    def __init__(self, path: Path) -> None:
        self.font = SoundFont(path)

    def play(
        self,
        sound: np.ndarray,
        *,
        rate: int,
        bank: int,
        program: int,
        pitch: int,
        velocity: int,
        start: float,
        end: float,
    ) -> None:
        """Add one note to `sound` [samples, 2]; start and end in seconds."""
        first = int(start * rate)
        seconds = max(end - start, DRUM_SECONDS) if bank == 128 else end - start
        for zone in self.font.zones(bank=bank, program=program, pitch=pitch, velocity=velocity):
            sample = self.font.sample(zone[sf2.SAMPLE])
            tone = _tone(
                zone, sample, rate=rate, pitch=pitch, seconds=seconds, longest=len(sound) - first
            )
            if len(tone) < FADE_SAMPLES:
                continue
            tone[-FADE_SAMPLES:] *= np.linspace(1, 0, FADE_SAMPLES)
            cents = zone[sf2.CUTOFF] - (0 if bank == 128 else (1 - velocity / 127) * 1200)
            tone = _low_pass(
                tone,
                cutoff=8.176 * 2 ** (cents / 1200),
                resonance=zone[sf2.RESONANCE] / 10,
                rate=rate,
            )
            # The standard's attenuation is in centibels; players agree on taking 0.4 of it, as
            # early hardware did.
            level = GAIN * (velocity / 127) ** 2 * 10 ** (-0.4 * zone[sf2.ATTENUATION] / 200)
            angle = np.clip(zone[sf2.PAN] / 1000 + 0.5, 0, 1) * np.pi / 2
            sound[first : first + len(tone), 0] += tone * (level * np.cos(angle))
            sound[first : first + len(tone), 1] += tone * (level * np.sin(angle))


def _tone(
    zone: Zone, sample: Sample, *, rate: int, pitch: int, seconds: float, longest: int
) -> np.ndarray:
    """The sample at the wanted pitch under its envelope, float32 [samples]."""
    root = zone[sf2.ROOT_KEY] if zone[sf2.ROOT_KEY] >= 0 else sample.pitch
    cents = (
        (pitch - root) * zone[sf2.SCALE_TUNING]
        + 100 * zone[sf2.COARSE_TUNE]
        + zone[sf2.FINE_TUNE]
        + sample.correction
    )
    speed = 2 ** (cents / 1200) * sample.rate / rate
    release = min(max(2 ** (zone[sf2.RELEASE] / 1200), SHORTEST_RELEASE), LONGEST_RELEASE)
    loop_start = sample.loop_start + zone[sf2.LOOP_START] + 32_768 * zone[sf2.LOOP_START_COARSE]
    loop_end = sample.loop_end + zone[sf2.LOOP_END] + 32_768 * zone[sf2.LOOP_END_COARSE]
    is_looped = bool(zone[sf2.SAMPLE_MODES] & 1) and loop_end > loop_start + 8
    count = int((seconds + release) * rate)
    if not is_looped:
        count = min(count, int((len(sample.sound) - 2) / speed))
    count = max(0, min(count, longest))
    place = np.arange(count) * speed
    if is_looped:
        place = np.where(
            place >= loop_end, loop_start + np.mod(place - loop_start, loop_end - loop_start), place
        )
    place = np.clip(place, 0, len(sample.sound) - 2)
    whole = place.astype(np.int64)
    share = (place - whole).astype(np.float32)
    tone = sample.sound[whole] * (1 - share) + sample.sound[whole + 1] * share
    return tone * _envelope(zone, count=count, rate=rate, seconds=seconds, release=release)


def _envelope(zone: Zone, *, count: int, rate: int, seconds: float, release: float) -> np.ndarray:
    """Attack linear in amplitude; decay and release linear in decibels."""
    time = np.arange(count, dtype=np.float32) / rate
    attack, hold, decay = (_seconds(zone[number]) for number in (sf2.ATTACK, sf2.HOLD, sf2.DECAY))
    sustain = np.clip(zone[sf2.SUSTAIN], 0, 1000) / 10  # Decibels below the peak.
    since = time - attack - hold
    fall = np.clip(since / max(decay, 0.001) * 100, 0, sustain)
    envelope = np.minimum(1, time / max(attack, 0.002)) * 10 ** (-fall / 20)
    after = np.maximum(time - seconds, 0) / release
    return (envelope * 10 ** (-np.minimum(after * 90, 100) / 20)).astype(np.float32)


def _seconds(timecents: int) -> float:
    return 2 ** (timecents / 1200) if timecents > -11_950 else 0.0


def _low_pass(tone: np.ndarray, *, cutoff: float, resonance: float, rate: int) -> np.ndarray:
    if cutoff >= 16_000:
        return tone
    w = 2 * np.pi * min(cutoff, 0.45 * rate) / rate
    alpha = np.sin(w) / (2 * max(10 ** (resonance / 20), 0.707))
    cosine = np.cos(w)
    half = (1 - cosine) / 2
    section = np.array([half, 2 * half, half, 1 + alpha, -2 * cosine, 1 - alpha]) / (1 + alpha)
    return scipy.signal.sosfilt(section[None], tone)
