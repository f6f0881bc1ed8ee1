"""The crash test: runners in processes of their own are killed again and again, and no job is lost or done twice.

What happened is read from triggers in the database, which count every time that a job is done and a work is published.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

JOBS = 200
KILLS = 10
DEADLINE_S = 120
AUDIT = """
    CREATE TABLE audit (kind TEXT, id TEXT);
    CREATE TRIGGER done AFTER UPDATE OF state ON gallery_job WHEN NEW.state = 'done'
        BEGIN INSERT INTO audit VALUES ('done', NEW.id); END;
    CREATE TRIGGER published AFTER UPDATE OF state ON gallery_artwork WHEN NEW.state = 'published' AND OLD.state != 'published'
        BEGIN INSERT INTO audit VALUES ('published', NEW.id); END;
"""


class Runners:
    """Job runners over one data folder."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {
            "ARBORETUM_DATA": str(folder), "ARBORETUM_DATABASE_URL": f"sqlite:///{folder}/garden.sqlite3",
            "ARBORETUM_JOB_LEASE_SECONDS": "1", "OMP_NUM_THREADS": "1",
        }
        self.database = folder / "garden.sqlite3"
        self.running: list[subprocess.Popen] = []

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "tests.gallery.job_worker", *words]

    def set_up(self) -> None:
        command = self.command("setup", str(JOBS))
        subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, check=True, capture_output=True)
        with sqlite3.connect(self.database) as connection:
            connection.executescript(AUDIT)

    def start(self) -> None:
        self.running.append(subprocess.Popen(
            self.command("run"), env=self.environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ))

    def kill_one(self) -> None:
        victim = self.running.pop(random.randrange(len(self.running)))
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()

    def ask(self, question: str):
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def done(self) -> int:
        return self.ask("SELECT count(*) FROM gallery_job WHERE state = 'done'")[0][0]

    def close(self) -> None:
        for runner in self.running:
            runner.kill()
            runner.wait()


@pytest.fixture
def runners(tmp_path):
    runners = Runners(tmp_path)
    yield runners
    runners.close()


@pytest.mark.slow
def test_two_hundred_jobs_are_done_once_each_though_their_runners_are_killed(runners):
    runners.set_up()
    runners.start()
    runners.start()
    kills, done_at_last_kill, ends_at = 0, 0, time.monotonic() + DEADLINE_S
    while (done := runners.done()) < JOBS and time.monotonic() < ends_at:
        if kills < KILLS and done >= done_at_last_kill + 8:
            runners.kill_one()
            runners.start()
            kills, done_at_last_kill = kills + 1, done
        time.sleep(0.02)
    assert kills == KILLS
    assert runners.ask("SELECT state, count(*) FROM gallery_job GROUP BY 1") == [("done", JOBS)]
    assert runners.ask("SELECT state, count(*) FROM gallery_artwork GROUP BY 1") == [("published", JOBS)]
    counted = runners.ask("SELECT kind, count(*), count(DISTINCT id) FROM audit GROUP BY 1 ORDER BY 1")
    assert counted == [("done", JOBS, JOBS), ("published", JOBS, JOBS)]
    media = runners.database.parent / "media"
    assert all((media / name).is_file() for row in runners.ask("SELECT master, thumbnail FROM gallery_artwork") for name in row)
