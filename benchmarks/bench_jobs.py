"""Durable jobs: runners are killed, and jobs that are lost or done twice are counted."""

import tempfile
import time
from pathlib import Path

from benchmarks.measuring import Row, row
from tests.gallery.jobs.job_runners import Runners

PATIENCE_S = 120
# Jobs that are still queued when the runners stand still are left, not lost.
COUNTS = """
    SELECT count(DISTINCT id), count(*) - count(DISTINCT id),
        (SELECT count(*) FROM gallery_job WHERE state IN ('queued', 'running'))
    FROM audit WHERE kind = 'done'
"""


def rows(quick: bool) -> list[Row]:
    jobs, kills = (150, 4) if quick else (1_000, 15)
    with tempfile.TemporaryDirectory() as folder:
        runners = Runners(Path(folder))
        try:
            runners.set_up(jobs)
            started = time.monotonic()
            killed = runners.work_and_die(jobs=jobs, kills=kills, runners=4, patience_s=PATIENCE_S)
            seconds = time.monotonic() - started
            done, doubled, left = runners.query(COUNTS)[0]
            again = runners.query("SELECT count(*) FROM gallery_job WHERE attempts > 1")[0][0]
        finally:
            runners.close()
    lost = jobs - done - left
    value = (
        f"{lost} lost, {doubled} doubled, {left} left, {killed} kills, {again} taken again,"
        f" {seconds:.0f} s"
    )
    name = f"{jobs:,} jobs by 4 runners, kill -9 {kills} times (SQLite)"
    is_good = done == jobs and not doubled and killed == kills
    return [row(name, "0 lost, 0 doubled, 0 left", value, is_good)]
