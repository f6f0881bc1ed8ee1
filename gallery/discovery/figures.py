"""Figures of a work that are updated at once: likes, children, and its first shelf position."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count

from gallery.discovery import mixed_shelf, ranking
from gallery.discovery.colours import name_of
from gallery.models import Artwork, Like, LineageEdge, State, Visibility


def recount_likes(artwork: Artwork) -> None:
    """Recount the likes of a work and their weight, in the row and in this object."""
    with transaction.atomic():
        # The lock serialises likes at the same time.
        Artwork.objects.select_for_update(of=("self",)).filter(pk=artwork.pk).values_list(
            "pk"
        ).first()
        moments = list(Like.objects.filter(artwork=artwork).values_list("created_at", flat=True))
        artwork.like_count, artwork.love = len(moments), ranking.love_of(moments)
        Artwork.objects.filter(pk=artwork.pk).update(
            like_count=artwork.like_count, love=artwork.love
        )


def recount_children(artworks: Iterable[Artwork]) -> None:
    """Recount the public children of works, in the rows and in these objects."""
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
    """Set the mixed-shelf position and the colour of a work that is being published.

    Changes this object only; returns the names of the fields to save. The colour is that of the
    ground until the picture is looked at (gallery.discovery.actions).
    """
    artwork.mix = mixed_shelf.mix_at(artwork.published_at)
    artwork.colour = name_of(artwork.accent)
    return ["mix", "colour"]
