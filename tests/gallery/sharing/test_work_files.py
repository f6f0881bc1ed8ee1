"""The files of works: who gets them, what they say about themselves, and who may keep a copy."""

import io

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from PIL import Image

from gallery.models import Licence, State, Visibility
from generation.codecs import provenance
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_a_public_picture_may_be_kept_by_everybody(client: Client):
    work = make_artwork(has_files=True)
    response = client.get(f"/art/{work.slug}/thumbnail.webp")
    assert response["Content-Type"] == "image/webp"
    assert (
        response["Cache-Control"].startswith("public") and "immutable" in response["Cache-Control"]
    )
    assert b"".join(response.streaming_content) == work.thumbnail.open().read()


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
    ],
)
def test_any_other_picture_may_be_kept_by_the_own_browser_alone(client: Client, fields):
    work = make_artwork(has_files=True, **fields)
    client.force_login(work.author)
    response = client.get(f"/art/{work.slug}/master.png")
    assert response["Cache-Control"] == "private, no-cache"


def test_a_picture_that_the_browser_has_is_not_sent_again(client: Client):
    work = make_artwork(has_files=True)
    path = f"/art/{work.slug}/master.png"
    etag = client.get(path)["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.django_db(transaction=True)
async def test_a_picture_is_sent_in_pieces_by_the_real_server_too():
    work = await _make_work()
    response = await AsyncClient().get(f"/art/{work.slug}/master.png")
    pieces = [piece async for piece in response.streaming_content]
    assert int(response["Content-Length"]) == sum(map(len, pieces))
    assert Image.open(io.BytesIO(b"".join(pieces))).size == (64, 64)


def _make_work():
    return sync_to_async(make_artwork)(has_files=True)


def test_a_file_that_is_missing_is_a_404_and_not_a_crash(client: Client):
    unprinted = make_artwork()
    lost = make_artwork(has_files=True)
    for file in (lost.master, lost.thumbnail):
        file.storage.delete(file.name)
    for path in (
        f"/art/{unprinted.slug}/master.png",
        f"/art/{lost.slug}/thumbnail.webp",
        f"/art/{lost.slug}/download/png/",
    ):
        assert client.get(path).status_code == 404
    assert client.get(f"/art/{lost.slug}/download/exe/").status_code == 404
    assert client.get(f"/art/{lost.slug}/../secret").status_code == 404


@pytest.mark.parametrize(("kind", "media_type"), [("png", "image/png"), ("jpeg", "image/jpeg")])
def test_a_download_says_inside_who_made_it_from_what_and_how(
    client: Client, kind: str, media_type: str
):
    maker = make_user(display_name="Ada Fern")
    parent = make_artwork(make_user(display_name="Bo"), title="Salt Moon")
    secret = make_artwork(
        make_user(display_name="Cy"), title="Secret", visibility=Visibility.PRIVATE
    )
    work = make_artwork(
        maker,
        title="Ember “Moon”/..",
        parents=[parent, secret],
        shares=[0.7, 0.3],
        licence=Licence.CC_BY_SA,
        has_files=True,
        alt_text="A glowing disc.",
    )
    response = client.get(f"/art/{work.slug}/download/{kind}/")
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="ember-moon.{kind}"'
    words = provenance.read(response.content)
    assert (words.title, words.creator, words.alt) == (
        "Ember “Moon”/..",
        "Ada Fern",
        "A glowing disc.",
    )
    assert words.licence_url == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert (
        "70% “Salt Moon” by Bo" in words.lineage
        and "Secret" not in words.lineage
        and "Cy" not in words.lineage
    )
    assert words.identifier == work.genome_identity and not words.is_trained
    assert b"digitalsourcetype/algorithmicMedia" in response.content


def test_a_downloaded_png_has_the_masters_very_pixels(client: Client):
    work = make_artwork(has_files=True)
    downloaded = Image.open(io.BytesIO(client.get(f"/art/{work.slug}/download/png/").content))
    assert downloaded.tobytes() == Image.open(work.master.open()).tobytes()


def test_a_file_of_a_species_that_learnt_says_so(client: Client):
    work = make_artwork(has_files=True)
    work.species.card = {"weights_sha256": "0" * 64}
    work.species.save()
    assert provenance.read(client.get(f"/art/{work.slug}/download/png/").content).is_trained
