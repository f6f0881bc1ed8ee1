"""Regular maintenance: every few minutes, the ranking figures of all works are computed anew.

Likes and new children update the figures of the works concerned at once
(`gallery.discovery.figures`). Rarity, stepping stones and the mixed shelf depend on all works
together, so they are computed here. Doing so also corrects any figure that is wrong, opens and
closes what is due (picks, exhibitions), and deletes derived rows that are no longer needed.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, FloatField, Func
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from gallery.artworks.deleting import finish_deleting
from gallery.collections.exhibitions import open_exhibitions
from gallery.collections.picks import open_and_close_picks
from gallery.comments.actions import finish_removing
from gallery.core.undo import due
from gallery.discovery import mixed_shelf, ranking
from gallery.discovery.actions import store_missing_features
from gallery.discovery.colours import name_of
from gallery.discovery.facets import refresh_table
from gallery.discovery.search import unindex_deleted
from gallery.models import (
    Artwork,
    ArtworkFeature,
    Collection,
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
MAX_SHARE = 60  # Maintenance takes at most one part in so many of the time.
# How many of the newest works have others mixed in between them; beyond, the mixed shelf is simply
# newest first.
FRESH_COUNT = 1_200
TOP_COUNT = 150  # How many of the best of every other shelf are mixed in.
FEATURES_LIMIT = 200  # How many works without features are processed each time.
CHUNK = 1_000  # Rows of one transaction; short ones let other writers in.
TOLERANCE = 1e-6  # Figures that differ by less are not written again.
FIGURES = ("like_count", "love", "child_count", "rarity", "stepping", "mix")
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Days(Func):
    """A time as days since 1970, as a float; quicker than a datetime object for each row."""

    output_field = FloatField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(
            compiler, connection, template="(julianday(%(expressions)s) - 2440587.5)", **context
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        template = "(EXTRACT(EPOCH FROM %(expressions)s)::float8 / 86400)"
        return self.as_sql(compiler, connection, template=template, **context)


def refresh_rankings_if_due() -> bool:
    """Refresh the rankings if that is due and no other process does it; whether it was done here.

    Every process checks from time to time, and several may find the task due at once. Each then
    tries to move `due_at` on, with one UPDATE that matches only while the task is still due. The
    database runs these one after another: the first one matches the row and its process does the
    work; by then `due_at` lies ahead, so the others match nothing and leave.
    """
    now = timezone.now()
    task, _ = ScheduledTask.objects.get_or_create(name=TASK, defaults={"due_at": now})
    if task.due_at > now:
        return False
    is_ours = ScheduledTask.objects.filter(name=TASK, due_at__lte=now).update(due_at=now + PERIOD)
    if not is_ours:
        return False
    started = time.monotonic()
    refresh_rankings()
    spent = timedelta(seconds=time.monotonic() - started)
    ScheduledTask.objects.filter(name=TASK).update(
        due_at=timezone.now() + max(PERIOD, MAX_SHARE * spent)
    )
    return True


def finish_deletions() -> int:
    """Delete for good what was deleted more than a minute ago; returns how many."""
    count = 0
    for deletion in due():
        if deletion.artwork_id:
            finish_deleting(deletion)
        elif deletion.comment_id:
            finish_removing(deletion)
        else:
            Collection.objects.filter(deletion=deletion).delete()
        count += 1
    return count


def refresh_rankings() -> int:
    """Compute the figures of all published works and write those that changed.

    Returns how many works changed. Also does the other work that the module's docstring names.
    """
    open_and_close_picks(timezone.now())
    open_exhibitions()
    works = _Works.read()
    if not len(works.keys):
        return 0
    figures = _compute_figures(works)
    changed = np.flatnonzero(np.any(np.abs(figures - works.figures) > TOLERANCE, axis=1))
    _write(works.keys[changed], figures[changed])
    _name_colours()
    _count_tags()
    refresh_table()
    unindex_deleted()
    for table in (FeatureBand, ArtworkFeature):
        table.objects.filter(artwork__state=State.REMOVED).delete()
    store_missing_features(limit=FEATURES_LIMIT)
    return len(changed)


@dataclass(frozen=True)
class _Works:
    """Columns over all published works, by rising id, each of length [works].

    keys: ids; makers: ids of their authors; species: keys; depths: generations since the oldest
    ancestor; published: seconds since 1970; is_listed: whether everybody sees the work; is_picked:
    whether a pick is in force; figures: as they are stored [works, FIGURES].
    """

    keys: IntArray
    makers: list[int]
    species: list[str]
    depths: FloatArray
    published: FloatArray
    is_listed: BoolArray
    is_picked: BoolArray
    figures: FloatArray

    @classmethod
    def read(cls) -> "_Works":
        """All published works, in one query."""
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

    def places(self, ids: Iterable[int]) -> tuple[IntArray, BoolArray]:
        """The places of these ids in the columns, and which of the ids are there at all."""
        wanted = np.fromiter(ids, np.int64)
        places = np.minimum(np.searchsorted(self.keys, wanted), max(0, len(self.keys) - 1))
        return places, self.keys[places] == wanted


def _compute_figures(works: _Works) -> FloatArray:
    """The figures of all works from their likes and edges [works, FIGURES]."""
    count = len(works.keys)
    likes = list(
        Like.objects.order_by().annotate(days=Days("created_at")).values_list("artwork_id", "days")
    )
    liked, is_there = works.places(key for key, _ in likes)
    epoch = ranking.EPOCH.timestamp() / 86400
    days = np.array([day for _, day in likes], float)[is_there] - epoch
    liked = liked[is_there]
    love = ranking.loves_of(liked, days, count=count)

    edges = list(LineageEdge.objects.order_by().values_list("parent_id", "child_id", "share"))
    parents, has_parent = works.places(edge[0] for edge in edges)
    children, has_child = works.places(edge[1] for edge in edges)
    shares = np.array([edge[2] for edge in edges], float)
    related = has_parent & has_child
    parents, children, shares = parents[related], children[related], shares[related]
    public = works.is_listed[children]
    child_count = np.bincount(parents[public], minlength=count)
    stepping = ranking.stepping_of(np.where(works.is_listed, love, 0.0), parents, children, shares)
    rarity = ranking.rarity_of(works.depths, parents, children)
    mix = _mix(
        works,
        {"loved": love, "stepping": stepping, "bred": child_count.astype(float), "rare": rarity},
    )
    like_count = np.bincount(liked, minlength=count)
    return np.column_stack([like_count, love, child_count, rarity, stepping, mix]).astype(float)


def _mix(works: _Works, shelves: dict[str, FloatArray]) -> FloatArray:
    """The place of each work on the mixed shelf [works]; shelves: name -> its figure [works]."""
    listed = np.flatnonzero(works.is_listed)
    newest_first = listed[np.argsort(-works.published[listed], kind="stable")]
    tops = {
        "fresh": newest_first[:FRESH_COUNT].tolist(),
        "picked": newest_first[works.is_picked[newest_first]][:TOP_COUNT].tolist(),
    }
    for name, figure in shelves.items():
        best = newest_first[np.argsort(-figure[newest_first], kind="stable")[:TOP_COUNT]]
        tops[name] = best[figure[best] > 0].tolist()
    order = mixed_shelf.arrange(tops, makers=works.makers, species=works.species)
    mix = works.published.copy()
    mix[order] = mixed_shelf.mix_numbers(order, works.published)
    return mix


def _write(keys: IntArray, figures: FloatArray) -> None:
    """Write figures [rows, FIGURES] to the works of these ids [rows], a chunk a transaction."""
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
    """Count the public works under each tag, for the tag cloud."""
    through = Artwork.tags.through.objects.filter(
        artwork__state=State.PUBLISHED, artwork__visibility=Visibility.PUBLIC
    )
    numbers = dict(through.order_by().values_list("tag").annotate(number=Count("pk")))
    tags = [tag for tag in Tag.objects.only("pk", "number") if tag.number != numbers.get(tag.pk, 0)]
    for tag in tags:
        tag.number = numbers.get(tag.pk, 0)
    Tag.objects.bulk_update(tags, ["number"], batch_size=CHUNK)
