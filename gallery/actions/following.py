"""Following people."""

from django.db import transaction

from gallery.actions.notifying import notify, was_told
from gallery.actions.pacing import check_rate_limit
from gallery.actions.standing import check_may_act, check_may_reach
from gallery.models import Follow, KeptAway, NotificationKind, User
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
        raise Refused("You cannot follow yourself; your own works stand under “Your works”.")
    if not person.is_active:
        raise Refused("This account is closed, so there is nobody to follow.")
    check_may_reach(user, person)
    if KeptAway.objects.filter(user=user, other=person).exists():
        raise Refused(
            "You keep {name} away. Let them back in on your list of people first.", name=person.name
        )
    with transaction.atomic():
        _, is_new = Follow.objects.get_or_create(follower=user, followed=person)
        if is_new and not was_told(NotificationKind.FOLLOW, to=person, actor=user):
            notify(NotificationKind.FOLLOW, to=person, actor=user)
