"""Walls narrowed to a species or a medium."""

import re

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from gallery.core import pagination
from gallery.discovery.filters import read_filter
from gallery.discovery.large_tiles import SQUARES
from gallery.models import Artwork, Medium, Species
from tests.factories import make_artwork, make_species, make_user
from tests.shared import html_of

pytestmark = pytest.mark.django_db
WALLS = ("/", "/search/?q=fern&in=works", "/tag/moss/", "/@ada/", "/bench/choose/")


@pytest.fixture
def garden() -> dict[str, Artwork]:
    """Three species, two of them of pictures, with a work each."""
    ada = make_user("ada")
    make_species("people", name="People")
    make_species("tunes", name="Tunes", medium=Medium.MUSIC)
    keys = ("patterns", "people", "tunes")
    return {
        key: make_artwork(ada, species=make_species(key), title=f"Fern of {key}", tags=["moss"])
        for key in keys
    }


def shown(client: Client, path: str) -> set[str]:
    return set(re.findall(r"Fern of (\w+)</", html_of(client.get(path))))


def narrowed(path: str, query: str) -> str:
    return path + ("&" if "?" in path else "?") + query


@pytest.mark.parametrize("path", WALLS)
def test_a_wall_shows_one_species_or_one_medium(client: Client, garden, path: str):
    assert shown(client, path) == {"patterns", "people", "tunes"}
    assert shown(client, narrowed(path, "species=people")) == {"people"}
    assert shown(client, narrowed(path, "medium=music")) == {"tunes"}
    assert shown(client, narrowed(path, "medium=picture")) == {"patterns", "people"}
    assert shown(client, narrowed(path, "species=people&medium=music")) == {"people"}


@pytest.mark.parametrize(
    "query", ["species=unicorns", "medium=smell", "species=&medium=", "species=%00", "medium=x'--"]
)
def test_what_is_not_known_is_left_out(client: Client, garden, query: str):
    assert shown(client, f"/?{query}") == {"patterns", "people", "tunes"}


def test_chips_say_what_is_on_and_keep_the_rest_of_the_address(client: Client, garden):
    page = html_of(client.get("/search/?q=fern&species=people&after="))
    assert re.search(r'is-on" href="\?q=fern&amp;species=people" aria-current="true">People<', page)
    assert 'href="?q=fern&amp;medium=music"' in page and 'name="species" value="people"' in page
    assert (
        'href="?species=people&amp;shelf=picks"' in client.get("/?species=people").content.decode()
    )


def test_a_species_alone_in_its_medium_is_not_offered_twice(client: Client, garden):
    page = client.get("/").content.decode()
    assert page.count('class="chip"') + page.count('class="chip is-on"') >= 5
    assert (
        'href="?species=people"' in page
        and 'href="?medium=music"' in page
        and 'href="?species=tunes"' not in page
    )
    assert 'is-on" href="?medium=music"' in html_of(client.get("/?medium=music"))


def test_more_works_stay_narrowed_and_a_narrow_wall_is_read_in_one_query(client: Client, garden):
    ada = garden["people"].author
    for number in range(SQUARES + 3):
        make_artwork(
            ada,
            species=make_species("people" if number % 2 else "patterns"),
            title="Fern of people",
        )
    for query in ("species=people", "medium=picture", "medium=music"):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"/?{query}").content.decode()
        assert len(captured.captured_queries) <= 3  # Species, numbers of the filters, works.
        assert ("after=" in page) == (query == "medium=picture")
        if "after=" in page:
            assert f"?{query}&amp;after=" in page


@pytest.mark.parametrize("query", ["species=people", "medium=picture", "medium=music", ""])
def test_no_narrow_wall_sorts_its_works(garden, query: str):
    if connection.vendor != "sqlite":
        pytest.skip("The words of this plan are those of SQLite.")
    works = read_filter(RequestFactory().get(f"/?{query}")).narrow(Artwork.objects.listed())
    with CaptureQueriesContext(connection) as captured:
        pagination.page(works, size=5)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + captured.captured_queries[-1]["sql"])
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "USING INDEX" in plan and "TEMP B-TREE" not in plan


def test_an_empty_narrow_wall_leads_back(client: Client, garden):
    make_species("garments", name="Garments")
    page = client.get("/?species=garments").content.decode()
    assert "No Garments here" in page and "Show everything" in page


def test_a_garden_of_one_species_offers_no_chips_of_species(client: Client):
    make_artwork()
    assert Species.objects.count() == 1
    page = client.get("/").content.decode()
    assert "species=" not in page and "Everything</a>" not in page


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("colour=red", {"red"}),
        ("licence=CC0-1.0", {"free", "red"}),
        ("depth=founders", {"red", "free"}),
        ("depth=young", {"young"}),
        ("depth=deep", {"deep"}),
        ("colour=red&depth=deep", set()),
        ("colour=mauve", {"red", "free", "young", "deep"}),
        ("depth=-1&licence=%27--", {"red", "free", "young", "deep"}),
    ],
)
@pytest.mark.parametrize(
    "path",
    ["/", "/?shelf=fresh", "/?shelf=loved", "/search/?q=fern&in=works", "/tag/moss/", "/@ada/"],
)
def test_colour_licence_and_depth_narrow_every_wall(
    client: Client, path: str, query: str, fits: set[str]
):
    ada = make_user("ada")
    for name, fields in {
        "red": {"colour": "red", "licence": "CC0-1.0"},
        "free": {"licence": "CC0-1.0"},
        "young": {"depth": 3},
        "deep": {"depth": 4},
    }.items():
        make_artwork(ada, title=f"Fern of {name}", tags=["moss"], love=1.0, **fields)
    assert shown(client, narrowed(path, query)) == fits


def test_a_choice_says_that_it_is_on_and_is_taken_off_by_itself(client: Client, garden):
    page = client.get("/?shelf=fresh&colour=red&after=").content.decode()
    assert (
        'href="?shelf=fresh" aria-current="true"' in page
        and 'href="?shelf=fresh&amp;colour=blue"' in page
    )
    assert "Colour: Red" in page


def test_a_search_form_carries_the_filter_on(client: Client, garden):
    page = client.get("/search/?q=fern&colour=red&depth=young").content.decode()
    assert (
        'type="hidden" name="colour" value="red"' in page
        and 'type="hidden" name="depth" value="young"' in page
    )


@pytest.mark.parametrize(
    "key", ["mix", "love", "child_count", "rarity", "stepping", "published_at"]
)
def test_no_narrowed_shelf_sorts_its_works(key: str):
    if connection.vendor != "sqlite":
        pytest.skip("The words of this plan are those of SQLite.")
    make_artwork()
    works = read_filter(RequestFactory().get("/?depth=deep&licence=CC0-1.0")).narrow(
        Artwork.objects.listed()
    )
    with CaptureQueriesContext(connection) as captured:
        pagination.page(works, size=5, key=key)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + captured.captured_queries[-1]["sql"])
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "USING INDEX" in plan and "TEMP B-TREE" not in plan


def test_the_picker_offers_species_only_before_there_are_parents(client: Client, garden):
    assert "bench-kinds" in client.get("/bench/choose/").content.decode()
    assert (
        "bench-kinds"
        not in client.get(
            f"/bench/choose/?parents={garden['people'].slug}&species=people"
        ).content.decode()
    )
