"""Job runners in processes of their own that can be killed, for the crash test and its benchmark.

Triggers in the database record each time that a job is done or a work is published.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
AUDIT = """
    CREATE TABLE audit (kind TEXT, id TEXT);
    CREATE TRIGGER done AFTER UPDATE OF state ON gallery_job WHEN NEW.state = 'done'
        BEGIN INSERT INTO audit VALUES ('done', NEW.id); END;
    CREATE TRIGGER published AFTER UPDATE OF state ON gallery_artwork
        WHEN NEW.state = 'published' AND OLD.state != 'published'
        BEGIN INSERT INTO audit VALUES ('published', NEW.id); END;
"""


class Runners:
    """Job runners over one data folder."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {
            "ARBORETUM_DATA": str(folder),
            "ARBORETUM_DATABASE_URL": f"sqlite:///{folder}/garden.sqlite3",
            "ARBORETUM_JOB_LEASE_SECONDS": "1",
            "OMP_NUM_THREADS": "1",
        }
        self.database = folder / "garden.sqlite3"
        self.nursery: subprocess.Popen[bytes] | None = None
        self.running: list[int] = []

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tests.gallery.jobs.job_worker", *words]

    def set_up(self, jobs: int) -> None:
        command = self.command("setup", str(jobs))
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True)
        with sqlite3.connect(self.database) as connection:
            connection.executescript(AUDIT)

    def start(self) -> None:
        if self.nursery is None:
            self.nursery = subprocess.Popen(
                self.command("nursery"),
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self.nursery.stdin and self.nursery.stdout
        self.nursery.stdin.write(b"another\n")
        self.nursery.stdin.flush()
        self.running.append(int(self.nursery.stdout.readline()))

    def kill_one(self) -> None:
        kill(self.running.pop(random.randrange(len(self.running))))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def work_and_die(self, *, jobs: int, kills: int, runners: int, patience_s: float) -> int:
        """Run until every job is done, killing a runner now and then; how many were killed.

        Gives up once no job was done for `patience_s` seconds.
        """
        for _ in range(runners):
            self.start()
        killed, last, gives_up_at = 0, -1, 0.0
        while (done := self.done()) < jobs:
            if done > last:
                last, gives_up_at = done, time.monotonic() + patience_s
            elif time.monotonic() > gives_up_at:
                break
            if killed < kills and done >= (killed + 1) * jobs * 0.8 / kills:
                self.kill_one()
                self.start()
                killed += 1
            time.sleep(0.02)
        return killed

    def done(self) -> int:
        return self.query("SELECT count(*) FROM gallery_job WHERE state = 'done'")[0][0]

    def close(self) -> None:
        for runner in self.running:
            kill(runner)
        if self.nursery is not None:
            self.nursery.communicate()


def kill(runner: int) -> None:
    """End a process at once, and wait until it is gone."""
    try:
        os.kill(runner, signal.SIGKILL)
        while True:
            os.kill(runner, 0)
            time.sleep(0.005)
    except ProcessLookupError:
        pass
