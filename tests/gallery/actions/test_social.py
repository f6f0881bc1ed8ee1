"""Keeping works at hand."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.actions.social import set_favourite
from gallery.models import Favourite, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_a_favourite_is_kept_once_and_let_go():
    user, work = make_user(), make_artwork()
    set_favourite(user, work, True)
    set_favourite(user, work, True)
    assert Favourite.objects.get().artwork == work
    set_favourite(user, work, False)
    set_favourite(user, work, False)
    assert not Favourite.objects.exists()


def test_visitors_and_closed_works_are_refused():
    with pytest.raises(Refused, match="Log in"):
        set_favourite(AnonymousUser(), make_artwork(), True)
    with pytest.raises(Refused, match="not open"):
        set_favourite(make_user(), make_artwork(visibility=Visibility.PRIVATE), True)


def test_a_favourite_that_was_closed_meanwhile_can_be_let_go():
    user, work = make_user(), make_artwork()
    set_favourite(user, work, True)
    work.visibility = Visibility.PRIVATE
    work.save()
    set_favourite(user, work, False)
    assert not Favourite.objects.exists()
