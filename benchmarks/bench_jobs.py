"""Durable jobs under fire: runners in processes of their own are killed, and what is lost or done
twice is counted.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.gallery.jobs.job_runners import Runners

DEADLINE_S = 420
# A busy machine may not come through all of them in time; what still stands in line then is left,
# not lost.
COUNTS = """
    SELECT count(DISTINCT id), count(*) - count(DISTINCT id),
        (SELECT count(*) FROM gallery_job WHERE state IN ('queued', 'running'))
    FROM audit WHERE kind = 'done'
"""


def rows(quick: bool) -> list[dict[str, Any]]:
    jobs, kills = (150, 4) if quick else (1_000, 15)
    with tempfile.TemporaryDirectory() as folder:
        runners = Runners(Path(folder))
        try:
            runners.set_up(jobs)
            started = time.monotonic()
            killed = runners.work_and_die(jobs=jobs, kills=kills, runners=4, deadline_s=DEADLINE_S)
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
    return [{"name": name, "goal": "0 lost, 0 doubled, 0 left", "value": value, "ok": is_good}]
