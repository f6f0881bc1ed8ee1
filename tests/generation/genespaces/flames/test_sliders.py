"""The sliders of Flames, by the picture: unchanged at 0, visible both ways."""

from functools import cache

import numpy as np
import pytest

from generation.genespaces.flames.sampling import draw, thumbnail
from generation.genespaces.flames.space import FlamesSpace

SPACE = FlamesSpace()
SLIDERS = [slider.key for slider in SPACE.sliders]
FLAMES = [draw(np.random.default_rng(seed)) for seed in (2, 3, 5)]


@cache
def picture(index: int, slider: str = "", amount: float = 0.0) -> np.ndarray:
    genes = FLAMES[index]
    return thumbnail(SPACE.edit(genes, slider, amount) if slider else genes)


def test_the_sliders_are_those_people_know():
    assert all(slider.group in {group.key for group in SPACE.groups} for slider in SPACE.sliders)
    assert {"brightness", "gamma", "vibrancy", "ground", "hue"} <= set(SLIDERS)


@pytest.mark.parametrize("slider", SLIDERS)
def test_a_slider_at_zero_changes_no_gene_and_is_visible_on_both_sides(slider: str):
    for index, genes in enumerate(FLAMES):
        assert np.array_equal(SPACE.edit(genes, slider, 0), genes)
        for side in (-1, 1):
            change = np.abs(picture(index, slider, side) - picture(index)).mean()
            assert change > 0.004, (index, side)


@pytest.mark.parametrize("ground", [-1, 1])
def test_brightness_is_brighter_on_any_ground_and_gamma_shows_more(ground: int):
    for index, genes in enumerate(FLAMES):
        bare = picture(index, "ground", ground)[0, 0, 0]
        assert (bare > 0.6) == (ground > 0)
        flame = SPACE.edit(genes, "ground", ground)
        dim, bright, clear, misty = (
            thumbnail(SPACE.edit(flame, slider, amount))[..., 0]
            for slider in ("brightness", "gamma")
            for amount in (-1, 1)
        )
        assert dim.mean() < bright.mean()
        assert np.abs(clear - bare).mean() < np.abs(misty - bare).mean()


def test_vibrancy_is_the_chroma():
    for index in range(len(FLAMES)):
        muted, vivid = (
            np.hypot(lab[..., 1], lab[..., 2]).mean()
            for lab in (picture(index, "vibrancy", -1), picture(index, "vibrancy", 1))
        )
        assert muted < 0.6 * vivid
