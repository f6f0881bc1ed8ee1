"""The process that bench_discovery.py starts: it fills an empty site and measures.

Rows are printed as JSON on the last line. The time of the database is that of sending all queries
of a page again and reading their rows, as the median of the rounds in seconds on the processor: of
this thread, where SQLite works, and of PostgreSQL's process if it runs on this machine and Linux
counts its time. Otherwise it is wall-clock time of the quickest round, because that also counts
whatever else the machine does.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import django

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.measuring import Row, row  # noqa: E402
from benchmarks.wall_garden import RARE, plant  # noqa: E402
from gallery.core import pagination  # noqa: E402
from gallery.discovery import features  # noqa: E402
from gallery.discovery.large_tiles import SQUARES  # noqa: E402
from gallery.discovery.shelves import SHELVES  # noqa: E402
from gallery.maintenance import refresh_rankings  # noqa: E402
from gallery.models import (  # noqa: E402
    Artwork,
    ArtworkFeature,
    FeatureBand,
    Follow,
    Like,
    LineageEdge,
    Medium,
    User,
    text_index,
)

GOAL_MS = 60
MAX_QUERIES = 60  # Of the page of a work; every other page may have a quarter of them.
CLUSTERS = 300
FOLLOWS = 12
DEEP_PAGES = 40


def main(works: int, rounds: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    if not _is_planted():
        call_command("migrate", verbosity=0)
        plant(works, index_words=index, has_people=True)
        describe_works(np.random.default_rng(2))
    name = connection.vendor
    size = (Artwork.objects.count(), Like.objects.count(), LineageEdge.objects.count())
    found = [refreshing(name, size)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    person = follower()
    member, visitor = Client(), Client()
    member.force_login(person)
    for label, paths in pages().items():
        found.append(
            slowest(f"{name}: {label}", paths, member if "follow" in label else visitor, rounds)
        )
    print(json.dumps(found))


def _is_planted() -> bool:
    return (
        Artwork._meta.db_table in connection.introspection.table_names()
        and Artwork.objects.exists()
    )


def index(rows: Iterable[tuple[Artwork, str]]) -> None:
    text_index.write((work.pk, text) for work, text in rows)


def describe_works(rng: np.random.Generator) -> None:
    """Stores a feature vector for every work, each near one of CLUSTERS centres."""
    length = features.LENGTHS[Medium.PICTURE]
    centres = rng.normal(size=(CLUSTERS, length))
    kind = features.kind_of(Medium.PICTURE)
    rows: list[tuple[ArtworkFeature, list[int]]] = []
    for key in Artwork.objects.order_by("pk").values_list("pk", flat=True):
        vector = centres[int(rng.integers(CLUSTERS))] + rng.normal(size=length) * 0.6
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        feature = ArtworkFeature(artwork_id=key, kind=kind, vector=features.pack(vector))
        rows.append((feature, features.buckets_of(vector, medium=Medium.PICTURE)))
        if len(rows) == 5_000:
            _save(rows)
            rows = []
    _save(rows)


def _save(rows: list[tuple[ArtworkFeature, list[int]]]) -> None:
    ArtworkFeature.objects.bulk_create(feature for feature, _ in rows)
    FeatureBand.objects.bulk_create(
        [
            FeatureBand(artwork_id=feature.artwork_id, bucket=bucket)
            for feature, buckets in rows
            for bucket in buckets
        ],
        batch_size=20_000,
    )


def follower() -> User:
    """Somebody who follows FOLLOWS people and mutes or blocks nobody."""
    person, _ = User.objects.get_or_create(username="follower")
    others = User.objects.filter(username__startswith="gardener").order_by("pk")[:FOLLOWS]
    Follow.objects.bulk_create(
        (Follow(follower=person, followed=other) for other in others), ignore_conflicts=True
    )
    return person


def refreshing(name: str, size: tuple[int, int, int]) -> Row:
    """Refreshing the rankings when nothing has changed, which happens every few minutes."""
    refresh_rankings()
    started = time.thread_time()
    changed = refresh_rankings()
    seconds = time.thread_time() - started
    label = f"{name}: rankings of {size[0]:,} works, {size[1]:,} likes, {size[2]:,} edges again"
    return row(
        label,
        "<= 6 s, 0 written",
        f"{seconds:.1f} s, {changed} written",
        seconds <= 6 and changed == 0,
    )


def pages() -> dict[str, list[str]]:
    """What is measured: a label and the addresses, of which the slowest counts."""
    youngest = Artwork.objects.listed().order_by("-pk")[0].slug
    ancestor = Artwork.objects.listed().order_by("pk")[100].slug
    middle = (
        Artwork.objects.listed().filter(pk__gte=Artwork.objects.count() // 2).order_by("pk")[0].slug
    )
    shelves = {
        f"shelf {key} (follow)" if shelf.is_personal else f"shelf {key}": f"/?shelf={key}"
        for key, shelf in SHELVES.items()
    }
    narrow = "species=patterns&colour=white&licence=CC0-1.0&depth=deep"
    return {
        **{label: [path, f"{path}&colour=red"] for label, path in shelves.items()},
        "the narrowest shelves": [
            f"/?shelf={key}&{narrow}" for key, shelf in SHELVES.items() if not shelf.is_personal
        ],
        f"shelves {DEEP_PAGES} pages down": [
            _deep(key) for key in ("mixed", "loved", "bred", "rare", "stepping")
        ],
        "search, one word": [
            f"/search/?q={word}" for word in (RARE, "moon", "mo", "m", "gardener7")
        ],
        "search, several words": [
            f"/search/?q={words}" for words in ("moon+salt", f"moon+{RARE}", "moon+gardener7+sa")
        ],
        "search, narrowed": [f"/search/?q={word}&{narrow}" for word in (RARE, "moon", "m")],
        "tags": ["/tag/common/", "/tag/rare/", "/tags/", "/search/", f"/tag/common/?{narrow}"],
        "similar works": [f"/art/{youngest}/similar/", f"/art/{ancestor}/similar/"],
        "family": [
            *(
                f"/art/{slug}/family/{reach}"
                for slug in (youngest, ancestor, middle)
                for reach in ("", "?generations=2", "?generations=5")
            ),
            f"/art/{ancestor}/children/",
        ],
        "how far works have spread": ["/@gardener7/spread/"],
        "page of a work": [f"/art/{youngest}/", f"/art/{ancestor}/"],
    }


def _deep(key: str) -> str:
    """The address of a shelf's page DEEP_PAGES down, or of its last."""
    shelf = SHELVES[key]
    works = shelf.narrow(Artwork.objects.listed(), None).order_by(f"-{shelf.order}", "-pk")[
        : DEEP_PAGES * SQUARES
    ]
    last = list(works.defer("genome", "pedigree"))[-1]
    return f"/?shelf={key}&after={pagination.cursor_of(last, shelf.order)}"


