"""The loop that trains a music net in a run folder: steps, log, evaluation, snapshots, samples, and
stopping in good order.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from generation.training.music.vae import Schedule
from generation.training.runs import Clock, Run, progress_line, stops_between_steps

LOG_SECONDS = 30
EVALUATION_SECONDS = 240
DECAY_SHARE = 0.25  # The last part of a run, in which the learning rate falls.

Report = Callable[[str], None]


class MusicLearner(Protocol):
    """What the loop needs of a net in training."""

    steps: int
    batch: int
    schedule: Schedule

    def step(self) -> dict[str, float]:
        """Learn from one batch; figures for the log."""

    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        """The averaged net's figures on held-out segments."""

    def samples(self) -> np.ndarray:
        """A few melodies of the averaged net, int64 [count, steps]."""

    def state(self) -> dict[str, Any]:
        """Everything a snapshot needs."""


def train(
    learner: MusicLearner,
    run: Run,
    held_out: np.ndarray,
    *,
    hours: float,
    report: Report,
    write_samples: Callable[[np.ndarray, Path], None],
) -> None:
    """Train until the schedule ends; the decay begins when the rest of `hours` just suffices for
    it. Ctrl-C saves and stops.
    """
    clock, since_log = Clock(), 0
    next_log, next_evaluation = LOG_SECONDS, EVALUATION_SECONDS
    first_step, schedule = learner.steps, learner.schedule
    with stops_between_steps() as is_asked_to_stop:
        while (not schedule.ends or learner.steps < schedule.ends) and not is_asked_to_stop():
            if not schedule.ends and clock.elapsed > hours * 3600 * (1 - DECAY_SHARE):
                # Kept apart, so that the run can be trained for longer later without the slow end.
                run.save(learner.state(), name="before_decay.pt")
                schedule.begin_decay(
                    learner.steps, taken=learner.steps - first_step, share=DECAY_SHARE
                )
            run.note(learner.step())
            since_log += learner.batch
            if clock.elapsed >= next_log:
                next_log = clock.elapsed + LOG_SECONDS
                rate, since_log = clock.tick(since_log), 0
                line = run.log({"steps": learner.steps, "examples_per_second": round(rate, 1)})
                report(progress_line(line, seconds_left=hours * 3600 - clock.elapsed))
            if clock.elapsed >= next_evaluation:
                _save(learner, run, held_out, report=report)
                write_samples(learner.samples(), run.sheets / f"{learner.steps:06d}")
                next_evaluation = clock.elapsed + EVALUATION_SECONDS
        if is_asked_to_stop():
            report("Stopping; the snapshot is being written.")
        _save(learner, run, held_out, report=report)
        write_samples(learner.samples(), run.sheets / f"{learner.steps:06d}")


def _save(learner: MusicLearner, run: Run, held_out: np.ndarray, *, report: Report) -> None:
    """Write a snapshot first, then measure: a run that is killed while it measures loses
    nothing.
    """
    run.save(learner.state())
    line = run.log({"steps": learner.steps, **learner.figures(held_out)})
    report("evaluation  " + progress_line(line, seconds_left=0).rsplit("  left", 1)[0])
