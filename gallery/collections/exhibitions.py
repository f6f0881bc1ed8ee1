"""The opening of an exhibition: the makers of the works in it hear of it, once."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from gallery.models import Artwork, Collection, Notification, NotificationKind
from gallery.notifications.actions import notify


def open_exhibitions() -> int:
    """Tell the makers in every exhibition that has opened and was not announced yet; the number of
    exhibitions.

    Called whenever the dates of one change, and by the garden's tending as time passes. Works that
    are hung later are told when they are hung, by `collecting.add_work`.
    """
    with transaction.atomic():
        opened = (
            Collection.objects.open_now().filter(announced_at__isnull=True).select_related("owner")
        )
        exhibitions = list(opened.select_for_update(of=("self",)).order_by("pk"))
        for exhibition in exhibitions:
            _tell_makers(exhibition)
        Collection.objects.filter(pk__in=[one.pk for one in exhibitions]).update(
            announced_at=timezone.now()
        )
    return len(exhibitions)


def _tell_makers(exhibition: Collection) -> None:
    """One line for each work that everybody sees, but for those whose makers heard of it when it
    was hung.
    """
    told = set(
        Notification.objects.filter(
            kind=NotificationKind.COLLECTED, collection=exhibition
        ).values_list("artwork")
    )
    for work in _hung(exhibition):
        if (work.pk,) not in told:
            notify(
                NotificationKind.COLLECTED,
                to=work.author,
                actor=exhibition.owner,
                artwork=work,
                collection=exhibition,
            )


def _hung(exhibition: Collection) -> Iterable[Artwork]:
    works = (
        Artwork.objects.listed()
        .filter(collection_items__collection=exhibition)
        .select_related("author")
    )
    return works.only("author", "title", "slug").order_by("collection_items__position")
