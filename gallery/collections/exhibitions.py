"""Opening exhibitions: the makers of the works in them are notified, once."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gallery.models import Artwork, Collection, Notification, NotificationKind
from gallery.notifications.actions import notify


def open_exhibitions() -> int:
    """Notify the makers in every exhibition that has opened since the last call; how many opened.

    Called whenever the dates of an exhibition change, and by `gallery.maintenance`. Makers of works
    that are added later are notified by `gallery.collections.actions.add_work`.
    """
    with transaction.atomic():
        opened = (
            Collection.objects.open_now().filter(announced_at__isnull=True).select_related("owner")
        )
        exhibitions = list(opened.select_for_update(of=("self",)).order_by("pk"))
        for exhibition in exhibitions:
            _notify_makers(exhibition)
        Collection.objects.filter(pk__in=[one.pk for one in exhibitions]).update(
            announced_at=timezone.now()
        )
    return len(exhibitions)


def _notify_makers(exhibition: Collection) -> None:
    """One notification for each listed work, unless its maker has had one for it already."""
    notified = set(
        Notification.objects.filter(
            kind=NotificationKind.COLLECTED, collection=exhibition
        ).values_list("artwork")
    )
    for work in _listed_works(exhibition):
        if (work.pk,) not in notified:
            notify(
                NotificationKind.COLLECTED,
                to=work.author,
                actor=exhibition.owner,
                artwork=work,
                collection=exhibition,
            )


def _listed_works(exhibition: Collection) -> QuerySet[Artwork]:
    """The works in an exhibition that everybody sees, in their order."""
    works = (
        Artwork.objects.listed()
        .filter(collection_items__collection=exhibition)
        .select_related("author")
    )
    return works.only("author", "title", "slug").order_by("collection_items__position")
