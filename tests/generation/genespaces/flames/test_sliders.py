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


def test_brightness_and_gamma_lift_the_light_and_the_ground_turns_it_over():
    for index in range(len(FLAMES)):
        ground = "ground", -1
        dark = SPACE.edit(FLAMES[index], *ground)
        means = {
            (slider, amount): thumbnail(SPACE.edit(dark, slider, amount))[..., 0].mean()
            for slider in ("brightness", "gamma")
            for amount in (-1, 1)
        }
        assert means["brightness", -1] < means["brightness", 1]
        assert means["gamma", -1] < means["gamma", 1]
        assert picture(index, "ground", 1)[0, 0, 0] > 0.6 > picture(index, *ground)[0, 0, 0]


def test_vibrancy_is_the_chroma():
    for index in range(len(FLAMES)):
        muted, vivid = (
            np.hypot(lab[..., 1], lab[..., 2]).mean()
            for lab in (picture(index, "vibrancy", -1), picture(index, "vibrancy", 1))
        )
        assert muted < 0.6 * vivid
