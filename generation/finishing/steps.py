"""The finishing steps of pictures: their names, settings and limits. Free of torch, so that pages can show them as sliders.

A step in a genome is a pair (name, settings). Settings that are not given stand at their default; an unknown step or setting,
or a value outside its limits, is refused. `generation.finishing.picture` carries the steps out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generation.finishing.weights import is_installed
from generation.refusal import Refused

MAX_STEPS = 8
COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Amount:
    """A number between two limits: a slider."""

    key: str
    label: str
    low: float
    high: float
    default: float

    def read(self, value: Any) -> float:
        # The comparison is false for NaN and infinities.
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise Refused(f"{self.label} must be a number from {self.low:g} to {self.high:g}.")
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of a few words, each with a label for people."""

    key: str
    label: str
    choices: Mapping[str, str]
    default: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise Refused(f"{self.label} must be one of {', '.join(self.choices)}.")
        return value


@dataclass(frozen=True)
class Colour:
    """A colour as "#rrggbb"."""

    key: str
    label: str
    default: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise Refused(f"{self.label} must be a colour such as #7f00ff.")
        return value


@dataclass(frozen=True)
class Step:
    """One kind of finishing. `weights`: the files of `generation.finishing.weights` that it cannot do without."""

    name: str
    label: str
    settings: tuple[Amount | Choice | Colour, ...]
    weights: tuple[str, ...] = ()

    @property
    def is_available(self) -> bool:
        return all(is_installed(name) for name in self.weights)


RESOLUTION = Step("resolution", "Resolution", (
    Choice("net", "The way of enlarging", {
        "animevideo": "Drawn, fast", "anime": "Drawn, more lines", "smooth": "Smooth", "pixels": "Pixel art",
    }, "animevideo"),
    Amount("colours", "The number of colours of pixel art", 2, 64, 24),
    Amount("rounded", "The rounding of pixel art", 0, 1, 0),
))

STEPS: dict[str, Step] = {step.name: step for step in (RESOLUTION,)}

Finishing = tuple[tuple[str, Mapping[str, Any]], ...]


def read_steps(data: Iterable[Any]) -> Finishing:
    """Steps as they stand in a card or came from outside, complete: every setting is there and within its limits.

    Raises Refused with a sentence that names what is wrong.
    """
    steps = list(data) if isinstance(data, list | tuple) else None
    if steps is None or len(steps) > MAX_STEPS:
        raise Refused(f"Finishing must be a list of at most {MAX_STEPS} steps.")
    return tuple(_read_step(step) for step in steps)


def _read_step(step: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(step, list | tuple) or len(step) != 2 or not isinstance(step[1], Mapping):
        raise Refused("A finishing step must be a pair: its name and its settings.")
    name, given = step
    kind = STEPS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Refused(f"This work uses the finishing step “{str(name)[:40]}”, which this version lacks.")
    unknown = sorted(set(map(str, given)) - {setting.key for setting in kind.settings})
    if unknown:
        raise Refused(f"The finishing step “{name}” has no setting “{unknown[0][:40]}”.")
    return name, {setting.key: setting.read(given.get(setting.key, setting.default)) for setting in kind.settings}
