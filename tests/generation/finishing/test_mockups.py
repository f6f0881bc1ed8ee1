"""Mock-ups: the picture is on the thing, in the thing's light, at every size the same."""

import numpy as np
import pytest
from PIL import Image

from generation.finishing import mockups
from generation.finishing.picture import finish
from generation.finishing.steps import STEPS
from generation.refusal import Refused

PLACES = {
    "poster": (0.5, 0.43),
    "shirt": (0.5, 0.4),
    "cushion": (0.5, 0.5),
    "tote": (0.5, 0.65),
}  # Middle of the print.
RED = (200, 30, 30)


def make_plain(size: int, *colour: int) -> np.ndarray:
    return np.full((size, size, len(colour)), colour, np.uint8)


def show(pixels: np.ndarray, template: str, **settings) -> np.ndarray:
    return finish(pixels, (("mock-up", {"template": template, **settings}),), size=len(pixels))


def redness(pixels: np.ndarray) -> np.ndarray:
    return pixels[..., 0].astype(int) - pixels[..., 1]


def at(pixels: np.ndarray, template: str) -> np.ndarray:
    x, y = PLACES[template]
    return pixels[int(y * len(pixels)), int(x * len(pixels))].astype(int)


def test_every_thing_that_can_be_chosen_can_be_drawn():
    (choice,) = (setting for setting in STEPS["mock-up"].settings if setting.key == "template")
    assert set(choice.choices) == set(mockups.TEMPLATES) == set(PLACES)


def test_the_mock_up_is_the_last_step():
    assert list(STEPS)[-1] == "mock-up"


@pytest.mark.parametrize("template", PLACES)
def test_the_picture_is_on_the_thing_and_the_ground_around_it(template):
    shown = show(make_plain(160, *RED), template, ground="#2040c0", colour="#e0e0e0")
    assert shown.shape == (160, 160, 3) and shown.dtype == np.uint8
    red, green, blue = at(shown, template)
    assert red > 140 and max(green, blue) < 70
    corner = shown[4, 4].astype(int)
    assert corner[2] > 2 * corner[0] and corner[2] > 150


@pytest.mark.parametrize("template", PLACES)
def test_the_thing_has_its_own_colour(template):
    green, grey = (
        show(make_plain(160, *RED), template, colour=colour, scale=0.5)
        for colour in ("#20c040", "#808080")
    )
    has_changed = np.abs(green.astype(int) - grey).max(axis=2) > 20
    assert 0.02 < has_changed.mean() < 0.6
    assert not has_changed[int(PLACES[template][1] * 160), 80]


@pytest.mark.parametrize("template", PLACES)
def test_a_smaller_picture_covers_less(template):
    full, small = (
        show(make_plain(160, *RED), template, scale=scale, colour="#e0e0e0") for scale in (1, 0.5)
    )
    assert 0.03 * 160**2 < (redness(small) > 60).sum() < 0.6 * (redness(full) > 60).sum()


@pytest.mark.parametrize("template", ["shirt", "cushion", "tote"])
def test_what_is_transparent_shows_the_cloth(template):
    figure = make_plain(160, *RED, 255)
    figure[:, :80, 3] = 0
    shown = mockups.show(
        figure, {"template": template, "scale": 0.8, "ground": "#d8d2c6", "colour": "#e0e0e0"}
    )
    x, y = (int(160 * place) for place in PLACES[template])
    assert abs(redness(shown)[y, x - 12]) < 12
    assert redness(shown)[y, x + 12] > 100


@pytest.mark.parametrize("template", PLACES)
def test_a_preview_shows_what_the_print_will_be(template):
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize(
        (512, 512), Image.Resampling.BICUBIC
    )
    small = np.asarray(picture.resize((128, 128), Image.Resampling.LANCZOS))
    print_ = Image.fromarray(show(np.asarray(picture), template)).resize(
        (128, 128), Image.Resampling.BOX
    )
    assert np.abs(np.asarray(print_).astype(int) - show(small, template)).mean() < 2.5


@pytest.mark.parametrize("template", PLACES)
def test_the_same_picture_gives_the_same_bytes_and_folds_have_light_and_shade(template):
    picture = make_plain(200, 128, 128, 128)
    shown = show(picture, template, colour="#808080", ground="#808080")
    assert np.array_equal(shown, show(picture, template, colour="#808080", ground="#808080"))
    assert shown.std() > 5


@pytest.mark.parametrize("size", [64, 100, 301])
def test_any_size(size):
    for template in PLACES:
        assert show(make_plain(size, *RED), template).shape == (size, size, 3)


def test_an_unknown_thing_is_refused():
    with pytest.raises(Refused, match="The object must be one of poster, shirt, cushion, tote"):
        show(make_plain(64, *RED), "mug")
