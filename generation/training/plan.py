"""The plan of a run: how long each phase takes, its learning rate, and what can come of it.

A phase is planned by time, or by numbers of examples where a run is to end the same on every
machine. What it has had already counts, over all calls of the command: a run that is given more
goes on as if it had been planned so long from the beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.refusal import Refused

RISE_STEPS = 150  # In so many steps the learning rate rises from nothing to its full height.
DECAY_SHARE = 0.2  # The last part of a phase, in which it falls ...
LOWEST_RATE = 0.05  # ... to this share.
# Before these, steps are slow for other reasons; so many are measured.
UNMEASURED_STEPS, MEASURED_STEPS = 3, 12


@dataclass
class Course:
    """How far a run is; snapshots keep it.

    phase: the one it is in. rate: the share of the full learning rate that the last step had.
    seconds, examples: what each phase has had.
    """

    phase: str = ""
    rate: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    examples: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Course":
        """Return the course in a snapshot; older snapshots have none, and count from here."""
        return cls(**state["course"]) if "course" in state else cls()


class Plan:
    """The plan of one phase in one call of the command; it keeps the run's course up to date."""

    def __init__(
        self,
        course: Course,
        phase: str,
        *,
        seconds: float = 0.0,
        examples: int = 0,
        full_rate: float = 1.0,
    ) -> None:
        """Plan a phase.

        seconds, examples: how much of either it shall have in all; one of them. full_rate: the
        share of the full learning rate that it bears.
        """
        self.course, self.phase, self.full_rate = course, phase, full_rate
        self.seconds, self.examples = seconds, examples
        self._seconds_before = course.seconds.get(phase, 0.0)

    @property
    def done(self) -> float:
        """The share of the phase that is over; 1 or more at its end."""
        if self.examples:
            return self.course.examples.get(self.phase, 0) / self.examples
        return self.course.seconds.get(self.phase, 0.0) / self.seconds

    @property
    def is_over(self) -> bool:
        return self.done >= 1

    def begin(self) -> None:
        """Enter the phase."""
        self.course.phase = self.phase

    def set_elapsed(self, seconds: float) -> None:
        """seconds: how long this call has been in the phase."""
        self.course.seconds[self.phase] = self._seconds_before + seconds

    def count(self, examples: int) -> None:
        """Count the examples of a step."""
        self.course.examples[self.phase] = self.course.examples.get(self.phase, 0) + examples

    def next_rate(self) -> float:
        """Return the share of the full learning rate for the next step.

        It is constant, then a straight line down. It rises slowly: at the beginning, and after an
        end that was none because the run was given more.
        """
        falling = max(LOWEST_RATE, min(1.0, (1 - self.done) / DECAY_SHARE))
        self.course.rate = min(self.full_rate * falling, self.course.rate + 1 / RISE_STEPS)
        return self.course.rate

    def seconds_left(self, examples_per_second: float) -> float:
        if self.examples:
            left = self.examples - self.course.examples.get(self.phase, 0)
            return left / max(examples_per_second, 1e-9)
        return self.seconds - self.course.seconds.get(self.phase, 0.0)


@dataclass(frozen=True)
class Need:
    """What a kind of net needs to learn something.

    unit: what its examples are called. enough: how many it needs. poor: what comes of a fifth of
    them, fair: what comes of more.
    """

    unit: str
    enough: int
    poor: str
    fair: str


class Forecast:
    """Measures the first steps of a phase by the clock, and then says once what can be expected."""

    def __init__(self, plan: Plan, need: Need, *, hours: float) -> None:
        """hours: those of the whole run, of which the phase is a part."""
        self.plan, self.need, self.hours = plan, need, hours
        self.steps, self._began = 0, 0.0

    def after_step(self, elapsed: float, *, batch: int) -> str:
        """Return what to say, empty but after one step. elapsed: seconds of this call."""
        self.steps += 1
        if self.steps == UNMEASURED_STEPS:
            self._began = elapsed
        if self.steps != UNMEASURED_STEPS + MEASURED_STEPS:
            return ""
        return self._said((elapsed - self._began) / MEASURED_STEPS, batch=batch)

    def _said(self, step_seconds: float, *, batch: int) -> str:
        need, plan = self.need, self.plan
        rate = batch / max(step_seconds, 1e-9)
        seen = plan.course.examples.get(plan.phase, 0)
        expected = seen + round(plan.seconds_left(rate) * rate)
        wanted = f"About {need.enough:,} {need.unit} are enough"
        if not plan.examples:
            # The phase keeps its share of longer hours.
            hours = self.hours * (1 + (need.enough - expected) / rate / plan.seconds)
            wanted += f", which this machine needs {duration(hours)} for (--hours)"
        first = (
            f"A step of {batch} {need.unit} takes {step_seconds:.2g} seconds here, so the net will"
            f" learn from about {_rounded(expected):,} of them."
        )
        if expected < need.enough / 5:
            return f"{first} That is far too few; expect {need.poor}. {wanted}."
        if expected < need.enough:
            return f"{first} Expect {need.fair}. {wanted}."
        return f"{first} That is enough."


def check_hours(hours: float) -> None:
    """Raise Refused for a training without length, or one without an end."""
    if not 0 < hours < 24 * 365:
        raise Refused("--hours must be more than 0 and less than a year.")


def duration(hours: float) -> str:
    """Return hours in words, rounded as people say them."""
    if hours < 0.95:
        minutes = max(1, round(60 * hours))
        return f"{minutes} minutes" if minutes > 1 else "a minute"
    return f"{hours:.1f} hours" if hours < 10 else f"{hours:.0f} hours"


def _rounded(count: int) -> int:
    """Return a number with two digits that count."""
    step = 10 ** max(0, len(str(count)) - 2)
    return round(count / step) * step
