import json
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from generation.data.examples import Example
from generation.data.pictures import SetFacts, write_set
from generation.refusal import Refused
from generation.training.machine import device_named
from generation.training.pictures.command import (
    plan_of,
    restore,
    settings_from,
    settings_of,
)
from generation.training.pictures.export import (
    check_place,
    export,
    key_of,
    newest_version,
    read_words,
    worded,
)
from generation.training.pictures.learner import Learner
from generation.training.pictures.loop import Loop
from generation.training.pictures.sheets import learning_strip
from generation.training.plan import Course, Plan
from generation.training.runs import Run, deferred_stops
from tests.generation.training.pictures.picture_examples import (
    make_learner,
    make_pictures,
    weights_of,
)
from tests.generation.training.step_clock import StepClock

OPTIONS = {
    "data": "discs",
    "size": None,
    "batch": 4,
    "learning_rate": 0.006,
    "adversarial_weight": 0.05,
    "focus": None,
    "focus_weight": 1.0,
    "flips": False,
    "variety": False,
    "seed": 0,
    "hours": None,
    "pictures": None,
    "threads": 1,
    "workers": None,
}


class InterruptedLearner(Learner):
    """Somebody presses Ctrl-C in the middle of the step that ends with the twelfth picture."""

    def next_batch(self):
        if self.seen == 8:
            signal.raise_signal(signal.SIGINT)
        return super().next_batch()


def silent(text):
    pass


def make_loop(folder, learner=None, course=None, **amount):
    """A loop of the first phase, over 16 pictures if no amount is named."""
    run = Run(folder)
    learner = learner or make_learner()
    run.start(learner.settings.to_json())
    plan = Plan(course or Course(), "autoencoding", **(amount or {"examples": 16}))
    return Loop(learner, run, plan=plan, report=silent)


def train(loop):
    with deferred_stops() as is_stop_requested:
        return loop.train(is_stop_requested)


def resumed_loop(folder, **amount):
    learner = make_learner()
    return make_loop(folder, learner, restore(learner, Run(folder)), **amount)


def test_a_planned_phase_ends_with_a_sheet_a_snapshot_and_a_log(tmp_path):
    loop = make_loop(tmp_path)
    assert train(loop)
    assert loop.learner.seen == 16
    assert Image.open(tmp_path / "sheets" / "autoencoding-00000016.png").width > 100
    assert loop.run.load()["seen"] == loop.run.load(name="autoencoding.pt")["seen"] == 16
    assert "held_out_psnr" in json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])


def test_a_run_that_was_stopped_and_resumed_ends_like_one_that_was_not(tmp_path):
    straight = make_loop(tmp_path / "straight", examples=24)
    train(straight)
    stopped = make_loop(tmp_path / "stopped", make_learner(InterruptedLearner), examples=24)
    assert not train(stopped)
    again = resumed_loop(tmp_path / "stopped", examples=24)
    assert (again.learner.seen, again.plan.done) == (12, 0.5)
    assert train(again)
    assert torch.equal(weights_of(again.learner), weights_of(straight.learner))


def test_a_finished_run_that_is_given_more_goes_on_from_its_end(tmp_path):
    first = make_loop(tmp_path)
    train(first)
    more = resumed_loop(tmp_path, examples=28)
    assert torch.equal(weights_of(more.learner), weights_of(first.learner))
    rates = []
    set_rate = more.learner.set_learning_rate
    more.learner.set_learning_rate = lambda share: (rates.append(share), set_rate(share))
    assert train(more)
    assert more.learner.seen == more.run.load(name="autoencoding.pt")["seen"] == 28
    assert rates[0] > first.plan.course.rate


def test_hours_end_when_they_are_over_also_over_several_calls(tmp_path, monkeypatch):
    monkeypatch.setattr("generation.training.pictures.loop.Clock", StepClock)
    stopped = make_loop(tmp_path, make_learner(InterruptedLearner), seconds=0.08)
    assert not train(stopped)
    rest = resumed_loop(tmp_path, seconds=0.08)
    assert 0.3 < rest.plan.done < 1
    assert train(rest)
    course = rest.plan.course
    assert 0.08 <= course.seconds["autoencoding"] < 0.1
    assert course.examples["autoencoding"] == rest.learner.seen
    before = rest.learner.seen
    assert resumed_loop(tmp_path, seconds=0.08).plan.is_over
    longer = resumed_loop(tmp_path, seconds=0.12)
    assert train(longer) and longer.learner.seen > before


