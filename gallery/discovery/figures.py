"""The figures of a work that are exact at once: its likes, its children, its first place on the shelves."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count

from gallery.discovery import mixed_shelf, ranking
from gallery.discovery.colours import name_of
from gallery.models import (
    Artwork,
    Like,
    LineageEdge,
    State,
    Visibility,
)


def recount_likes(artwork: Artwork) -> None:
    """Count the likes of a work again, and how fresh they are. Changes the row and the work at
    hand.
    """
    with transaction.atomic():
        # The lock makes two likes at once count one after the other.
        Artwork.objects.select_for_update(of=("self",)).filter(pk=artwork.pk).values_list(
            "pk"
        ).first()
        moments = list(Like.objects.filter(artwork=artwork).values_list("created_at", flat=True))
        artwork.like_count, artwork.love = len(moments), ranking.love_of(moments)
        Artwork.objects.filter(pk=artwork.pk).update(
            like_count=artwork.like_count, love=artwork.love
        )


def recount_children(artworks: Iterable[Artwork]) -> None:
    """Count the public children of works again. Changes the rows and the works at hand."""
    works = list(artworks)
    with transaction.atomic():
        keys = sorted({work.pk for work in works})
        list(
            Artwork.objects.select_for_update(of=("self",))
            .filter(pk__in=keys)
            .order_by("pk")
            .values_list("pk")
        )
        born = LineageEdge.objects.filter(
            parent__in=keys, child__state=State.PUBLISHED, child__visibility=Visibility.PUBLIC
        )
        counts = dict(born.order_by().values_list("parent").annotate(number=Count("pk")))
        for work in works:
            work.child_count = counts.get(work.pk, 0)
            Artwork.objects.filter(pk=work.pk).exclude(child_count=work.child_count).update(
                child_count=work.child_count
            )


def initial_rankings(artwork: Artwork) -> list[str]:
    """Give a work that is being published its place on the shelves: seen at once on the mixed one,
    its colour known.

    Changes the work at hand, and returns the names of the fields that its row has to be told.
    """
    artwork.mix = mixed_shelf.mix_at(artwork.published_at)
    artwork.colour = name_of(artwork.accent)
    return ["mix", "colour"]
