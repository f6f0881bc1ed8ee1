"""Invitations to collect together: invite, accept, decline, leave, remove."""

from django.db import transaction
from django.utils import timezone

from gallery.core.permissions import check_may_act, check_may_reach, is_blocked
from gallery.core.rate_limits import check_rate_limit
from gallery.models import Collection, CollectionMember, Notification, NotificationKind, User
from gallery.notifications.actions import notify
from gallery.types import AnyUser
from generation.refusal import Refused
from generation.words import word

MAX_MEMBERS = 40
NOT_YOURS = word("This collection doesn't exist, or you can't share it.")
NOT_INVITED = word(
    "This invitation is no longer valid. Ask the owner of the collection for a new one."
)


def invite(user: User, collection: Collection, username: str) -> CollectionMember:
    """Invite a person to add works, too; inviting twice is the same as once.

    A person is notified once, however often they decline. Raises Refused for an unknown name, for
    oneself, where one of the two blocks the other, and beyond MAX_MEMBERS.
    """
    check_may_act(user)
    name = username.strip().removeprefix("@")
    with transaction.atomic():
        found = (
            Collection.objects.personal()
            .editable_by(user)
            .select_for_update(of=("self",))
            .filter(pk=collection.pk)
            .first()
        )
        if found is None:
            raise Refused(NOT_YOURS)
        if found.hidden_at:
            raise Refused("A moderator hid this collection, so nobody else can be invited to it.")
        guest = (
            User.objects.filter(username__in=[name, name.lower()], is_active=True).first()
            if "\x00" not in name
            else None
        )
        if guest is None:
            raise Refused(
                "There is no one here called @{name}. Check the spelling.", name=name[:60]
            )
        if guest.pk == user.pk:
            raise Refused("This is your own collection; invite someone else.")
        check_may_reach(user, guest)
        if is_blocked(guest, user):
            raise Refused(
                "You have blocked {name}. Unblock them first, then invite them.", name=guest.name
            )
        if known := found.members.filter(user=guest).first():
            return known
        if found.members.count() >= MAX_MEMBERS:
            raise Refused(
                "At most {most} people can collect here with you. Remove one from the list first.",
                most=MAX_MEMBERS,
            )
        check_rate_limit(user, "invite")
        member = found.members.create(user=guest)
        kind = NotificationKind.INVITATION
        if not Notification.objects.filter(
            user=guest, kind=kind, actor=user, collection=found
        ).exists():
            notify(kind, to=guest, actor=user, collection=found)
    return member


def answer_invitation(user: User, collection: Collection, *, accepts: bool) -> None:
    """Accept an invitation, or decline and so delete it; accepting twice is the same as once."""
    check_may_act(user)
    with transaction.atomic():
        invitation = (
            CollectionMember.objects.select_for_update()
            .filter(collection=collection, user=user)
            .first()
        )
        if invitation is None:
            raise Refused(NOT_INVITED)
        if not accepts:
            invitation.delete()
        elif invitation.accepted_at is None:
            if invitation.collection.hidden_at:
                raise Refused(NOT_INVITED)
            check_may_reach(user, collection.owner)
            invitation.accepted_at = timezone.now()
            invitation.save(update_fields=["accepted_at"])


def leave(user: AnyUser, collection: Collection) -> None:
    """Leave a collection; what this person added stays. Suspended people may leave, too."""
    if user.is_authenticated:
        CollectionMember.objects.filter(collection=collection, user=user).delete()


def remove_member(user: User, collection: Collection, member_id: int) -> None:
    """Remove a member or withdraw an invitation; what they added stays."""
    check_may_act(user)
    if not Collection.objects.personal().editable_by(user).filter(pk=collection.pk).exists():
        raise Refused(NOT_YOURS)
    CollectionMember.objects.filter(collection=collection, pk=member_id).delete()