def test_phases_share_the_hours():
    course = Course()
    options = {**OPTIONS, "hours": 2.0, "phases": ["autoencoding", "adversarial"]}
    plans = [plan_of(phase, course, options) for phase in options["phases"]]
    assert sum(plan.seconds for plan in plans) == pytest.approx(7_200)
    assert plans[0].seconds > plans[1].seconds > 2_000
    alone = plan_of("adversarial", course, {**options, "phases": ["adversarial"]})
    assert alone.seconds == 7_200


def test_a_stop_that_comes_while_the_snapshot_is_written_waits_for_it(tmp_path):
    loop = make_loop(tmp_path, examples=8)
    save = loop.run.save
    loop.run.save = lambda state, **name: (signal.raise_signal(signal.SIGTERM), save(state, **name))
    assert not train(loop)
    assert loop.run.load()["seen"] == loop.run.load(name="autoencoding.pt")["seen"] == 8


def test_a_run_that_learns_from_other_pictures_is_not_gone_on_with(tmp_path):
    run = Run(tmp_path / "runs" / "discs")
    begun = settings_from({**OPTIONS, "focus": [0.2, 0.4, 0.6, 0.8]}, size=64)
    assert settings_of(run, begun) == settings_of(run, replace(begun, batch=8)) == begun
    with pytest.raises(
        Refused, match="learns from “discs”, not from “coins”. Name another run with --run"
    ):
        settings_of(run, replace(begun, data="coins"))
    with pytest.raises(Refused, match="pictures of another size than “discs” holds now"):
        settings_of(run, settings_from(OPTIONS, size=32))


def test_a_run_of_another_kind_of_net_is_not_gone_on_with(tmp_path):
    run = Run(tmp_path)
    run.start({"kind": "music-vae", "steps": 32})
    with pytest.raises(Refused, match="run of another kind of net"):
        settings_of(run, settings_from(OPTIONS, size=64))


def test_a_snapshot_of_another_net_is_refused(tmp_path):
    run = Run(tmp_path)
    run.save({"generator": {"weights": torch.zeros(3)}})
    with pytest.raises(Refused, match="is not the snapshot of such a net"):
        restore(make_learner(), run)


