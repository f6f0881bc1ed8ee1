"""Keeping the figures that shelves are ordered by: at once after a like or a birth, now and then
for the whole garden.

What is written at once is exact. The whole garden is gone through every few minutes, because
rarity, stepping stones and the mixed shelf depend on everything; it also mends whatever figure is
wrong, for whatever reason.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, FloatField, Func
from django.utils import timezone

from gallery.collections.exhibitions import open_exhibitions
from gallery.collections.picks import open_and_close_picks
from gallery.discovery import mixed_shelf, ranking
from gallery.discovery.actions import store_missing_features
from gallery.discovery.colours import name_of
from gallery.discovery.search import unindex_deleted
from gallery.models import (
    Artwork,
    ArtworkFeature,
    FeatureBand,
    Like,
    LineageEdge,
    ScheduledTask,
    State,
    Tag,
    Visibility,
)

TASK = "rankings"
PERIOD = timedelta(minutes=5)
SHARE = 60  # Tending takes at most one part in so many of the time.
# How many fresh works are arranged with others between them; below, the mixed shelf is simply
# newest first.
HEAD = 1_200
TOPS = 150  # How many of the best of every other shelf hang between them.
LOOKED_AT = 200  # Works that were not looked at yet, for each time.
CHUNK = 1_000  # Rows of one transaction, so that nobody waits long for theirs.
NEAR = 1e-6  # Figures that differ by less are not written again.
FIGURES = ("like_count", "love", "child_count", "rarity", "stepping", "mix")
logger = logging.getLogger(__name__)


class Days(Func):
    """A moment as days since 1970, quicker than by a datetime for each row."""

    output_field = FloatField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s) - 2440587.5)", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        template = "(EXTRACT(EPOCH FROM %(expressions)s)::float8 / 86400)"
        return self.as_sql(compiler, connection, template=template, **context)


def refresh_rankings_if_due() -> bool:
    """Tend the garden when that is due and nobody else does it. False when it was not."""
    now = timezone.now()
    task, _ = ScheduledTask.objects.get_or_create(name=TASK, defaults={"due_at": now})
    # Of several that see it is due, one moves the moment on.
    if task.due_at > now or not ScheduledTask.objects.filter(name=TASK, due_at__lte=now).update(
        due_at=now + PERIOD
    ):
        return False
    started = time.monotonic()
    refresh_rankings()
    spent = timedelta(seconds=time.monotonic() - started)
    ScheduledTask.objects.filter(name=TASK).update(
        due_at=timezone.now() + max(PERIOD, SHARE * spent)
    )
    return True


def refresh_rankings() -> int:
    """Go through the whole garden once, and write every figure that is not what it should be; how
    many works changed.
    """
    open_and_close_picks(timezone.now())
    open_exhibitions()
    garden = _Garden.read()
    if not len(garden.keys):
        return 0
    figures = _figures_of(garden)
    changed = np.flatnonzero(np.any(np.abs(figures - garden.figures) > NEAR, axis=1))
    _write(garden.keys[changed], figures[changed])
    _name_colours()
    _count_tags()
    unindex_deleted()
    for table in (FeatureBand, ArtworkFeature):
        table.objects.filter(artwork__state=State.REMOVED).delete()
    store_missing_features(limit=LOOKED_AT)
    return len(changed)


@dataclass(frozen=True)
class _Garden:
    """Arrays over all published works, oldest id first [works]: ids, makers, species, depth, moment
    in seconds since 1970, whether everybody sees it, whether curators picked it, and the figures as
    they are [works, FIGURES].
    """

    keys: np.ndarray
    makers: list[int]
    species: list[str]
    depths: np.ndarray
    published: np.ndarray
    is_listed: np.ndarray
    is_picked: np.ndarray
    figures: np.ndarray

    @classmethod
    def read(cls) -> "_Garden":
        rows = list(
            Artwork.objects.filter(published_at__isnull=False)
            .order_by("pk")
            .annotate(days=Days("published_at"))
            .values_list(
                "pk",
                "author_id",
                "species_id",
                "depth",
                "days",
                "state",
                "visibility",
                "is_featured",
                *FIGURES,
            )
        )
        columns = list(zip(*rows, strict=True)) if rows else [()] * (8 + len(FIGURES))
        is_listed = np.array([state == State.PUBLISHED for state in columns[5]], bool)
        is_listed &= np.array([visibility == Visibility.PUBLIC for visibility in columns[6]], bool)
        return cls(
            keys=np.array(columns[0], np.int64),
            makers=list(columns[1]),
            species=list(columns[2]),
            depths=np.array(columns[3], float),
            published=np.array(columns[4], float) * 86400,
            is_listed=is_listed,
            is_picked=np.array(columns[7], bool),
            figures=np.array(columns[8:], float).T,
        )

    def places(self, keys: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        """Places of ids in the arrays, and which of them are there at all."""
        keys = np.fromiter(keys, np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), max(0, len(self.keys) - 1))
        return places, self.keys[places] == keys


def _figures_of(garden: _Garden) -> np.ndarray:
    """The figures as they should be [works, FIGURES]."""
    count = len(garden.keys)
    likes = list(
        Like.objects.order_by().annotate(days=Days("created_at")).values_list("artwork_id", "days")
    )
    liked, is_there = garden.places(key for key, _ in likes)
    epoch = ranking.EPOCH.timestamp() / 86400
    days = np.array([day for _, day in likes], float)[is_there] - epoch
    liked = liked[is_there]
    love = ranking.loves_of(liked, days, count=count)

    edges = list(LineageEdge.objects.order_by().values_list("parent_id", "child_id", "share"))
    parents, has_parent = garden.places(edge[0] for edge in edges)
    children, has_child = garden.places(edge[1] for edge in edges)
    shares = np.array([edge[2] for edge in edges], float)
    related = has_parent & has_child
    parents, children, shares = parents[related], children[related], shares[related]
    public = garden.is_listed[children]
    child_count = np.bincount(parents[public], minlength=count)
    stepping = ranking.stepping_of(np.where(garden.is_listed, love, 0.0), parents, children, shares)
    rarity = ranking.rarity_of(garden.depths, parents, children)
    mix = _mix(
        garden,
        {"loved": love, "stepping": stepping, "bred": child_count.astype(float), "rare": rarity},
    )
    like_count = np.bincount(liked, minlength=count)
    return np.column_stack([like_count, love, child_count, rarity, stepping, mix]).astype(float)


def _mix(garden: _Garden, shelves: dict[str, np.ndarray]) -> np.ndarray:
    listed = np.flatnonzero(garden.is_listed)
    newest_first = listed[np.argsort(-garden.published[listed], kind="stable")]
    tops = {
        "fresh": newest_first[:HEAD].tolist(),
        "picked": newest_first[garden.is_picked[newest_first]][:TOPS].tolist(),
    }
    for name, figure in shelves.items():
        best = newest_first[np.argsort(-figure[newest_first], kind="stable")[:TOPS]]
        tops[name] = best[figure[best] > 0].tolist()
    order = mixed_shelf.arrange(tops, makers=garden.makers, species=garden.species)
    mix = garden.published.copy()
    mix[order] = mixed_shelf.mix_numbers(order, garden.published)
    return mix


def _write(keys: np.ndarray, figures: np.ndarray) -> None:
    """Write rows of figures [rows, FIGURES], many a statement, a chunk a transaction."""
    columns = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in FIGURES)
    statement = (
        f"UPDATE {connection.ops.quote_name(Artwork._meta.db_table)} SET {columns} WHERE id = %s"
    )
    for start in range(0, len(keys), CHUNK):
        rows = [
            (int(likes), love, int(children), rarity, stepping, mix, key)
            for key, (likes, love, children, rarity, stepping, mix) in zip(
                keys[start : start + CHUNK].tolist(),
                figures[start : start + CHUNK].tolist(),
                strict=True,
            )
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)


def _name_colours() -> None:
    """Name the colours of works that were published before colours had names."""
    nameless = Artwork.objects.filter(colour="", published_at__isnull=False).order_by("pk")
    while rows := list(nameless.values_list("pk", "accent")[:CHUNK]):
        keys_of: dict[str, list[int]] = {}
        for key, accent in rows:
            keys_of.setdefault(name_of(accent) or "grey", []).append(key)
        for name, keys in keys_of.items():
            Artwork.objects.filter(pk__in=keys).update(colour=name)


def _count_tags() -> None:
    """Count the public works under each tag, for the cloud."""
    through = Artwork.tags.through.objects.filter(
        artwork__state=State.PUBLISHED, artwork__visibility=Visibility.PUBLIC
    )
    numbers = dict(through.order_by().values_list("tag").annotate(number=Count("pk")))
    tags = [tag for tag in Tag.objects.only("pk", "number") if tag.number != numbers.get(tag.pk, 0)]
    for tag in tags:
        tag.number = numbers.get(tag.pk, 0)
    Tag.objects.bulk_update(tags, ["number"], batch_size=CHUNK)