def slowest(label: str, paths: list[str], client: Client, rounds: int) -> Row:
    """The page of these that takes the database longest."""
    worst, worst_path, most, forbidden = 0.0, "", 0, 0
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            status = client.get(path).status_code
        if status != 200:
            return row(f"{label} ({path})", "answers", f"status {status}", False)
        asked = [
            query["sql"]
            for query in captured.captured_queries
            if query["sql"].startswith(("SELECT", "WITH"))
        ]
        forbidden += sum("COUNT(*)" in sql.upper() or " OFFSET " in sql.upper() for sql in asked)
        times = [_time(asked) for _ in range(rounds)]
        seconds = min(times) if _clock() is time.perf_counter else statistics.median(times)
        most = max(most, len(asked))
        if seconds >= worst:
            worst, worst_path = seconds, path
    limit = MAX_QUERIES if "work" in label or "family" in label else MAX_QUERIES // 4
    is_good = worst * 1000 <= GOAL_MS and most <= limit and not forbidden
    value = f"{worst * 1000:.1f} ms, {most} queries, {forbidden} COUNT(*) or OFFSET"
    return row(
        f"{label}: {worst_path[:60]}",
        f"<= {GOAL_MS} ms of database, <= {limit} queries, 0",
        value,
        is_good,
    )


def _time(asked: list[str]) -> float:
    clock = _clock()
    started = clock()
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.cursor.execute(sql.replace("%%", "%") if connection.vendor == "sqlite" else sql)
            cursor.cursor.fetchall()
    return clock() - started


def _clock() -> Callable[[], float]:
    if connection.vendor == "sqlite":
        return time.thread_time
    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    is_here = str(connection.settings_dict["HOST"] or "localhost") in (
        "localhost",
        "127.0.0.1",
        "::1",
    )
    if not (is_here and spent.exists()):
        return time.perf_counter
    # Nanoseconds on a processor are its first number (Documentation/scheduler/sched-stats.rst of
    # Linux).
    return lambda: time.thread_time() + int(spent.read_text().split()[0]) / 1e9


if __name__ == "__main__":
    if not os.environ.get("ARBORETUM_DATA"):
        raise SystemExit(
            "This fills the database it is given; bench_discovery.py gives it a new one."
        )
    main(int(sys.argv[1]), int(sys.argv[2]))