@pytest.mark.parametrize(
    "size, changes, sentence",
    [
        (48, {}, "prepare them with --size 16, 32, 64, 128, 256"),
        (64, {"size": 32}, "prepared pictures are 64 px"),
        (64, {"batch": 1}, "--batch must be at least 2"),
        (64, {"learning_rate": 0.0}, "--learning-rate between 0 and 1"),
        (64, {"focus": [0.5, 0.2, 0.4, 0.9]}, "--focus takes four numbers from 0 to 1"),
        (64, {"focus_weight": -1.0}, "--focus-weight must be between 0 and 100"),
        (64, {"hours": 0.0}, "--hours and --pictures must be more than 0"),
        (64, {"hours": float("nan")}, "--hours and --pictures must be more than 0"),
        (64, {"pictures": -5}, "--hours and --pictures must be more than 0"),
        (64, {"workers": -1}, "--seed and --workers must not be below 0"),
        (64, {"seed": -1}, "--seed and --workers must not be below 0"),
    ],
)
def test_settings_that_cannot_work_are_refused(size, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        settings_from({**OPTIONS, **changes}, size=size)


def test_a_missing_device_is_refused():
    with pytest.raises(Refused, match="Use --device cpu"):
        device_named("nonsense")


def make_trained_run(folder, monkeypatch):
    """A prepared set under data/ of the current folder, and a run of a few steps on it."""
    monkeypatch.chdir(folder)
    examples = [Example(str(i), picture, label=i % 2) for i, picture in enumerate(make_pictures())]
    facts = SetFacts("Discs", "a test", "CC0 1.0", "nobody", label_names=("even", "odd"))
    write_set(examples, facts, target=folder / "data" / "discs", size=16, report=silent)
    loop = make_loop(folder / "runs" / "discs")
    train(loop)
    return loop.run


def test_a_run_becomes_a_checkpoint_that_decodes(tmp_path, monkeypatch):
    run = make_trained_run(tmp_path, monkeypatch)
    target = tmp_path / "checkpoints" / "discs"
    target.mkdir(parents=True)
    words = {"name": "Round things", "sampling": {"neighbours": 4, "splits": [1]}}
    (target / "words.json").write_text(json.dumps(words))
    export(run, snapshot="snapshot.pt", key="discs", parent=target.parent, report=silent)
    card = json.loads((target / "card.json").read_text())
    assert (card["key"], card["name"], card["sampling"]["splits"]) == ("discs", "Round things", [1])
    assert (card["architecture"], card["kinds"], card["pictures_seen"]) == (
        "style-vae",
        ["even", "odd"],
        16,
    )
    assert card["finishing"][0][0] == "resolution"
    assert card["command"].startswith("manage.py train gan --data discs --phases autoencoding")
    assert card["command"].endswith("--batch 4")
    assert np.isfinite(card["figures"]["held_out_psnr"])
    assert Image.open(target / "samples.png").width == 16 * 17 + 1
    assert [group["key"] for group in card["gene_groups"]] == ["shape", "features", "colour"]
    # A second version of the same name stands beside the first one, with groups that somebody gave.
    groups = [{"key": "all", "label": "All", "genes": [0]}]
    words |= {"groups": groups, "command": "by hand", "figures": {"precision": 0.5}}
    (target / "words.json").write_text(json.dumps(words))
    again = {"snapshot": "snapshot.pt", "key": "discs", "parent": target.parent, "report": silent}
    assert export(run, **again, is_new_version=True) == target.parent / "discs-2"
    card = json.loads((target.parent / "discs-2" / "card.json").read_text())
    assert (card["key"], card["name"], card["version"]) == ("discs", "Round things", 2)
    assert card["gene_groups"] == groups
    # What was said of the first version's training and measures is not said of the second.
    assert card["command"].startswith("manage.py train gan")
    assert list(card["figures"]) == ["held_out_psnr"]
    assert newest_version(target.parent, "discs") == 2


def test_a_species_is_not_overwritten_by_another_of_the_same_version(tmp_path):
    (tmp_path / "card.json").write_text(json.dumps({"version": 2}))
    with pytest.raises(Refused, match="holds version 2.*would be lost. Say --new-version"):
        check_place(tmp_path, version=2)
    check_place(tmp_path, version=3)
    check_place(tmp_path / "elsewhere", version=2)


@pytest.mark.parametrize(
    "run, key",
    [("coins", "coins"), ("My-Pictures-2-花", "my-pictures-2"), ("with.dot", "with-dot")],
)
def test_a_species_is_called_like_its_run_in_small_letters(run, key):
    assert key_of(run) == key


def test_a_run_whose_name_has_no_such_letters_needs_a_key():
    with pytest.raises(Refused, match="“花” is no key of a species.*--key"):
        key_of("花")


def test_a_person_cannot_give_two_sliders_one_name():
    sliders = [{"key": "a", "label": "Width"}, {"key": "b", "label": "Length"}]
    named = worded(sliders, {"a": {"label": "Brim"}})
    assert [slider["label"] for slider in named] == ["Brim", "Length"]
    with pytest.raises(Refused, match="Two sliders would be called “Length”"):
        worded(sliders, {"a": {"label": "Length"}})


@pytest.mark.parametrize("words", ["[1, 2]", '{"version": "two"}', '"name"'])
def test_words_of_another_shape_are_refused(tmp_path, words):
    (tmp_path / "words.json").write_text(words)
    with pytest.raises(Refused, match="must be a JSON object"):
        read_words(tmp_path)


def test_the_strip_shows_the_reconstructions_of_every_chosen_sheet(tmp_path):
    assert learning_strip(tmp_path, size=8) is None
    for seen in range(1, 20):
        # The second row of a sheet, where reconstructions stand, is as bright as the sheet is late.
        sheet = np.full((3 * 9 + 1, 16 * 9 + 1, 3), 255, np.uint8)
        sheet[10:18] = 10 * seen
        Image.fromarray(sheet).save(tmp_path / f"autoencoding-{seen:08d}.png")
    strip = np.asarray(learning_strip(tmp_path, size=8))
    assert strip.shape[1] == 8 * 9 + 1
    rows = strip[5::9, 5, 0].astype(int)
    assert (rows[0], rows[-1]) == (10, 190)
    assert 6 <= len(rows) <= 8
    assert (np.diff(rows) > 0).all()


def test_a_run_without_a_snapshot_cannot_be_exported(tmp_path):
    with pytest.raises(Refused, match="Train first"):
        export(Run(tmp_path), snapshot="snapshot.pt", key="x", parent=tmp_path, report=silent)
    assert not (tmp_path / "x").exists()


def test_weights_that_are_not_finite_are_not_exported(tmp_path, monkeypatch):
    run = make_trained_run(tmp_path, monkeypatch)
    state = run.load()
    state["ema_generator"]["constant"][:] = float("nan")
    run.save(state)
    with pytest.raises(Refused, match="not finite"):
        export(run, snapshot="snapshot.pt", key="x", parent=tmp_path, report=silent)
    assert not (tmp_path / "x").exists()
