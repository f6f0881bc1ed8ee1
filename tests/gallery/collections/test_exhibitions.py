"""The opening of an exhibition: makers are notified once, however the dates move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gallery.collections import actions as collecting
from gallery.collections.exhibitions import open_exhibitions
from gallery.maintenance import refresh_rankings
from gallery.models import Collection, Notification, NotificationKind, Visibility
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def notifications() -> list[tuple[int, int, int]]:
    lines = Notification.objects.filter(kind=NotificationKind.COLLECTED).order_by("pk")
    return list(lines.values_list("user", "actor", "artwork"))


def move_opening(exhibition: Collection, **times) -> None:
    Collection.objects.filter(pk=exhibition.pk).update(**times)


def test_makers_are_notified_when_an_exhibition_opens_and_only_then():
    curator, now = make_user(role="curator"), timezone.now()
    exhibition = collecting.create_exhibition(curator, title="Ferns", opens_at=now + HOUR)
    works = [
        make_artwork(),
        make_artwork(),
        make_artwork(visibility=Visibility.UNLISTED),
        make_artwork(curator),
    ]
    for work in works:
        collecting.add_work(curator, exhibition, work)
    refresh_rankings()
    assert notifications() == []
    move_opening(exhibition, opens_at=now - HOUR)
    refresh_rankings()
    expected = [(work.author_id, curator.pk, work.pk) for work in works[:2]]
    assert notifications() == expected, (
        "Nobody is notified of an unlisted work or of their own action."
    )
    refresh_rankings()
    assert notifications() == expected and open_exhibitions() == 0


def test_an_opening_by_hand_notifies_at_once_and_a_draft_never():
    curator, work = make_user(role="curator"), make_artwork()
    exhibition = collecting.create_exhibition(curator, title="Ferns")
    collecting.add_work(curator, exhibition, work)
    assert open_exhibitions() == 0 and notifications() == []
    collecting.edit_exhibition(curator, exhibition, title="Ferns", opens_at=timezone.now() - HOUR)
    assert notifications() == [(work.author_id, curator.pk, work.pk)]


def test_a_second_opening_notifies_only_those_added_in_between():
    curator, now = make_user(role="curator"), timezone.now()
    first, second, third = make_artwork(), make_artwork(), make_artwork()
    exhibition = collecting.create_exhibition(curator, title="Ferns", opens_at=now - HOUR)
    collecting.add_work(curator, exhibition, first)
    collecting.edit_exhibition(curator, exhibition, title="Ferns", opens_at=now + HOUR)
    collecting.add_work(curator, exhibition, second)
    assert [line[2] for line in notifications()] == [first.pk]
    collecting.edit_exhibition(curator, exhibition, title="Ferns", opens_at=now - HOUR)
    collecting.add_work(curator, exhibition, third)
    refresh_rankings()
    assert [line[2] for line in notifications()] == [first.pk, second.pk, third.pk]
