"""Who may see, change and breed which work."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from gallery.models import Artwork, LineageEdge, State, Visibility
from gallery.models.artwork import make_slug
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def works() -> dict[tuple[str, str], Artwork]:
    """A work of one maker in every state and visibility."""
    author = make_user()
    return {
        (state, seen): make_artwork(author, state=state, visibility=seen)
        for state in State
        for seen in Visibility
    }


def kinds(works, queryset) -> set[tuple[str, str]]:
    found = set(queryset.values_list("pk", flat=True))
    return {kind for kind, work in works.items() if work.pk in found}


def test_visitors_see_published_public_and_unlisted_works(works):
    expected = {(State.PUBLISHED, Visibility.PUBLIC), (State.PUBLISHED, Visibility.UNLISTED)}
    assert kinds(works, Artwork.objects.visible_to(VISITOR)) == expected
    assert kinds(works, Artwork.objects.visible_to(make_user())) == expected


def test_makers_see_their_own_outside_quarantine(works):
    author = next(iter(works.values())).author
    closed = {State.QUARANTINED, State.DELETED, State.REMOVED}
    expected = {kind for kind in works if kind[0] not in closed}
    assert kinds(works, Artwork.objects.visible_to(author)) == expected
    assert kinds(works, Artwork.objects.editable_by(author)) == expected


def test_staff_see_and_edit_everything_that_is_left(works):
    operator = make_user(is_staff=True, role="moderator")
    expected = {kind for kind in works if kind[0] not in (State.DELETED, State.REMOVED)}
    assert kinds(works, Artwork.objects.visible_to(operator)) == expected
    assert kinds(works, Artwork.objects.editable_by(operator)) == expected
    assert not Artwork.objects.editable_by(VISITOR).exists()


def test_walls_hold_published_public_works(works):
    assert kinds(works, Artwork.objects.listed()) == {(State.PUBLISHED, Visibility.PUBLIC)}


def test_cards_need_one_query(django_assert_num_queries):
    make_artwork(), make_artwork()
    with django_assert_num_queries(1):
        for work in Artwork.objects.listed().for_cards():
            assert work.author.name and work.species.name and work.alt and work.get_absolute_url()


def test_addresses_cannot_be_guessed():
    slugs = {make_slug() for _ in range(200)}
    assert len(slugs) == 200 and all(len(slug) == 12 for slug in slugs)


def test_the_database_refuses_impossible_edges():
    work, other = make_artwork(), make_artwork()
    for edge in (
        {"parent": work, "child": work, "share": 0.5},
        {"parent": work, "child": other, "share": 0},
        {"parent": work, "child": other, "share": 1.5},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LineageEdge.objects.create(**edge)
