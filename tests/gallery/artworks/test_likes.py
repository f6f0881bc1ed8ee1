"""Liking works."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.artworks.likes import set_like
from gallery.models import Like, Notification, NotificationKind, Suspension, Visibility
from gallery.notifications.news import sentence
from generation.refusal import Refused
from tests.factories import make_artwork, make_boundary, make_user

pytestmark = pytest.mark.django_db


def test_a_like_is_kept_once_counted_once_and_let_go():
    user, work = make_user(), make_artwork()
    set_like(user, work, True)
    set_like(user, work, True)
    work.refresh_from_db()
    assert Like.objects.get().artwork == work and work.like_count == 1
    set_like(user, work, False)
    set_like(user, work, False)
    work.refresh_from_db()
    assert not Like.objects.exists() and work.like_count == 0


def test_visitors_closed_works_own_works_and_blocked_people_are_refused():
    work = make_artwork()
    with pytest.raises(Refused, match="Log in"):
        set_like(AnonymousUser(), work, True)
    with pytest.raises(Refused, match="not open"):
        set_like(make_user(), make_artwork(visibility=Visibility.PRIVATE), True)
    with pytest.raises(Refused, match="own work"):
        set_like(work.author, work, True)
    blocked = make_user()
    make_boundary(work.author, blocked)
    with pytest.raises(Refused, match="does not want to hear"):
        set_like(blocked, work, True)
    suspended = make_user()
    Suspension.objects.create(user=suspended, reason="Spam.")
    with pytest.raises(Refused, match="suspended"):
        set_like(suspended, work, True)
    assert not Like.objects.exists() and not Notification.objects.exists()


def test_a_like_that_was_closed_meanwhile_can_be_let_go():
    user, work = make_user(), make_artwork()
    set_like(user, work, True)
    work.visibility = Visibility.PRIVATE
    work.save()
    set_like(user, work, False)
    assert not Like.objects.exists()


def test_unread_likes_of_a_work_share_one_line_that_names_who_came_last():
    work = make_artwork(title="Moss gate")
    for name in ("Bo", "Cy", "Ada"):
        set_like(make_user(display_name=name), work, True)
    line = Notification.objects.select_related("artwork", "actor").get()
    assert line.user == work.author and sentence(line) == "Ada and 2 others like “Moss gate”."


def test_a_like_after_the_line_was_read_is_a_new_line():
    work = make_artwork()
    set_like(make_user(), work, True)
    Notification.objects.update(read_at="2026-01-01T00:00Z")
    set_like(make_user(), work, True)
    assert Notification.objects.filter(kind=NotificationKind.LIKE).count() == 2


def test_letting_go_names_who_liked_it_before_and_with_the_last_the_line_goes():
    work, first, second = make_artwork(), make_user(), make_user()
    set_like(first, work, True)
    set_like(second, work, True)
    set_like(second, work, False)
    assert Notification.objects.get().actor == first
    set_like(first, work, False)
    assert not Notification.objects.exists()


def test_liking_again_and_again_is_news_once_a_day():
    work, user = make_artwork(), make_user()
    set_like(user, work, True)
    Notification.objects.update(read_at="2026-01-01T00:00Z")
    for is_kept in (False, True, False, True):
        set_like(user, work, is_kept)
    assert Notification.objects.count() == 1


def test_more_likes_than_a_minute_has_are_refused_and_change_nothing(settings):
    settings.RATE_LIMITS = {"like": 5}
    user, works = make_user(), [make_artwork() for _ in range(7)]
    for work in works[:5]:
        set_like(user, work, True)
    for work in works[5:]:
        with pytest.raises(Refused, match="Wait") as caught:
            set_like(user, work, True)
        assert caught.value.retry_after >= 1
    assert Like.objects.count() == 5
    set_like(make_user(), works[0], True)  # Others have a minute of their own.
