"""Two processes on the CPU train one run, by the same calls that cards are trained by."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from generation.refusal import Refused
from generation.training.team import Team
from tests.generation.training.pictures import team_run
from tests.generation.training.pictures.picture_examples import make_learner
from tests.shared import ROOT


def start(folder: Path, *, size: int, phase: str, pictures: int, dying: int = -1) -> list:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                team_run.__name__,
                str(folder),
                phase,
                str(pictures),
                str(dying),
            ],
            cwd=ROOT,
            env=os.environ
            | {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": str(size)}
            | {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(size)
    ]


def finish(processes: list) -> list[tuple[int, str]]:
    try:
        return [
            (process.returncode, errors)
            for process in processes
            for _, errors in [process.communicate(timeout=240)]
        ]
    finally:
        for process in processes:
            process.kill()


def test_two_processes_learn_what_one_does_resume_and_write_one_log(tmp_path):
    folders = {1: tmp_path / "one", 2: tmp_path / "two"}
    for phase in ("autoencoding", "adversarial"):
        processes = start(folders[2], size=2, phase=phase, pictures=4)
        team_run.main(folders[1], phase, 4, -1)
        ended = finish(processes)
        assert [code for code, _ in ended] == [0, 0], ended
        one, first, second = (
            torch.load(folders[size] / f"{phase}-{rank}-of-{size}.pt")
            for size, rank in ((1, 0), (2, 0), (2, 1))
        )
        assert torch.equal(first, second)
        assert (one - first).norm() < 5e-3 * one.norm()
    logs = {
        size: [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        for size, folder in folders.items()
    }
    for line, other in zip(logs[1], logs[2], strict=True):
        figures = {name: value for name, value in line.items() if isinstance(value, float)}
        assert {name: other[name] for name in figures} == pytest.approx(figures, rel=0.02, abs=1e-3)
    assert logs[2][-1]["seen"] == 8


def test_a_process_that_dies_ends_the_run_with_a_sentence(tmp_path):
    processes = start(tmp_path, size=2, phase="autoencoding", pictures=4_000, dying=1)
    (code, errors), (dead, _) = finish(processes)
    assert (code, dead) == (1, 1)
    assert "Another process of this run has ended or does not answer" in errors


def test_every_row_of_a_batch_belongs_to_one_process():
    rows = [row for rank in range(3) for row in Team(rank, 3).rows(8)]
    assert rows == list(range(8))


def test_more_processes_than_pictures_in_a_batch_are_refused():
    with pytest.raises(Refused, match="leaves nothing for some of 5 processes"):
        make_learner(team=Team(0, 5))
