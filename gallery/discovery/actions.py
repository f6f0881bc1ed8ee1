"""Computing and storing what is seen in works: feature vectors, by which similar ones are found,
and looks, with the colour by which walls are filtered.
"""

import logging
from collections.abc import Iterator

from django.db import transaction

from gallery.discovery import features, salience
from gallery.discovery.colours import name_of
from gallery.models import Artwork, ArtworkFeature, FeatureBand, State

CHUNK = 50
logger = logging.getLogger(__name__)


def store_features(artwork: Artwork) -> bool:
    """Compute and store the feature vector of a printed work.

    False if its file cannot be read, which is remembered so that it is not tried again.
    """
    file = artwork.notes if artwork.is_music else artwork.thumbnail
    if not file:
        return False
    try:
        with file.open("rb") as opened:
            found = features.features_of(artwork.medium, opened.read())
    except (OSError, ValueError) as error:
        logger.warning("The features of the work %s cannot be computed: %s", artwork.slug, error)
        ArtworkFeature.objects.update_or_create(
            artwork=artwork, defaults={"kind": features.UNREADABLE, "vector": b""}
        )
        return False
    with transaction.atomic():
        FeatureBand.objects.filter(artwork=artwork).delete()
        ArtworkFeature.objects.update_or_create(
            artwork=artwork, defaults={"kind": found["kind"], "vector": found["vector"]}
        )
        FeatureBand.objects.bulk_create(
            FeatureBand(artwork=artwork, bucket=bucket) for bucket in found["buckets"]
        )
    return True


def store_missing_features(*, limit: int | None = None) -> int:
    """Store the features of printed works that have none, the newest first; returns how many.

    limit: how many works are tried at most.
    """
    done = 0
    for tried, artwork in enumerate(_works_without_features()):
        if limit is not None and tried >= limit:
            break
        done += store_features(artwork)
    return done


def _works_without_features() -> Iterator[Artwork]:
    """Printed works without features of the present version, the newest first."""
    kinds = [features.UNREADABLE, *(features.kind_of(medium) for medium in features.LENGTHS)]
    works = Artwork.objects.exclude(
        pk__in=ArtworkFeature.objects.filter(kind__in=kinds).values("artwork")
    )
    works = (
        works.filter(published_at__isnull=False).exclude(state=State.REMOVED).exclude(thumbnail="")
    )
    works = works.select_related("species").defer("genome", "pedigree")
    last = None
    while chunk := list((works.filter(pk__lt=last) if last else works).order_by("-pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def store_look(artwork: Artwork) -> None:
    """Store the salient colour of a printed work and how well it fills a large tile.

    Tunes, and pictures that cannot be read, keep the colour of their ground.
    """
    look = salience.Look(artwork.accent, 0.0)
    if not artwork.is_music and artwork.thumbnail:
        try:
            with artwork.thumbnail.open("rb") as opened:
                look = salience.look_at(opened.read())
        except (OSError, ValueError) as error:
            logger.warning("The work %s cannot be looked at: %s", artwork.slug, error)
    artwork.salient, artwork.presence = look.salient, look.presence
    artwork.colour = name_of(look.salient) or "grey"
    Artwork.objects.filter(pk=artwork.pk).update(
        salient=artwork.salient, presence=artwork.presence, colour=artwork.colour
    )


def store_missing_looks(*, limit: int) -> int:
    """Look at published works that nobody looked at yet, the newest first; returns how many."""
    works = Artwork.objects.filter(published_at__isnull=False, salient="").exclude(
        state=State.REMOVED
    )
    works = works.select_related("species").defer("genome", "pedigree")
    found = list(works.order_by("-pk")[:limit])
    for artwork in found:
        store_look(artwork)
    return len(found)
