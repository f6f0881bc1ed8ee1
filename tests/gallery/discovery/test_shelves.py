"""The shelves of the home page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.core.pagination import write_cursor, write_score_cursor
from gallery.discovery import shelves
from gallery.discovery.large_tiles import SQUARES
from gallery.discovery.shelves import SHELVES
from gallery.maintenance import refresh_rankings
from gallery.models import Artwork, Boundary, BoundaryKind, Follow, Like, Pick, Visibility
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    return [work.title for work in client.get(address).context["page"].items]


@pytest.fixture
def family() -> dict[str, Artwork]:
    """A founder with a child that two people like, and a stranger; the founder's maker is ada."""
    ada = make_user("ada")
    founder = make_artwork(ada, title="Founder")
    child = make_artwork(title="Child", parents=[founder])
    stranger = make_artwork(title="Stranger")
    for _ in range(2):
        Like.objects.create(user=make_user(), artwork=child)
    Pick.objects.create(artwork=stranger, starts_at=timezone.now() - timedelta(days=1))
    refresh_rankings()
    return {"Founder": founder, "Child": child, "Stranger": stranger}


def test_each_shelf_holds_what_its_sentence_says(client: Client, family):
    assert titles(client, "/?shelf=fresh") == ["Stranger", "Child", "Founder"]
    assert titles(client, "/?shelf=loved") == ["Child"]
    assert titles(client, "/?shelf=bred") == ["Founder"]
    assert titles(client, "/?shelf=rare") == ["Child"]
    assert titles(client, "/?shelf=stepping") == ["Founder"]
    assert titles(client, "/?shelf=picks") == ["Stranger"]
    assert sorted(titles(client, "/")) == ["Child", "Founder", "Stranger"]
    for key in ("", "fresh", "loved", "picks"):
        shelf = SHELVES[key or "mixed"]
        page = client.get(f"/?shelf={key}").content.decode()
        assert (
            str(shelf.sentence).replace("'", "&#x27;") in page
            and page.count('aria-current="page"') >= 1
        )


def test_people_one_follows_have_a_shelf_for_those_who_are_logged_in(client: Client, family):
    assert "People you follow" not in client.get("/").content.decode()
    assert client.get("/?shelf=followed").context["shelf"].key == "mixed"
    reader = make_user()
    Follow.objects.create(follower=reader, followed=family["Founder"].author)
    client.force_login(reader)
    assert titles(client, "/?shelf=followed") == ["Founder"]


def test_many_works_of_people_one_follows_are_looked_for_in_another_way_with_the_same_answer(
    client: Client, monkeypatch
):
    reader, ada, bo = make_user(), make_user(), make_user()
    works = [
        make_artwork((ada, bo, None)[number % 3], title=f"Number {number}") for number in range(9)
    ]
    for followed in (ada, bo):
        Follow.objects.create(follower=reader, followed=followed)
    client.force_login(reader)
    few = titles(client, "/?shelf=followed")
    monkeypatch.setattr(shelves, "MANY", 1)
    assert (
        titles(client, "/?shelf=followed")
        == few
        == [work.title for work in works[::-1] if work.author in (ada, bo)]
    )


def test_works_of_people_who_are_kept_away_hang_on_no_shelf(client: Client, family):
    reader = make_user()
    Boundary.objects.create(user=reader, other=family["Founder"].author, kind=BoundaryKind.MUTE)
    Follow.objects.create(follower=reader, followed=family["Founder"].author)
    client.force_login(reader)
    for key in SHELVES:
        assert "Founder" not in titles(client, f"/?shelf={key}")
    assert "Founder" not in [
        work.title for work in client.get("/search/?q=founder&in=works").context["page"].items
    ]


def test_a_work_that_was_closed_hangs_on_no_shelf(client: Client, family):
    Artwork.objects.update(visibility=Visibility.PRIVATE)
    assert all(titles(client, f"/?shelf={key}") == [] for key in SHELVES)


@pytest.mark.parametrize("key", ["mixed", "fresh", "loved", "bred", "rare", "stepping", "picks"])
def test_pages_of_a_shelf_follow_each_other_without_gaps_or_doubles(client: Client, key: str):
    ada = make_user()
    for number in range(SQUARES + 9):
        score = 1 + number // 5
        make_artwork(
            ada,
            is_featured=True,
            love=score / 3,
            child_count=score,
            rarity=score / 7,
            stepping=score / 9,
            mix=score / 2,
            published_at=timezone.now() - timedelta(minutes=score),
        )
    first = client.get(f"/?shelf={key}").context["page"]
    second = client.get(f"/?shelf={key}&after={first.next_cursor}").context["page"]
    seen = [work.pk for work in (*first.items, *second.items)]
    assert len(seen) == len(set(seen)) == SQUARES + 9 and second.next_cursor == ""
    column = SHELVES[key].order
    values = [(getattr(work, column), work.pk) for work in (*first.items, *second.items)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("key", ["mixed", "fresh", "loved", "bred", "rare", "stepping", "picks"])
def test_a_forged_cursor_is_refused_on_every_shelf(client: Client, key: str):
    make_artwork()
    other = (
        write_score_cursor(1.0, 1)
        if SHELVES[key].order == "published_at"
        else write_cursor(timezone.now(), 1)
    )
    for cursor in (other, "zzz", "é", "A" * 300, write_score_cursor(float("nan"), 1)):
        response = client.get("/", {"shelf": key, "after": cursor})
        assert (
            response.status_code == 400
            and "Start again from the first page" in response.content.decode()
        )


@pytest.mark.parametrize("key", list(SHELVES))
def test_a_shelf_costs_the_same_few_queries_at_any_length_and_counts_nothing(
    client: Client, key: str
):
    reader, ada = make_user(), make_user()
    Follow.objects.create(follower=reader, followed=ada)
    client.force_login(reader)
    client.get("/")  # Whether a demo garden is growing is remembered for a minute.
    asked = []
    for count in (5, SQUARES * 2):
        for number in range(count):
            make_artwork(
                ada if number else make_user(),
                is_featured=True,
                love=1,
                child_count=1,
                rarity=1,
                stepping=1,
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/?shelf={key}")
        asked.append([query["sql"] for query in captured.captured_queries])
    assert len(asked[0]) == len(asked[1])
    counting = [line for line in asked[1] if "COUNT(" in line.upper() and "gallery_artwork" in line]
    assert not counting and not [line for line in asked[1] if " OFFSET " in line.upper()]


@pytest.mark.parametrize("key", ["loved", "bred", "rare", "stepping", "picks"])
def test_an_empty_shelf_says_why_and_leads_on(client: Client, key: str):
    make_artwork()
    page = client.get(f"/?shelf={key}").content.decode()
    assert (
        re.sub("&#x27;", "'", page).count(str(SHELVES[key].empty)) == 1
        and "See a bit of everything" in page
    )
