"""The loop that trains a music VAE in a run folder: steps, log, evaluation, snapshots, and stopping in good order.

`python -m generation.training.music_loop --data data/tunes --run runs/tunes --hours 2` starts or resumes a run.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from generation.data.music import read_data_set
from generation.refusal import Refused
from generation.training.music import Learner, MusicSettings
from generation.training.music_evaluation import reconstruction_figures
from generation.training.runs import Clock, Run, progress_line

LOG_SECONDS = 30
EVALUATION_SECONDS = 240
DECAY_SHARE = 0.25  # The last part of a run, in which the learning rate falls.


def train(learner: Learner, run: Run, held_out: np.ndarray, *, hours: float, report: Callable[[str], None]) -> None:
    """Train until the schedule ends; the decay begins when the rest of `hours` just suffices for it. Ctrl-C saves and stops."""
    clock, since_log = Clock(), 0
    next_log, next_evaluation = LOG_SECONDS, EVALUATION_SECONDS
    first_step = learner.steps
    schedule = learner.schedule
    try:
        while not schedule.ends or learner.steps < schedule.ends:
            if not schedule.ends and clock.elapsed > hours * 3600 * (1 - DECAY_SHARE):
                schedule.decay_from = learner.steps
                taken = learner.steps - first_step
                schedule.ends = learner.steps + max(1, round(taken * DECAY_SHARE / (1 - DECAY_SHARE)))
            run.note(learner.step())
            since_log += learner.settings.batch
            if clock.elapsed >= next_log:
                next_log = clock.elapsed + LOG_SECONDS
                rate = clock.tick(since_log)
                since_log = 0
                line = run.log({"steps": learner.steps, "examples_per_second": round(rate, 1)})
                report(progress_line(line, seconds_left=hours * 3600 - clock.elapsed))
            if clock.elapsed >= next_evaluation:
                evaluate_and_save(learner, run, held_out, report=report)
                next_evaluation = clock.elapsed + EVALUATION_SECONDS
    except KeyboardInterrupt:
        report("Stopping; the snapshot is being written.")
    evaluate_and_save(learner, run, held_out, report=report)


def evaluate_and_save(learner: Learner, run: Run, held_out: np.ndarray, *, report: Callable[[str], None]) -> None:
    """Write a snapshot, then the averaged net's figures on held-out segments."""
    run.save(learner.state())
    figures = reconstruction_figures(learner.ema, held_out)
    line = run.log({"steps": learner.steps, **figures})
    report("evaluation  " + progress_line(line, seconds_left=0).rsplit("  left", 1)[0])


def start(run_folder: Path, data_folder: Path, *, hours: float, report: Callable[[str], None], **changes: object) -> Learner:
    """Start a run, or resume it where its snapshot left off; a resumed run keeps the settings it began with."""
    run = Run(run_folder)
    settings = MusicSettings(**run.start(MusicSettings(data=data_folder.name).changed(**changes).to_json()))
    data = read_data_set(data_folder)
    if data["train"].shape[1] != settings.config().steps:
        raise Refused(f"The run learns segments of {settings.config().steps} steps; those in {data_folder} are not so long.")
    learner = Learner(settings, data["train"])
    state = run.load()
    if state:
        learner.restore(state)
        report(f"Resumed at step {learner.steps}.")
    train(learner, run, data["validation"][:800], hours=hours, report=report)
    return learner


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--set", nargs="*", default=[], help="settings of a new run, as name=value")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kinds = MusicSettings.__dataclass_fields__
    changes = {}
    for name, _, value in (pair.partition("=") for pair in options.set):
        if name not in kinds:
            raise SystemExit(f"There is no setting “{name}”; there are {', '.join(kinds)}.")
        changes[name] = type(kinds[name].default)(value)
    start(options.run, options.data, hours=options.hours, report=lambda line: print(line, flush=True), **changes)


if __name__ == "__main__":
    main()
