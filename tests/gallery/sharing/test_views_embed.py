"""Works on other sites: the frame, oEmbed, Open Graph, feeds."""

import json
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from gallery.artworks.publishing import edit_work
from gallery.models import Artwork, Collection, CollectionItem, Licence, State, Visibility
from gallery.sharing.feeds import ENTRIES
from tests.factories import make_artwork, make_tag, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "http://testserver"


def test_other_sites_may_frame_this_page_and_no_other(client):
    work = make_artwork(make_user("ada", display_name="Ada <i>"), title="Moss <b>", has_files=True)
    frame = client.get(f"/art/{work.slug}/embed/")
    page = frame.content.decode()
    assert frame.status_code == 200 and "X-Frame-Options" not in frame
    assert (
        "frame-ancestors *" in frame["Content-Security-Policy"]
        and "script-src 'self'" in frame["Content-Security-Policy"]
    )
    assert (
        "Moss &lt;b&gt;" in page
        and "Ada &lt;i&gt;" in page
        and "CC BY 4.0" in page
        and "<script" not in page
    )
    shown = client.get(f"/art/{work.slug}/")
    assert (
        shown["X-Frame-Options"] == "DENY"
        and "frame-ancestors 'none'" in shown["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.UNLISTED},
        {"visibility": Visibility.PRIVATE},
        {"state": State.HIDDEN},
    ],
)
def test_only_public_works_are_embedded(client, fields):
    work = make_artwork(has_files=True, **fields)
    client.force_login(work.author)
    assert client.get(f"/art/{work.slug}/embed/").status_code == 404
    assert client.get("/oembed/", {"url": f"{HOST}/art/{work.slug}/"}).status_code == 404
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert "og:title" not in page and "oembed" not in page


def test_a_picture_is_an_oembed_photo_in_the_size_that_is_asked_for(client):
    work = make_artwork(has_files=True, width=1024, height=768, title="Moss")
    answer = client.get("/oembed/", {"url": f"{HOST}/art/{work.slug}/", "format": "json"})
    message = answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (message["type"], message["version"], message["title"], message["author_name"]) == (
        "photo",
        "1.0",
        "Moss",
        work.author.name,
    )
    assert (message["url"], message["width"], message["height"]) == (
        f"{HOST}/art/{work.slug}/master.png",
        1024,
        768,
    )
    small = client.get("/oembed/", {"url": f"{HOST}/art/{work.slug}/", "maxwidth": "400"}).json()
    assert (small["width"], small["height"]) == (400, 300) and small["url"].endswith(
        "thumbnail.webp"
    )
    picture = client.get(message["url"])
    assert picture["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_reserved_work_gives_its_page_picture_and_not_its_master(client):
    work = make_artwork(has_files=True, licence=Licence.RESERVED)
    message = client.get("/oembed/", {"url": f"{HOST}/art/{work.slug}/"})
    assert "page.webp" in message.json()["url"] and "master" not in message.content.decode()
    assert "master" not in client.get(f"/art/{work.slug}/embed/").content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://elsewhere.example/art/{slug}/",
        "{host}/about/",
        "{host}/art/none/",
        "javascript:alert(1)",
        "http://[",
        "{host}/art/{slug}/edit/",
        "//testserver/art/{slug}/",
    ],
)
def test_what_is_no_public_work_has_no_oembed(client, url):
    work = make_artwork(has_files=True)
    assert client.get("/oembed/", {"url": url.format(slug=work.slug, host=HOST)}).status_code == 404


def test_oembed_says_what_it_does_not_offer(client):
    work = make_artwork(has_files=True)
    url = f"{HOST}/art/{work.slug}/"
    assert client.get("/oembed/", {"url": url, "format": "xml"}).status_code == 501
    for width in ("-1", "a", "0", "1e3", "9" * 40, "٣"):
        assert client.get("/oembed/", {"url": url, "maxwidth": width}).status_code == 400


