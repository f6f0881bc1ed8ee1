"""Odd words of people break no page: what is dropped, kept apart, and shown."""

import json
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from gallery.models import Artwork, Collection, Tag, User
from gallery.models.texts import slug_of
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
BROKEN = "vertical\x0btab \x01 ctrl"


@pytest.fixture
def ada() -> User:
    return make_user("ada")


@pytest.fixture
def as_ada(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


def patch(client: Client, work: Artwork, **fields: object) -> tuple[int, dict]:
    answer = client.patch(f"/api/works/{work.slug}", fields, content_type="application/json")
    return answer.status_code, answer.json()


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return [
        entry.findtext(f"{ATOM}title", "")
        for entry in ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")
    ]


def test_control_characters_in_words_do_not_break_feeds(as_ada: Client, ada: User):
    work = make_artwork(ada, has_files=True)
    status, message = patch(as_ada, work, title=BROKEN, description=f"{BROKEN}\nsecond")
    assert (status, message["title"]) == (200, "vertical tab ctrl")
    assert message["description"] == "vertical\ntab  ctrl\nsecond"
    as_ada.post("/me/profile/", {"display_name": BROKEN, "bio": BROKEN})
    ada.refresh_from_db()
    assert (ada.display_name, ada.bio) == ("vertical tab ctrl", "vertical\ntab  ctrl")
    assert titles(as_ada.get("/feed/")) == titles(as_ada.get("/@ada/feed/")) == [message["title"]]


def test_what_was_stored_before_the_rule_is_shown_clean(client: Client, ada: User):
    work = make_artwork(ada, has_files=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gallery_artwork SET title = %s, description = %s WHERE id = %s",
            ["a\x01b\u202ec", "\x02", work.pk],
        )
        cursor.execute("UPDATE gallery_user SET display_name = %s", ["\u200b\u2060"])
    assert titles(client.get("/feed/")) == titles(client.get("/@ada/feed/")) == ["abc"]
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert "\u202e" not in page and ">ada<" in page


def test_an_override_of_direction_is_kept_nowhere(as_ada: Client, ada: User):
    work = make_artwork(ada, has_files=True)
    _, message = patch(as_ada, work, title="evil \u202edetrevni", alt_text="\u2067x")
    assert (message["title"], message["alt_text"]) == ("evil detrevni", "x")
    for address in (
        f"/art/{work.slug}/",
        f"/art/{work.slug}/embed/",
        f"/oembed/?url=http://testserver/art/{work.slug}/",
        "/",
        "/feed/",
    ):
        assert "\u202e" not in as_ada.get(address).content.decode(), address


def test_an_invisible_name_is_no_name(as_ada: Client, ada: User):
    as_ada.post("/me/profile/", {"display_name": "\u200b\u2060"})
    ada.refresh_from_db()
    assert ada.name == "ada"


@pytest.mark.parametrize("title", ["\u200b\u2060", "\u202e", "\u3164"])
def test_a_title_needs_something_to_see(as_ada: Client, ada: User, title: str):
    work = make_artwork(ada)
    status, message = patch(as_ada, work, title=title)
    assert status == 400 and "title" in json.dumps(message)
    form = {"title": title, "licence": work.licence, "visibility": work.visibility}
    answer = as_ada.post(f"/art/{work.slug}/edit/", form)
    assert answer.status_code == 400 and "Give the work a title." in answer.content.decode()


def test_tags_in_any_script_are_tags_of_their_own(as_ada: Client, ada: User):
    work, other = make_artwork(ada), make_artwork(ada, tags=["第1朵"])
    assert patch(as_ada, work, tags=["红花"])[0] == 200
    assert patch(as_ada, work, tags=["红花2", "蓝花2", "C++", "C#", "c++"])[1]["tags"] == [
        "C#",
        "C++",
        "红花2",
        "蓝花2",
    ]
    assert patch(as_ada, other, tags=["蓝色1号"])[1]["tags"] == ["蓝色1号"]
    for tag in Tag.objects.filter(artworks=work):
        address = tag.get_absolute_url()
        assert address.isascii() and "#" not in address
        page = as_ada.get(address)
        assert page.status_code == 200 and work.title in page.content.decode()
        assert titles(as_ada.get(f"{address}feed/")) == [work.title]
        listed = as_ada.get("/api/works", {"tag": tag.slug}).json()["items"]
        assert [card["slug"] for card in listed] == [work.slug]
        assert f'href="{address}"' in as_ada.get(f"/art/{work.slug}/").content.decode()


def test_another_spelling_of_a_tag_leads_to_it(client: Client):
    make_artwork(tags=["Red Flower"])
    answer = client.get(f"/tag/{quote('RED FLOWER')}/")
    assert (answer.status_code, answer["Location"]) == (301, "/tag/red-flower/")
    for nowhere in ("..", "?", "%00", "x" * 300):
        assert client.get(f"/tag/{quote(nowhere, safe='%')}/").status_code == 404


def test_tags_may_be_separated_by_chinese_commas(as_ada: Client, ada: User):
    work = make_artwork(ada)
    form = {"title": "x", "licence": work.licence, "visibility": work.visibility}
    as_ada.post(f"/art/{work.slug}/edit/", form | {"tags": "红花，蓝花、 #绿叶, moss"})
    assert sorted(tag.name for tag in work.tags.all()) == ["moss", "红花", "绿叶", "蓝花"]


def test_a_mention_after_chinese_text_is_a_link(as_ada: Client):
    make_user("tester1")
    work = make_artwork()
    as_ada.post(f"/art/{work.slug}/comments/", {"text": "你好@tester1！多谢@tester1的花"})
    page = as_ada.get(f"/art/{work.slug}/").content.decode()
    assert page.count('<a class="mention" href="/@tester1/"') == 2


@pytest.mark.parametrize(
    ("title", "plain", "shown"),
    [
        ("Moss at Dawn", "moss-at-dawn.png", None),
        ("红花 2", "2.png", "红花-2.png"),
        ("नमस्ते", None, "नमस्ते.png"),
        ('a/"b"; c:', "ab-c.png", "a-b-c.png"),
        ("…", None, None),
    ],
)
def test_a_download_keeps_the_title_in_its_script(
    client: Client, title: str, plain: str | None, shown: str | None
):
    work = make_artwork(title=title, has_files=True)
    header = client.get(f"/art/{work.slug}/download/png/")["Content-Disposition"]
    assert header.startswith(f'attachment; filename="{plain or f"{work.slug}.png"}"')
    assert header.isascii()
    assert header.partition("filename*=UTF-8''")[2] == quote(shown or "", safe="")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("🌸", "Spring 🌸🌿"),
        ("👍🏽", "Well done 👍"),
        ("花园", "我的花园里"),
        ("小さな", "森の中の小さな家"),
        ("家", "森の中の小さな家"),
        ("花园 🌿", "花园🌿"),
    ],
)
def test_emoji_and_words_without_spaces_are_found(client: Client, query: str, title: str):
    make_artwork(title=title, has_files=True)
    make_artwork(title="Other 🍄 树", has_files=True)
    works = client.get("/api/works/search", {"q": query}).json()["items"]
    assert [work["title"] for work in works] == [title]


