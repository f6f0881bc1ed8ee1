import numpy as np
import pytest

from generation.finishing.loudness import integrated_loudness, true_peak
from generation.finishing.mastering import compress, limit, master, widen
from tests.generation.finishing.music_examples import tone

RATE = 44_100


def make_mix(seed=0, seconds=6, *, clicks=True):
    """Chord tones that swell, noise, and sharp clicks: hard work for a limiter."""
    rng = np.random.default_rng(seed)
    time = np.arange(seconds * RATE) / RATE
    swell = 0.3 + 0.7 * np.sin(np.pi * time / seconds) ** 2
    mix = (
        np.stack(
            [
                swell
                * sum(np.sin(2 * np.pi * pitch * time + phase) for pitch in (110, 220, 277, 330))
                for phase in (0.0, 0.7)
            ],
            axis=1,
        )
        * 0.1
    )
    mix += rng.standard_normal(mix.shape) * 0.01
    if clicks:
        mix[rng.integers(0, len(mix), 40)] += 0.9
    return mix


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gain", [0.01, 1.0, 20.0])
def test_any_mix_comes_out_at_14_lufs_and_below_the_ceiling(seed, gain):
    finished, figures = master(gain * make_mix(seed), rate=RATE)
    assert finished.dtype == np.float32 and np.isfinite(finished).all()
    assert (
        integrated_loudness(finished, rate=RATE) == pytest.approx(-14, abs=0.3) == figures["lufs"]
    )
    assert true_peak(finished) <= -1.0 and figures["true_peak"] <= -1.0


def test_mastering_repeats_exactly():
    assert np.array_equal(master(make_mix(), rate=RATE)[0], master(make_mix(), rate=RATE)[0])


def test_silence_stays_silent():
    finished, _ = master(np.zeros((RATE, 2)), rate=RATE)
    assert not finished.any()


def test_the_beginning_and_the_end_are_faded():
    finished, _ = master(make_mix(clicks=False), rate=RATE)
    assert abs(finished[0]).max() == 0 and abs(finished[-1]).max() == 0


def test_the_compressor_leaves_soft_sound_alone_and_tames_loud_sound():
    soft, loud = tone(level=-40, rate=RATE), tone(level=-2, rate=RATE)
    assert np.allclose(compress(soft, rate=RATE), soft)
    over = -5.0 + 20  # The tone's power is 3 dB below its peak.
    steady = slice(RATE, 2 * RATE)
    change = 20 * np.log10(compress(loud, rate=RATE)[steady].std() / loud[steady].std())
    assert change == pytest.approx(over / 2.2 - over, abs=0.5)


def test_the_limiter_holds_its_ceiling_without_touching_what_is_below():
    quiet = tone(level=-12, rate=RATE)
    assert np.allclose(limit(quiet, rate=RATE, ceiling=-1.0), quiet, atol=1e-9)
    limited = limit(make_mix() * 4, rate=RATE, ceiling=-1.0)
    assert true_peak(limited) <= -0.85


def test_widening_keeps_the_sum_of_the_sides():
    mix = make_mix()
    wide = widen(mix, 1.5)
    assert np.allclose(wide.sum(1), mix.sum(1)) and np.ptp(wide[:, 0] - wide[:, 1]) > np.ptp(
        mix[:, 0] - mix[:, 1]
    )
