import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile

from generation.checkpoints import read_checkpoint
from generation.data.music import Counts, write_data_set
from generation.nets import music_rnn
from generation.refusal import Refused
from generation.training.music import command as music_command
from generation.training.music.export import export
from generation.training.music.vae import MusicVaeSettings
from generation.training.runs import Run
from tests.generation.training.music.music_examples import make_segments, make_settings
from tests.generation.training.step_clock import StepClock

SECONDS = 1 / 3600


@pytest.fixture(scope="module", autouse=True)
def _time_passes_with_the_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("generation.training.loop.Clock", StepClock)
        yield


def make_data(folder, count=64):
    data = {
        "train": make_segments(count),
        "validation": make_segments(20, seed=1),
        "test": make_segments(24, seed=2),
    }
    write_data_set(
        folder, {name: rows.astype("uint8") for name, rows in data.items()}, bars=2, counts=Counts()
    )
    return folder


def start(tmp_path, hours=SECONDS, **changes):
    settings = make_settings().to_json() | {"data": "data"} | changes
    lines = []
    data = make_data(tmp_path / "data")
    learner = music_command.start(
        tmp_path / "run", data, kind="music-vae", hours=hours, report=lines.append, **settings
    )
    return learner, lines


def start_melody(tmp_path):
    changes = {"steps": 32, "hidden": 16, "layers": 1, "embedding": 8, "place": 4, "batch": 16}
    data = make_data(tmp_path / "data")
    return music_command.start(
        tmp_path / "melody", data, kind="music-rnn", hours=SECONDS, report=[].append, **changes
    )


@dataclass
class Trained:
    """The folders `data` and that of a run, as a finished training left them in `folder`."""

    folder: Path
    learner: Any
    lines: list[str]

    def copy_to(self, folder: Path) -> None:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    return Trained(folder, *start(folder))


@pytest.fixture(scope="module")
def melody(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("melody")
    return Trained(folder, start_melody(folder), [])


def test_a_run_trains_decays_and_leaves_a_snapshot_and_a_log(trained: Trained, tmp_path: Path):
    learner, lines = trained.learner, trained.lines
    trained.copy_to(tmp_path)
    state = Run(tmp_path / "run").load()
    assert state["steps"] == learner.steps > 20
    assert state["course"]["seconds"]["learning"] == pytest.approx(1, abs=0.05)
    assert learner.rate == state["course"]["rate"] < 0.1
    last = json.loads((tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1])
    assert last["steps"] == learner.steps and 0 < last["free_running_accuracy"] <= 1
    assert any("evaluation" in line for line in lines)
    sheet = tmp_path / "run" / "sheets" / f"{learner.steps:06d}"
    # A net that learnt for a second may write rests only, so the notes of real samples are tested
    # in test_samples.py.
    assert (sheet / "samples.mid").read_bytes().startswith(b"MThd")
    assert soundfile.info(sheet / "samples.ogg").duration > 10


def test_a_finished_run_is_not_trained_further_and_keeps_its_settings(
    trained: Trained, tmp_path: Path
):
    learner = trained.learner
    trained.copy_to(tmp_path)
    again, lines = start(tmp_path, learning_rate=1.0)
    assert again.steps == learner.steps and again.settings == learner.settings
    assert lines[0] == f"Resumed at step {learner.steps}."
    assert "With more --hours the same command goes on" in lines[-1]


def test_a_finished_run_goes_on_from_its_end_when_it_is_given_more_hours(
    trained: Trained, tmp_path: Path
):
    trained.copy_to(tmp_path)
    longer, lines = start(tmp_path, hours=1.3 * SECONDS)
    assert lines[0] == f"Resumed at step {trained.learner.steps}."
    assert longer.steps == pytest.approx(1.3 * trained.learner.steps, rel=0.1)
    assert Run(tmp_path / "run").load()["steps"] == longer.steps


def test_a_snapshot_from_before_hours_were_counted_can_be_gone_on_with(
    trained: Trained, tmp_path: Path
):
    trained.copy_to(tmp_path)
    run = Run(tmp_path / "run")
    state = run.load()
    del state["course"]
    run.save(state)
    longer, _ = start(tmp_path, hours=0.3 * SECONDS)
    assert longer.steps == pytest.approx(1.3 * trained.learner.steps, rel=0.1)


def test_segments_of_another_length_are_refused(tmp_path):
    with pytest.raises(Refused, match="segments of 64 steps; those in .* have 32"):
        start(tmp_path, beats=16)


def test_a_run_becomes_a_checkpoint_with_the_figures_of_its_weights(
    trained: Trained, tmp_path: Path
):
    trained.copy_to(tmp_path)
    person = {
        "key": "tiny",
        "name": "Tiny",
        "version": 1,
        "licence": "CC0-1.0",
        "credit": "us",
        "description": "A test.",
    }
    card = export(Run(tmp_path / "run"), tmp_path / "data", tmp_path / "shipped", words=person)
    stored = json.loads((tmp_path / "shipped" / "card.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(card))
    assert 0 <= stored["free_running_accuracy"] <= stored["teacher_forced_accuracy"] + 0.2
    assert stored["copies_in_1000"] == 0 and stored["segments"]["test"] == 24
    from_catalogue = read_checkpoint(tmp_path / "shipped")
    assert from_catalogue.is_available and from_catalogue.key == "tiny"


def test_shipping_a_run_that_has_not_begun_is_refused(tmp_path):
    with pytest.raises(Refused, match="no snapshot"):
        export(
            Run(tmp_path / "nothing"), make_data(tmp_path / "data"), tmp_path / "shipped", words={}
        )


def test_the_melody_net_trains_ships_and_continues_phrases(melody: Trained, tmp_path: Path):
    learner = melody.learner
    melody.copy_to(tmp_path)
    card = export(
        Run(tmp_path / "melody"), tmp_path / "data", tmp_path / "shipped", words={"key": "m"}
    )
    assert card["architecture"] == "music-rnn" and 0 < card["next_token_accuracy"] < 1
    net = music_rnn.load(tmp_path / "shipped")
    phrase = make_segments(1)[0]
    assert net.continue_phrase(phrase, steps=8, count=2).shape == (2, 8)
    assert learner.samples().shape == (6, 32)


def test_a_folder_of_another_kind_of_run_is_refused(melody: Trained, tmp_path: Path):
    melody.copy_to(tmp_path)
    with pytest.raises(Refused, match="another kind"):
        music_command.start(
            tmp_path / "melody",
            tmp_path / "data",
            kind="music-vae",
            hours=SECONDS,
            report=[].append,
        )


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [("size=3", "no setting"), ("batch=many", "must be a number"), ("data=x", "no setting")],
)
def test_settings_that_do_not_exist_or_fit_are_refused(pair, sentence):
    with pytest.raises(Refused, match=sentence):
        music_command.changes_from([pair], MusicVaeSettings.__dataclass_fields__)


def test_settings_keep_their_kind():
    changes = music_command.changes_from(
        ["batch=32", "learning_rate=0.01"], MusicVaeSettings.__dataclass_fields__
    )
    assert changes == {"batch": 32, "learning_rate": 0.01} and isinstance(changes["batch"], int)
