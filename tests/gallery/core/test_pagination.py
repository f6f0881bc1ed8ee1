"""Keyset pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.core.pagination import (
    page,
    read_cursor,
    read_score_cursor,
    write_cursor,
    write_score_cursor,
)
from gallery.models import Artwork
from generation.refusal import Refused
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db


def test_pages_hold_every_work_once_newest_first_even_when_dates_agree():
    moment = timezone.now()
    works = [
        make_artwork(published_at=moment - timedelta(hours=number // 3)) for number in range(10)
    ]
    make_artwork(published_at=None)
    seen, after = [], ""
    while True:
        found = page(Artwork.objects.listed(), after=after, size=4)
        seen += found.items
        after = found.next_cursor
        if not after:
            break
    assert seen == sorted(works, key=lambda work: (work.published_at, work.pk), reverse=True)


def test_a_full_last_page_has_no_next_one():
    make_artwork(), make_artwork()
    assert page(Artwork.objects.listed(), size=2).next_cursor == ""


def test_a_page_is_one_query_without_offset_or_count(django_assert_num_queries):
    for _ in range(3):
        make_artwork()
    after = page(Artwork.objects.listed(), size=1).next_cursor
    with django_assert_num_queries(1) as queries:
        page(Artwork.objects.listed().for_cards(), after=after, size=1)
    statement = queries.captured_queries[0]["sql"].upper()
    assert "OFFSET" not in statement and "COUNT(" not in statement


def test_a_cursor_is_exact_to_the_microsecond():
    moment = timezone.now().replace(microsecond=123457)
    assert read_cursor(write_cursor(moment, 42)) == (moment, 42)


@pytest.mark.parametrize(
    "cursor",
    ["x", "%%%", "é", "MS4", "LTEuMg", "MS4y.", "A" * 500, "OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ"],
)
def test_a_damaged_cursor_is_refused(cursor):
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=cursor)


@pytest.mark.parametrize("key", ["love", "child_count"])
def test_pages_by_a_figure_hold_every_work_once_even_when_figures_agree(key: str):
    works = [make_artwork(**{key: number // 3}) for number in range(10)]
    seen, after = [], ""
    while True:
        found = page(Artwork.objects.listed(), after=after, size=4, key=key)
        seen += found.items
        after = found.next_cursor
        if not after:
            break
    assert seen == sorted(works, key=lambda work: (getattr(work, key), work.pk), reverse=True)


@pytest.mark.parametrize("score", [0.0, 1 / 3, -2.5, 1.7976e15, 180.12345678901234])
def test_a_cursor_of_a_figure_is_exact_to_the_last_bit(score: float):
    assert read_score_cursor(write_score_cursor(score, 42)) == (score, 42)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), 1e300])
def test_a_forged_figure_is_refused(score: float):
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=write_score_cursor(score, 1), key="child_count")


@pytest.mark.parametrize("cursor", ["x", "%%%", "é", "MS4", "c3h4LjE", "czAwLjE", "A" * 500])
def test_a_damaged_cursor_of_a_figure_is_refused(cursor: str):
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=cursor, key="love")


def test_a_cursor_of_another_shelf_is_refused():
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=write_cursor(timezone.now(), 1), key="love")
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=write_score_cursor(1.0, 1))
