import numpy as np
import pytest

from generation.finishing.loudness import SILENT, integrated_loudness, true_peak
from tests.generation.finishing.music_examples import tone


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_tone_of_1_khz_reads_its_peak_level(rate, level):
    """EBU Tech 3341, cases 1 and 2."""
    assert integrated_loudness(
        tone(level=level, rate=rate, seconds=20), rate=rate
    ) == pytest.approx(level, abs=0.1)


def test_quiet_stretches_are_gated():
    """EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS read -23 LUFS."""
    parts = [tone(level=-36, seconds=10), tone(level=-23, seconds=60), tone(level=-36, seconds=10)]
    assert integrated_loudness(np.concatenate(parts), rate=48_000) == pytest.approx(-23, abs=0.1)


def test_very_quiet_stretches_do_not_count_at_all():
    """EBU Tech 3341, case 4: with 10 s at -72 dBFS at both ends it reads -23 LUFS still."""
    levels = ((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10))
    parts = [tone(level=level, seconds=seconds) for level, seconds in levels]
    assert integrated_loudness(np.concatenate(parts), rate=48_000) == pytest.approx(-23, abs=0.1)


def test_low_tones_count_less_and_high_ones_more():
    low, middle, high = (
        integrated_loudness(tone(pitch=pitch), rate=48_000) for pitch in (40, 1000, 8000)
    )
    assert low < middle - 3 and high > middle + 2


def test_silence_has_no_loudness():
    assert integrated_loudness(np.zeros((48_000, 2)), rate=48_000) == SILENT
    assert integrated_loudness(np.zeros((0, 2)), rate=48_000) == SILENT


def test_a_sound_shorter_than_a_block_is_measured_whole():
    assert integrated_loudness(tone(seconds=0.2), rate=48_000) == pytest.approx(-23, abs=1)


def test_the_true_peak_is_found_between_the_samples():
    """EBU Tech 3341, case 15 and following.

    A sine of a quarter of the sample rate, 45 degrees off, has its peaks between the samples.
    """
    time = np.arange(48_000)
    wave = 0.5 * np.sin(np.pi / 2 * time + np.pi / 4)
    sound = np.stack([wave, wave], axis=1)
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-9.03, abs=0.01)
    assert true_peak(sound) == pytest.approx(-6.0, abs=0.4)
