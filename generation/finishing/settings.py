"""The kinds of settings of finishing steps: each knows its limits and its default."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.refusal import Refused
from generation.words import word

MAX_COLOURS = 8
STYLE_VECTOR_SIZE = 100  # Numbers of a borrowed style.
MAX_STYLE_NUMBER = 100.0  # Those of pictures stay below 20.
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
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not self.low <= value <= self.high
        ):
            raise Refused(
                "{label} must be a number from {low:g} to {high:g}.",
                label=self.label,
                low=self.low,
                high=self.high,
            )
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of several named values, each with a label for people."""

    key: str
    label: str
    choices: Mapping[str, str]
    default: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise Refused(
                "{label} must be one of {choices}.",
                label=self.label,
                choices=", ".join(self.choices),
            )
        return value


@dataclass(frozen=True)
class Colour:
    """A colour as "#rrggbb"."""

    key: str
    label: str
    default: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            raise Refused("{label} must be a colour such as #7f00ff.", label=self.label)
        return value


@dataclass(frozen=True)
class Colours:
    """A palette: two to eight colours as "#rrggbb", a preset or those of another work."""

    key: str
    label: str
    default: tuple[str, ...]

    def read(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or not 2 <= len(value) <= MAX_COLOURS:
            raise Refused(
                "{label} must be a list of 2 to {max_colours} colours.",
                label=self.label,
                max_colours=MAX_COLOURS,
            )
        one = Colour(self.key, word("Every colour of the palette"), self.default[0])
        return [one.read(colour) for colour in value]


@dataclass(frozen=True)
class StyleVector:
    """A borrowed style: 100 numbers as text, made by `style_vector.borrow_style`. No default."""

    key: str
    label: str
    default: str = ""

    def read(self, value: Any) -> str:
        read_style_vector(value)
        return value


def read_style_vector(text: Any) -> np.ndarray:
    """The numbers of a borrowed style, float32 [100]. Raises Refused for anything else."""
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except (TypeError, ValueError) as error:
        raise Refused(
            "The borrowed style is missing or damaged; borrow it from a picture again."
        ) from error
    if (
        vector.shape != (STYLE_VECTOR_SIZE,)
        or not np.isfinite(vector).all()
        or np.abs(vector).max() > MAX_STYLE_NUMBER
    ):
        raise Refused("The borrowed style is missing or damaged; borrow it from a picture again.")
    return vector


Setting = Amount | Choice | Colour | Colours | StyleVector
