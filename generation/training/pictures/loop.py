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
from generation.training.runs import Clock, Run, deferred_stops, progress_line

LOG_SECONDS = 30
FIRST_SHEET_SECONDS = 60
SHEET_SECONDS = 300
DECAY_SHARE = 0.2  # The last part of a phase, in which the learning rate falls to a twentieth.

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


@dataclass
class Schedule:
    """Where a phase is, in counts of pictures seen.

    The decay of the learning rate runs from `decay_from` to `ends`; both are 0 while they are not
    decided. Once they are, all that follows depends on counts alone.
    """

    phase: str
    started: int = 0
    decay_from: int = 0
    ends: int = 0

    def is_over(self, seen: int) -> bool:
        return 0 < self.ends <= seen

    def learning_rate_share(self, seen: int) -> float:
        """Return the share of the full rate: constant, then a straight line down to a twentieth."""
        full = PHASES[self.phase].learning_rate_share
        if not self.ends or seen <= self.decay_from:
            return full
        return full * max(0.05, (self.ends - seen) / (self.ends - self.decay_from))

    def plan(self, pictures: int) -> None:
        """Let the phase take so many pictures."""
        self.ends = self.started + pictures
        self.decay_from = self.ends - max(1, round(pictures * DECAY_SHARE))

    def begin_decay(self, seen: int) -> None:
        """Slow down from now on; the decay is as long as its share of the whole phase asks."""
        self.decay_from = seen
        self.ends = seen + max(1, round((seen - self.started) * DECAY_SHARE / (1 - DECAY_SHARE)))


class Loop:
    """Trains one learner through one phase.

    Learner and schedule of an old run are restored by the caller.
    """

    def __init__(
        self,
        learner: Learner,
        run: Run,
        *,
        schedule: Schedule,
        seconds: float | None,
        report: Report,
    ) -> None:
        """Make the loop.

        seconds: the decay begins when the rest of this time is just enough for it; None when the
        schedule is planned.
        """
        self.learner, self.run, self.schedule = learner, run, schedule
        self.seconds, self.report = seconds, report
        self.clock = Clock()
        self.since_log = 0
        self.next_log, self.next_sheet = float(LOG_SECONDS), float(FIRST_SHEET_SECONDS)

    def train(self) -> bool:
        """Train to the end of the phase; returns whether it came to it.

        Ctrl-C saves a snapshot and stops.
        """
        with deferred_stops() as is_stop_requested:
            return self._train(is_stop_requested)

    def _train(self, is_stop_requested: Callable[[], bool]) -> bool:
        learner, schedule = self.learner, self.schedule
        step = PHASES[schedule.phase].step
        while not schedule.is_over(learner.seen):
            is_stopped, is_late, is_log_due, is_sheet_due = self._agreed(is_stop_requested)
            if is_stopped:
                break
            if is_late:
                schedule.begin_decay(learner.seen)
            learner.set_learning_rate(schedule.learning_rate_share(learner.seen))
            self.run.record(step(learner))
            self.since_log += learner.settings.batch
            self.write_records(is_log_due=is_log_due, is_sheet_due=is_sheet_due)
        self.save()
        if schedule.is_over(learner.seen):
            self.run.save(self.state(), name=f"{schedule.phase}.pt")
        (is_stopped,) = self.run.team.any(is_stop_requested())
        if is_stopped:
            self.report(f"Stopped. The same command goes on from {self.run.snapshot}.")
        return not is_stopped

    def _agreed(self, is_stop_requested: Callable[[], bool]) -> list[bool]:
        """Whether to stop, to begin the decay, and to write a log line and a sheet.

        The clocks of processes differ, so the first one's counts for all; any may be stopped.
        """
        seconds, elapsed, is_first = self.seconds, self.clock.elapsed, self.run.team.is_first
        is_late = (
            seconds is not None and not self.schedule.ends and elapsed > seconds * (1 - DECAY_SHARE)
        )
        return self.run.team.any(
            is_stop_requested(),
            is_first and is_late,
            is_first and elapsed >= self.next_log,
            is_first and elapsed >= self.next_sheet,
        )

    def write_records(self, *, is_log_due: bool, is_sheet_due: bool) -> None:
        """Write a log line and a sheet when they are due.

        Times decide about records only, never about learning.
        """
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
        if self.schedule.ends:
            return (self.schedule.ends - self.learner.seen) / max(self.clock.rate, 1e-9)
        return (self.seconds or 0) - self.clock.elapsed

    def place(self) -> dict[str, Any]:
        return {"phase": self.schedule.phase, "seen": self.learner.seen}

    def state(self) -> dict[str, Any]:
        return {**self.learner.state(), "schedule": asdict(self.schedule)}

    def save(self) -> None:
        """Draw a sheet, log the held-out figures, write the snapshot."""
        averages = self.run.read()  # First, because it refuses nets that can draw nothing.
        figures: dict[str, float] = {}
        if self.run.team.is_first:
            sheet = self.run.sheets / f"{self.schedule.phase}-{self.learner.seen:08d}.png"
            has_encoder = self.schedule.phase != "plain"
            figures = learning_sheet(self.learner, sheet, has_encoder=has_encoder)
        rounded = {name: round(value, 4) for name, value in figures.items()}
        line = self.run.log({**self.place(), **rounded, **averages})
        self.report(progress_line(line, seconds_left=self.seconds_left()))
        self.run.save(self.state())