def test_a_public_work_tells_other_sites_what_it_is(client):
    work = make_artwork(has_files=True, title='"><script>', description="Long " * 100)
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert f'<meta property="og:image" content="{HOST}/art/{work.slug}/master.png">' in page
    assert (
        '<meta name="twitter:card" content="summary_large_image">' in page
        and "application/json+oembed" in page
    )
    assert f"src=&quot;{HOST}/art/{work.slug}/embed/&quot;" in page
    assert page.count("og:title") == 1 and 'content=""><script>' not in page


def test_a_profile_tells_other_sites_what_it_is(client):
    work = make_artwork(make_user("ada", bio="I grow moss."), has_files=True)
    page = client.get("/@ada/").content.decode()
    assert (
        'content="I grow moss."' in page
        and f"{HOST}/art/{work.slug}/master.png" in page
        and f"{HOST}/@ada/feed/" in page
    )


def test_a_public_collection_tells_other_sites_what_it_is_and_a_private_one_nothing(client):
    work = make_artwork(has_files=True)
    shelf = Collection.objects.create(owner=make_user("ada"), title="Shelf <b>", text="Mosses.")
    CollectionItem.objects.create(collection=shelf, artwork=work, position=1)
    page = client.get(shelf.get_absolute_url()).content.decode()
    assert (
        'og:title" content="Shelf &lt;b&gt;"' in page
        and f"{HOST}/art/{work.slug}/master.png" in page
    )
    Collection.objects.update(is_public=False)
    client.force_login(shelf.owner)
    assert "og:title" not in client.get(shelf.get_absolute_url()).content.decode()


def entries(answer) -> list[ElementTree.Element]:
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def test_feeds_of_the_garden_a_person_and_a_tag(client):
    ada = make_user("ada")
    moss, fern = (
        make_artwork(ada, tags=["moss"], has_files=True),
        make_artwork(tags=["fern"], has_files=True),
    )
    make_artwork(ada, visibility=Visibility.UNLISTED, tags=["moss"])
    ids = {
        address: [entry.find(f"{ATOM}id").text for entry in entries(client.get(address))]
        for address in ("/feed/", "/@ada/feed/", "/tag/moss/feed/")
    }
    assert ids == {
        "/feed/": [f"{HOST}{fern.get_absolute_url()}", f"{HOST}{moss.get_absolute_url()}"],
        "/@ada/feed/": [f"{HOST}{moss.get_absolute_url()}"],
        "/tag/moss/feed/": [f"{HOST}{moss.get_absolute_url()}"],
    }
    for address in ("/@nobody/feed/", "/tag/none/feed/"):
        assert client.get(address).status_code == 404
    assert client.get("/feed/?after=forged").status_code == 400


def test_an_entry_brings_its_files_and_licence(client):
    work = make_artwork(has_files=True, description="<script>alert(1)</script>")
    entry = entries(client.get("/feed/"))[0]
    links = {link.get("rel"): link for link in entry.findall(f"{ATOM}link")}
    assert links["enclosure"].get("href").startswith(f"{HOST}/art/{work.slug}/")
    assert "licenses/by/4.0" in links["license"].get("href")
    assert (
        "CC BY 4.0" in entry.find(f"{ATOM}rights").text
        and "<script>" not in entry.find(f"{ATOM}summary").text
    )


def test_a_feed_is_valid_atom(client):
    work = make_artwork(has_files=True, title="<b> & “Moss”", description="One.\n\nTwo.")
    feed = ElementTree.fromstring(client.get("/feed/").content)
    assert feed.tag == f"{ATOM}feed"
    # RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry must have, once each.
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert parse_datetime(element.findtext(f"{ATOM}updated")).tzinfo
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == work.title
    assert entry.find(f"{ATOM}author/{ATOM}name") is not None
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    rels = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
    assert rels.count("alternate") == 1
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1


