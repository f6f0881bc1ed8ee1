"""The loop that trains a picture net in a run folder.

It takes steps, sets the learning rate, logs, draws sheets, writes snapshots and stops in good
order.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor

from generation.training.pictures.adversarial import adversarial_step, plain_step
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.learner import Learner
from generation.training.pictures.sheets import learning_sheet
from generation.training.plan import Forecast, Plan
from generation.training.runs import Clock, Run, progress_line

LOG_SECONDS = 30
FIRST_SHEET_SECONDS = 60
SHEET_SECONDS = 300

Report = Callable[[str], Any]


@dataclass(frozen=True)
class Phase:
    """One kind of training: its step, and the share of the full learning rate that it bears."""

    step: Callable[[Learner], dict[str, Tensor]]
    learning_rate_share: float


PHASES = {
    "autoencoding": Phase(autoencoding_step, 1.0),
    "adversarial": Phase(adversarial_step, 0.5),
    "plain": Phase(plain_step, 0.3),
}


class Loop:
    """Trains one learner through one phase.

    Learner and course of an old run are restored by the caller.
    """

    def __init__(
        self,
        learner: Learner,
        run: Run,
        *,
        plan: Plan,
        report: Report,
        forecast: Forecast | None = None,
    ) -> None:
        """forecast: what says at the beginning what can be expected."""
        self.learner, self.run, self.plan = learner, run, plan
        self.report, self.forecast = report, forecast
        self.clock = Clock()
        self.since_log = 0
        self.next_log, self.next_sheet = float(LOG_SECONDS), float(FIRST_SHEET_SECONDS)

    def train(self, is_stop_requested: Callable[[], bool]) -> bool:
        """Train to the end of the phase; returns whether it came to it.

        is_stop_requested: whether Ctrl-C or SIGTERM has come, see `deferred_stops`; then a snapshot
        is saved.
        """
        learner, plan = self.learner, self.plan
        step = PHASES[plan.phase].step
        plan.begin()
        while True:
            is_stopped, is_log_due, is_sheet_due, elapsed = self._agreed(is_stop_requested)
            plan.set_elapsed(elapsed)
            if is_stopped or plan.is_over:
                break
            learner.set_learning_rate(plan.next_rate())
            self.run.record(step(learner))
            plan.count(learner.settings.batch)
            self.since_log += learner.settings.batch
            if self.forecast and (said := self._forecast()):
                self.report(said)
            self.write_records(is_log_due=bool(is_log_due), is_sheet_due=bool(is_sheet_due))
        self.save()
        if plan.is_over:
            self.run.save(self.state(), name=f"{plan.phase}.pt")
        (is_stopped,) = self.run.team.any(is_stop_requested())
        if is_stopped:
            self.report(f"Stopped. The same command goes on from {self.run.snapshot}.")
        return not is_stopped

    def _forecast(self) -> str:
        assert self.forecast
        return self.forecast.after_step(self.clock.elapsed, batch=self.learner.settings.batch)

    def _agreed(self, is_stop_requested: Callable[[], bool]) -> list[float]:
        """Whether to stop, to write a log line and a sheet, and the seconds of this call.

        The clocks of processes differ, so the first one's counts for all; any may be stopped.
        """
        elapsed, is_first = self.clock.elapsed, self.run.team.is_first
        return self.run.team.largest(
            is_stop_requested(),
            is_first and elapsed >= self.next_log,
            is_first and elapsed >= self.next_sheet,
            elapsed if is_first else 0.0,
        )

    def write_records(self, *, is_log_due: bool, is_sheet_due: bool) -> None:
        """Write a log line and a sheet when they are due."""
        if is_log_due:
            rate = self.clock.tick(self.since_log)
            self.since_log, self.next_log = 0, self.clock.elapsed + LOG_SECONDS
            line = self.run.log(
                {**self.place(), "rate": round(rate, 2), "cpu": round(time.process_time())}
            )
            self.report(progress_line(line, seconds_left=self.seconds_left()))
        if is_sheet_due:
            self.next_sheet = self.clock.elapsed + SHEET_SECONDS
            self.save()

    def seconds_left(self) -> float:
        return self.plan.seconds_left(self.clock.rate)

    def place(self) -> dict[str, Any]:
        return {"phase": self.plan.phase, "seen": self.learner.seen}

    def state(self) -> dict[str, Any]:
        return {**self.learner.state(), "course": asdict(self.plan.course)}

    def save(self) -> None:
        """Draw a sheet, log the held-out figures, write the snapshot."""
        averages = self.run.read()  # First, because it refuses nets that can draw nothing.
        figures: dict[str, float] = {}
        if self.run.team.is_first:
            sheet = self.run.sheets / f"{self.plan.phase}-{self.learner.seen:08d}.png"
            has_encoder = self.plan.phase != "plain"
            figures = learning_sheet(self.learner, sheet, has_encoder=has_encoder)
        rounded = {name: round(value, 4) for name, value in figures.items()}
        line = self.run.log({**self.place(), **rounded, **averages})
        self.report(progress_line(line, seconds_left=self.seconds_left()))
        self.run.save(self.state())
