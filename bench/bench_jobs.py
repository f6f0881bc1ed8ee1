"""Durable jobs under fire: runners in processes of their own are killed, and what is lost or done twice is counted."""

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.gallery.job_runners import Runners

DEADLINE_S = 420


def rows(quick: bool) -> list[dict[str, Any]]:
    jobs, kills = (150, 4) if quick else (1_000, 15)
    with tempfile.TemporaryDirectory() as folder:
        runners = Runners(Path(folder))
        try:
            runners.set_up(jobs)
            started = time.monotonic()
            killed = runners.work_and_die(jobs=jobs, kills=kills, runners=4, deadline_s=DEADLINE_S)
            seconds = time.monotonic() - started
            question = "SELECT count(DISTINCT id), count(*) - count(DISTINCT id) FROM audit WHERE kind = 'done'"
            done, doubled = runners.ask(question)[0]
            again = runners.ask("SELECT count(*) FROM gallery_job WHERE attempts > 1")[0][0]
        finally:
            runners.close()
    value = f"{jobs - done} lost, {doubled} doubled, {killed} kills, {again} taken again, {seconds:.0f} s"
    name = f"{jobs:,} jobs by 4 runners, kill -9 {kills} times (SQLite)"
    return [{"name": name, "goal": "0 lost, 0 doubled", "value": value, "ok": done == jobs and not doubled and killed == kills}]
