"""Keyset pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.keyset import page, read_cursor, write_cursor
from gallery.models import Artwork
from generation.refusal import Refused
from tests.factories import make_artwork

pytestmark = pytest.mark.django_db


def test_pages_hold_every_work_once_newest_first_even_when_dates_agree():
    moment = timezone.now()
    works = [make_artwork(published_at=moment - timedelta(hours=number // 3)) for number in range(10)]
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


@pytest.mark.parametrize("cursor", ["x", "%%%", "é", "MS4", "LTEuMg", "MS4y.", "A" * 500, "OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ"])
def test_a_damaged_cursor_is_refused(cursor):
    with pytest.raises(Refused, match="damaged"):
        page(Artwork.objects.listed(), after=cursor)
