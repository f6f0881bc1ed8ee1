"""Collecting together: who can be invited, and what an answer changes."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery.collections import invitations
from gallery.models import (
    Boundary,
    BoundaryKind,
    Collection,
    CollectionMember,
    Notification,
    NotificationKind,
)
from gallery.people.actions import set_boundary
from generation.refusal import Refused
from tests.factories import make_collection, make_user

pytestmark = pytest.mark.django_db


def test_a_person_is_invited_by_name_once_and_notified_once():
    collection, guest = make_collection(), make_user("bo")
    for name in ("@bo", "bo", " @BO "):
        invitations.invite(collection.owner, collection, name)
    assert collection.members.get().user == guest and collection.members.get().accepted_at is None
    invitations.answer_invitation(guest, collection, accepts=False)
    invitations.invite(collection.owner, collection, "bo")
    assert (
        Notification.objects.filter(
            user=guest, kind=NotificationKind.INVITATION, collection=collection
        ).count()
        == 1
    )


def test_who_accepted_sees_a_private_collection_until_they_leave():
    collection, guest = make_collection(is_public=False), make_user("bo")
    invitations.invite(collection.owner, collection, "bo")
    assert not Collection.objects.visible_to(guest).exists()
    invitations.answer_invitation(guest, collection, accepts=True)
    invitations.answer_invitation(guest, collection, accepts=True)
    assert (
        Collection.objects.visible_to(guest).get()
        == collection
        == Collection.objects.arrangeable_by(guest).get()
    )
    assert not Collection.objects.editable_by(guest).exists()
    invitations.leave(guest, collection)
    invitations.leave(AnonymousUser(), collection)
    assert not Collection.objects.visible_to(guest).exists()


@pytest.mark.parametrize("name", ["", "nobody", "a\0b", "x" * 100_000, "ada"])
def test_unknown_names_and_oneself_are_refused(name):
    collection = make_collection(make_user("ada"))
    with pytest.raises(Refused):
        invitations.invite(collection.owner, collection, name)
    assert not CollectionMember.objects.exists()


@pytest.mark.parametrize("is_owner_blocking", [True, False])
def test_blocked_people_cannot_be_invited(is_owner_blocking):
    collection, guest = make_collection(), make_user("bo")
    ends = (collection.owner, guest) if is_owner_blocking else (guest, collection.owner)
    Boundary.objects.create(user=ends[0], other=ends[1], kind=BoundaryKind.BLOCK)
    with pytest.raises(Refused):
        invitations.invite(collection.owner, collection, "bo")
    assert not CollectionMember.objects.exists() and not Notification.objects.exists()


@pytest.mark.parametrize("is_owner_blocking", [True, False])
def test_blocking_ends_collecting_together(is_owner_blocking):
    collection, guest = make_collection(), make_user()
    collection.members.create(user=guest, accepted_at=collection.created_at)
    ends = (collection.owner, guest) if is_owner_blocking else (guest, collection.owner)
    set_boundary(*ends, BoundaryKind.MUTE)
    assert collection.members.exists()
    set_boundary(*ends, BoundaryKind.BLOCK)
    assert not collection.members.exists()


def test_only_the_owner_invites_and_removes_people():
    collection, member = make_collection(), make_user("bo")
    make_user("cy")
    row = collection.members.create(user=member, accepted_at=collection.created_at)
    for person in (member, make_user(), make_user(role="administrator"), AnonymousUser()):
        with pytest.raises(Refused):
            invitations.invite(person, collection, "cy")
        with pytest.raises(Refused):
            invitations.remove_member(person, collection, row.pk)
    foreign = make_collection().members.create(user=member)
    invitations.remove_member(collection.owner, collection, foreign.pk)
    assert CollectionMember.objects.count() == 2
    invitations.remove_member(collection.owner, collection, row.pk)
    assert list(CollectionMember.objects.all()) == [foreign]


def test_nobody_accepts_what_they_were_not_invited_to():
    collection = make_collection(is_public=False)
    with pytest.raises(Refused, match="no longer valid"):
        invitations.answer_invitation(make_user(), collection, accepts=True)
    assert not CollectionMember.objects.exists()


def test_exhibitions_are_not_shared_by_invitation():
    curator = make_user(role="curator")
    make_user("bo")
    with pytest.raises(Refused):
        invitations.invite(curator, make_collection(curator, kind="exhibition"), "bo")
