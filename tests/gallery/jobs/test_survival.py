"""The crash test: runner processes are killed again and again, and no job is lost or done twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gallery.jobs.job_runners import Runners
from tests.gallery.jobs.job_worker import EACH_TUNE
from tests.shared import migrated_database

JOBS = 80
KILLS = 10


@pytest.fixture
def runners(tmp_path: Path, shared: Path) -> Iterator[Runners]:
    runners = Runners(tmp_path)
    shutil.copy(migrated_database(shared), runners.database)
    yield runners
    runners.close()


@pytest.mark.slow
def test_eighty_jobs_are_done_once_each_though_their_runners_are_killed(runners):
    runners.set_up(JOBS)
    assert runners.work_and_die(jobs=JOBS, kills=KILLS, runners=2, patience_s=120) == KILLS
    assert runners.query("SELECT state, count(*) FROM gallery_job GROUP BY 1") == [("done", JOBS)]
    assert runners.query("SELECT state, count(*) FROM gallery_artwork GROUP BY 1") == [
        ("published", JOBS)
    ]
    counted = runners.query(
        "SELECT kind, count(*), count(DISTINCT id) FROM audit GROUP BY 1 ORDER BY 1"
    )
    assert counted == [("done", JOBS, JOBS), ("published", JOBS, JOBS)]
    media = runners.database.parent / "media"
    tunes = runners.query("SELECT notes, audio FROM gallery_artwork WHERE seconds > 0")
    assert len(tunes) == JOBS // EACH_TUNE and all(
        (media / name).is_file() for row in tunes for name in row
    )
    assert all(
        (media / name).is_file()
        for row in runners.query("SELECT master, thumbnail FROM gallery_artwork")
        for name in row
    )
