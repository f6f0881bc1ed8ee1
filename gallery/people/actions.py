"""Following people."""

from django.db import transaction
from django.db.models import Q

from gallery.core.permissions import check_may_act, check_may_reach
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
from generation.refusal import Refused


def set_follow(user, person: User, is_followed: bool) -> None:
    """Follow a person, or stop. Doing it twice changes nothing.

    Raises Refused for oneself, for a closed account, for somebody who has blocked this person or
    whom they keep away.
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


def set_boundary(user, person: User, kind: str) -> None:
    """Mute or block a person; they are not told. Blocking ends following and collecting together,
    both ways.

    Their unread news go from under the bell. Suspended people may do this too: it protects them and
    bothers nobody. Raises Refused for visitors, for oneself and for a kind that does not exist.
    """
    _check(user)
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


def remove_boundary(user, person: User) -> None:
    """Undo `set_boundary`. Following begins anew by whoever wants it."""
    _check(user)
    Boundary.objects.filter(user=user, other=person).delete()


def _check(user) -> None:
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    check_rate_limit(user, "follow")
