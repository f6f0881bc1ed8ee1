import json
import subprocess
import sys

import pytest
import torch

from generation.refusal import Refused
from generation.training.runs import Clock, Run, progress_line
from tests.generation.limits import largest_file


def test_a_resumed_run_keeps_the_settings_it_began_with(tmp_path):
    run = Run(tmp_path / "first")
    assert run.start({"batch": 8}) == {"batch": 8}
    assert Run(tmp_path / "first").start({"batch": 16}) == {"batch": 8}


def test_a_snapshot_comes_back_as_it_was(tmp_path):
    run = Run(tmp_path)
    run.save({"weights": torch.arange(3.0), "seen": 7, "course": {"phase": "autoencoding"}})
    state = run.load()
    assert state["weights"].tolist() == [0.0, 1.0, 2.0]
    assert state["seen"] == 7
    assert state["course"] == {"phase": "autoencoding"}
    assert not list(tmp_path.glob("*.partial"))


def test_there_is_no_snapshot_at_first(tmp_path):
    assert Run(tmp_path).load() is None


def test_a_damaged_snapshot_is_refused_by_name(tmp_path):
    run = Run(tmp_path)
    run.save({"seen": 1})
    run.snapshot.write_bytes(run.snapshot.read_bytes()[:100])
    with pytest.raises(Refused, match="snapshot.pt is damaged"):
        run.load()


def test_on_a_full_disk_the_snapshot_before_is_kept(tmp_path):
    run = Run(tmp_path)
    run.save({"seen": 1})
    with (
        largest_file(2_000),
        pytest.raises(Refused, match="is the disk full.*The snapshot before it is kept"),
    ):
        run.save({"weights": torch.zeros(100_000)})
    assert run.load() == {"seen": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot.pt"]


def test_a_folder_without_settings_is_refused(tmp_path):
    with pytest.raises(Refused, match="settings.json is missing or damaged"):
        Run(tmp_path).settings()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_that_is_not_finite_stops_the_training(tmp_path, value):
    run = Run(tmp_path)
    run.record({"kl": torch.tensor(1.0), "pixels": torch.tensor(2.0)})
    run.record({"kl": torch.tensor(1.0), "pixels": torch.tensor(value)})
    with pytest.raises(Refused, match="“pixels” became"):
        run.log({})
    assert not (tmp_path / "log.jsonl").exists()


def test_a_log_line_holds_the_averages_since_the_last_one(tmp_path):
    run = Run(tmp_path)
    run.record({"pixels": torch.tensor(1.0)})
    run.record({"pixels": torch.tensor(2.0)})
    run.log({"seen": 16})
    run.record({"pixels": torch.tensor(4.0)})
    run.log({"seen": 24})
    first, second = (json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines())
    assert (first["seen"], first["pixels"]) == (16, 1.5)
    assert (second["seen"], second["pixels"]) == (24, 4.0)


def test_the_progress_line_tells_the_time_that_is_left():
    line = progress_line(
        {"at": "2026-01-02T03:04:05", "seen": 80, "pixels": 0.123456}, seconds_left=3_720
    )
    assert line == "03:04:05  seen 80  pixels 0.1235  left 1 h 02 min"


def test_the_clock_smooths_the_rate():
    clock = Clock()
    first = clock.tick(100)
    assert clock.rate == first > 0
    assert 0.69 * first < clock.tick(0) < 0.71 * first


HOLD = """
import sys, time
from pathlib import Path
from generation.training.runs import Run
with Run(Path(sys.argv[1])).locked():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_may_not_train_in_the_same_folder_and_a_killed_one_leaves_it_free(
    tmp_path,
):
    run = Run(tmp_path / "garden")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(run.folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(Refused, match=r"Another process is training in .*garden.* --run"),
            run.locked(),
        ):
            pass
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    with run.locked():
        assert (run.folder / "lock").exists()


def test_a_folder_is_free_again_after_the_training_has_failed(tmp_path):
    with pytest.raises(ZeroDivisionError), Run(tmp_path).locked():
        raise ZeroDivisionError
    with Run(tmp_path).locked(), Run(tmp_path / "other").locked():
        pass
