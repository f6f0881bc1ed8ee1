"""Keeping works at hand."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.actions.social import set_like
from gallery.models import Like, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_a_like_is_kept_once_and_let_go():
    user, work = make_user(), make_artwork()
    set_like(user, work, True)
    set_like(user, work, True)
    assert Like.objects.get().artwork == work
    set_like(user, work, False)
    set_like(user, work, False)
    assert not Like.objects.exists()


def test_visitors_and_closed_works_are_refused():
    with pytest.raises(Refused, match="Log in"):
        set_like(AnonymousUser(), make_artwork(), True)
    with pytest.raises(Refused, match="not open"):
        set_like(make_user(), make_artwork(visibility=Visibility.PRIVATE), True)


def test_a_like_that_was_closed_meanwhile_can_be_let_go():
    user, work = make_user(), make_artwork()
    set_like(user, work, True)
    work.visibility = Visibility.PRIVATE
    work.save()
    set_like(user, work, False)
    assert not Like.objects.exists()
