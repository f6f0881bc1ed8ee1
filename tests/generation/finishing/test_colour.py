"""Colour: what each slider does, palettes that arrive, two inks and nothing else."""

import numpy as np
import pytest

from generation.finishing import colour
from generation.finishing.oklab import from_oklab, read_colour, to_oklab, write_colour
from generation.finishing.presets import PALETTES
from generation.finishing.steps import STEPS
from tests.generation.finishing.picture_examples import make_figure

DEFAULTS = {setting.key: setting.default for setting in STEPS["colour"].settings}
FIGURE = make_figure(64)


def means(pixels: np.ndarray) -> np.ndarray:
    return to_oklab(pixels).reshape(-1, 3).mean(0)


def test_every_colour_survives_the_way_through_oklab():
    values = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)
    assert np.abs(from_oklab(to_oklab(values)).astype(int) - values).max() <= 1
    assert np.allclose(to_oklab(np.uint8([255, 255, 255])), [1, 0, 0], atol=1e-3)
    assert write_colour(read_colour("#3c7f1a")) == "#3c7f1a"


def test_at_rest_nothing_changes():
    assert colour.balance(FIGURE, DEFAULTS) is FIGURE


@pytest.mark.parametrize(("slider", "axis"), [("warmth", 2), ("tint", 1), ("lightness", 0)])
def test_a_slider_moves_its_axis_both_ways(slider, axis):
    less, more = (means(colour.balance(FIGURE, DEFAULTS | {slider: amount})) for amount in (-1, 1))
    assert less[axis] < means(FIGURE)[axis] - 0.01
    assert more[axis] > means(FIGURE)[axis] + 0.01


def test_no_saturation_is_grey_and_contrast_spreads():
    grey = colour.balance(FIGURE, DEFAULTS | {"saturation": -1}).astype(int)
    assert np.ptp(grey, axis=2).max() <= 2
    strong, weak = (
        to_oklab(colour.balance(FIGURE, DEFAULTS | {"contrast": amount}))[..., 0].std()
        for amount in (1, -1)
    )
    assert strong > to_oklab(FIGURE)[..., 0].std() > weak


def test_white_and_black_stay_where_they_are():
    ends = np.uint8([[[0, 0, 0], [255, 255, 255]]])
    for slider in ("lightness", "contrast", "saturation"):
        assert np.abs(colour.balance(ends, DEFAULTS | {slider: 1}).astype(int) - ends).max() <= 1


def test_two_inks_leave_only_mixtures_of_the_two():
    inked = colour.two_inks(FIGURE, {"dark": "#102040", "light": "#ffeecc", "amount": 1.0})
    dark, light = read_colour("#102040"), read_colour("#ffeecc")
    away = to_oklab(inked).reshape(-1, 3) - dark
    along = away @ (light - dark) / ((light - dark) ** 2).sum()
    assert np.abs(away - along[:, None] * (light - dark)).max() < 0.01
    assert along.min() < 0.05
    assert along.max() > 0.95


def test_two_inks_take_a_picture_of_one_colour():
    plain = np.full((8, 8, 3), 90, np.uint8)
    assert (
        len(
            np.unique(
                colour.two_inks(plain, {"dark": "#000000", "light": "#ffffff", "amount": 1.0})
            )
        )
        == 1
    )


def test_a_palette_arrives_and_half_of_it_half():
    settings = {"colours": PALETTES["sea"], "amount": 1.0}
    painted = colour.use_palette(FIGURE, settings)
    palette = np.stack([read_colour(one) for one in PALETTES["sea"]])
    away = np.sqrt(((to_oklab(painted)[..., None, :] - palette) ** 2).sum(-1)).min(-1)
    assert np.median(away) < 0.05
    half = colour.use_palette(FIGURE, settings | {"amount": 0.5})
    middle = (to_oklab(painted) + to_oklab(FIGURE)) / 2
    assert np.abs(to_oklab(half) - middle).mean() < 0.02


def test_a_works_own_palette_names_its_colours_dark_to_light():
    found = np.stack([read_colour(one) for one in colour.palette_of(FIGURE, count=3)])
    true = to_oklab(np.uint8([(30, 25, 40), (220, 120, 60), (200, 225, 235)]))
    assert np.abs(found - true).max() < 0.06
    assert len(colour.palette_of(np.zeros((4, 4, 3), np.uint8))) == 5


@pytest.mark.parametrize(
    ("dark", "light"),
    [
        ("#4a6b8a", "#6d8f86"),
        ("#6d8f86", "#4a6b8a"),
        ("#808080", "#808080"),
        ("#fdfdf0", "#ffffff"),
    ],
)
def test_inks_as_light_as_each_other_are_spread_so_that_the_picture_stays(dark, light):
    settings = {"dark": dark, "light": light, "amount": 1.0}
    flat, spread = (
        to_oklab(colour.two_inks(FIGURE, settings | edition))[..., 0].std()
        for edition in ({}, {"edition": 2})
    )
    assert spread > 0.1 > flat
    before, after = (
        np.stack(inks)
        for inks in (
            (read_colour(dark), read_colour(light)),
            colour.spread_inks(read_colour(dark), read_colour(light)),
        )
    )
    assert np.array_equal(before[:, 1:], after[:, 1:])
    assert np.sign(after[1, 0] - after[0, 0]) == (np.sign(before[1, 0] - before[0, 0]) or 1)


def test_inks_that_are_far_apart_are_used_as_they_are():
    settings = {"dark": "#102040", "light": "#ffeecc", "amount": 1.0}
    second = colour.two_inks(FIGURE, settings | {"edition": 2})
    assert np.array_equal(second, colour.two_inks(FIGURE, settings))
