"""Computing and storing the feature vectors of works, by which similar ones are found."""

import logging
from collections.abc import Iterator

from django.db import transaction

from gallery.discovery import features
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
