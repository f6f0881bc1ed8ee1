import gzip
import struct

import numpy as np
import pytest

from generation.data.colouring import EMBLEM_PAIRS, dye_garment, ink_emblem, lay_on
from generation.data.picture_sets import NAMES, read_idx
from generation.refusal import Refused


def test_the_sets_of_the_shipped_species_are_known():
    assert {"people", "objects", "garments", "emblems", "ink", "things"} <= set(NAMES)


def make_idx(path, values, *, cut=0):
    header = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress((header + values.tobytes())[: -cut or None]))
    return path


def test_an_idx_file_is_read_with_its_shape(tmp_path):
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    assert np.array_equal(read_idx(make_idx(tmp_path / "x.gz", values)), values)


def test_a_short_idx_file_is_refused(tmp_path):
    with pytest.raises(Refused, match="not a whole IDX file"):
        read_idx(make_idx(tmp_path / "x.gz", np.zeros((2, 3, 4), np.uint8), cut=1))


def test_a_dyed_garment_has_a_flat_ground_and_a_coloured_cloth():
    grey = np.zeros((32, 32), np.uint8)
    grey[8:24, 8:24] = 150
    grey[14:18, 14:18] = 5  # A dark print stays cloth: the ground does not show through.
    dyed = dye_garment(grey, np.random.default_rng(0))
    assert (dyed[:6] == dyed[0, 0]).all()
    assert (dyed[10, 10] != dyed[0, 0]).any()
    assert dyed[15, 15].sum() < dyed[10, 10].sum()


def test_an_emblem_has_one_ground_and_one_ink():
    opacity = np.zeros((16, 16), np.uint8)
    opacity[4:12, 4:12] = 255
    inked = ink_emblem(opacity, np.random.default_rng(0))
    assert (inked[0, 0].tolist(), inked[8, 8].tolist()) in [
        (ground.tolist(), ink.tolist()) for ground, ink in EMBLEM_PAIRS
    ]


def test_ink_and_ground_differ_in_grey():
    luma = EMBLEM_PAIRS @ (0.299, 0.587, 0.114)
    assert np.abs(luma[:, 0] - luma[:, 1]).min() > 70


def test_a_ground_shows_as_far_as_the_picture_on_it_is_clear():
    picture = np.array([[(0, 0, 0, 0), (100, 50, 0, 127), (200, 100, 0, 255)]], np.uint8)
    laid = lay_on(picture, np.array([40, 80, 240]))
    assert laid.tolist() == [[[40, 80, 240], [120, 90, 120], [200, 100, 0]]]
