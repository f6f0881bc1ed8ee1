"""The plan: soft choices that glide where rounding would jump, and limits for any genome."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.genespaces.patterns.layout import PLACES, PLAIN, SIZE
from generation.genespaces.patterns.plan import open_gate, read_plan, soft_whole
from generation.genespaces.patterns.sampling import draw
from generation.genespaces.patterns.shading import thumbnail


@given(st.lists(st.floats(-64, 64), min_size=9, max_size=9))
@settings(max_examples=60, deadline=None)
def test_the_shares_of_the_symmetries_always_sum_to_one(gate):
    shares = open_gate(np.array(gate))
    assert abs(shares.sum() - 1) < 1e-9
    assert (shares >= 0).all()


def test_an_empty_gate_is_plain_and_a_pure_one_stays_pure():
    assert open_gate(np.zeros(9))[PLAIN] == 1
    assert np.array_equal(open_gate(np.eye(9)[4] * 0.3), np.eye(9)[4])


@given(st.floats(0, 6), st.floats(0, 0.001))
@settings(max_examples=60, deadline=None)
def test_counts_glide(value, step):
    one, two = (dict(soft_whole(each, low=1, high=6)) for each in (value, value + step))
    assert abs(sum(one.values()) - 1) < 1e-3
    assert sum(abs(one.get(count, 0) - two.get(count, 0)) for count in range(8)) < 0.01


def test_whole_counts_are_exact():
    assert soft_whole(3.0, low=1, high=6) == ((3, 1.0),)
    assert soft_whole(6.0, low=1, high=6) == ((6, 1.0),)


@given(st.integers(0, 2**32), st.sampled_from([1e-3, 1.0, 30.0, 1e6, 3e38]))
@settings(max_examples=25, deadline=None)
def test_any_finite_genes_give_a_picture(seed, size):
    genes = (np.random.default_rng(seed).uniform(-1, 1, SIZE) * size).astype(np.float32)
    picture = thumbnail(genes)
    assert picture.shape == (3, 48, 48)
    assert np.isfinite(picture).all()


def test_no_frequency_paints_static():
    genes = draw(np.random.default_rng(2))
    genes[PLACES["w0"]] *= 40
    assert np.linalg.norm(read_plan(genes).layers[0][:, :-1], axis=1).max() < 5.6


def test_lines_are_drawn_along_bands_alone():
    genes = draw(np.random.default_rng(2))
    for line, bands, expected in ((1.0, 0.0, 0.0), (1.0, 5.0, 1.0), (0.3, 5.0, 0.0)):
        genes[PLACES["line"]], genes[PLACES["bands"]] = line, bands
        assert read_plan(genes).surface["line"] == expected
