"""What people do with each other's works."""

from django.db import transaction

from gallery.core.permissions import check_may_act, check_may_reach
from gallery.core.rate_limits import check_rate_limit
from gallery.discovery.figures import recount_likes
from gallery.models import Artwork, Like, NotificationKind
from gallery.notifications.actions import notify, was_notified, withdraw_like
from generation.refusal import Refused


def set_like(user, artwork: Artwork, is_kept: bool) -> None:
    """Like a work, which also keeps it at hand, or let it go. Doing it twice changes nothing.

    Raises Refused for works that are closed to this person, their own, those of somebody who has
    blocked them, and for haste.
    """
    check_may_act(user)
    check_rate_limit(user, "like")
    if not is_kept:
        _let_go(user, artwork)
        return
    if not Artwork.objects.visible_to(user).filter(pk=artwork.pk).exists():
        raise Refused("You don't have access to this work.")
    if artwork.author_id == user.pk:
        raise Refused("You can't like your own work.")
    check_may_reach(user, artwork.author)
    with transaction.atomic():
        # Before the like is new: a second click of the same person finds it made.
        _, is_new = Like.objects.get_or_create(user=user, artwork=artwork)
        if is_new:
            recount_likes(artwork)
            if not was_notified(NotificationKind.LIKE, to=artwork.author, actor=user, artwork=artwork):
                notify(NotificationKind.LIKE, to=artwork.author, actor=user, artwork=artwork)


def _let_go(user, artwork: Artwork) -> None:
    with transaction.atomic():
        gone, _ = Like.objects.filter(user=user, artwork=artwork).delete()
        if gone:
            recount_likes(artwork)
            withdraw_like(artwork, user)
