"""The process that bench_wall.py starts: it fills an empty site and measures.

Rows are printed as JSON on the last line. Times are seconds of this thread on the processor, where
SQLite works too, so other programs on the machine do not count.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.measuring import Row, row  # noqa: E402
from benchmarks.wall_garden import RARE, plant  # noqa: E402
from gallery.core import pagination  # noqa: E402
from gallery.discovery import hero_pair  # noqa: E402
from gallery.discovery.large_tiles import SQUARES  # noqa: E402
from gallery.discovery.search import search  # noqa: E402
from gallery.lineage import graph  # noqa: E402
from gallery.models import Artwork, text_index  # noqa: E402

INVENTED = 100_000  # So many works are made up; a larger garden repeats them.


def main(works: int, rounds: int) -> None:
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    # Pages without collected files: the names of styles and scripts cost the same.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    invented = min(works, INVENTED)
    plant(invented, index_words=index, times=works // invented)
    depth = int(works * 0.48)
    found = [
        *pages(depth, rounds),
        *tables(depth, rounds),
        searching(rounds),
        other_walls(rounds),
        ancestry(rounds),
    ]
    print(json.dumps(found))


def index(rows: Iterable[tuple[Artwork, str]]) -> None:
    text_index.write((work.pk, text) for work, text in rows)


def pages(depth: int, rounds: int) -> list[Row]:
    """The wall as a visitor gets it: its first page and a page deep down, in turns."""
    client, first, deep = Client(), "/?shelf=fresh", f"/?shelf=fresh&after={cursor_at(depth)}"
    client.get(first)
    pair = hero_pair.choose_pair()
    if pair is not None and not default_storage.exists(
        path := hero_pair.path_of(pair.first.slug, pair.second.slug)
    ):
        default_storage.save(path, ContentFile(b"drawn"))
    times = in_turns({"first": lambda: client.get(first), "deep": lambda: client.get(deep)}, rounds)
    asked = {name: queries(client, path) for name, path in {"first": first, "deep": deep}.items()}
    counting = [
        line
        for lines in asked.values()
        for line in lines
        if "COUNT(" in line.upper() or "OFFSET" in line.upper()
    ]
    slowest = max(times["first"], times["deep"]) * 1000
    ratio = times["deep"] / times["first"]
    most = max(map(len, asked.values()))
    return [
        row(
            f"wall at depth {depth:,} over page 1, whole page",
            "<= 1.5x",
            f"{ratio:.2f}x",
            ratio <= 1.5,
        ),
        row(
            "server time of a wall page, the slower of both",
            "<= 30 ms",
            f"{slowest:.1f} ms",
            slowest <= 30,
        ),
        row(
            "queries of a wall page; COUNT, OFFSET",
            "<= 3; none",
            f"{most}; {len(counting)}",
            most <= 3 and not counting,
        ),
    ]


def tables(depth: int, rounds: int) -> list[Row]:
    """The rows of a page alone: keyset deep down against the first page and against OFFSET."""
    wall = Artwork.objects.listed().for_cards()
    after = cursor_at(depth)
    times = in_turns(
        {
            "first": lambda: pagination.page(wall, size=SQUARES),
            "deep": lambda: pagination.page(wall, after=after, size=SQUARES),
            "offset": lambda: list(wall[depth : depth + SQUARES]),
        },
        rounds,
    )
    ratio, gain = times["deep"] / times["first"], times["offset"] / times["deep"]
    return [
        row(
            f"rows at depth {depth:,} over page 1",
            "<= 1.5x",
            f"{ratio:.2f}x, {times['deep'] * 1000:.1f} ms",
            ratio <= 1.5,
        ),
        row(
            f"rows at depth {depth:,}: OFFSET over keyset", "more than 1x", f"{gain:.1f}x", gain > 1
        ),
    ]


def searching(rounds: int) -> Row:
    """A page of a search for a rare word, by the word index against reading every text.

    Both are the time of the database for every query of the search, without Django's own.
    """
    wall = Artwork.objects.listed().order_by("-published_at", "-pk").values_list("pk", flat=True)
    read_all = wall.filter(Q(title__icontains=RARE) | Q(description__icontains=RARE))
    times = in_turns(
        {
            "index": repeat(lambda: list(search(RARE, wall)[:SQUARES])),
            "scan": repeat(lambda: list(read_all[:SQUARES])),
        },
        max(3, rounds // 3),
    )
    gain = times["scan"] / times["index"]
    value = f"{gain:.0f}x, {times['index'] * 1000:.2f} ms"
    return row(
        "word search newest first, in the database: a scan over the index",
        ">= 50x",
        value,
        gain >= 50,
    )


def repeat(action: Callable[[], object]) -> Callable[[], None]:
    """A function that sends the SQL of the action's queries to the database again."""
    with CaptureQueriesContext(connection) as captured:
        action()
    asked = [query["sql"] for query in captured.captured_queries]

    def ask() -> None:
        with connection.cursor() as cursor:
            for sql in asked:
                cursor.cursor.execute(sql.replace("%%", "%"))
                cursor.fetchall()

    return ask


def other_walls(rounds: int) -> Row:
    """The slowest of the other walls: rare and common tags and words, species, a person."""
    client = Client()
    paths = (
        "/tag/common/",
        "/tag/rare/",
        f"/search/?q={RARE}",
        "/search/?q=moon",
        "/species/patterns/",
        "/species/",
        "/@gardener7/",
    )
    times = in_turns({path: partial(client.get, path) for path in paths}, max(3, rounds // 2))
    path, seconds = max(times.items(), key=lambda each: each[1])
    return row(
        f"server time of the slowest other wall ({path})",
        "<= 30 ms",
        f"{seconds * 1000:.1f} ms",
        seconds <= 0.030,
    )


def ancestry(rounds: int) -> Row:
    youngest = Artwork.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with CaptureQueriesContext(connection) as captured:
        kin = graph.ancestor_ids([youngest])
    asked = len(captured)
    seconds = in_turns({"walk": lambda: graph.ancestor_ids([youngest])}, rounds)["walk"]
    each = seconds / max(1, len(kin)) * 1e6
    is_good = each <= 10 and asked == 1 and len(kin) > 500
    return row(
        f"ancestry of {len(kin):,} works; queries",
        "<= 10 us a node; 1",
        f"{each:.1f} us; {asked}",
        is_good,
    )


def in_turns(actions: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each action; every round does all of them in turn."""
    spent: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _ in range(rounds):
        for name, action in actions.items():
            started = time.thread_time()
            action()
            spent[name].append(time.thread_time() - started)
            reset_queries()
    return {name: statistics.median(times) for name, times in spent.items()}


def cursor_at(depth: int) -> str:
    moment, pk = Artwork.objects.listed().values_list("published_at", "pk")[depth]
    return pagination.write_cursor(moment, pk)


def queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


if __name__ == "__main__":
    if not os.environ.get("ARBORETUM_DATA"):
        raise SystemExit("This fills the database it is given; bench_wall.py gives it a new one.")
    main(int(sys.argv[1]), int(sys.argv[2]))
