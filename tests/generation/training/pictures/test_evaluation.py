import numpy as np
import pytest
import torch

from generation.gene_statistics import fit_statistics
from generation.nets.lite0 import Lite0
from generation.nets.style_vae import Generator, StyleVaeConfig
from generation.training.pictures.evaluation import (
    PATH_KINDS,
    originality,
    quality,
    sample_and_breed,
    smoothness,
)
from generation.training.pictures.metrics import frechet_distance, sharpness
from generation.training.pictures.verdict import judge
from tests.generation.training.pictures.picture_examples import make_pictures

CONFIG = StyleVaeConfig(channels=(16, 16, 8))


@pytest.fixture(scope="module")
def lite0():
    torch.manual_seed(0)
    return Lite0().eval()


def make_species():
    """An untrained net and the statistics of made-up codes."""
    torch.manual_seed(0)
    codes = np.random.default_rng(0).standard_normal((200, 192)).astype(np.float32)
    return Generator(CONFIG).eval(), fit_statistics(codes, np.zeros(200), gene_size=64, anchors=200)


def test_real_pictures_are_closer_to_real_ones_than_what_an_untrained_net_draws(lite0):
    real = make_pictures(240)
    made, midpoints = sample_and_breed(*make_species(), count=120, seed=0)
    figures = quality(real, {"samples": made, "midpoints": midpoints}, lite0=lite0)
    for name in ("frechet_random_net", "frechet_lite0"):
        assert figures[name]["floor"] < figures[name]["samples"]
    assert figures["coverage"]["floor"] > figures["coverage"]["samples"]
    assert figures["wasserstein"]["samples"].keys() == {16}


def test_copies_of_training_pictures_are_given_away_by_their_distance():
    pictures = make_pictures(200)
    copied, sheet = originality(np.ascontiguousarray(pictures[:40]), pictures)
    assert copied["nearest_median"] == pytest.approx(0, abs=1e-3)
    assert copied["distinct_neighbours"] == 40
    assert sheet.width == 16 * 17 + 1
    assert copied["nearest_among_real_median"] > 0.05


def blur(pictures):
    """The pictures, each pixel mixed with those around it."""
    wide = sum(np.roll(pictures, shift, axis) for shift in (-1, 0, 1) for axis in (1, 2))
    return np.asarray(wide // 6, dtype=np.uint8)


def test_the_verdict_tells_real_pictures_from_blurred_ones_and_from_copies(lite0):
    real = make_pictures(96)
    made = {"samples": real[48:], "midpoints": real[48:]}
    figures = {**quality(real, made, lite0=lite0), "samples": {"copies": 0.0}}
    assert {one.grade for one in judge(figures)} == {"good"}
    figures["sharpness"]["samples"] = sharpness(blur(blur(real[48:].astype(int)).astype(int)))
    figures["samples"], _ = originality(real[:16], real)
    judged = {one.side: one for one in judge(figures)}
    assert (judged["sharpness"].grade, judged["copies"].grade) == ("poor", "poor")
    assert judged["copies"].why.startswith("100 of 100")


def test_blurred_pictures_are_less_sharp_and_flat_ones_not_at_all():
    pictures = make_pictures(20)
    assert sharpness(blur(pictures.astype(int))) < 0.6 * sharpness(pictures)
    assert sharpness(np.full((2, 8, 8, 3), 90, np.uint8)) == pytest.approx(0, abs=1e-4)


def test_the_distance_of_two_sets_needs_no_more_pictures_than_features():
    rng = np.random.default_rng(0)
    few = rng.standard_normal((12, 40))
    assert frechet_distance(few, few) == pytest.approx(0, abs=1e-4)
    assert frechet_distance(few, few + 3) == pytest.approx(9 * 40)


def test_smoothness_is_told_for_every_kind_of_path(lite0):
    figures = smoothness(*make_species(), lite0=lite0, paths=1)
    assert set(figures) == set(PATH_KINDS)
    assert min(figures.values()) >= 1


@pytest.mark.parametrize("kind", PATH_KINDS)
def test_every_path_begins_and_ends_at_its_parents(kind):
    _, statistics = make_species()
    first, second = statistics.sample(np.random.default_rng(1), 2)
    between = PATH_KINDS[kind](statistics)
    assert np.allclose(between(first, second, 0.0), first, atol=1e-5)
    assert np.allclose(between(first, second, 1.0), second, atol=1e-5)
