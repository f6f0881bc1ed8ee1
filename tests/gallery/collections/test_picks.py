"""Picks: only curators make them, and they are in force for their time."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gallery.collections import picks
from gallery.models import (
    Artwork,
    AuditEntry,
    Notification,
    NotificationKind,
    Pick,
    State,
    Visibility,
)
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
PICKING = (picks.feature, picks.unfeature)


@pytest.mark.parametrize("verb", PICKING)
def test_only_curators_pick(verb):
    work = make_artwork()
    for person in (AnonymousUser(), work.author, make_user(role="moderator", is_active=False)):
        with pytest.raises(Refused, match="Only curators|Log in"):
            verb(person, [work])
    shown = Pick.objects.create(artwork=work, starts_at=timezone.now())
    for act in (
        lambda: picks.pick(work.author, work),
        lambda: picks.unpick(work.author, shown),
        lambda: picks.reschedule(work.author, shown, starts_at=None, ends_at=None),
    ):
        with pytest.raises(Refused, match="Only curators"):
            act()
    assert not AuditEntry.objects.exists() and Pick.objects.count() == 1


def test_only_public_works_are_featured():
    curator = make_user(role="curator")
    public, unlisted = make_artwork(), make_artwork(visibility=Visibility.UNLISTED)
    assert picks.feature(curator, [public, unlisted]) == 1
    assert list(Artwork.objects.filter(is_featured=True)) == [public]
    assert picks.feature(curator, [public]) == 0
    assert picks.unfeature(curator, [public]) == 1
    assert (
        not Artwork.objects.filter(is_featured=True).exists()
        and not Pick.objects.in_force().exists()
    )
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "pick",
        "unpick",
    ]


def test_works_featured_without_a_pick_are_unfeatured_too():
    work = make_artwork(is_featured=True)
    assert picks.unfeature(make_user(role="curator"), [work]) == 1
    assert not Artwork.objects.filter(is_featured=True).exists()


def test_a_pick_starts_and_ends_on_time_and_its_maker_is_notified_once():
    curator, work = make_user(role="curator"), make_artwork()
    now = timezone.now()
    picks.pick(
        curator,
        work,
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
        note="For its light",
    )
    assert (
        not Artwork.objects.filter(is_featured=True).exists() and not Notification.objects.exists()
    )
    assert picks.open_and_close_picks(now + timedelta(hours=2)) == 1
    assert Artwork.objects.filter(is_featured=True).get() == work
    assert picks.open_and_close_picks(now + timedelta(hours=2)) == 0
    assert picks.open_and_close_picks(now + timedelta(hours=3)) == 1
    assert not Artwork.objects.filter(is_featured=True).exists()
    line = Notification.objects.get()
    assert (line.user, line.kind, line.actor, line.text) == (
        work.author,
        NotificationKind.FEATURED,
        curator,
        "For its light",
    )


def test_a_picked_work_that_is_hidden_and_shown_again_notifies_nobody():
    curator, work = make_user(role="curator"), make_artwork()
    picks.pick(curator, work)
    Artwork.objects.filter(pk=work.pk).update(state=State.HIDDEN)
    picks.open_and_close_picks()
    assert not Artwork.objects.get().is_featured
    Artwork.objects.filter(pk=work.pk).update(state=State.PUBLISHED)
    picks.open_and_close_picks()
    assert Artwork.objects.get().is_featured and Notification.objects.count() == 1


def test_picks_have_valid_times_and_notes():
    curator, work = make_user(role="curator"), make_artwork()
    now = timezone.now()
    for fields in (
        {"ends_at": now - timedelta(days=1)},
        {"starts_at": now + timedelta(days=2), "ends_at": now + timedelta(days=1)},
        {"note": "x" * 1_000_000},
    ):
        with pytest.raises(Refused):
            picks.pick(curator, work, **fields)
    with pytest.raises(Refused, match="on the wall"):
        picks.pick(curator, make_artwork(visibility=Visibility.PRIVATE))
    assert not Pick.objects.exists() and not AuditEntry.objects.exists()


def test_a_work_has_one_pick_at_a_time():
    curator, work = make_user(role="curator"), make_artwork()
    now = timezone.now()
    first = picks.pick(curator, work, ends_at=now + timedelta(days=2))
    later = picks.pick(curator, work, starts_at=now + timedelta(days=3))
    day = timedelta(days=1)
    for starts_at, ends_at in ((now, None), (now + day, now + 2 * day), (now + 9 * day, None)):
        with pytest.raises(Refused, match="already has a pick in that period"):
            picks.pick(curator, work, starts_at=starts_at, ends_at=ends_at)
    with pytest.raises(Refused, match="already has a pick in that period"):
        picks.reschedule(curator, first, starts_at=None, ends_at=now + timedelta(days=4))
    picks.reschedule(curator, later, starts_at=now + timedelta(days=2), ends_at=None)
    assert Pick.objects.count() == 2


def test_a_pick_is_rescheduled_ended_and_deleted():
    curator, work = make_user(role="curator"), make_artwork()
    now = timezone.now()
    shown = picks.pick(curator, work)
    picks.reschedule(curator, shown, starts_at=now + timedelta(days=1), ends_at=None, note="Later")
    assert not Artwork.objects.get().is_featured
    picks.unpick(curator, shown)
    assert not Pick.objects.exists()
    with pytest.raises(Refused, match="has been removed"):
        picks.unpick(curator, shown)
    shown = picks.pick(curator, work)
    picks.unpick(curator, shown)
    assert Pick.objects.get().ends_at is not None and not Artwork.objects.get().is_featured
