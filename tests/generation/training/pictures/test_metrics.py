import numpy as np
import pytest

from generation.training.pictures.metrics import (
    blurred,
    frechet_distance,
    nearest,
    precision_and_coverage,
    random_features,
    sliced_wasserstein,
)
from tests.generation.training.pictures.picture_examples import make_pictures


def make_features(count=400, shift=0.0, seed=0):
    return np.random.default_rng(seed).standard_normal((count, 6)) + shift


def test_the_frechet_distance_of_a_set_to_itself_is_zero_and_grows_with_a_shift():
    features = make_features()
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-3)
    assert frechet_distance(features, features + 2) == pytest.approx(6 * 4, rel=1e-3)


def test_precision_and_coverage_fall_for_a_set_that_is_elsewhere_or_too_narrow():
    real = make_features()
    assert precision_and_coverage(real, make_features(seed=1))[0] > 0.9
    assert precision_and_coverage(real, make_features(shift=20.0)) == (0.0, 0.0)
    precision, coverage = precision_and_coverage(real, np.repeat(real[:4], 100, axis=0))
    assert precision == 1.0
    assert coverage < 0.2


def test_the_patch_distance_sees_blur_at_the_finest_level_most():
    real = make_pictures(200, size=32)
    blurry = (
        real.astype(int) + np.roll(real, 1, 1) + np.roll(real, 1, 2) + np.roll(real, (1, 1), (1, 2))
    ) // 4
    itself, other = (
        sliced_wasserstein(real, pictures.astype(np.uint8)) for pictures in (real, blurry)
    )
    assert set(other) == {32, 16}
    assert other[32] > 4 * itself[32]
    assert other[32] > other[16]


def test_a_mirrored_copy_is_found_among_the_real_ones():
    real = make_pictures(60)
    distance, place = nearest(np.ascontiguousarray(real[[7, 30]][:, :, ::-1]), real)
    assert place.tolist() == [7, 30]
    assert distance.max() == pytest.approx(0, abs=1e-3)


def test_blurring_keeps_a_quarter_of_the_edge():
    assert blurred(make_pictures(5)).shape == (5, 3 * 4 * 4)


def test_random_features_are_the_same_every_time():
    pictures = make_pictures(10, size=32)
    assert np.array_equal(random_features(pictures), random_features(pictures))
