import io

import numpy as np
import pytest
from PIL import Image

from generation.data.framing import Unusable
from generation.data.picture_cleaning import open_picture


def encode(picture, form="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def make_picture(seed=0, size=32):
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    return np.asarray(small.resize((size, size), Image.Resampling.BICUBIC))


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
        (encode(Image.new("RGB", (8, 14))), "smaller than 16 pixels"),
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
