"""The loop that trains a small net in a run folder.

It takes steps, logs, measures, writes snapshots and samples, and stops in good order.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generation.training.learner import Learner
from generation.training.plan import Course, Forecast, Plan, check_hours, duration
from generation.training.runs import Clock, Run, deferred_stops, progress_line

LOG_SECONDS = 30
EVALUATION_SECONDS = 240
PHASE = "learning"  # Such nets have one phase.

Report = Callable[[str], None]


def train(
    learner: Learner[Any, Any, Any],
    run: Run,
    *,
    hours: float,
    report: Report,
    measure: Callable[[], Mapping[str, float]],
    write_samples: Callable[[Path], None],
    ship: str,
) -> None:
    """Train until the run has had its hours; Ctrl-C saves and stops.

    The learner is restored from the run's snapshot, if there is one. hours: of the whole run, over
    all calls. measure: figures of the averaged net. write_samples: shows what it makes, under a
    path without an ending. ship: the command that makes use of the net, to be named at the end.
    Raises Refused for hours that cannot be.
    """
    check_hours(hours)
    state = run.load()
    course = Course()
    if state:
        learner.restore(state)
        course = Course.of(state)
        report(f"Resumed at step {learner.steps}.")
    plan = Plan(course, PHASE, seconds=3600 * hours)
    forecast = Forecast(plan, learner.NEED, hours=hours)
    clock, since_log = Clock(), 0
    next_log, next_evaluation = float(LOG_SECONDS), float(EVALUATION_SECONDS)
    plan.begin()
    was_over = plan.is_over

    def save() -> None:
        """Write a snapshot first, then measure.

        A run that is killed while it measures loses nothing. Nets of numbers that are not finite
        are found out before.
        """
        averages = run.read()
        run.save({**learner.state(), "course": asdict(course)})
        line = run.log({"steps": learner.steps, **measure(), **averages})
        report("evaluation  " + progress_line(line, seconds_left=0).rsplit("  left", 1)[0])
        write_samples(run.sheets / f"{learner.steps:06d}")

    with deferred_stops() as is_stop_requested:
        while not plan.is_over and not is_stop_requested():
            learner.rate = plan.next_rate()
            run.record(learner.step())
            plan.count(learner.settings.batch)
            since_log += learner.settings.batch
            elapsed = clock.elapsed
            plan.set_elapsed(elapsed)
            if said := forecast.after_step(elapsed, batch=learner.settings.batch):
                report(said)
            if elapsed >= next_log:
                next_log = elapsed + LOG_SECONDS
                rate, since_log = clock.tick(since_log), 0
                line = run.log({"steps": learner.steps, "examples_per_second": round(rate, 1)})
                report(progress_line(line, seconds_left=plan.seconds_left(rate)))
            if elapsed >= next_evaluation:
                save()
                next_evaluation = clock.elapsed + EVALUATION_SECONDS
        if not was_over:
            save()
        if not plan.is_over:
            report(f"Stopped. The same command goes on from {run.snapshot}.")
            return
    report(
        f"Done: {learner.steps} steps in {duration(hours)}. Ship it with: {ship}. With more --hours"
        " the same command goes on from here."
    )