def test_names_in_descriptions_bios_and_collections_are_links(client: Client, ada: User):
    make_user("bo")
    work = make_artwork(ada, description="Bred with @bo & <@nobody>\n\nhttps://a.example/b")
    Collection.objects.create(owner=ada, title="Mosses", text="For @bo.", slug="mosses")
    User.objects.filter(pk=ada.pk).update(bio="I know @bo.")
    link = '<a class="mention" href="/@bo/"'
    page = client.get(f"/art/{work.slug}/").content.decode()
    assert page.count(link) == 1 and "&amp; &lt;@nobody&gt;</p>" in page
    assert 'rel="nofollow noopener ugc">https://a.example/b</a>' in page
    assert client.get("/collection/mosses/").content.decode().count(link) == 1
    assert client.get("/@ada/").content.decode().count(link) == 1


def test_tags_are_completed_from_those_in_use_the_most_used_first(client: Client):
    for name, number in (("Moss", 2), ("moss green", 5), ("红花", 1), ("moth", 0), ("fern", 9)):
        Tag.objects.create(slug=slug_of(name), name=name, number=number)

    def offered(text: str) -> list[str]:
        return client.get("/tags/complete/", {"q": text}).json()["tags"]

    assert offered("MO") == ["moss green", "Moss"]
    assert offered("红") == ["红花"]
    assert offered("") == offered("%") == offered("_") == []
