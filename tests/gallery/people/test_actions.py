"""Following, muting and blocking people."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.models import Artwork, Boundary, BoundaryKind, Follow, Notification
from gallery.people.actions import remove_boundary, set_boundary, set_follow
from generation.refusal import Refused
from tests.factories import make_artwork, make_boundary, make_follow, make_notification, make_user

pytestmark = pytest.mark.django_db


def test_a_follow_is_stored_once_notified_once_and_undone():
    ada, bo = make_user(), make_user()
    for is_followed in (True, True, False, True):
        set_follow(ada, bo, is_followed)
    assert Follow.objects.get().followed == bo
    line = Notification.objects.get()
    assert line.user == bo and line.actor == ada
    set_follow(ada, bo, False)
    assert not Follow.objects.exists()


def test_oneself_closed_accounts_blockers_and_the_blocked_cannot_be_followed():
    ada, closed, blocker, muted = make_user(), make_user(is_active=False), make_user(), make_user()
    make_boundary(blocker, ada)
    make_boundary(ada, muted, BoundaryKind.MUTE)
    for person, words in (
        (ada, "yourself"),
        (closed, "closed"),
        (blocker, "can't interact"),
        (muted, "muted or blocked"),
    ):
        with pytest.raises(Refused, match=words):
            set_follow(ada, person, True)
    with pytest.raises(Refused, match="Log in"):
        set_follow(AnonymousUser(), ada, True)
    assert not Follow.objects.exists() and not Notification.objects.exists()


def test_blocking_ends_following_both_ways_and_deletes_unread_notifications():
    ada, bo = make_user(), make_user()
    make_follow(ada, bo), make_follow(bo, ada)
    make_notification(ada, actor=bo)
    set_boundary(ada, bo, BoundaryKind.BLOCK)
    assert not Follow.objects.exists() and not Notification.objects.filter(user=ada).exists()


def test_muting_leaves_follows_and_can_become_a_block_and_end():
    ada, bo = make_user(), make_user()
    make_follow(bo, ada)
    set_boundary(ada, bo, BoundaryKind.MUTE)
    assert Follow.objects.exists()
    set_boundary(ada, bo, BoundaryKind.BLOCK)
    assert Boundary.objects.get().kind == BoundaryKind.BLOCK and not Follow.objects.exists()
    remove_boundary(ada, bo)
    remove_boundary(ada, bo)
    assert not Boundary.objects.exists()


def test_visitors_oneself_and_unknown_kinds_are_refused():
    ada = make_user()
    with pytest.raises(Refused, match="Log in"):
        set_boundary(AnonymousUser(), ada, BoundaryKind.MUTE)
    with pytest.raises(Refused, match="yourself"):
        set_boundary(ada, ada, BoundaryKind.MUTE)
    with pytest.raises(Refused, match="Choose"):
        set_boundary(ada, make_user(), "shout")
    assert not Boundary.objects.exists()


def test_works_of_muted_and_blocked_people_are_left_out_for_the_muter_alone():
    ada, muted = make_user(), make_user()
    theirs, other = make_artwork(muted), make_artwork()
    make_boundary(ada, muted, BoundaryKind.MUTE)
    assert set(Artwork.objects.within_boundaries(ada)) == {other}
    assert (
        set(Artwork.objects.within_boundaries(muted))
        == set(Artwork.objects.within_boundaries(AnonymousUser()))
        == {theirs, other}
    )
