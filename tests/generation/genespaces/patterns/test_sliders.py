"""The sliders of Patterns, by the picture: unchanged at 0, visible both ways, monotonic."""

import numpy as np
import pytest

from generation.genespaces.patterns.shading import thumbnail
from generation.genespaces.patterns.space import PatternsSpace

SPACE = PatternsSpace()
# The grain shows at sizes at which threads are drawn: tests/generation/nets/test_patterns.py.
SLIDERS = [slider.key for slider in SPACE.sliders if slider.key != "grain"]
PICTURES = [SPACE.sample(np.random.default_rng(seed)) for seed in range(40, 52)]


def change(genes: np.ndarray, slider: str, amount: float) -> float:
    return float(np.abs(thumbnail(SPACE.edit(genes, slider, amount)) - thumbnail(genes)).mean())


def test_the_sliders_are_those_people_know():
    shape, colours = ["symmetry", "twist", "warp"], ["hue", "lightness", "bands"]
    known = [*shape, *colours, "relief", "gloss", "edge"]
    assert known == SLIDERS
    assert all(slider.group in {group.key for group in SPACE.groups} for slider in SPACE.sliders)


@pytest.mark.parametrize("slider", SLIDERS)
def test_a_slider_at_zero_changes_no_gene(slider: str):
    for genes in PICTURES:
        assert np.array_equal(SPACE.edit(genes, slider, 0), genes)


@pytest.mark.parametrize("slider", SLIDERS)
@pytest.mark.parametrize("side", [-1, 1])
def test_a_slider_is_visible_on_both_sides_of_every_picture(slider: str, side: int):
    assert min(change(genes, slider, side) for genes in PICTURES) > 0.004


@pytest.mark.parametrize("slider", SLIDERS)
@pytest.mark.parametrize("side", [-1, 1])
def test_a_slider_moved_further_changes_more(slider: str, side: int):
    near, half, far = (
        np.mean([change(genes, slider, side * part) for genes in PICTURES])
        for part in (0.1, 0.5, 1.0)
    )
    assert near < half < far


def test_lightness_makes_every_picture_lighter_and_darker_without_washing_it_out():
    for genes in PICTURES:
        dark, same, light = (
            thumbnail(SPACE.edit(genes, "lightness", amount)) for amount in (-0.7, 0, 0.7)
        )
        assert dark.mean() < same.mean() < light.mean()
        assert light.std() > 0.5 * same.std()


def test_relief_can_be_flattened_and_deepened():
    for genes in PICTURES[:4]:
        flat = SPACE.edit(genes, "relief", -1)
        assert np.array_equal(SPACE.edit(flat, "relief", -1), flat)
        assert change(flat, "relief", 1) > 0.01
