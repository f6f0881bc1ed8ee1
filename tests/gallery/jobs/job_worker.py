"""A job runner in a process of its own, for tests that kill it.

It runs the real command over an engine that paints slow squares; every twentieth work is a short
tune. Usage:

    python -m tests.gallery.jobs.job_worker setup 200
        creates the tables, a few people, and that many works and jobs
    python -m tests.gallery.jobs.job_worker nursery
        for every line that it reads, starts a process that runs `manage.py run_jobs`, and prints
        its number; the process is a copy of this one, which spares it loading all modules
"""

import os
import signal
import sys
import time

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genart_site.settings")
PAINT_S = 0.02
EACH_TUNE = 20


def setup(count: int) -> None:
    """Fill an empty database."""
    from django.db import transaction  # noqa: PLC0415 - models need Django to be set up

    from generation.breeding import sample  # noqa: PLC0415
    from tests.factories import (  # noqa: PLC0415
        make_artwork,
        make_genome,
        make_job,
        make_species,
        make_user,
    )

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        users = [make_user() for _ in range(4)]
        genome, tune = make_genome(1), sample("tunes", seed=1)
        make_species("tunes", medium="music")
        for number in range(count):
            unprinted = {
                "state": "rendering",
                "published_at": None,
                "width": 0,
                "height": 0,
                "title": f"Work {number}",
            }
            is_tune = number % EACH_TUNE == 0
            work = make_artwork(users[number % 4], genome=tune if is_tune else genome, **unprinted)
            make_job(work, **({"payload": {"purpose": "master"}} if is_tune else {}))


def run() -> None:
    """Work until killed."""
    from gallery import studio  # noqa: PLC0415
    from tests.gallery.tunes import play_whistles  # noqa: PLC0415
    from tests.squares import make_engine, render_squares  # noqa: PLC0415

    def paint_slowly(key, genomes, yield_point):
        time.sleep(PAINT_S)
        return (play_whistles if key.is_music else render_squares)(key, genomes, yield_point)

    studio.use_engine(make_engine(render_batch=paint_slowly))
    call_command("run_jobs")


def nurse() -> None:
    """Start runners until the input ends."""
    from gallery import job_runner  # noqa: F401, PLC0415 - loaded once for all runners
    from tests.gallery import tunes  # noqa: F401, PLC0415

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The dead leave at once.
    for _ in sys.stdin:
        number = os.fork()
        if not number:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Only the numbers are read.
            run()
            os._exit(0)
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    django.setup()
    setup(int(sys.argv[2])) if sys.argv[1] == "setup" else nurse()
