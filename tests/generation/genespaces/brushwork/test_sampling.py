"""What is no presentable founder of Brushwork."""

import numpy as np

from generation.genespaces.brushwork.sampling import EDGE, judge


def test_neither_an_even_sheet_nor_stripes_nor_a_brown_field_pass():
    even = np.full((EDGE, EDGE, 3), (0.6, 0.05, 0.05))
    across = np.linspace(0, 1, EDGE)[:, None, None]
    horizon = even + np.where(across > 0.5, 1, 0) * np.array([-0.2, -0.1, 0.0])
    brown = horizon * np.array([0.8, 0, 0]) + np.array([0, 0.02, 0.08])
    noise = even + np.random.default_rng(1).normal(0, 0.2, even.shape)
    assert max(judge(lab) for lab in (even, horizon, brown, noise)) < 0.3
