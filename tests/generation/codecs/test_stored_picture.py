"""Pictures inside genomes: square, small enough, and the same pixels at every reading."""

import io

import numpy as np
import pytest
from PIL import Image

from generation.codecs.image import encode
from generation.codecs.stored_picture import MAX_PICTURE, read_stored, store
from generation.genome import Genome
from generation.refusal import Refused


def noise(height: int, width: int) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    return encode(pixels, "image/png")


def test_the_middle_square_is_kept_and_large_pictures_become_smaller():
    pixels = np.zeros((400, 1600, 3), np.uint8)
    pixels[:, 600:1000] = (200, 60, 20)
    kept = read_stored(store(encode(pixels, "image/png")))
    assert kept.shape == (400, 400, 3)
    assert np.abs(kept.astype(int) - (200, 60, 20)).max() < 8
    assert read_stored(
        store(encode(np.full((1500, 1500, 3), 90, np.uint8), "image/png"))
    ).shape == (
        1024,
        1024,
        3,
    )


def test_a_busy_picture_fits_too():
    stored = store(noise(700, 700))
    assert len(stored) <= MAX_PICTURE
    assert read_stored(stored).shape[0] >= 512
    assert np.array_equal(read_stored(stored), read_stored(stored))


@pytest.mark.parametrize("data", [b"", b"RIFF", encode(np.zeros((8, 8, 3), np.uint8), "image/png")])
def test_what_is_no_stored_picture_is_refused(data):
    with pytest.raises(Refused):
        read_stored(data)


def test_a_picture_that_is_not_square_is_refused():
    buffer = io.BytesIO()
    Image.new("RGB", (80, 90)).save(buffer, "WEBP")
    with pytest.raises(Refused, match="damaged"):
        read_stored(buffer.getvalue())


def test_a_genome_holds_the_picture():
    stored = store(noise(64, 64))
    genome = Genome("pictures", "d", [0.0], picture=stored)
    assert Genome.from_json(genome.to_json()) == genome
    assert Genome.from_json(genome.to_json()).picture == stored
    assert "picture" not in Genome("pictures", "d", [0.0]).to_json()
    with pytest.raises(Refused, match="too large"):
        Genome("pictures", "d", [0.0], picture=bytes(MAX_PICTURE + 1))
    for damage in (3, "?"):
        with pytest.raises(Refused, match="damaged"):
            Genome.from_json(genome.to_json() | {"picture": damage})
