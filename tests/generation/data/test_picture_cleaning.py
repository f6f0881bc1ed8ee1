import io

import numpy as np
import pytest
from PIL import Image

from generation.data.picture_cleaning import (
    NearDuplicates,
    Unusable,
    difference_hash,
    open_picture,
    to_square,
)

WHITE = (255, 255, 255)


def encode(picture, form="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def make_picture(seed=0, size=32):
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    return np.asarray(small.resize((size, size), Image.Resampling.BICUBIC))


def test_transparent_parts_show_the_background():
    picture = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 20, 40))
    square = to_square(open_picture(encode(picture)), size=16, background=(10, 200, 30))
    assert square[8, 1].tolist() == [0, 0, 255]
    assert square[8, 14].tolist() == [10, 200, 30]


def test_the_middle_of_a_wide_picture_is_kept():
    picture = Image.new("RGB", (90, 30), (255, 0, 0))
    picture.paste((0, 255, 0), (30, 0, 60, 30))
    square = to_square(open_picture(encode(picture)), size=16, background=WHITE)
    assert np.abs(square[2:-2, 2:-2].astype(int) - (0, 255, 0)).max() <= 2


def test_a_photograph_is_turned_upright():
    picture = Image.new("RGB", (40, 40), (255, 0, 0))
    picture.paste((0, 0, 255), (0, 0, 40, 20))
    exif = Image.Exif()
    exif[0x0112] = 3  # Orientation: turned by 180 degrees.
    upright = np.asarray(open_picture(encode(picture, "JPEG", exif=exif, quality=95)))
    assert upright[35, 20, 2] > 200 > 60 > upright[5, 20, 2]


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"no picture at all", "not a picture"),
        (b"", "not a picture"),
        (encode(Image.new("RGB", (64, 64), (1, 2, 3)))[:60], "broken"),
        (encode(Image.new("RGB", (8, 64))), "smaller than 16 pixels"),
        (encode(Image.new("1", (30_000, 30_000))), "more than 16 million pixels"),
        (encode(Image.new("RGB", (64, 64)), "QOI")[:40], "broken"),
        (
            encode(Image.new("RGB", (64, 64)), "EPS"),
            "not a picture",
        ),  # PostScript is a program, and stays unread.
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawn as SVG, to be saved as PNG first"),
    ],
)
def test_an_unusable_picture_is_dropped_for_a_reason(content, reason):
    with pytest.raises(Unusable, match=reason):
        open_picture(content)


def test_pixel_art_is_not_blurred():
    picture = Image.fromarray(
        np.random.default_rng(0).choice([0, 255], (16, 16, 3)).astype(np.uint8)
    )
    square = to_square(picture, size=32, background=WHITE, is_pixel_art=True)
    assert np.array_equal(square[::2, ::2], np.asarray(picture))


def test_the_same_picture_in_another_file_format_is_a_near_duplicate():
    picture = make_picture(size=64)
    again = np.asarray(open_picture(encode(Image.fromarray(picture), "JPEG", quality=90)))
    duplicates = NearDuplicates()
    assert duplicates.is_new(picture)
    assert not duplicates.is_new(again)


def test_the_same_shape_in_another_colour_is_new():
    duplicates = NearDuplicates()
    picture = make_picture()
    assert duplicates.is_new(picture)
    assert duplicates.is_new(np.ascontiguousarray(picture // 2 + 100))


def test_thousands_of_different_pictures_are_all_new():
    duplicates = NearDuplicates()
    assert all(duplicates.is_new(make_picture(seed)) for seed in range(1_500))
    assert not duplicates.is_new(make_picture(700))


def test_hashes_of_a_flat_picture_are_empty():
    assert difference_hash(np.full((32, 32, 3), 90, np.uint8)).tolist() == [0, 0, 0, 0]
