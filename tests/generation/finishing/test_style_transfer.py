"""Style: strength from none to all, mixtures, borrowed styles as text, too small pictures."""

import numpy as np
import pytest

from generation.finishing import style_transfer, style_vector
from generation.finishing.steps import STEPS, read_steps
from generation.refusal import Refused
from tests.generation.finishing.picture_examples import make_figure

FIGURE = make_figure(96)
DEFAULTS = {setting.key: setting.default for setting in STEPS["style"].settings}


def calmly(progress: float) -> None:
    pass


def paint(**settings) -> np.ndarray:
    return style_transfer.paint_named(FIGURE, DEFAULTS | settings, yield_point=calmly)


def away(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_strength_leads_from_the_picture_to_the_style():
    none, half, full = paint(strength=0), paint(strength=0.5), paint(strength=1.0)
    assert np.array_equal(none, FIGURE)
    assert 0 < away(half, FIGURE) < away(full, FIGURE)
    assert away(half, (full.astype(float) + FIGURE) / 2) <= 1


def test_styles_differ_and_a_mixture_lies_between():
    one, other = paint(style="starry", strength=1.0), paint(style="woodcut", strength=1.0)
    mixed = paint(style="starry", second="woodcut", mix=0.5, strength=1.0)
    assert away(one, other) > 20
    assert away(mixed, one) < away(one, other)
    assert away(mixed, other) < away(one, other)


def test_own_colours_change_lightness_only():
    painted = paint(strength=1.0, colours="own")
    ratio = np.abs(
        painted[48, 48].astype(float) / painted[48, 48].sum()
        - FIGURE[48, 48] / FIGURE[48, 48].sum()
    )
    assert ratio.max() < 0.08
    assert away(painted, FIGURE) > 2


def test_a_borrowed_style_is_text_that_a_picture_is_painted_with():
    stripes = np.zeros((64, 80, 3), np.uint8)
    stripes[:, ::8] = (250, 200, 0)
    borrowed = style_vector.borrow_style(stripes)
    ((_, settings),) = read_steps([["borrowed-style", {"vector": borrowed, "strength": 1.0}]])
    painted = style_transfer.paint_borrowed(FIGURE, settings, yield_point=calmly)
    assert away(painted, FIGURE) > 20
    weak = style_transfer.paint_borrowed(FIGURE, settings | {"strength": 0.3}, yield_point=calmly)
    assert 0 < away(weak, FIGURE) < away(painted, FIGURE)


def test_a_style_picture_of_8_px_is_refused():
    with pytest.raises(Refused, match="at least 64 × 64"):
        style_vector.borrow_style(np.zeros((8, 300, 3), np.uint8))
