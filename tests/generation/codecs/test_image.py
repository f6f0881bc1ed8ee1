"""Picture files: exactness, determinism, linear-light shrinking, accents, and refusals."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from generation.codecs.image import accent, encode, read_image, shrink, to_linear
from generation.refusal import Refused

TYPES = ("image/jpeg", "image/png", "image/webp")


def picture(height: int = 48, width: int = 64) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack(
        [x * 255 // width, y * 255 // height, (x + y) * 255 // (height + width)], axis=-1
    ).astype(np.uint8)


def saved(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_png_keeps_every_pixel():
    assert np.array_equal(read_image(encode(picture(), "image/png")), picture())


@pytest.mark.parametrize("media_type", TYPES)
def test_the_same_pixels_give_the_same_bytes(media_type):
    assert encode(picture(), media_type) == encode(picture().copy(), media_type)


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/webp"])
def test_lossy_formats_stay_close(media_type):
    again = read_image(encode(picture(), media_type)).astype(int)
    assert again.shape == picture().shape
    assert np.abs(again - picture()).mean() < 3


def test_a_view_that_is_not_contiguous_is_encoded_too():
    flipped = picture()[:, ::-1]
    assert np.abs(read_image(encode(flipped, "image/jpeg")).astype(int) - flipped).mean() < 3


def test_another_format_is_refused():
    with pytest.raises(Refused, match="JPEG, PNG or WebP"):
        encode(picture(), "image/gif")


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 5), np.uint8)],
)
def test_what_is_no_picture_array_is_an_error(pixels):
    with pytest.raises(ValueError, match="uint8"):
        encode(pixels, "image/png")


def test_shrinking_averages_light_not_numbers():
    checkerboard = np.zeros((512, 512, 3), np.uint8)
    checkerboard[::2, ::2] = checkerboard[1::2, 1::2] = 255
    small = shrink(checkerboard, edge=64)
    assert small.shape == (64, 64, 3)
    # Half of the light is 188 in sRGB; averaging the numbers would give 128.
    assert np.abs(small[8:-8, 8:-8].astype(int) - 188).max() <= 2


def test_what_is_transparent_stays_so_and_lends_no_colour_when_a_picture_shrinks():
    picture = np.zeros((200, 200, 4), np.uint8)
    picture[..., 0] = 255  # Red, but where it can be seen it is blue.
    picture[50:150, 50:150] = (0, 0, 255, 255)
    read = read_image(encode(picture, "image/png"), keeps_transparency=True)
    assert np.array_equal(read, picture)
    small = shrink(read, edge=100)
    assert small.shape == (100, 100, 4)
    assert small[2, 2, 3] == 0 and tuple(small[50, 50]) == (0, 0, 255, 255)
    edge = small[50, 20:30]
    assert edge[edge[:, 3] > 8][:, 0].max() < 40  # No red fringe.
    opaque = encode(picture[..., :3], "image/png")
    assert read_image(opaque, keeps_transparency=True).shape == (200, 200, 3)


def test_shrinking_keeps_the_shape_of_the_picture():
    assert shrink(picture(300, 100), edge=60).shape == (60, 20, 3)
    assert shrink(picture(100, 300), edge=60).shape == (20, 60, 3)


def test_a_small_picture_is_not_enlarged():
    assert shrink(picture(), edge=500) is not None
    assert np.array_equal(shrink(picture(), edge=500), picture())


def test_a_flat_picture_keeps_its_colour_when_shrunk():
    flat = np.full((128, 128, 3), (7, 130, 251), np.uint8)
    assert np.array_equal(shrink(flat, edge=32), flat[:32, :32])


def test_linear_light_runs_from_none_to_all():
    light = to_linear(np.array([0, 188, 255], np.uint8))
    assert light[0] == 0
    assert light[2] == 1
    assert abs(light[1] - 0.5) < 0.01


def test_the_accent_is_the_colour_that_fills_most():
    pixels = np.full((100, 100, 3), (20, 30, 200), np.uint8)
    pixels[:30] = (250, 10, 10)
    assert accent(pixels) == "#141ec8"


def test_a_vivid_motif_wins_over_a_slightly_larger_grey_ground():
    pixels = np.full((100, 100, 3), 128, np.uint8)
    pixels[:45] = (255, 0, 0)
    assert accent(pixels) == "#ff0000"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        bytes(range(256)) * 9,
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(Refused, match="not a readable"):
        read_image(data)


@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_a_picture_cut_in_half_is_refused(media_type):
    data = encode(
        np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8), media_type
    )
    with pytest.raises(Refused):
        read_image(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"])
def test_common_formats_are_read_whatever_their_name(kind):
    read = read_image(saved(Image.fromarray(picture()), kind)).astype(int)
    assert np.abs(read - picture()).mean() < 12


@pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "EPS", "JPEG2000"])
def test_rare_formats_are_not_even_tried(kind):
    with pytest.raises(Refused):
        read_image(saved(Image.new("RGB", (32, 32)), kind))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\x0a\xfa\x7f\x01", "a JPEG XL picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"\0\0\0\x20ftypM4A \0\0\2\0", "an M4A recording"),
        (b"8BPS\0\1", "a Photoshop file"),
    ],
)
def test_what_cannot_be_read_is_called_by_its_name(data, kind):
    with pytest.raises(Refused, match=f"This is {kind}, .* as PNG or JPEG"):
        read_image(data)


@pytest.mark.parametrize("edge", [5000, 12_000, 60_000])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(edge):
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(Refused, match="too large"):
        read_image(bomb)


def test_the_limit_is_told():
    with pytest.raises(Refused, match="8 × 8"):
        read_image(encode(picture(9, 9), "image/png"), max_pixels=64)


def test_transparency_lies_on_white_and_other_modes_become_colour():
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    assert (read_image(saved(clear)) == 255).all()
    assert read_image(saved(Image.new("L", (8, 8), 9))).tolist()[0][0] == [9, 9, 9]


def test_a_photo_that_says_it_lies_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(picture(20, 40)), "JPEG", exif=exif)
    assert read_image(data).shape == (40, 20, 3)


def test_sixteen_bits_of_grey_keep_their_brightness():
    deep = Image.fromarray(np.full((8, 8), 257 * 90, np.uint16))
    assert (read_image(saved(deep)) == 90).all()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_bytes_give_a_picture_or_a_refusal_and_nothing_else(kind):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    whole = saved(Image.fromarray(picture(20, 30)), kind, exif=exif)
    rng = np.random.default_rng(7)
    outcomes = set()
    for _ in range(1000):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 4):
            data[place] = rng.integers(256)
        try:
            outcomes.add(read_image(bytes(data)).dtype)
        except Refused:
            outcomes.add(Refused)
    assert outcomes == {np.dtype(np.uint8), Refused}


def test_transparency_is_kept_where_the_format_can_and_shown_as_squares_where_it_cannot():
    clear = np.zeros((64, 64, 4), np.uint8)
    clear[16:48, 16:48] = (200, 30, 60, 255)
    kept = np.asarray(Image.open(io.BytesIO(encode(clear, "image/png"))))
    assert np.array_equal(kept, clear)
    shown = np.asarray(Image.open(io.BytesIO(encode(clear, "image/jpeg")))).astype(int)
    assert np.abs(shown[32, 32] - (200, 30, 60)).max() < 6
    assert np.abs(shown[2, 2] - 250).max() < 6
    assert np.abs(shown[2, 6] - 226).max() < 6
    assert (read_image(encode(clear, "image/png"))[0, 0] == 255).all()
