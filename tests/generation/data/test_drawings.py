"""Drawings that tools make, as they are read."""

import pytest

from generation.data.drawings import read_raw
from generation.refusal import Refused


def test_a_raw_file_of_the_wrong_length_is_refused(tmp_path):
    (tmp_path / "x.raw").write_bytes(bytes(25))
    with pytest.raises(Refused, match="wrong length"):
        read_raw(tmp_path / "x.raw", (2, 4, 3))
