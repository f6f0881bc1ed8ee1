"""The numbers on a wall's filters: of the present choice, and cheap at any size."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory

from gallery.discovery import facets
from gallery.discovery.filters import Filter, read_filter
from gallery.models import Artwork, Licence, Visibility
from tests.factories import make_artwork, make_boundary, make_genome, make_species, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def garden():
    """Five works: four pictures and a tune."""
    cache.clear()
    make_artwork(colour="red", licence=Licence.CC0)
    make_artwork(colour="red", depth=2)
    make_artwork(colour="blue")
    make_artwork(make_user("bo"), colour="blue", depth=9, tags=["moss"])
    make_artwork(
        colour="blue",
        genome=make_genome(generator="tunes"),
        species=make_species("tunes", medium="music"),
    )
    make_artwork(colour="red", visibility=Visibility.PRIVATE)
    yield
    cache.clear()


def chosen(query: str = "") -> Filter:
    return read_filter(RequestFactory().get(f"/?{query}"))


def counts(query: str = "", **options) -> dict[str, int]:
    """Value of a choice -> its number, without zeros; "" for everything."""
    works = Artwork.objects.listed()
    user = options.pop("user", None) or make_user()
    counted = facets.with_counts(chosen(query), works, user=user, **options)
    return {value: number for (_, value), number in counted.counts.items() if number}


def test_numbers_are_those_of_the_walls_that_the_links_lead_to():
    everything = counts()
    assert everything[""] == 5
    assert (everything["picture"], everything["music"]) == (4, 1)
    assert (everything["red"], everything["blue"]) == (2, 3)
    assert (everything["founders"], everything["young"], everything["deep"]) == (3, 1, 1)
    for query in (
        "colour=blue",
        "medium=picture&colour=blue",
        "depth=founders",
        "species=patterns",
    ):
        narrowed = chosen(query)
        shown = narrowed.narrow(Artwork.objects.listed())
        now = counts(query)
        for key in ("colour", "depth", "licence"):
            if value := getattr(narrowed, key):
                assert now[value] == shown.count()
    blue = counts("colour=blue")
    assert (blue["picture"], blue["music"], blue["red"], blue["deep"]) == (2, 1, 2, 1)
    assert blue[""] == 5 and "CC0-1.0" not in blue


def test_a_large_wall_is_counted_by_maintenance_and_shown_from_the_cache(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(facets, "LIMIT", 3)
    assert counts() == {}
    facets.refresh_table()
    bo = Artwork.objects.get(depth=9).author
    user, muting = make_user(), make_user()
    make_boundary(muting, bo)
    assert counts(is_whole=True, user=user)[""] == 5
    assert counts(is_whole=True, user=muting)[""] == 4
    narrowed = chosen()
    with django_assert_num_queries(0):
        facets.with_counts(narrowed, Artwork.objects.listed(), user=AnonymousUser(), is_whole=True)
    monkeypatch.setattr(facets, "LIMIT", 100)
    facets.refresh_table()
    assert cache.get(facets.KEY) is None, "A small wall is counted as it is."


@pytest.mark.parametrize(
    "path", ["/", "/?shelf=fresh", "/tag/moss/", "/@bo/", "/search/?q=work&in=works"]
)
def test_pages_show_the_numbers(client: Client, path: str):
    page = client.get(path).content.decode()
    shown = re.findall(r'class="count numbers">(\d+)<', page)
    assert shown and int(shown[0]) == (1 if path in ("/tag/moss/", "/@bo/") else 5)
