"""Pages to look around: the wall, search, tags, species, and the words about the garden."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.discovery import hero_pair
from gallery.discovery.large_tiles import SQUARES
from gallery.help.credits import THIRD_PARTY
from gallery.models import State, User, Visibility
from generation.finishing.weights import FILES
from tests.factories import make_artwork, make_species, make_tag, make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db
CLOSED = {
    "Private one": {"visibility": Visibility.PRIVATE},
    "Unlisted one": {"visibility": Visibility.UNLISTED},
    "Hidden one": {"state": State.HIDDEN},
    "Quarantined one": {"state": State.QUARANTINED},
    "Unprinted one": {"state": State.RENDERING, "published_at": None},
}


@pytest.fixture
def garden() -> None:
    """One public work, and one of every kind that stands on no wall; all share a word and a tag."""
    ada = make_user("ada")
    make_artwork(ada, title="Public one", tags=["moss"])
    for title, fields in CLOSED.items():
        make_artwork(ada, title=title, tags=["moss"], **fields)


@pytest.mark.parametrize(
    "path",
    ["/", "/search/?q=one&in=works", "/tag/moss/", "/species/", "/species/patterns/", "/feed/"],
)
@pytest.mark.parametrize("person", ["visitor", "maker", "other", "staff"])
def test_walls_show_public_works_to_everybody_and_others_to_nobody(
    client: Client, garden: None, path: str, person: str
):
    if person != "visitor":
        is_maker = person == "maker"
        role = "moderator" if person == "staff" else "member"
        client.force_login(
            User.objects.get(username="ada") if is_maker else make_user("eve", role=role)
        )
    page = client.get(path).content.decode()
    assert "Public one" in page
    assert [title for title in CLOSED if title in page] == []


def test_a_new_visitor_is_told_what_this_is_and_given_a_pair(client: Client, monkeypatch):
    monkeypatch.setattr(hero_pair, "_start", lambda *works: None)  # Films have their own tests.
    first, second = (make_artwork(has_files=True) for _ in range(2))
    page = client.get("/").content.decode()
    assert "Pictures and tunes that have parents" in page
    assert f"/bench/?parents={second.slug},{first.slug}" in page
    client.force_login(make_user())
    assert "Pictures and tunes that have parents" not in client.get("/").content.decode()


def test_pages_follow_each_other_without_gaps_or_doubles(client: Client):
    ada = make_user()
    moment = timezone.now()
    # Works of the same moment too: there the id decides.
    titles = [
        make_artwork(
            ada, title=f"Number {n:03}", published_at=moment + timedelta(seconds=n // 7)
        ).title
        for n in range(2 * SQUARES + 3)
    ]
    seen, after = [], ""
    for _ in range(3):
        page = client.get(f"/?shelf=fresh&after={after}").context["page"]
        seen += [work.title for work in page.items]
        after = page.next_cursor
    assert seen == titles[::-1] and after == ""


def test_more_works_come_as_cards_alone_for_htmx_and_as_a_page_by_the_plain_link(client: Client):
    ada = make_user()
    for _ in range(SQUARES + 1):
        make_artwork(ada)
    link = re.search(r'<a class="button" href="(\?after=[^"]+)"', html_of(client.get("/")))[1]
    fragment = client.get(f"/{link}", headers={"HX-Request": "true"}).content.decode()
    page = client.get(f"/{link}").content.decode()
    assert fragment.count('class="work"') == page.count('class="work"') == 1
    assert "<html" not in fragment and "<html" in page and "Back to the beginning" in page


def test_the_shelf_of_featured_works_holds_those_alone(client: Client):
    make_artwork(title="Plain")
    make_artwork(title="Shining", is_featured=True)
    page = client.get("/?shelf=featured").content.decode()
    assert "Shining" in page and "Plain" not in page
    assert client.get("/?shelf=nonsense").context["shelf"].key == "mixed"


@pytest.mark.parametrize(
    "path", ["/", "/?shelf=featured", "/search/?q=moss", "/tag/moss/", "/species/patterns/"]
)
@pytest.mark.parametrize("cursor", ["zzz", "%00", "A" * 500, "MTIz", "9999999999999999999999", "é"])
def test_a_damaged_cursor_is_told_and_breaks_nothing(client: Client, path: str, cursor: str):
    make_artwork(tags=["moss"])
    response = client.get(path + ("&" if "?" in path else "?") + f"after={cursor}")
    assert response.status_code == 400
    assert "Start again from the first page" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["", " ", "%", "!!!", "%00", "a" * 3000, "'; DROP TABLE x; --", "☂", "un\x01seen"]
)
def test_a_strange_search_finds_nothing_and_breaks_nothing(client: Client, query: str):
    make_artwork(title="Quiet moss")
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "Quiet moss" not in response.content.decode()


def test_search_finds_words_tags_and_beginnings_newest_first(client: Client):
    older = make_artwork(title="Velvet spiral")
    newer = make_artwork(title="Paper moon", tags=["Spirals of light"])
    found = client.get("/search/", {"q": "SPIR", "in": "works"})
    assert [work.pk for work in found.context["page"].items] == [newer.pk, older.pk]
    assert "/tag/spirals-of-light/" in client.get("/search/", {"q": "SPIR"}).content.decode()


def test_what_people_write_is_escaped_on_every_wall(client: Client):
    eve = make_user(display_name="<b>Eve</b>")
    evil = '"><script>alert(1)</script>'
    make_artwork(eve, title=evil, alt_text=evil, tags=["moss"], has_files=True)
    tag = make_tag("moss")
    tag.name = evil[:40]
    tag.save()
    for path in (
        "/",
        "/search/?q=alert",
        "/search/?q=%22%3E%3Cscript%3E",
        "/tag/moss/",
        "/species/",
        "/species/patterns/",
    ):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "<b>Eve" not in page


def test_tags_of_closed_works_are_told_to_nobody(client: Client):
    make_artwork(tags=["open moss"])
    make_artwork(tags=["secret moss"], visibility=Visibility.PRIVATE)
    page = client.get("/search/").content.decode()
    assert "open moss" in page and "secret moss" not in page


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # One of them reads what the numbers on the filters are counted from, one how far a demo
        # garden has grown.
        ("/", 6),
        ("/?shelf=featured", 3),
        ("/search/?q=moss", 8),
        ("/search/?q=moss&in=works", 5),
        ("/tag/moss/", 5),
        ("/species/patterns/", 2),
        ("/species/", 2),
        ("/feed/", 1),
        ("/credits/", 1),
        ("/about/", 0),
    ],
)
def test_walls_cost_the_same_few_queries_at_any_length_and_count_nothing(
    client: Client, path: str, queries: int
):
    makers = [make_user() for _ in range(3)]
    for number in range(SQUARES + 5):
        make_artwork(makers[number % 3], tags=["moss"], is_featured=True)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    sql = [query["sql"] for query in captured.captured_queries]
    assert len(sql) <= queries, "\n".join(sql)
    assert not [line for line in sql if "COUNT(" in line.upper() or "OFFSET" in line.upper()]


def test_a_resting_species_says_why_and_offers_no_seeds(client: Client):
    make_species(is_available=False, problem="Its weights are damaged; fetch them again.")
    page = client.get("/species/patterns/").content.decode()
    assert "Its weights are damaged" in page and "Breed two founders" not in page
    assert "Unavailable" in client.get("/species/").content.decode()


@pytest.mark.parametrize("path", ["/tag/unknown/", "/species/unknown/", "/nothing/", "/teaser/a/"])
def test_what_is_not_there_is_a_404_of_ours(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/?shelf=featured", "/search/", "/search/?q=x", "/species/", "/credits/", "/about/"],
)
def test_an_empty_garden_has_a_worded_page_with_one_next_step(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 200 and "<h1" in response.content.decode()


def test_credits_name_every_borrowed_net_and_sound(client: Client):
    make_species()
    page = client.get("/credits/").content.decode()
    packages = {file.requirement.split("==")[0] for file in FILES.values()}
    assert packages <= {one.package.split()[0] for one in THIRD_PARTY} and all(
        package in page for package in packages
    )
    assert "TimGM6mb" in page and "Tim Brechbill" in page and "/species/patterns/" in page


def test_the_health_page_answers_for_load_balancers(client: Client):
    response = client.get("/healthz/")
    assert response.json() == {"status": "ok"} and response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/", "/search/", "/species/", "/credits/", "/about/", "/nothing/", "/?after=bad"]
)
def test_pages_hold_no_inline_style_or_script_and_send_the_policy(client: Client, path: str):
    make_artwork(has_files=True)
    response = client.get(path)
    page = response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", page)


def test_a_species_names_what_it_learnt_from(client: Client):
    card = {
        "data": "drawn",
        "data_name": "Drawn <portraits>",
        "examples": 19_818,
        "data_source": "A public archive",
    }
    make_species(card=card)
    for path in ("/species/patterns/", "/credits/"):
        page = client.get(path).content.decode()
        assert "Drawn &lt;portraits&gt;, 19,818 examples" in page and "A public archive" in page
