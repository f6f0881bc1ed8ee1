"""How many works each choice of a wall's filter would show, beside what is chosen already.

Nothing here counts a million rows while somebody waits: up to LIMIT works of a wall are counted as
they are; for the wall of all works, `gallery.maintenance` counts them every few minutes, and the
cache holds the table. A wall of more works than that shows no numbers.
"""

from collections import Counter
from collections.abc import Mapping

from django.core.cache import cache
from django.db.models import Count

from gallery.discovery.filters import DEPTHS, Filter
from gallery.models import Artwork, Species
from gallery.models.artwork import ArtworkQuerySet, sees_adult_works
from gallery.types import AnyUser

LIMIT = 2_000  # Works that are counted for one page; their columns are all in one index.
KEY, LIFETIME_S = "wall-tables", 60 * 60
COLUMNS = ("species_id", "colour", "licence", "depth")
# (species, colour, licence, key of DEPTHS) -> works.
Table = Mapping[tuple[str, str, str, str], int]


def refresh_table() -> None:
    """Count all listed works for the wall, if there are more than a page would count."""
    listed = Artwork.objects.listed().order_by()
    table: Counter[tuple[str, str, str, str]] = Counter()
    for *columns, depth, count in listed.values_list(*COLUMNS).annotate(number=Count("pk")):
        table[*columns, _generation(depth)] += count
    if table.total() > LIMIT:
        gated = set(Species.objects.filter(has_age_gate=True).values_list("pk", flat=True))
        suitable = {row: count for row, count in table.items() if row[0] not in gated}
        cache.set(KEY, (suitable, dict(table)), timeout=LIFETIME_S)
    else:
        cache.delete(KEY)


def with_counts(
    narrowed: Filter, works: ArtworkQuerySet, *, user: AnyUser, is_whole: bool = False
) -> Filter:
    """The filter with the numbers of its choices. works: of the wall, before the filter.

    is_whole: whether these are all listed works within this person's boundaries.
    """
    # For those who have not asked for works for adults, and for those who have.
    tables: tuple[Table, Table] | None = cache.get(KEY) if is_whole else None
    table = tables[sees_adult_works(user)] if tables else None
    if table is None:
        table = _count(works)
    elif user.is_authenticated:
        listed = Artwork.objects.listed().suitable_for(user)
        hidden = listed.filter(author__in=user.boundaries.values("other"))
        table = Counter(table)
        table.subtract(_count(hidden) or {})
    return narrowed if table is None else narrowed.counted(table)


def _count(works: ArtworkQuerySet) -> Table | None:
    """The table of these works; None for more than LIMIT."""
    rows = list(works.order_by().values_list(*COLUMNS)[: LIMIT + 1])
    if len(rows) > LIMIT:
        return None
    return Counter(
        (species, colour, licence, _generation(depth)) for species, colour, licence, depth in rows
    )


def _generation(depth: int) -> str:
    """The key of DEPTHS that a depth belongs to."""
    return next(
        key
        for key, (_, span) in DEPTHS.items()
        if span.get("depth", depth) == depth
        and span.get("depth__gte", depth) <= depth <= span.get("depth__lte", depth)
    )
