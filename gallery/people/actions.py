"""Following, muting and blocking people."""

from django.db import transaction
from django.db.models import Q

from gallery.core.permissions import check_may_act, check_may_reach, require_user
from gallery.core.rate_limits import check_rate_limit
from gallery.models import (
    Boundary,
    BoundaryKind,
    CollectionMember,
    Follow,
    Notification,
    NotificationKind,
    User,
)
from gallery.notifications.actions import notify, push_unread, was_notified
from gallery.types import AnyUser
from generation.refusal import Refused


def set_follow(user: User, person: User, is_followed: bool) -> None:
    """Follow a person, or stop following them; doing so twice changes nothing.

    Raises Refused for oneself, for a closed account, and where one of the two has blocked the other
    or `user` has muted `person`.
    """
    check_may_act(user)
    check_rate_limit(user, "follow")
    if not is_followed:
        Follow.objects.filter(follower=user, followed=person).delete()
        return
    if person.pk == user.pk:
        raise Refused("You can't follow yourself; your own works are under “Your works”.")
    if not person.is_active:
        raise Refused("This account is closed, so you can't follow it.")
    check_may_reach(user, person)
    if Boundary.objects.filter(user=user, other=person).exists():
        raise Refused(
            "You have muted or blocked {name}. Undo that first on your list of muted and blocked"
            " people.",
            name=person.name,
        )
    with transaction.atomic():
        _, is_new = Follow.objects.get_or_create(follower=user, followed=person)
        if is_new and not was_notified(NotificationKind.FOLLOW, to=person, actor=user):
            notify(NotificationKind.FOLLOW, to=person, actor=user)


def set_boundary(user: AnyUser, person: User, kind: str) -> None:
    """Mute or block a person, who is not notified.

    Blocking also ends following and shared collections, both ways. Unread notifications about the
    person are deleted. Suspended people may do this too: it protects them and affects nobody else.
    Raises Refused for visitors, for oneself and for an unknown kind.
    """
    user = require_user(user)
    check_rate_limit(user, "follow")
    if person.pk == user.pk:
        raise Refused("You can't mute or block yourself.")
    if kind not in BoundaryKind.values:
        raise Refused("Choose whether to mute or to block.")
    with transaction.atomic():
        Boundary.objects.update_or_create(user=user, other=person, defaults={"kind": kind})
        if kind == BoundaryKind.BLOCK:
            both = Q(follower=user, followed=person) | Q(follower=person, followed=user)
            Follow.objects.filter(both).delete()
            together = Q(collection__owner=user, user=person) | Q(
                collection__owner=person, user=user
            )
            CollectionMember.objects.filter(together).delete()
        Notification.objects.filter(user=user, actor=person, read_at__isnull=True).delete()
        push_unread([user.pk])


def remove_boundary(user: AnyUser, person: User) -> None:
    """Undo `set_boundary`; what a block ended stays ended."""
    user = require_user(user)
    check_rate_limit(user, "follow")
    Boundary.objects.filter(user=user, other=person).delete()
