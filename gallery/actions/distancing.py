"""Keeping people away: muting, blocking, and letting them back in."""

from django.db import transaction
from django.db.models import Q

from gallery.actions.notifying import ring
from gallery.actions.pacing import check_rate_limit
from gallery.models import CollectionMember, Distance, Follow, KeptAway, Notification, User
from generation.refusal import Refused


def keep_away(user, person: User, distance: str) -> None:
    """Mute or block a person; they are not told. Blocking ends following and collecting together,
    both ways.

    Their unread news go from under the bell. Suspended people may do this too: it protects them and
    bothers nobody. Raises Refused for visitors, for oneself and for a distance that does not exist.
    """
    _check(user)
    if person.pk == user.pk:
        raise Refused("You cannot keep yourself away.")
    if distance not in Distance.values:
        raise Refused("Choose whether to mute or to block.")
    with transaction.atomic():
        KeptAway.objects.update_or_create(user=user, other=person, defaults={"distance": distance})
        if distance == Distance.BLOCK:
            both = Q(follower=user, followed=person) | Q(follower=person, followed=user)
            Follow.objects.filter(both).delete()
            together = Q(collection__owner=user, user=person) | Q(
                collection__owner=person, user=user
            )
            CollectionMember.objects.filter(together).delete()
        Notification.objects.filter(user=user, actor=person, read_at__isnull=True).delete()
        ring([user.pk])


def let_back(user, person: User) -> None:
    """Undo `keep_away`. Following begins anew by whoever wants it."""
    _check(user)
    KeptAway.objects.filter(user=user, other=person).delete()


def _check(user) -> None:
    if not user.is_authenticated or not user.is_active:
        raise Refused("Log in first.")
    check_rate_limit(user, "follow")
