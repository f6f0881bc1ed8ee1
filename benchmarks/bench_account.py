"""A whole account: exported, brought into an empty garden, and some of its works printed again and
compared.

The works are of the shipped species of patterns, bred with two parents each, so that the genomes
are as large as real ones.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SCRIPT = """
import io, json, random, sqlite3, threading, time
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from gallery.species.actions import sync_species
from gallery.archive.reading import read_archive
from gallery.archive.export import request_export
from gallery.archive.importing import import_works
from gallery.job_runner import run_next
from gallery.models import Artwork, Job, LineageEdge, State, User
from tests.factories import make_artwork, make_genome
sync_species()
COUNT, PRINTS, SIZE = {count}, {prints}, 256
ada, cleo = (User.objects.create_user(name, password=None) for name in ("ada", "cleo"))
rng = random.Random(5)
own = []
for number in range(COUNT):
    parents = rng.sample(own[-40:], 2) if number > 3 else []
    genome = make_genome(number)
    own.append(make_artwork(ada, parents=parents, genome=genome, tags=["moss", "fern"], width=SIZE, height=SIZE))
sampled = rng.sample(own, PRINTS)
from gallery import studio
def picture(work):
    return studio.render_artwork(work.read_genome(), size=SIZE, owner="bench").result().payload
before = {{work.genome_identity: picture(work) for work in sampled}}
def lineage():
    edges = LineageEdge.objects.values_list("child__genome_identity", "parent__genome_identity", "share")
    return sorted((child, parent, round(share, 6)) for child, parent, share in edges)
lines = lineage()
started = time.perf_counter()
job = request_export(ada, with_files=False, base="https://one.example")
run_next()
export_s = time.perf_counter() - started
job.refresh_from_db()
data = job.result.read()
identities = {{work.genome_identity for work in own}}
LineageEdge.objects.all().delete()
Job.objects.all().delete()
Artwork.objects.all().delete()
waits, is_over = [], threading.Event()
def write_beside():
    # Somebody else who writes all the time: how long they wait for the database.
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=60, isolation_level=None)
    while not is_over.is_set():
        asked = time.perf_counter()
        other.execute("BEGIN IMMEDIATE")
        waits.append(time.perf_counter() - asked)
        other.execute("ROLLBACK")
        time.sleep(0.02)
beside = threading.Thread(target=write_beside)
beside.start()
started = time.perf_counter()
report = import_works(cleo, read_archive(io.BytesIO(data)))
import_s = time.perf_counter() - started
is_over.set()
beside.join()
here = {{work.genome_identity: work for work in Artwork.objects.filter(author=cleo)}}
Job.objects.exclude(artwork__genome_identity__in=before).delete()
while run_next():
    pass
from generation.codecs.image import read_image
same = 0
for identity, data_before in before.items():
    work = Artwork.objects.get(author=cleo, genome_identity=identity)
    same += work.state == State.PUBLISHED and (read_image(work.master.read()) == read_image(data_before)).all()
print(json.dumps({{
    "export_s": export_s, "import_s": import_s, "longest_wait_s": max(waits), "bytes": len(data),
    "planted": report.imported, "refused": len(report.problems),
    "genomes": set(here) == identities, "lineage": lineage() == lines, "edges": len(lines), "same": int(same),
}}))
"""


def rows(quick: bool) -> list[dict[str, Any]]:
    count, prints = (100, 4) if quick else (1_000, 20)
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder), count=count, prints=prints)
    name = f"account of {count:,} works"
    whole = told["genomes"] and told["lineage"] and told["planted"] == count
    return [
        {
            "name": f"{name}: genomes and {told['edges']:,} edges after export and import",
            "goal": "the same",
            "value": (
                "the same" if whole else f"{told['planted']} planted, {told['refused']} refused"
            ),
            "ok": whole,
        },
        {
            "name": f"{name}: {prints} printed again, pixel for pixel",
            "goal": f"{prints} equal",
            "value": f"{told['same']} equal",
            "ok": told["same"] == prints,
        },
        {
            "name": f"{name}: export",
            "goal": "<= 30 s",
            "value": f"{told['export_s']:.1f} s, {told['bytes'] / 1e6:.1f} MB",
            "ok": told["export_s"] <= 30,
        },
        {
            "name": f"{name}: longest that somebody else waits to write during the import",
            "goal": "<= 2 s",
            "value": f"{told['longest_wait_s']:.2f} s",
            "ok": told["longest_wait_s"] <= 2,
        },
        {
            "name": f"{name}: import",
            "goal": "<= 30 s",
            "value": f"{told['import_s']:.1f} s",
            "ok": told["import_s"] <= 30,
        },
    ]


def measure(folder: Path, *, count: int, prints: int) -> dict[str, Any]:
    """Run the script in a garden of its own, in a process of its own."""
    script = SCRIPT.format(count=count, prints=prints)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "genart_site.settings",
        "ARBORETUM_DATA": str(folder),
        "ARBORETUM_RUN_JOBS": "0",
    }
    environment.pop("ARBORETUM_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=900
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json_of(done.stdout)


def json_of(output: str) -> dict[str, Any]:
    return json.loads(output.strip().splitlines()[-1])
