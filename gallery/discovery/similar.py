"""Works that look or sound like another one."""

from collections import Counter

import numpy as np
from django.db import connection

from gallery.discovery import features
from gallery.models import Artwork, ArtworkFeature, FeatureBand

OF_A_BUCKET = 200  # So many of each bucket, the newest, are looked at ...
CANDIDATES = 600  # ... and of them so many compared, those that share the most buckets.
_FROM_BUCKET = (
    "SELECT * FROM (SELECT artwork_id FROM {table} WHERE bucket = %s ORDER BY artwork_id DESC LIMIT"
    " {limit}) {name}"
)


def similar_to(artwork: Artwork, user, *, count: int = 12) -> list[Artwork]:
    """The public works most like this one, the most like it first, without those of people whom
    this person keeps away.

    Empty for a work that was not looked at yet. Where few share a bucket, the newest are compared
    too, so that a small garden is compared whole. Five queries at most, and none of them sorts a
    table.
    """
    feature = ArtworkFeature.objects.filter(
        artwork=artwork, kind=features.kind_of(artwork.medium)
    ).first()
    if feature is None:
        return []
    vector = features.unpack([feature.vector])[0]
    keys = _candidates(features.buckets_near(vector, medium=artwork.medium))[:CANDIDATES]
    if len(keys) < CANDIDATES:
        keys += ArtworkFeature.objects.order_by("-pk").values_list("pk", flat=True)[
            : CANDIDATES - len(keys)
        ]
    ranked = _rank(
        [key for key in dict.fromkeys(keys) if key != artwork.pk], vector, kind=feature.kind
    )
    # A few more than are shown, because some may be closed to this person or everybody.
    found: list[Artwork] = []
    for start in range(0, len(ranked), 4 * count):
        some = ranked[start : start + 4 * count]
        works = Artwork.objects.listed().within_boundaries(user).for_cards().in_bulk(some)
        found += [works[key] for key in some if key in works]
        if len(found) >= count or start:
            break
    return found[:count]


def _candidates(buckets: list[int]) -> list[int]:
    """Ids of works in these buckets, those in most of them first."""
    table = connection.ops.quote_name(FeatureBand._meta.db_table)
    parts = [
        _FROM_BUCKET.format(table=table, limit=OF_A_BUCKET, name=f"part{place}")
        for place in range(len(buckets))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), buckets)
        return [key for key, _ in Counter(key for (key,) in cursor.fetchall()).most_common()]


def _rank(keys: list[int], vector: np.ndarray, *, kind: str) -> list[int]:
    """Ids in the order of the cosine of their vectors with this one, the closest first."""
    rows = list(ArtworkFeature.objects.filter(pk__in=keys, kind=kind).values_list("pk", "vector"))
    if not rows:
        return []
    closeness = features.unpack([row for _, row in rows]) @ vector
    return [rows[place][0] for place in np.argsort(-closeness, kind="stable")]