@pytest.mark.parametrize("address", ["/feed/", "/@ada/feed/", "/tag/moss/feed/"])
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_reader_that_has_the_feed_gets_304(client, address, is_empty):
    ada = make_user("ada")
    if is_empty:
        make_tag("moss")
    else:
        work = make_artwork(ada, tags=["moss"], has_files=True)
    first = client.get(address)
    seen = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(address, **seen).status_code == 304
    since = {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
    assert client.get(address, **since).status_code == 304
    if not is_empty:
        work.title = "Another"
        work.save()
        assert client.get(address, **seen).status_code == 200


def reword(work: Artwork, **changes: Any) -> None:
    kept = ("title", "description", "alt_text", "licence", "visibility", "may_be_bred")
    tags = [tag.name for tag in work.tags.all()]
    values = {name: getattr(work, name) for name in kept} | {"tags": tags}
    edit_work(work.author, work, **(values | changes))


def published_and_updated(entry: ElementTree.Element) -> list[datetime]:
    names = ("published", "updated")
    return [datetime.fromisoformat(entry.findtext(f"{ATOM}{name}")) for name in names]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Mosses"},
        {"description": "Soft."},
        {"alt_text": "A cushion."},
        {"licence": Licence.CC_BY_SA},
    ],
)
def test_new_words_make_an_entry_newer_and_readers_get_it_again(client, changes):
    day = timezone.now() - timedelta(days=1)
    work = make_artwork(make_user("ada"), title="Moss", has_files=True, published_at=day)
    make_artwork(has_files=True, published_at=day)
    first = client.get("/feed/")
    since = {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
    assert client.get("/feed/", **since).status_code == 304
    reword(work, **changes)
    other, changed = entries(again := client.get("/feed/", **since))
    published, updated = published_and_updated(changed)
    assert published == day < updated
    assert published_and_updated(other) == [published, published]
    assert (
        datetime.fromisoformat(ElementTree.fromstring(again.content).findtext(f"{ATOM}updated"))
        == updated
    )
    since = {"HTTP_IF_MODIFIED_SINCE": again["Last-Modified"]}
    assert client.get("/feed/", **since).status_code == 304


def test_what_an_entry_does_not_show_leaves_it_as_old_as_it_was(client):
    work = make_artwork(make_user("ada"), title="Moss", has_files=True)
    reword(work, tags=["green"], may_be_bred=False)
    published, updated = published_and_updated(*entries(client.get("/feed/")))
    assert published == updated


def test_older_works_are_on_further_pages(client, django_assert_max_num_queries):
    ada = make_user("ada")
    works = [make_artwork(ada) for _ in range(ENTRIES + 5)]
    with django_assert_max_num_queries(8):
        first = client.get("/@ada/feed/")
    links = {
        link.get("rel"): link.get("href")
        for link in ElementTree.fromstring(first.content).findall(f"{ATOM}link")
    }
    rest = entries(client.get(links["next"]))
    assert len(entries(first)) == ENTRIES and len(rest) == 5
    assert rest[-1].find(f"{ATOM}title").text == works[0].title


def test_the_sizes_of_a_download(client):
    work = make_artwork(has_files=True, width=600, height=300)
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert (
        f"/art/{work.slug}/download/512.webp/" in page
        and "1024.png" not in page
        and "512 × 256" in page
    )
    for kind, begins in (("webp", b"RIFF"), ("256.png", b"\x89PNG"), ("512.jpeg", b"\xff\xd8")):
        answer = client.get(f"/art/{work.slug}/download/{kind}/")
        assert answer.content.startswith(begins) and b"CC BY 4.0" in answer.content
        assert kind.rpartition(".")[0] in answer["Content-Disposition"]
    for kind in ("1024.png", "9.png", "512.gif", "512", "-512.png", "png.png"):
        assert client.get(f"/art/{work.slug}/download/{kind}/").status_code == 404
    assert (
        json.loads(client.get("/oembed/", {"url": f"{HOST}/art/{work.slug}/"}).content)[
            "thumbnail_width"
        ]
        == 512
    )
