"""The loop that trains a small net in a run folder.

It takes steps, logs, measures, writes snapshots and samples, and stops in good order.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generation.training.learner import Learner
from generation.training.runs import Clock, Run, deferred_stops, progress_line

LOG_SECONDS = 30
EVALUATION_SECONDS = 240
DECAY_SHARE = 0.25  # The last part of a run, in which the learning rate falls.

Report = Callable[[str], None]


def train(
    learner: Learner[Any, Any, Any],
    run: Run,
    *,
    hours: float,
    report: Report,
    measure: Callable[[], Mapping[str, float]],
    write_samples: Callable[[Path], None],
) -> None:
    """Train until the schedule ends; Ctrl-C saves and stops.

    The decay of the learning rate begins when the rest of `hours` is just enough for it. measure:
    figures of the averaged net. write_samples: shows what it makes, under a path without an ending.
    """
    clock, since_log = Clock(), 0
    next_log, next_evaluation = float(LOG_SECONDS), float(EVALUATION_SECONDS)
    first_step, schedule = learner.steps, learner.schedule

    def save() -> None:
        """Write a snapshot first, then measure.

        A run that is killed while it measures loses nothing. Nets of numbers that are not finite
        are found out before.
        """
        averages = run.read()
        run.save(learner.state())
        line = run.log({"steps": learner.steps, **measure(), **averages})
        report("evaluation  " + progress_line(line, seconds_left=0).rsplit("  left", 1)[0])
        write_samples(run.sheets / f"{learner.steps:06d}")

    with deferred_stops() as is_stop_requested:
        while (not schedule.ends or learner.steps < schedule.ends) and not is_stop_requested():
            if not schedule.ends and clock.elapsed > hours * 3600 * (1 - DECAY_SHARE):
                # Kept apart, so that the run can be trained for longer later without the slow end.
                run.save(learner.state(), name="before_decay.pt")
                schedule.begin_decay(
                    learner.steps, taken=learner.steps - first_step, share=DECAY_SHARE
                )
            run.record(learner.step())
            since_log += learner.settings.batch
            if clock.elapsed >= next_log:
                next_log = clock.elapsed + LOG_SECONDS
                rate, since_log = clock.tick(since_log), 0
                line = run.log({"steps": learner.steps, "examples_per_second": round(rate, 1)})
                report(progress_line(line, seconds_left=hours * 3600 - clock.elapsed))
            if clock.elapsed >= next_evaluation:
                save()
                next_evaluation = clock.elapsed + EVALUATION_SECONDS
        if is_stop_requested():
            report("Stopping; the snapshot is being written.")
        save()
