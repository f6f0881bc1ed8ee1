"""What the cards of collections show, fetched for a whole page of them at once."""

from collections.abc import Sequence

from django.db.models import Case, Count, F, Q, When, Window
from django.db.models.functions import RowNumber

from gallery.models import Artwork, Collection, CollectionItem
from gallery.types import AnyUser

PREVIEWS = 4
# Previews are chosen among the first works, so that long collections cost no more than short ones.
NEAR = 24


def attach_previews(collections: Sequence[Collection], user: AnyUser) -> list[Collection]:
    """The same collections, each with `previews` and `work_count`; three queries in all.

    previews: up to PREVIEWS works, the cover first. Works that this person may not see are neither
    shown nor counted.
    """
    keys = [one.pk for one in collections]
    inside = CollectionItem.objects.filter(collection__in=keys).shown_to(user)
    counts = dict(inside.order_by().values_list("collection").annotate(n=Count("pk")))
    is_cover = Q(artwork=F("collection__cover"))
    first_cover = Case(When(is_cover, then=0), default=1)
    rank = Window(RowNumber(), partition_by="collection", order_by=[first_cover, "position", "pk"])
    near = (
        inside.filter(Q(position__lt=NEAR) | is_cover)
        .annotate(rank=rank)
        .filter(rank__lte=PREVIEWS)
    )
    ranked = list(near.order_by("collection", "rank").values_list("collection", "artwork"))
    works = Artwork.objects.for_cards().in_bulk({work for _, work in ranked})
    for one in collections:
        one.previews = [
            works[work] for collection, work in ranked if collection == one.pk and work in works
        ]
        one.work_count = counts.get(one.pk, 0)
    return list(collections)
