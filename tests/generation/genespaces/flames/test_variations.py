"""The variations of Flames: finite everywhere, and what the paper says they are."""

import numpy as np
import pytest

from generation.genespaces.flames.variations import VARIATIONS, Points

RNG = np.random.default_rng(1)
X, Y = RNG.normal(0, 1.5, (2, 400)).astype(np.float32)
SIGN = RNG.choice(np.array([-1, 1], np.float32), 400)
RADIUS, ANGLE = np.hypot(X, Y), np.arctan2(X, Y)
FOLDED = np.abs(ANGLE)
# In the paper's words, with angles, folded where it tears the plane.
PAPER = {
    "sinusoidal": (np.sin(X), np.sin(Y)),
    "polar": (2 * FOLDED / np.pi - 1, RADIUS - 1),
    "handkerchief": (RADIUS * np.sin(ANGLE + RADIUS), RADIUS * np.cos(ANGLE - RADIUS)),
    "heart": (RADIUS * np.sin(FOLDED * RADIUS), -RADIUS * np.cos(FOLDED * RADIUS)),
    "disc": (
        FOLDED / np.pi * np.sin(np.pi * RADIUS),
        FOLDED / np.pi * np.cos(np.pi * RADIUS),
    ),
    "julia": (
        SIGN * np.sqrt(RADIUS) * np.cos(ANGLE / 2),
        SIGN * np.sqrt(RADIUS) * np.sin(ANGLE / 2),
    ),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_variation_is_finite_even_at_the_middle_and_far_away(name: str):
    edges = np.array([0, -0.0, 1e-20, 40, -40, 1], np.float32)
    x, y = (grid.ravel() for grid in np.meshgrid(edges, edges))
    found = np.stack(VARIATIONS[name](Points(x, y, np.ones_like(x))))
    assert found.dtype == np.float32 and np.isfinite(found).all()
    assert np.abs(found).max() < 1e3


@pytest.mark.parametrize("name", PAPER)
def test_a_variation_is_that_of_the_paper(name: str):
    found = VARIATIONS[name](Points(X, Y, SIGN))
    # The root is computed from differences, which float32 rounds.
    assert np.allclose(found, PAPER[name], atol=1e-3)


@pytest.mark.parametrize("name", VARIATIONS)
def test_no_variation_tears_the_plane_along_the_axes(name: str):
    along = np.linspace(-2, 2, 80).astype(np.float32)
    along = along[np.abs(along) > 0.2]
    tiny = np.full_like(along, 1e-5)
    same = np.ones_like(along)
    for one, two in (((tiny, along), (-tiny, along)), ((along, tiny), (along, -tiny))):
        # Both branches of the root are drawn at every place, so either may be the near one.
        apart = [
            np.hypot(
                *np.subtract(
                    VARIATIONS[name](Points(*one, same)), VARIATIONS[name](Points(*two, sign))
                )
            )
            for sign in (same, -same)
        ]
        assert np.minimum(*apart).max() < 0.02
