"""Finding works that look or sound like another one."""

from collections import Counter

import numpy as np
from django.db import connection

from gallery.discovery import features
from gallery.models import Artwork, ArtworkFeature, FeatureBand
from gallery.types import AnyUser

OF_A_BUCKET = 200  # How many works of each bucket, the newest, are candidates ...
CANDIDATES = 600  # ... and how many of those, sharing the most buckets, are compared.
_FROM_BUCKET = (
    "SELECT * FROM (SELECT artwork_id FROM {table} WHERE bucket = %s ORDER BY artwork_id DESC LIMIT"
    " {limit}) {name}"
)


def similar_to(artwork: Artwork, user: AnyUser, *, count: int = 12) -> list[Artwork]:
    """The listed works most similar to this one, without those of muted and blocked people.

    Empty for a work without features. If few works share a bucket, the newest are compared too, so
    that on a small site all are. Five queries at most, none of which sorts a table.
    """
    feature = ArtworkFeature.objects.filter(
        artwork=artwork, kind=features.kind_of(artwork.medium)
    ).first()
    if feature is None:
        return []
    vector = features.unpack([feature.vector])[0]
    keys = _candidates(features.buckets_near(vector, medium=artwork.medium))[:CANDIDATES]
    if len(keys) < CANDIDATES:
        newest = ArtworkFeature.objects.order_by("-pk").values_list("pk", flat=True)
        keys += newest[: CANDIDATES - len(keys)]
    ranked = _rank(
        [key for key in dict.fromkeys(keys) if key != artwork.pk], vector, kind=feature.kind
    )
    # A few more than are shown, because some may not be open to this person.
    found: list[Artwork] = []
    for start in range(0, len(ranked), 4 * count):
        some = ranked[start : start + 4 * count]
        works = Artwork.objects.listed().within_boundaries(user).for_cards().in_bulk(some)
        found += [works[key] for key in some if key in works]
        if len(found) >= count or start:
            break
    return found[:count]


def _candidates(buckets: list[int]) -> list[int]:
    """Ids of works in these buckets, those in most of them first; one query."""
    table = connection.ops.quote_name(FeatureBand._meta.db_table)
    parts = [
        _FROM_BUCKET.format(table=table, limit=OF_A_BUCKET, name=f"part{place}")
        for place in range(len(buckets))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), buckets)
        return [key for key, _ in Counter(key for (key,) in cursor.fetchall()).most_common()]


def _rank(keys: list[int], vector: np.ndarray, *, kind: str) -> list[int]:
    """Ids by the cosine similarity of their vectors with this one, the closest first."""
    rows = list(ArtworkFeature.objects.filter(pk__in=keys, kind=kind).values_list("pk", "vector"))
    if not rows:
        return []
    closeness = features.unpack([row for _, row in rows]) @ vector
    return [rows[place][0] for place in np.argsort(-closeness, kind="stable")]
