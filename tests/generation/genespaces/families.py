"""Parents for tests of breeding, drawn by hypothesis."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st


def families_of(pool: Sequence[np.ndarray]) -> st.SearchStrategy[Any]:
    """One to four parents of the pool, and their weights, which sum to 1."""

    @st.composite
    def family(draw_value):
        parents = draw_value(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
        weights = st.lists(st.floats(0, 1), min_size=len(parents), max_size=len(parents))
        raw = draw_value(weights.filter(lambda w: sum(w) > 1e-6))
        return parents, np.asarray(raw) / sum(raw)

    return family()
