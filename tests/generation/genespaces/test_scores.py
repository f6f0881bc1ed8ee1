"""Scores are squeezed into ranges, and found again."""

import numpy as np

from generation.genespaces.brushwork.plan import RANGES
from generation.genespaces.scores import score_of, squeeze


def test_a_score_is_squeezed_into_its_range_and_found_again():
    for low, high in RANGES["mass"].values():
        for share in (0.1, 0.5, 0.8):
            value = low + share * (high - low)
            assert np.isclose(squeeze(np.array(score_of(value, low, high)), low, high), value)
        assert low < squeeze(np.array(-2.0), low, high) < squeeze(np.array(2.0), low, high) < high
