"""What operators do, and that nobody else can."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.actions import curating
from gallery.models import Artwork, State, Visibility
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
VERBS = (curating.feature, curating.unfeature, curating.hide, curating.show, curating.quarantine, curating.release)


@pytest.mark.parametrize("verb", VERBS)
def test_only_operators_may(verb):
    work = make_artwork()
    for person in (AnonymousUser(), work.author, make_user(is_staff=True, role="moderator", is_active=False)):
        with pytest.raises(Refused, match="Only operators"):
            verb(person, [work])


def test_featuring_takes_public_works_alone():
    operator = make_user(is_staff=True, role="moderator")
    public, unlisted = make_artwork(), make_artwork(visibility=Visibility.UNLISTED)
    assert curating.feature(operator, [public, unlisted]) == 1
    assert list(Artwork.objects.filter(is_featured=True)) == [public]
    assert curating.feature(operator, [public]) == 0
    assert curating.unfeature(operator, [public]) == 1


def test_hiding_and_showing_undo_each_other():
    operator, work = make_user(is_staff=True, role="moderator"), make_artwork(is_featured=True, has_files=True)
    curating.hide(operator, [work])
    work.refresh_from_db()
    assert work.state == State.HIDDEN and not work.is_featured
    assert Artwork.objects.visible_to(work.author).filter(pk=work.pk).exists()
    assert not Artwork.objects.visible_to(make_user()).filter(pk=work.pk).exists()
    curating.show(operator, [work])
    work.refresh_from_db()
    assert work.state == State.PUBLISHED


def test_a_quarantined_work_is_closed_to_its_maker_until_it_is_released():
    operator, work = make_user(is_staff=True, role="moderator"), make_artwork(has_files=True)
    unprinted, removed = make_artwork(state=State.RENDERING), make_artwork(state=State.REMOVED)
    assert curating.quarantine(operator, [work, unprinted, removed]) == 2
    assert not Artwork.objects.visible_to(work.author).filter(pk=work.pk).exists()
    assert Artwork.objects.visible_to(operator).filter(pk=work.pk).exists()
    assert curating.release(operator, [work, unprinted, removed]) == 2
    states = dict(Artwork.objects.values_list("pk", "state"))
    assert states == {work.pk: State.PUBLISHED, unprinted.pk: State.FAILED, removed.pk: State.REMOVED}
