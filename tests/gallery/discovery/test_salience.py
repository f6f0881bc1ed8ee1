"""What catches the eye in a picture."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gallery.discovery.actions import store_look, store_missing_looks
from gallery.discovery.colours import name_of
from gallery.discovery.salience import look_at
from gallery.models import Artwork
from tests.factories import make_artwork


def encode(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def disc(ground: str, colour: str, radius: int = 60) -> bytes:
    picture = Image.new("RGB", (256, 256), ground)
    ImageDraw.Draw(picture).ellipse(
        (128 - radius, 128 - radius, 128 + radius, 128 + radius), fill=colour
    )
    return encode(picture)


@pytest.mark.parametrize(
    ("ground", "colour", "name"),
    [
        ("#ffffff", "#c8372f", "red"),
        ("#c9b8ea", "#3b9a46", "green"),
        ("#0e1210", "#3c6fc4", "blue"),
    ],
)
def test_the_figure_decides_the_colour_not_the_larger_ground(ground, colour, name):
    assert name_of(look_at(disc(ground, colour)).salient) == name


def test_a_small_vivid_part_wins_over_a_large_grey_one():
    picture = Image.new("RGB", (256, 256), "#eeeeee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 196, 196), fill="#77787a")
    draw.rectangle((100, 100, 156, 156), fill="#e2812b")
    assert name_of(look_at(encode(picture)).salient) == "orange"


def test_without_a_figure_the_ground_is_what_is_seen():
    assert name_of(look_at(encode(Image.new("RGB", (64, 64), "#3c6fc4"))).salient) == "blue"


def test_colour_and_detail_over_the_whole_frame_make_presence():
    noise = np.random.default_rng(1).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    full = look_at(encode(Image.fromarray(noise))).presence
    small = look_at(disc("#ffffff", "#b8b8b8", radius=30)).presence
    assert full > 0.6 > 0.1 > small


@pytest.mark.django_db
def test_works_without_a_look_get_one_and_then_their_colour_changes(settings):
    work = make_artwork(has_files=True, accent="#ffffff", colour="white")
    assert store_missing_looks(limit=5) == 1
    assert store_missing_looks(limit=5) == 0
    work.refresh_from_db()
    assert work.salient and work.colour == name_of(work.salient)


@pytest.mark.django_db
def test_a_picture_that_cannot_be_read_keeps_the_colour_of_its_ground():
    work = make_artwork(accent="#3c6fc4")
    store_look(work)
    assert Artwork.objects.get().colour == "blue"
