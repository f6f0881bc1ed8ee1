"""What follows when a work is published: its parents' child counts, and their makers' notices."""

from gallery.discovery.figures import recount_children
from gallery.models import Artwork, Notification, NotificationKind
from gallery.notifications.actions import notify


def announce(artwork: Artwork) -> None:
    """Recount the parents' public children, and notify their makers of a child that is public.

    Each maker is notified once. Call it in the transaction that published the work, or changed who
    may see it.
    """
    parents = list(Artwork.objects.filter(child_edges__child=artwork).select_related("author"))
    recount_children(parents)
    if not artwork.is_listed or not parents:
        return
    notified = set(
        Notification.objects.filter(kind=NotificationKind.BRED, artwork=artwork).values_list(
            "user_id", flat=True
        )
    )
    for maker in {parent.author_id: parent.author for parent in parents}.values():
        if maker.pk not in notified:
            notify(NotificationKind.BRED, to=maker, actor=artwork.author, artwork=artwork)
