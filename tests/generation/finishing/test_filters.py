import numpy as np
import pytest

from generation.finishing.filters import Band, equalise, reverberate, room
from generation.finishing.loudness import integrated_loudness
from tests.generation.finishing.music_examples import tone

RATE = 44_100


def gain_at(band, frequency):
    """dB that a band adds to a steady tone."""
    sound = tone(pitch=frequency, rate=RATE, seconds=2.0)
    filtered = equalise(sound, [band], rate=RATE)
    steady = slice(RATE, None)
    return 20 * np.log10(filtered[steady].std() / sound[steady].std())


@pytest.mark.parametrize(
    ("band", "frequency", "gain"),
    [
        (Band("peak", 1000, 6.0, 1.0), 1000, 6.0),
        (Band("peak", 1000, 6.0, 1.0), 60, 0.0),
        (Band("lowshelf", 300, 4.0), 30, 4.0),
        (Band("lowshelf", 300, 4.0), 6000, 0.0),
        (Band("highshelf", 3000, -5.0), 15_000, -5.0),
        (Band("highshelf", 3000, -5.0), 100, 0.0),
        (Band("highpass", 200), 200, -3.0),
        (Band("highpass", 200), 5000, 0.0),
    ],
)
def test_bands_lift_and_cut_where_they_say(band, frequency, gain):
    assert gain_at(band, frequency) == pytest.approx(gain, abs=0.25)


def test_a_high_pass_takes_away_the_bottom():
    assert gain_at(Band("highpass", 200), 25) < -30


def test_unknown_bands_are_a_mistake():
    with pytest.raises(ValueError, match="unknown"):
        equalise(tone(), [Band("wah", 100)], rate=48_000)


def test_the_room_fades_and_repeats():
    response = room(RATE, 1.6, 1)
    assert np.allclose((response**2).sum(0), 1)
    early, late = (response[: RATE // 4] ** 2).sum(), (response[RATE:] ** 2).sum()
    assert early > 100 * late > 0
    assert not response[: int(0.017 * RATE)].any()


def test_a_click_rings_on_but_the_length_stays():
    click = np.zeros((RATE, 2))
    click[100] = 1.0
    wet = reverberate(click, rate=RATE)
    assert wet.shape == click.shape and np.abs(wet[RATE // 2 :]).max() > 1e-4
    assert integrated_loudness(wet, rate=RATE) < 0
