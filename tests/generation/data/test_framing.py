import numpy as np
import pytest
from PIL import Image, ImageDraw

from generation.data.framing import MARGIN, Unusable, frame
from tests.generation.data.test_picture_cleaning import make_picture

WHITE, GREEN = (255, 255, 255), (10, 200, 30)


def framed(picture, *, size=64, background=WHITE, **options):
    return frame(picture, size=size, background=background, **options)


def box_of(pixels, ground):
    """Where a framed picture differs from its ground: left, top, right, bottom."""
    rows, columns = np.nonzero(np.abs(pixels.astype(int) - ground).max(2) > 40)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def draw_blob(size, box, *, mode="RGB", ground=WHITE):
    """A smooth coloured ellipse, as a photograph of one thing."""
    large = Image.new(mode, (4 * size[0], 4 * size[1]), ground)
    ImageDraw.Draw(large).ellipse([4 * edge for edge in box], fill=(200, 30, 60))
    shade = Image.linear_gradient("L").resize(size).convert("RGB")
    blob = large.resize(size, Image.Resampling.LANCZOS)
    shaded = Image.blend(blob.convert("RGB"), shade, 0.2)
    mask = Image.new("L", (4 * size[0], 4 * size[1]))
    ImageDraw.Draw(mask).ellipse([4 * edge for edge in box], fill=255)
    blob.paste(shaded, (0, 0), mask.resize(size, Image.Resampling.LANCZOS))
    return blob


@pytest.mark.parametrize("box", [(10, 20, 110, 70), (150, 90, 170, 110), (3, 3, 40, 110)])
def test_a_thing_on_a_plain_ground_fills_the_frame_with_an_even_margin(box):
    picture = draw_blob((200, 120), box, ground=GREEN)
    left, top, right, bottom = box_of(framed(picture, size=100).pixels, GREEN)
    margin = round(100 * MARGIN)
    assert min(left, top) == pytest.approx(margin, abs=2)
    assert (left, top) == pytest.approx((100 - right, 100 - bottom), abs=2)
    shape, wanted = (right - left) / (bottom - top), (box[2] - box[0]) / (box[3] - box[1])
    assert shape == pytest.approx(wanted, rel=0.1)


def test_transparent_margins_are_cut_off_and_show_the_background():
    picture = draw_blob((200, 120), (150, 20, 180, 80)).convert("RGBA")
    picture.putalpha(picture.convert("L").point(lambda value: 0 if value > 240 else 255))
    pixels = framed(picture, size=50, background=GREEN).pixels
    assert pixels[0, 0].tolist() == list(GREEN)
    assert box_of(pixels, GREEN)[1] == pytest.approx(3, abs=1)
    assert pixels[25, 25, 0] > 120 > pixels[25, 25, 1]


def test_a_jpeg_of_a_thing_is_cut_out_in_spite_of_its_noise(tmp_path):
    draw_blob((200, 120), (60, 30, 120, 90), ground=GREEN).save(tmp_path / "a.jpg", quality=80)
    with Image.open(tmp_path / "a.jpg") as picture:
        left, top, *_ = box_of(framed(picture.convert("RGB"), size=100).pixels, GREEN)
    assert left == top == pytest.approx(6, abs=2)


def test_the_middle_of_a_picture_that_reaches_its_edges_is_kept():
    noise = make_picture(size=90).copy()
    noise[:, 30:60] = (noise[:, 30:60] // 8) + (0, 200, 0)
    pixels = framed(Image.fromarray(np.ascontiguousarray(noise[:30])), size=16).pixels
    assert pixels[2:-2, 2:-2, 1].min() > 150


def test_a_picture_that_keeps_its_frame_is_only_resized():
    picture = draw_blob((100, 100), (60, 60, 90, 90), ground=GREEN)
    pixels = framed(picture, size=50, keeps_frame=True).pixels
    assert box_of(pixels, GREEN) == pytest.approx((30, 30, 45, 45), abs=1)


@pytest.mark.parametrize(
    "picture",
    [Image.new("RGB", (64, 64), GREEN), Image.new("RGBA", (64, 64), (0, 0, 0, 0))],
)
def test_a_blank_picture_cannot_be_used(picture):
    with pytest.raises(Unusable, match="blank"):
        framed(picture)


def test_a_speck_on_a_plain_ground_cannot_be_used():
    with pytest.raises(Unusable, match="less than 8 pixels large"):
        framed(draw_blob((200, 200), (100, 100, 105, 104)))


def make_sprite(seed=0, edge=16):
    """A square of hard pixels in five colours, uint8 [edge, edge, 3], nowhere white."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 200, (5, 3), dtype=np.uint8)[rng.integers(0, 5, (edge, edge))]


@pytest.mark.parametrize("enlarged", [1, 5])
def test_a_sprite_is_enlarged_by_whole_factors_of_its_own_pixels(enlarged):
    sprite = make_sprite()
    large = sprite.repeat(enlarged, 0).repeat(enlarged, 1)
    one = framed(Image.fromarray(large), size=64)
    assert one.grid == 16
    assert np.array_equal(one.pixels[::4, ::4], sprite)
    assert np.array_equal(one.pixels, sprite.repeat(4, 0).repeat(4, 1))


def test_a_sprite_with_a_clear_margin_stands_in_the_middle_with_its_pixels_whole():
    canvas = np.zeros((32, 32, 4), np.uint8)
    canvas[20:30, 1:11, :3], canvas[20:30, 1:11, 3] = make_sprite(edge=10), 255
    one = framed(Image.fromarray(canvas), size=32)
    assert np.array_equal(one.pixels[1:31:3, 1:31:3], make_sprite(edge=10))
    assert box_of(one.pixels, WHITE) == (1, 1, 31, 31)


def test_a_sprite_larger_than_the_frame_is_averaged_over_whole_squares():
    sprite = make_sprite(edge=48)
    one = framed(
        Image.fromarray(np.pad(sprite, ((2, 9), (5, 5), (0, 0)), constant_values=255)), size=32
    )
    assert one.is_reduced
    assert one.pixels[4, 4].tolist() == pytest.approx(sprite[:2, :2].mean((0, 1)), abs=1)
    assert (one.pixels[:, :4] == 255).all()


def test_a_tile_larger_than_the_frame_still_fills_it():
    one = framed(Image.fromarray(make_sprite(edge=20).repeat(3, 0).repeat(3, 1)), size=16)
    assert not one.grid
    assert (one.pixels != one.pixels[0, 0]).any(2)[[0, -1]].any(1).all()


def test_a_photograph_and_a_smooth_icon_are_no_pixel_art():
    assert not framed(Image.fromarray(make_picture(size=64)), size=32).grid
    icon = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    smooth = Image.new("L", (256, 256))
    ImageDraw.Draw(smooth).ellipse((20, 20, 236, 236), outline=255, width=30)
    icon.putalpha(smooth.resize((64, 64), Image.Resampling.LANCZOS))
    assert not framed(icon, size=32).grid
