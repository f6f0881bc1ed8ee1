"""Pattern: layouts as they are printed, and a whole that tiles again."""

import numpy as np
import pytest

from generation.finishing import pattern


@pytest.fixture
def motif() -> np.ndarray:
    """64 px, every quarter of another colour, so that turns and shifts are seen."""
    quarters = np.uint8([[[250, 0, 0], [0, 250, 0]], [[0, 0, 250], [250, 250, 0]]])
    return quarters.repeat(32, axis=0).repeat(32, axis=1)


def lay_out(motif, layout, *, count=2, seam=0.0):
    return pattern.lay_out(motif, {"layout": layout, "count": float(count), "seam": seam})


def test_side_by_side(motif):
    laid = lay_out(motif, "repeat")
    assert np.array_equal(laid[:32, :32], laid[32:, 32:])
    assert np.array_equal(laid[8, 8], motif[16, 16])


def test_half_drop_lowers_every_other_column_and_brick_every_other_row(motif):
    dropped, brick = lay_out(motif, "half-drop"), lay_out(motif, "brick")
    assert np.array_equal(dropped[:, 32:], np.roll(dropped[:, :32], 16, axis=0))
    assert np.array_equal(brick[32:], np.roll(brick[:32], 16, axis=1))


def test_mirrored_neighbours(motif):
    laid = lay_out(motif, "mirror", count=4)
    assert np.array_equal(laid, laid[::-1])
    assert np.array_equal(laid, laid[:, ::-1])


@pytest.mark.parametrize("layout", ["repeat", "half-drop", "brick", "mirror"])
@pytest.mark.parametrize("count", [1, 3, 4])
def test_the_size_stays_and_odd_counts_are_made_even_where_pairs_are_needed(motif, layout, count):
    laid = lay_out(motif, layout, count=count)
    assert laid.shape == motif.shape


@pytest.mark.parametrize("layout", ["repeat", "half-drop", "brick"])
def test_seams_vanish_when_asked(layout):
    slope = np.repeat(np.linspace(0, 250, 128)[None], 128, 0)
    slope = np.stack([slope, slope.T, slope], 2).astype(np.uint8)
    hard, soft = (lay_out(slope, layout, count=2, seam=seam) for seam in (0.0, 1.0))

    def worst(laid):
        around = np.concatenate([laid, laid[:1]]), np.concatenate([laid, laid[:, :1]], axis=1)
        return max(
            np.abs(np.diff(one.astype(int), axis=axis)).max() for axis, one in enumerate(around)
        )

    assert worst(hard) > 150
    assert worst(soft) < 40


@pytest.mark.parametrize("layout", ["repeat", "half-drop", "brick", "mirror"])
def test_the_second_edition_has_no_motif_under_a_quarter_of_the_edge_and_tiles(motif, layout):
    settings = {"layout": layout, "seam": 0.0, "edition": 2}
    four, eight = (pattern.lay_out(motif, settings | {"count": float(n)}) for n in (4, 8))
    assert four.shape == motif.shape and np.array_equal(four, eight)
    for axis in (0, 1):
        turned = np.roll(four, 32, axis)  # By two motifs, which is a whole number of any layout.
        assert np.array_equal(turned, four)


@pytest.mark.parametrize("size", [100, 63])
def test_a_size_that_cannot_be_divided_is_kept(size):
    settings = {"layout": "brick", "count": 3.0, "seam": 0.5, "edition": 2}
    assert pattern.lay_out(np.zeros((size, size, 4), np.uint8), settings).shape == (size, size, 4)
