"""The process that bench_account.py starts: it exports an account, empties the site and imports it.

What was measured is printed as JSON on the last line.
"""

import io
import json
import os
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from gallery import studio  # noqa: E402
from gallery.archive.export import request_export  # noqa: E402
from gallery.archive.importing import import_works  # noqa: E402
from gallery.archive.reading import read_archive  # noqa: E402
from gallery.job_runner import run_next  # noqa: E402
from gallery.models import Artwork, Job, LineageEdge, State, User  # noqa: E402
from gallery.species.actions import sync_species  # noqa: E402
from generation.codecs.image import read_image  # noqa: E402
from tests.factories import make_artwork, make_genome  # noqa: E402

SIZE = 256


def main(count: int, prints: int) -> None:
    call_command("migrate", verbosity=0)
    sync_species()
    ada, cleo = (User.objects.create_user(name, password=None) for name in ("ada", "cleo"))
    rng = random.Random(5)
    works = make_works(ada, count, rng)
    pictures = {work.genome_identity: render(work) for work in rng.sample(works, prints)}
    edges = read_edges()

    started = time.perf_counter()
    job = request_export(ada, with_files=False, base="https://one.example")
    run_next()
    export_s = time.perf_counter() - started
    job.refresh_from_db()
    data = job.result.read()
    for model in (LineageEdge, Job, Artwork):
        model.objects.all().delete()

    with another_writer() as waits:
        started = time.perf_counter()
        report = import_works(cleo, read_archive(io.BytesIO(data)))
        import_s = time.perf_counter() - started
    imported = set(Artwork.objects.filter(author=cleo).values_list("genome_identity", flat=True))
    result = {
        "export_s": export_s,
        "import_s": import_s,
        "longest_wait_s": max(waits),
        "bytes": len(data),
        "imported": report.imported,
        "refused": len(report.problems),
        "genomes": imported == {work.genome_identity for work in works},
        "lineage": read_edges() == edges,
        "edges": len(edges),
        "same": count_equal(cleo, pictures),
    }
    print(json.dumps(result))


def make_works(author: User, count: int, rng: random.Random) -> list[Artwork]:
    """Works without pictures; all but the first four have two parents among the 40 before them."""
    works: list[Artwork] = []
    for number in range(count):
        parents = rng.sample(works[-40:], 2) if number > 3 else []
        work = make_artwork(
            author,
            parents=parents,
            genome=make_genome(number),
            tags=["moss", "fern"],
            width=SIZE,
            height=SIZE,
        )
        works.append(work)
    return works


def render(work: Artwork) -> bytes:
    frame = studio.render_artwork(work.read_genome(), size=SIZE, owner="benchmark")
    return frame.result().payload


def read_edges() -> list[tuple[str, str, float]]:
    """All edges of lineage as the genomes of child and parent, and the share."""
    names = ("child__genome_identity", "parent__genome_identity", "share")
    edges = LineageEdge.objects.values_list(*names)
    return sorted((child, parent, round(share, 6)) for child, parent, share in edges)


@contextmanager
def another_writer() -> Iterator[list[float]]:
    """Somebody else who writes all the time: how many seconds they waited for the database."""
    waits: list[float] = []
    is_over = threading.Event()

    def write() -> None:
        name = settings.DATABASES["default"]["NAME"]
        other = sqlite3.connect(name, timeout=60, isolation_level=None)
        while not is_over.is_set():
            started = time.perf_counter()
            other.execute("BEGIN IMMEDIATE")
            waits.append(time.perf_counter() - started)
            other.execute("ROLLBACK")
            time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waits
    finally:
        is_over.set()
        writer.join()


def count_equal(author: User, pictures: dict[str, bytes]) -> int:
    """How many imported works are printed with the same pixels. pictures: files by genome."""
    Job.objects.exclude(artwork__genome_identity__in=pictures).delete()
    while run_next():
        pass
    equal = 0
    for identity, picture in pictures.items():
        work = Artwork.objects.get(author=author, genome_identity=identity)
        if work.state == State.PUBLISHED:
            equal += bool((read_image(work.master.read()) == read_image(picture)).all())
    return equal


if __name__ == "__main__":
    if not os.environ.get("ARBORETUM_DATA"):
        raise SystemExit("This empties the site it is given; bench_account.py gives it a new one.")
    main(int(sys.argv[1]), int(sys.argv[2]))
