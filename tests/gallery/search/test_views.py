"""The search page in sections: what is found, how much of it, and for whom."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gallery.accounts.actions import edit_profile
from gallery.collections.actions import edit_collection
from gallery.discovery.indexing import index_new_rows
from gallery.models import Collection, User, text_index
from gallery.search import sections
from tests.factories import make_artwork, make_collection, make_species, make_user

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    """The page, with every run of white space as one space."""
    return " ".join(client.get(path).content.decode().split())


def words_of(page: str) -> str:
    return " ".join(re.sub(r"</?(mark|strong)>", "", page).split())


@pytest.fixture
def garden() -> User:
    """Seven pictures and a tune with the word, somebody of that name, and a collection."""
    ada = make_user("moss-keeper", display_name="Ada")
    for number in range(7):
        make_artwork(ada, title=f"Moss {number}", tags=["mosses"])
    tunes = make_species("tunes", medium="music")
    tune = make_artwork(ada, title="Moss reel", species=tunes)
    make_collection(ada, title="Moss and rain", works=[tune])
    index_new_rows()
    return ada


def test_the_answer_has_sections_with_numbers_and_six_works_of_each(client: Client, garden: User):
    found = page(client, "/search/?q=moss")
    places = [found.index(f'id="found-{name}"') for name in sections.NAMES if name != "tags"]
    assert len(places) == 4
    assert "All 7" in found
    assert "@moss-keeper" in found and "Moss and rain" in found
    words = words_of(found)
    assert "Moss 6" in words and "Moss 0" not in words
    assert "Moss reel" in words


def test_a_section_in_full_has_everything(client: Client, garden: User):
    assert "Moss 0" in page(client, "/search/?q=moss&in=works&medium=picture")
    assert "Moss reel" not in page(client, "/search/?q=moss&in=works&medium=picture")
    assert "@moss-keeper" in page(client, "/search/?q=moss&in=people")
    assert "Moss and rain" in page(client, "/search/?q=moss&in=collections")


def test_private_collections_and_closed_accounts_are_not_found(client: Client, garden: User):
    Collection.objects.update(is_public=False)
    User.objects.filter(pk=garden.pk).update(is_active=False)
    found = page(client, "/search/?q=moss")
    assert 'id="found-people"' not in found and 'id="found-collections"' not in found


@pytest.mark.parametrize("written", ["periwinkel", "perwinkle", "perriwinkle", "PERIVINKLE"])
def test_a_misspelt_word_is_corrected_and_that_can_be_undone(client: Client, written: str):
    make_artwork(title="Peony Periwinkle")
    found = page(client, f"/search/?q={written}")
    assert "Showing results for <strong>periwinkle</strong>" in found
    assert "Peony" in found
    exact = page(client, f"/search/?q={written}&exact=1")
    assert "Showing results" not in exact and "Nothing found for" in exact


def test_only_the_wrong_word_of_several_is_replaced(client: Client):
    make_artwork(title="Silver periwinkle")
    assert "Showing results for silver <strong>periwinkle</strong>" in page(
        client, "/search/?q=silver+periwinkel"
    )


def test_a_word_that_is_found_is_left_as_it_is(client: Client):
    make_artwork(title="Mossy"), make_artwork(title="Massy")
    assert "Showing results" not in page(client, "/search/?q=moss")


def test_of_equally_near_words_the_more_frequent_is_taken(client: Client):
    make_artwork(title="Fern"), make_artwork(title="Ferry"), make_artwork(title="Ferry two")
    assert "<strong>ferry</strong>" in page(client, "/search/?q=ferty")


def test_chinese_is_found_in_every_section_and_marked(client: Client):
    ada = make_user("ada", display_name="月光花园")
    make_artwork(ada, title="蓝色月光")
    make_collection(make_user(), title="月光下")
    index_new_rows()
    found = page(client, "/search/?q=月光")
    assert "<mark>蓝色月光</mark>" in found
    assert "@ada" in found
    assert "Showing results" not in page(client, "/search/?q=月亮湾")


def test_what_matches_is_marked_and_nothing_else_becomes_markup(client: Client):
    make_artwork(title="Moss <b>& fern")
    found = page(client, "/search/?q=moss")
    assert "<mark>Moss</mark> &lt;" in found


def test_many_matches_are_not_counted(client: Client, monkeypatch):
    monkeypatch.setattr(text_index, "MANY", 3)
    monkeypatch.setattr("gallery.discovery.search.MANY", 3)
    monkeypatch.setattr(
        text_index.find,
        "__kwdefaults__",
        {"table": text_index.TABLE, "limit": 3, "is_whole": False},
    )
    for number in range(9):
        make_artwork(title=f"Moss {number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = page(client, "/search/?q=moss")
    assert "All of them" in found
    assert not any(
        "COUNT(" in query["sql"] and "gallery_artwork" in query["sql"].split("WHERE")[0]
        for query in queries
    )


def test_a_changed_name_and_title_are_found_at_once(client: Client, garden: User):
    edit_profile(garden, display_name="Quince", bio="")
    edit_collection(garden, Collection.objects.get(), title="Quinces", text="", is_public=True)
    found = page(client, "/search/?q=quince")
    assert "@moss-keeper" in found and "Quinces" in found.replace("<mark>", "").replace(
        "</mark>", ""
    )
