"""Background: the figure is found, no fringe of the old ground stays, enclosed places are kept."""

import numpy as np
import pytest

from generation.finishing import background
from generation.finishing.steps import STEPS
from tests.generation.finishing.picture_examples import GROUND, LINE, SKIN, make_figure

DEFAULTS = {setting.key: setting.default for setting in STEPS["background"].settings}
SECOND = DEFAULTS | STEPS["background"].fresh
each_edition = pytest.mark.parametrize("asked", [DEFAULTS, SECOND], ids=["first", "second"])


@each_edition
@pytest.mark.parametrize("size", [64, 200])
def test_a_figure_is_cut_out(size, asked):
    cut = background.replace_ground(make_figure(size), asked)
    assert cut.shape == (size, size, 4)
    assert cut[0, 0, 3] == cut[-1, size // 2, 3] == 0
    assert cut[size // 2, size // 2].tolist() == [*SKIN, 255]
    y, x = np.mgrid[:size, :size]
    true = np.hypot(x - size / 2 + 0.5, y - size / 2 + 0.5) / size < 0.37
    assert abs((cut[..., 3] / 255).sum() / true.sum() - 1) < 0.03


@each_edition
def test_the_edge_carries_no_fringe_of_the_old_ground(asked):
    cut = background.replace_ground(make_figure(200), asked).astype(int)
    edge = (cut[..., 3] > 40) & (cut[..., 3] < 215)
    assert edge.sum() > 100
    to_line, to_ground = (np.abs(cut[edge][:, :3] - colour).sum(1) for colour in (LINE, GROUND))
    assert (to_line < to_ground).mean() > 0.95


@each_edition
def test_a_place_of_the_grounds_colour_inside_the_figure_is_kept(asked):
    figure = make_figure(128)
    figure[60:68, 60:68] = GROUND
    assert (background.replace_ground(figure, asked)[60:68, 60:68, 3] == 255).all()


@each_edition
def test_a_ground_that_changes_slowly_is_found_too(asked):
    figure = make_figure(128).astype(int)
    is_ground = (np.abs(figure - GROUND).sum(2) == 0)[..., None]
    figure = np.where(
        is_ground, figure - np.linspace(0, 40, 128).astype(int)[:, None, None], figure
    ).astype(np.uint8)
    share = background.replace_ground(figure, asked)[..., 3]
    assert share[0].max() == share[-1].max() == 0
    assert share[64, 64] == 255


def test_new_grounds_are_what_was_asked():
    asked = DEFAULTS | {"colour": "#102030", "second": "#f0e0d0"}
    plain = background.replace_ground(make_figure(64), asked | {"kind": "plain"})
    assert (plain[0] == (0x10, 0x20, 0x30)).all()
    gradient = background.replace_ground(make_figure(64), asked | {"kind": "gradient"})
    assert gradient[0, 0].tolist() == [0x10, 0x20, 0x30]
    assert gradient[-1, 0].tolist() == [0xF0, 0xE0, 0xD0]
    glow = background.replace_ground(make_figure(64), asked | {"kind": "glow"})
    assert glow[0, 0].sum() > glow[0, 32].sum() > plain[0, 0].sum()
    assert (
        plain[32, 32].tolist() == gradient[32, 32].tolist() == glow[32, 32].tolist() == list(SKIN)
    )


def test_a_picture_of_one_colour_is_all_ground():
    assert (
        background.replace_ground(np.full((32, 32, 3), 77, np.uint8), DEFAULTS)[..., 3].max() == 0
    )


def leaking_figure(size: int = 128) -> np.ndarray:
    """A figure with an inside of the ground's colour, and a thin gap in its outline."""
    figure = make_figure(size)
    figure[(figure == SKIN).all(axis=2)] = GROUND
    figure[: size // 2, size // 2 - 1 : size // 2 + 1] = GROUND
    return figure


def test_a_bright_inside_is_not_eaten_through_a_gap():
    eaten, kept = (
        background.replace_ground(leaking_figure(), settings)[64, 64, 3]
        for settings in (DEFAULTS, SECOND)
    )
    assert (eaten, kept) == (0, 255)


def test_scraps_beside_the_figure_go_with_the_ground():
    figure = make_figure(128)
    figure[4:6, 4:6] = LINE
    assert background.replace_ground(figure, SECOND)[4, 4, 3] < 20


@pytest.mark.parametrize("kind", ["transparent", "plain"])
def test_a_picture_without_a_plain_ground_is_left_alone(kind):
    y, x = np.mgrid[:96, :96] / 96
    full = np.stack([np.sin(9 * x), np.cos(7 * y), np.sin(8 * (x + y))], axis=2)
    full = ((full + 1) * 127).astype(np.uint8)
    cut = background.replace_ground(full, SECOND | {"kind": kind})
    assert np.array_equal(cut[..., :3], full)
    assert kind == "plain" or (cut[..., 3] == 255).all()
