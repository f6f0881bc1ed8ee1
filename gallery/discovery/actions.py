"""Looking at works, or listening to them, so that similar ones are found."""

import logging
from collections.abc import Iterator

from django.db import transaction

from gallery.discovery import features
from gallery.models import Artwork, ArtworkFeature, FeatureBand, State

CHUNK = 50
logger = logging.getLogger(__name__)


def store_features(artwork: Artwork) -> bool:
    """Write what a printed work looks or sounds like. False where its file cannot be read; it is
    not tried again then.
    """
    file = artwork.notes if artwork.is_music else artwork.thumbnail
    if not file:
        return False
    try:
        with file.open("rb") as opened:
            found = features.features_of(artwork.medium, opened.read())
    except (OSError, ValueError) as error:
        logger.warning("What the work %s is like cannot be told: %s", artwork.slug, error)
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
    """Describe printed works that are not yet, the newest first; how many were. limit: look at no
    more than so many.
    """
    done = 0
    for looked_at, artwork in enumerate(_undescribed()):
        if limit is not None and looked_at >= limit:
            break
        done += store_features(artwork)
    return done


def _undescribed() -> Iterator[Artwork]:
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
