"""The pages of links, the code to photograph, and a work behind a link."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.models import Artwork, Licence, ShareLink, State, Visibility
from gallery.sharing.actions import make_link, revoke_link
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> Artwork:
    return make_artwork(
        make_user("ada"), visibility=Visibility.PRIVATE, has_files=True, title="Moss <b>"
    )


def test_whoever_has_the_link_sees_the_work_and_its_files_but_cannot_breed_it(client, work):
    link = make_link(work.author, work, days=7)
    answer = client.get(f"/s/{link.token}/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "Moss &lt;b&gt;" in page and "/bench/?parents=" not in page
    assert work.slug not in page
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "no-referrer"
    picture = client.get(f"/s/{link.token}/master.png")
    assert (
        b"".join(picture.streaming_content)[:4] == b"\x89PNG"
        and "private" in picture["Cache-Control"]
    )
    assert client.get(f"/art/{work.slug}/").status_code == 404


def test_a_closed_link_is_gone_and_an_unknown_one_was_never_there(client, work):
    expired, revoked = make_link(work.author, work), make_link(work.author, work)
    ShareLink.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    revoke_link(work.author, revoked)
    for link in (expired, revoked):
        for address in (f"/s/{link.token}/", f"/s/{link.token}/master.png"):
            answer = client.get(address)
            assert (
                answer.status_code == 410
                and "no longer works" in answer.content.decode()
                and "Moss" not in answer.content.decode()
            )
    assert client.get("/s/aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    opened = make_link(work.author, work)
    Artwork.objects.update(state=State.HIDDEN)
    assert client.get(f"/s/{opened.token}/").status_code == 410


def test_the_maker_makes_and_revokes_links_on_a_page(client, work):
    client.force_login(work.author)
    assert (
        client.post(f"/art/{work.slug}/links/", {"note": "<script>", "days": "7"}).status_code
        == 302
    )
    link = ShareLink.objects.get()
    page = client.get(f"/art/{work.slug}/links/").content.decode()
    assert link.token in page and "&lt;script&gt;" in page and "<script>x" not in page
    assert link.token in client.get(f"/art/{work.slug}/").content.decode()
    assert "<svg" in client.get(f"/art/{work.slug}/links/{link.pk}/qr.svg").content.decode()
    client.post(f"/art/{work.slug}/links/{link.pk}/revoke/")
    assert ShareLink.objects.get().revoked_at
    assert (
        client.post(f"/art/{work.slug}/links/", {"note": "x" * 5000, "days": "7"}).status_code
        == 400
    )
    assert client.post(f"/art/{work.slug}/links/", {"days": "99999"}).status_code == 400
    assert ShareLink.objects.count() == 1


def test_a_new_address_replaces_the_old_one(client, work):
    client.force_login(work.author)
    assert client.post(f"/art/{work.slug}/links/new-address/").status_code == 302
    assert client.get(f"/art/{work.slug}/").status_code == 404
    renewed = Artwork.objects.get()
    answer = client.get(f"/art/{renewed.slug}/master.png")
    assert answer.status_code == 200


def test_to_others_the_page_of_links_does_not_exist(client, work):
    link = make_link(work.author, work)
    stranger = make_artwork(visibility=Visibility.PRIVATE)
    client.force_login(stranger.author)
    assert client.get(f"/art/{work.slug}/links/").status_code == 404
    assert client.post(f"/art/{work.slug}/links/", {"days": "7"}).status_code == 404
    for address in (
        f"/art/{work.slug}/links/{link.pk}/revoke/",
        f"/art/{stranger.slug}/links/{link.pk}/revoke/",
    ):
        assert client.post(address).status_code == 404
    assert client.get(f"/art/{stranger.slug}/links/{link.pk}/qr.svg").status_code == 404
    assert ShareLink.objects.get().revoked_at is None


def test_the_code_of_a_work_is_for_whoever_may_open_it(client, work):
    assert client.get(f"/art/{work.slug}/qr.svg").status_code == 404
    public = make_artwork()
    answer = client.get(f"/art/{public.slug}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml" and re.match(
        r"<svg [^>]*aria-label=\"QR", answer.content.decode()
    )


def test_the_full_size_of_a_reserved_work_is_its_makers(client):
    work = make_artwork(licence=Licence.RESERVED, has_files=True)
    for address in ("master.png", "download/png/", "download/jpeg/"):
        assert client.get(f"/art/{work.slug}/{address}").status_code == 404
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert "page.webp" in page and "master.png" not in page and "/download/" not in page
    shown = client.get(f"/art/{work.slug}/page.webp")
    assert b"".join(shown.streaming_content)[8:12] == b"WEBP"
    client.force_login(work.author)
    mine = client.get(f"/art/{work.slug}/master.png")
    assert mine.status_code == 200 and "private" in mine["Cache-Control"]
    assert client.get(f"/art/{work.slug}/download/png/").status_code == 200
