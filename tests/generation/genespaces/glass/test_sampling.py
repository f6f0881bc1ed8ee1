"""What is no presentable founder of Glass."""

import numpy as np

from generation.genespaces.glass.sampling import EDGE, judge


def test_neither_an_even_sheet_nor_a_bare_wall_nor_darkness_passes():
    even = np.full((EDGE, EDGE, 3), (0.6, 0.08, 0.05))
    wall = even.copy()
    wall[4:12, 4:12] += np.random.default_rng(1).normal(0, 0.2, (8, 8, 3))
    dark = np.random.default_rng(2).normal(0.15, 0.05, even.shape)
    assert max(judge(lab) for lab in (even, wall, dark)) < 0.3
