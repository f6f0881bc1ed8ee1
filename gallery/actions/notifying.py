"""Telling people what happened."""

from gallery.bell import wants
from gallery.models import Artwork, Collection, Comment, KeptAway, Notification, User


def notify(
    kind: str, *, to: User, actor: User | None = None, artwork: Artwork | None = None, comment: Comment | None = None,
    collection: Collection | None = None, text: str = "",
) -> Notification | None:
    """Put one line under a person's bell; None when they caused it, do not want such lines, or keep the actor away.

    Call it inside the transaction of what happened: if that is undone, nobody hears of it.
    """
    is_own = actor is not None and actor.pk == to.pk
    if is_own or not to.is_active or not wants(to, kind, "bell"):
        return None
    if actor is not None and KeptAway.objects.filter(user=to, other=actor).exists():
        return None
    return Notification.objects.create(
        user=to, kind=kind, actor=actor, artwork=artwork, comment=comment, collection=collection, text=text
    )
