"""Borrowing on the bench: from works by any way of naming them, from pictures, and what is refused
in words.
"""

import io

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gallery.bench import views_borrow
from gallery.core.rate_limits import RateLimiter
from gallery.models import Visibility
from generation.finishing.steps import read_steps
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
PER_MINUTE = 20


@pytest.fixture(autouse=True)
def fresh_rate_limiter(monkeypatch):
    monkeypatch.setattr(views_borrow, "rate_limiter", RateLimiter("borrow", PER_MINUTE))


def picture(edge: int = 96, *, name: str = "mine.png") -> SimpleUploadedFile:
    pixels = np.zeros((edge, edge, 3), np.uint8)
    pixels[:, : edge // 2] = (220, 60, 30)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/png")


def test_a_style_comes_from_a_work_by_its_name_or_address(client):
    work = make_artwork(has_files=True)
    message = client.post("/bench/borrow/", {"kind": "style", "work": work.slug}).json()
    read_steps([["borrowed-style", {"vector": message["vector"]}]])
    for address in (
        f"https://garden.example/art/{work.slug}/",
        f"/art/{work.slug}/?from=wall",
        f" {work.slug} ",
    ):
        assert client.post("/bench/borrow/", {"kind": "style", "work": address}).json() == message


def test_a_style_and_a_palette_come_from_a_picture_that_is_not_kept(client, settings):
    style = client.post("/bench/borrow/", {"kind": "style", "picture": picture()}).json()
    palette = client.post("/bench/borrow/", {"kind": "palette", "picture": picture()}).json()
    read_steps(
        [
            ["borrowed-style", {"vector": style["vector"]}],
            ["palette", {"colours": palette["colours"]}],
        ]
    )
    assert palette["colours"][0] == "#000000" and "#dc3c1e" in palette["colours"]
    assert not settings.MEDIA_ROOT.exists() or not list(settings.MEDIA_ROOT.rglob("*.*"))


def test_a_private_work_gives_its_style_to_its_maker_only(client):
    work = make_artwork(visibility=Visibility.PRIVATE, has_files=True)
    asked = {"kind": "style", "work": work.slug}
    refused = client.post("/bench/borrow/", asked)
    assert refused.status_code == 400 and "This work doesn't exist" in refused.json()["error"]
    client.force_login(work.author)
    assert "vector" in client.post("/bench/borrow/", asked).json()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kind": "style", "picture": picture(8)}, "at least 64 × 64"),
        ({"kind": "palette", "picture": picture(8)}, "at least 64 × 64"),
        ({"kind": "style", "picture": SimpleUploadedFile("a.png", b"moss")}, "not a readable PNG"),
        ({"kind": "style", "picture": SimpleUploadedFile("a.png", b"")}, "not a readable PNG"),
        (
            {"kind": "style", "picture": SimpleUploadedFile("a.png", bytes(21 * 2**20))},
            "20 MB at most",
        ),
        ({"kind": "style", "work": "nowhere"}, "This work doesn't exist"),
        ({"kind": "style", "work": "\x00/art/%00"}, "This work doesn't exist"),
        ({"kind": "style"}, "Send a picture"),
        ({"kind": "genes", "work": "nowhere"}, "one of these: style, palette"),
    ],
)
def test_what_cannot_be_borrowed_is_refused_in_words(client, asked, words):
    for value in asked.values():
        if hasattr(value, "seek"):
            value.seek(0)
    response = client.post("/bench/borrow/", asked)
    assert response.status_code == 400 and words in response.json()["error"]


def test_pictures_of_all_common_kinds_lend_their_colours(client):
    ramp = Image.fromarray(np.linspace(-3, 9, 96 * 96, dtype=np.float32).reshape(96, 96))
    colours = Image.merge("RGB", [Image.linear_gradient("L")] * 3)
    exif = Image.Exif()
    exif[0x0112] = 6
    for image, kind, options in (
        (ramp, "TIFF", {}),
        (colours, "GIF", {}),
        (colours, "AVIF", {"exif": exif}),
        (colours.convert("CMYK"), "JPEG", {}),
        (colours, "WEBP", {"icc_profile": b"none"}),
    ):
        packed = io.BytesIO()
        image.save(packed, kind, **options)
        sent = SimpleUploadedFile("朝\u202egpj.png", packed.getvalue())
        answer = client.post("/bench/borrow/", {"kind": "palette", "picture": sent})
        assert answer.status_code == 200, (kind, answer.json())
        darkest, *_, brightest = answer.json()["colours"]
        assert int(darkest[1:3], 16) < 64 < 192 < int(brightest[1:3], 16)


def test_a_work_without_its_picture_is_refused(client):
    unprinted = make_artwork(title="Reed")
    assert (
        "no picture to borrow"
        in client.post("/bench/borrow/", {"kind": "palette", "work": unprinted.slug}).json()[
            "error"
        ]
    )


def test_borrowing_has_its_measure(client):
    client.force_login(make_user())
    answers = [client.post("/bench/borrow/", {"kind": "none"}) for _ in range(PER_MINUTE + 1)]
    assert [answer.status_code for answer in answers] == [400] * PER_MINUTE + [429]
    assert answers[-1].json()["retry_after"] >= 1
    assert client.get("/bench/borrow/").status_code == 405
