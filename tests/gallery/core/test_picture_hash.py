"""The difference hash."""

import numpy as np
import pytest

from gallery.core.picture_hash import BITS, distance, is_plain, picture_hash, read_hash, write_hash


def test_a_rising_ramp_has_all_bits_and_a_falling_one_none():
    ramp = np.repeat(np.linspace(0, 255, 90).astype(np.uint8)[None, :, None], 80, axis=0).repeat(
        3, axis=2
    )
    assert picture_hash(ramp) == 2**BITS - 1 and picture_hash(ramp[:, ::-1]) == 0
    assert distance(picture_hash(ramp), picture_hash(ramp[:, ::-1])) == BITS


def test_a_plain_ground_says_nothing():
    assert is_plain(picture_hash(np.full((64, 64, 3), 90, np.uint8))) and not is_plain(
        0xF0F0F0F0F0F0F0F0
    )


def test_what_is_transparent_counts_as_white():
    picture = np.random.default_rng(3).integers(0, 256, (72, 72, 4)).astype(np.uint8)
    picture[..., 3] = 0
    assert picture_hash(picture) == 0


def test_hashes_are_written_and_read():
    assert read_hash(write_hash(255)) == 255 and write_hash(255) == "00000000000000ff"
    for wrong in ("ff", "z" * 16, "0" * 17):
        with pytest.raises(ValueError):
            read_hash(wrong)
