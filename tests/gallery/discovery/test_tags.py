"""Addresses of tags: spellings with and without accents lead to the same place."""

import pytest
from django.test import Client

from gallery.models import Tag
from gallery.models.texts import slug_of, unaccented

pytestmark = pytest.mark.django_db


def add_tag(name: str, number: int = 0) -> Tag:
    return Tag.objects.create(slug=slug_of(name), name=name, number=number)


@pytest.mark.parametrize(
    ("slug", "bare"),
    [
        ("café", "cafe"),
        ("việt-nam", "viet-nam"),
        ("ελλάδα", "ελλαδα"),
        ("çedilla", "cedilla"),
        ("moss", "moss"),
        ("ガーデン", "ガーデン"),  # Without its marks this would be another word.
        ("हिन्दी", "हिन्दी"),
        ("한국", "한국"),
    ],
)
def test_only_latin_greek_and_cyrillic_letters_lose_their_accents(slug: str, bare: str):
    assert unaccented(slug) == bare


@pytest.mark.parametrize("ending", ["", "feed/"])
def test_an_address_without_accents_leads_to_the_accented_tag(client: Client, ending: str):
    tag = add_tag("Café")
    response = client.get(f"/tag/cafe/{ending}")
    assert response.status_code == 301
    assert response["Location"] == f"{tag.get_absolute_url()}{ending}"
    assert client.get(response["Location"]).status_code == 200


def test_of_several_accented_tags_the_most_used_one_is_meant(client: Client):
    add_tag("résume", 2)
    used = add_tag("résumé", 7)
    assert client.get("/tag/resume/")["Location"] == used.get_absolute_url()


@pytest.mark.parametrize("ending", ["", "feed/"])
def test_a_tag_without_accents_keeps_its_own_address(client: Client, ending: str):
    add_tag("café", 7)
    add_tag("cafe")
    assert client.get(f"/tag/cafe/{ending}").status_code == 200


@pytest.mark.parametrize("address", ["/tag/cafes/", "/tag/%21%21/", "/tag/cafes/feed/"])
def test_an_unknown_tag_is_not_found(client: Client, address: str):
    add_tag("café")
    assert client.get(address).status_code == 404


def test_a_renamed_tag_is_found_by_its_new_spelling(client: Client):
    tag = add_tag("café")
    tag.slug = "crème"
    tag.save()
    assert client.get("/tag/creme/").status_code == 301
    assert client.get("/tag/cafe/").status_code == 404
