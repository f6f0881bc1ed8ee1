"""The wall says how far the demo garden is, and nothing once it has grown."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gallery.models import Planting
from tests.factories import make_artwork
from tests.shared import html_of

pytestmark = pytest.mark.django_db


def test_a_wall_without_a_growing_garden_says_nothing_and_asks_once_a_minute(client: Client):
    assert "wall-growing" not in html_of(client.get("/"))
    Planting.objects.create(seed=1, total=9)
    assert "wall-growing" not in html_of(client.get("/"))
    cache.clear()
    assert "wall-growing" in html_of(client.get("/"))


def test_an_empty_wall_says_that_works_are_coming_and_loads_itself_with_the_first(client: Client):
    planting = Planting.objects.create(seed=1, total=9)
    page = html_of(client.get("/"))
    assert "Its first works appear in a moment." in page and "/growing/?seen=0" in page
    assert "Breed the first one" not in page
    assert "HX-Refresh" not in client.get("/growing/?seen=0")
    planting.planted = 1
    planting.save()
    assert client.get("/growing/?seen=0")["HX-Refresh"] == "true"


def test_a_wall_with_works_says_how_far_it_is_and_offers_the_new_ones(client: Client):
    make_artwork()
    Planting.objects.create(seed=1, total=9, planted=4)
    page = html_of(client.get("/"))
    assert "4 of 9 works are here." in page and "Show the new ones" not in page
    assert "wall-growing" not in html_of(client.get("/?shelf=loved"))
    Planting.objects.update(planted=5)
    answer = client.get("/growing/?seen=4")
    assert "5 of 9 works are here." in html_of(answer) and "Show the new ones" in html_of(answer)
    assert "HX-Refresh" not in answer
    Planting.objects.update(finished_at=timezone.now())
    answer = html_of(client.get("/growing/?seen=4"))
    assert "The demo garden has grown." in answer and "hx-get" not in answer


@pytest.mark.parametrize("seen", ["", "-1", "many", "٣", "9" * 30])
def test_an_odd_number_does_no_harm(client: Client, seen: str):
    Planting.objects.create(seed=1, total=9)
    assert client.get("/growing/", {"seen": seen}).status_code == 200
