"""Palettes: a ramp from dark to light, no seam in the table, no mud, chroma kept by blending."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.patterns.palette import (
    MAX_CHROMA,
    TABLE_SIZE,
    blend_palettes,
    clear_of_mud,
    lighten,
    palette_table,
    rotate_hue,
    sample_palette,
)

anchors = st.lists(st.floats(-64, 64), min_size=18, max_size=18).map(
    lambda values: np.array(values).reshape(6, 3)
)


def test_a_drawn_palette_rises_from_dark_to_light():
    for seed in range(30):
        lightness = sample_palette(np.random.default_rng(seed))[:, 0]
        assert (np.diff(lightness) > -0.03).all()
        assert lightness[-1] - lightness[0] > 0.4


@given(anchors)
@settings(max_examples=60, deadline=None)
def test_any_anchors_give_a_table_of_colours_in_range(palette):
    table = palette_table(palette)
    assert table.shape == (3, TABLE_SIZE)
    assert np.isfinite(table).all()
    assert table[0].min() >= 0 and table[0].max() <= 1
    assert np.hypot(table[1], table[2]).max() <= MAX_CHROMA + 1e-5


def test_the_table_has_no_seam_and_no_step():
    table = palette_table(sample_palette(np.random.default_rng(3)))
    around = np.concatenate([table, table[:, :1]], axis=1)
    assert np.abs(np.diff(around, axis=1)).max() < 0.01


def test_dark_yellow_leaves_the_mud_and_light_yellow_stays():
    def hue(lightness: float, degrees: float) -> float:
        angle = np.radians(degrees)
        out = clear_of_mud(np.array([[lightness, 0.12 * np.cos(angle), 0.12 * np.sin(angle)]]))[0]
        return float(np.degrees(np.arctan2(out[2], out[1])))

    assert hue(0.4, 95) < 93 and hue(0.4, 115) > 117
    assert abs(hue(0.9, 95) - 95) < 1e-6
    assert abs(hue(0.4, 250) % 360 - 250) < 1e-6


def test_a_blend_keeps_chroma_and_a_rotation_keeps_all_but_hue():
    palettes = np.stack([sample_palette(np.random.default_rng(seed)) for seed in (1, 2)])
    near = np.stack([palettes[0], rotate_hue(palettes[0], 1.2)])
    middle = blend_palettes(near, np.array([0.5, 0.5]))
    assert np.allclose(np.hypot(*middle[:, 1:].T), np.hypot(*near[0][:, 1:].T), rtol=1e-3)
    turned = rotate_hue(palettes[0], 0.7)
    assert np.allclose(turned[:, 0], palettes[0][:, 0])
    assert np.allclose(rotate_hue(turned, -0.7), palettes[0])


def test_lightening_keeps_the_ramp_apart():
    palette = sample_palette(np.random.default_rng(4))
    for amount in (-1, -0.5, 0.5, 1):
        bent = lighten(palette, amount)
        assert (np.sign(bent[:, 0] - palette[:, 0]) == np.sign(amount)).all()
        assert bent[-1, 0] - bent[0, 0] > 0.3
