"""Pixel art: strays are painted over, figures stay, and no colour comes in."""

import numpy as np

from generation.finishing.pixel_art import few_colours, pixel_art, scale2x

GROUND, SHADE, PALE, DARK, EYE = (
    np.uint8(colour)
    for colour in ((182, 227, 244), (186, 224, 240), (150, 190, 205), (40, 30, 60), (250, 240, 120))
)


def draw_knight() -> np.ndarray:
    """A dark figure with one bright eye and a hole on a ground of two shades, 32 px."""
    picture = np.tile(GROUND, (32, 32, 1))
    picture[:, 20:] = SHADE
    picture[8:28, 10:18] = DARK
    picture[12, 13] = EYE
    picture[20:22, 13:15] = GROUND
    return picture


def with_strays() -> np.ndarray:
    picture = draw_knight()
    picture[2:4, 25:28] = DARK  # A lost piece.
    picture[30, 3] = EYE
    picture[10, 18] = PALE  # A fringe.
    return picture


def painted(picture: np.ndarray, *, is_tidied: bool) -> np.ndarray:
    indices, palette = few_colours(picture, colours=8, is_tidied=is_tidied)
    return palette[indices]


def test_strays_fringes_and_shades_of_the_ground_are_painted_over():
    untidy, tidied = (painted(with_strays(), is_tidied=is_tidied) for is_tidied in (False, True))
    np.testing.assert_array_equal(untidy, with_strays())
    clean = draw_knight()
    clean[:, 20:] = GROUND
    np.testing.assert_array_equal(tidied, clean)


def test_no_colour_comes_in_and_a_clean_picture_stays():
    tidied = painted(with_strays(), is_tidied=True)
    assert set(map(tuple, tidied.reshape(-1, 3))) <= set(map(tuple, with_strays().reshape(-1, 3)))
    np.testing.assert_array_equal(painted(tidied, is_tidied=True), tidied)


def test_a_picture_without_a_figure_becomes_its_ground():
    shades = np.tile(GROUND, (32, 32, 1))
    shades[5:9] = SHADE
    assert (painted(shades, is_tidied=True) == GROUND).all()


def test_pixels_are_squares_of_a_whole_number_of_pixels():
    large = pixel_art(draw_knight(), 100, colours=8, is_rounded=False, is_tidied=True)
    assert large.shape == (128, 128, 3)
    squares = large.reshape(32, 4, 32, 4, 3)
    assert (squares == squares[:, :1, :, :1]).all()


def test_scale2x_rounds_a_stair_and_leaves_straight_edges():
    stair = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]], np.uint8)
    assert scale2x(stair)[2:4, 2:4].tolist() == [[0, 1], [1, 1]]
    half = np.array([[0, 1], [0, 1]], np.uint8)
    assert scale2x(half).tolist() == [[0, 0, 1, 1]] * 4
