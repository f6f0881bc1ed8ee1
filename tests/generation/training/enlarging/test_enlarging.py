"""The live net is trained from real pictures of our species, resumed, and put where it is used."""

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command

from generation.finishing import superres
from generation.finishing.resolution import smooth
from generation.training.enlarging import pictures
from generation.training.enlarging.learner import (
    PATCH,
    LiveNetLearner,
    LiveNetSettings,
    interpolated,
    psnr,
)
from generation.training.enlarging.pictures import Lesson, enlarged_species, genomes
from generation.training.runs import Run
from tests.generation.training.pictures.picture_examples import make_pictures
from tests.generation.training.reads import counted_reads
from tests.generation.training.step_clock import StepClock

TRAIN = ("train", "enlarger", "--count", "2", "--hours", str(0.15 / 3600))
TINY = LiveNetSettings(("discs",), width=8, depth=1, fine=8, batch=4)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a finished run of a few steps, on two pictures of each species."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("generation.training.loop.Clock", StepClock)
        patch.setattr(pictures, "HELD_OUT", 2)
        call_command(*TRAIN)
        yield folder


@pytest.fixture
def here(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, which is the current one."""
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def discs(*, count: int = 4) -> Lesson:
    small = make_pictures(count, size=40)
    return Lesson("discs", small, np.stack([smooth(one, 160) for one in small]))


def test_it_learns_from_the_species_whose_works_are_enlarged_by_its_teacher():
    assert sorted(enlarged_species()) == ["garments", "ink", "people", "things"]


def test_half_of_its_pictures_are_blends_and_the_same_seed_gives_the_same():
    drawn = list(genomes("garments", count=4, first_seed=5))
    assert [one.identity for one in drawn] == [
        one.identity for one in genomes("garments", count=4, first_seed=5)
    ]
    assert len({one.identity for one in drawn}) == 4


def test_a_patch_counts_only_where_the_net_sees_what_its_teacher_saw():
    learner = LiveNetLearner(TINY, [discs()])
    small, large, counts = learner.fetch()
    assert small.shape == (4, 3, PATCH, PATCH)
    assert large.shape == (4, 3, 4 * PATCH, 4 * PATCH)
    assert counts.shape == (4, 1, 4 * PATCH, 4 * PATCH)
    # Pictures of 40 px are wider than a patch, so that at least one side of it is inside.
    assert 0 < counts.mean() < 1
    wide = discs()
    whole = Lesson("whole", wide.small[:, :PATCH, :PATCH], wide.large[:, : 4 * PATCH, : 4 * PATCH])
    assert LiveNetLearner(TINY, [whole]).fetch()[2].min() == 1


def test_it_comes_nearer_to_its_teacher_and_reads_nothing_back_from_its_device():
    learner = LiveNetLearner(TINY, [discs()])
    before = learner.figures([discs()])["discs"]
    learner.step()
    with counted_reads() as reads:
        learner.step()
    assert reads == []
    for _ in range(30):
        learner.step()
    assert learner.figures([discs()])["discs"] > before + 1


def test_a_restored_learner_goes_on_exactly():
    first, second = (LiveNetLearner(TINY, [discs()]) for _ in range(2))
    first.step()
    second.restore(copy.deepcopy(first.state()))
    for learner in (first, second):
        learner.step()
    for one, other in zip(first.net.parameters(), second.net.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_distance_is_a_psnr():
    black = np.zeros((2, 8, 8, 3), np.uint8)
    assert psnr(black, black + np.uint8(255)) == pytest.approx(0)
    assert psnr(black, black + np.uint8(8)) == pytest.approx(20 * np.log10(255 / 8), abs=1e-3)
    assert interpolated(black).shape == (2, 32, 32, 3)


def test_a_run_leaves_a_log_with_the_figures_of_each_species_and_a_sheet(here: Path):
    last = json.loads((here / "runs/enlarger/log.jsonl").read_text().splitlines()[-1])
    assert {"people", "things", "garments", "garments-again"} <= set(last)
    assert (here / f"runs/enlarger/sheets/{last['steps']:06d}.png").is_file()


def test_a_finished_run_is_not_trained_further(here: Path, capsys):
    steps = Run(Path("runs/enlarger")).load()["steps"]
    call_command(*TRAIN)
    assert f"Resumed at step {steps}." in capsys.readouterr().out
    assert Run(Path("runs/enlarger")).load()["steps"] == steps


def test_a_run_becomes_the_net_that_finishing_reads(here: Path, monkeypatch):
    monkeypatch.setattr(pictures, "HELD_OUT", 2)
    call_command("export_enlarger", "--to", "net")
    card = json.loads(Path("net/card.json").read_text(encoding="utf-8"))
    assert set(card["psnr_to_teacher"]) == {"ink", "people", "things", "garments", "garments-again"}
    assert card["psnr_of_bicubic"]["people"] > 15
    assert "Real-ESRGAN" in card["credit"] and card["licence"] == "BSD-3-Clause"
    read = superres.read_live(Path("net")).state_dict()
    for name, value in Run(Path("runs/enlarger")).load()["ema"].items():
        assert torch.equal(read[name], value.half().float())


def test_what_cannot_be_is_refused(here: Path):
    with pytest.raises(CommandError, match="--count must be at least 2"):
        call_command("train", "enlarger", "--count", "1")
    with pytest.raises(CommandError, match="no snapshot"):
        call_command("export_enlarger", "nothing", "--to", "net")
    (here / "runs/enlarger/settings.json").write_text('{"kind": "lora"}')
    with pytest.raises(CommandError, match="another kind"):
        call_command("train", "enlarger")
