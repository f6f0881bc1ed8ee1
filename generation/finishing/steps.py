"""The finishing steps of pictures: their names, settings and limits. Free of torch, so that pages
can show them as sliders.

A step in a genome is a pair (name, settings). Settings that are not given stand at their default;
an unknown step or setting, or a value outside its limits, is refused.
`generation.finishing.picture` carries the steps out.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.finishing.weights import is_installed
from generation.refusal import Refused
from generation.words import word

MAX_STEPS = 8
MAX_COLOURS = 8
MANNER_SIZE = 100  # Numbers of a borrowed style.
MAX_MANNER = 100.0  # Those of pictures stay below 20.
COLOUR = re.compile(r"#[0-9a-f]{6}")

# The manners of the style net, in its order, by what they look like; the net itself names none.
STYLES = {
    "dawn": word("Dawn"),
    "cut-outs": word("Ink and yellow"),
    "wash": word("Grey wash"),
    "stained-glass": word("Stained glass"),
    "pointillist": word("Points of red"),
    "street": word("Street corner"),
    "blueprint": word("Night engraving"),
    "primaries": word("Red, blue, yellow"),
    "candy": word("Candy pencil"),
    "lino": word("Linocut"),
    "old-master": word("Old master"),
    "etching": word("Sepia etching"),
    "lavender": word("Lavender haze"),
    "mosaic": word("Green mosaic"),
    "mist": word("Morning mist"),
    "wire": word("Coloured wire"),
    "tapestry": word("Blue tapestry"),
    "circuit": word("Red city"),
    "woodcut": word("Woodcut"),
    "starry": word("Starry blue"),
    "embers": word("Embers"),
    "pop": word("Pop"),
    "poster": word("Poster"),
    "charcoal": word("Charcoal"),
    "engraving": word("Blue engraving"),
    "bronze": word("Bronze"),
}

PALETTES: dict[str, tuple[str, ...]] = {
    "riso": ("#1d1a4b", "#0078bf", "#ff665e", "#ffb511", "#f7f1e3"),
    "dusk": ("#1f1b3a", "#5a2a6b", "#c3476c", "#f28a5b", "#fbe3b9"),
    "forest": ("#13241c", "#2d5a41", "#7a9a4f", "#d2b45f", "#f2ead2"),
    "sea": ("#0b2239", "#13577a", "#2f9ca8", "#9ad3c8", "#f4f1de"),
    "bauhaus": ("#191919", "#21409a", "#d7282f", "#f5b700", "#f1ebdd"),
    "blossom": ("#3b1f2b", "#8c3f5d", "#e58ca0", "#f9c9c4", "#fdf3ec"),
    "desert": ("#2e1a12", "#8b4a2b", "#d08a4e", "#e8c48c", "#f7ead0"),
    "mono": ("#141414", "#4a4a4a", "#8a8a8a", "#c8c8c8", "#f5f5f5"),
}
PALETTE_NAMES = {
    "riso": word("Riso"),
    "dusk": word("Dusk"),
    "forest": word("Forest"),
    "sea": word("Sea"),
    "bauhaus": word("Bauhaus"),
    "blossom": word("Blossom"),
    "desert": word("Desert"),
    "mono": word("Mono"),
}


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
    """One of a few words, each with a label for people."""

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
    """A palette: two to eight colours as "#rrggbb", one of PALETTES or those of another work."""

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
class Manner:
    """A borrowed style: 100 numbers as text, made by `generation.finishing.manner.borrow`. It has
    no default.
    """

    key: str
    label: str
    default: str = ""

    def read(self, value: Any) -> str:
        read_manner(value)
        return value


def read_manner(text: Any) -> np.ndarray:
    """The numbers of a borrowed style, float32 [100]. Raises Refused for anything else."""
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float32)
    except (TypeError, ValueError) as error:
        raise Refused(
            "The borrowed style is missing or damaged; borrow it from a picture again."
        ) from error
    if (
        vector.shape != (MANNER_SIZE,)
        or not np.isfinite(vector).all()
        or np.abs(vector).max() > MAX_MANNER
    ):
        raise Refused("The borrowed style is missing or damaged; borrow it from a picture again.")
    return vector


@dataclass(frozen=True)
class Step:
    """One kind of finishing. `weights`: the files of `generation.finishing.weights` that it cannot
    do without.
    """

    name: str
    label: str
    settings: tuple[Amount | Choice | Colour | Colours | Manner, ...]
    weights: tuple[str, ...] = ()

    @property
    def is_available(self) -> bool:
        return all(is_installed(name) for name in self.weights)


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "resolution",
            word("Resolution"),
            (
                Choice(
                    "net",
                    word("The enlarging method"),
                    {
                        "animevideo": word("Drawn, fast"),
                        "anime": word("Drawn, more lines"),
                        "smooth": word("Smooth"),
                        "pixels": word("Pixel art"),
                    },
                    "animevideo",
                ),
                Amount("colours", word("The number of colours of pixel art"), 2, 64, 24),
                Amount("rounded", word("The rounding of pixel art"), 0, 1, 0),
            ),
        ),
        Step(
            "background",
            word("Background"),
            (
                Choice(
                    "kind",
                    word("The background"),
                    {
                        "transparent": word("None (transparent)"),
                        "plain": word("One colour"),
                        "gradient": word("Top to bottom"),
                        "glow": word("From the centre"),
                    },
                    "transparent",
                ),
                Colour("colour", word("The background's colour"), "#f4efe6"),
                Colour("second", word("The background's second colour"), "#c9d6df"),
                Amount("tolerance", word("The background tolerance"), 0.05, 1, 0.3),
            ),
        ),
        Step(
            "style",
            word("Style"),
            (
                Choice("style", word("The style"), STYLES, "starry"),
                Choice("second", word("The second style"), STYLES, "etching"),
                Amount("mix", word("The share of the second style"), 0, 1, 0),
                Amount("strength", word("The strength of the style"), 0, 1, 0.8),
                Choice(
                    "strokes",
                    word("The brush"),
                    {"broad": word("Broad"), "fine": word("Fine")},
                    "broad",
                ),
                Choice(
                    "colours",
                    word("The colours"),
                    {"style": word("The style's"), "own": word("The picture's own")},
                    "style",
                ),
            ),
            ("multistyle26.onnx",),
        ),
        Step(
            "borrowed-style",
            word("Borrowed style"),
            (
                Manner("vector", word("The borrowed style")),
                Amount("strength", word("The strength of the style"), 0, 1, 0.8),
                Choice(
                    "colours",
                    word("The colours"),
                    {"style": word("The style's"), "own": word("The picture's own")},
                    "style",
                ),
            ),
            ("arbitrary_predict.onnx", "arbitrary_transform.onnx"),
        ),
        Step(
            "colour",
            word("Colour"),
            (
                Amount("warmth", word("The warmth"), -1, 1, 0),
                Amount("tint", word("The tint"), -1, 1, 0),
                Amount("lightness", word("The lightness"), -1, 1, 0),
                Amount("contrast", word("The contrast"), -1, 1, 0),
                Amount("saturation", word("The saturation"), -1, 1, 0),
            ),
        ),
        Step(
            "palette",
            word("Palette"),
            (
                Colours("colours", word("The palette"), PALETTES["riso"]),
                Amount("amount", word("The strength of the palette"), 0, 1, 1),
            ),
        ),
        Step(
            "duotone",
            word("Two inks"),
            (
                Colour("dark", word("The dark ink"), "#1b2a49"),
                Colour("light", word("The light ink"), "#f6ead2"),
                Amount("amount", word("The strength of the inks"), 0, 1, 1),
            ),
        ),
        Step(
            "detail",
            word("Detail"),
            (
                Amount("sharpness", word("The sharpness"), 0, 1, 0),
                Amount("clarity", word("The local contrast"), 0, 1, 0),
                Amount("grain", word("The grain"), 0, 1, 0),
                Choice(
                    "surface",
                    word("The surface"),
                    {
                        "none": word("Smooth"),
                        "paper": word("Paper"),
                        "canvas": word("Canvas"),
                    },
                    "none",
                ),
                Amount("relief", word("The surface relief"), 0, 1, 0.5),
            ),
        ),
        Step(
            "pattern",
            word("Repeat"),
            (
                Choice(
                    "layout",
                    word("The layout"),
                    {
                        "repeat": word("Side by side"),
                        "half-drop": word("Half-drop"),
                        "brick": word("Brick"),
                        "mirror": word("Mirrored"),
                    },
                    "half-drop",
                ),
                Amount("count", word("The number of motifs per side"), 1, 8, 4),
                Amount("seam", word("The softness of the seams"), 0, 1, 0),
            ),
        ),
        Step(
            "mock-up",
            word("Mock-up"),
            (
                Choice(
                    "template",
                    word("The object"),
                    {
                        "poster": word("Poster on a wall"),
                        "shirt": word("T-shirt"),
                        "cushion": word("Cushion"),
                        "tote": word("Tote bag"),
                    },
                    "poster",
                ),
                Amount("scale", word("The size of the picture on it"), 0.3, 1, 1),
                Colour("ground", word("The colour behind the object"), "#d8d2c6"),
                Colour("colour", word("The object's own colour"), "#f3f0e9"),
            ),
        ),
    )
}

Finishing = tuple[tuple[str, Mapping[str, Any]], ...]


def read_steps(data: Iterable[Any]) -> Finishing:
    """Steps as they stand in a card or came from outside, complete: every setting is there and
    within its limits.

    Raises Refused with a sentence that names what is wrong.
    """
    steps = list(data) if isinstance(data, list | tuple) else None
    if steps is None or len(steps) > MAX_STEPS:
        raise Refused("Finishing must be a list of at most {max_steps} steps.", max_steps=MAX_STEPS)
    return tuple(_read_step(step) for step in steps)


def _read_step(step: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(step, list | tuple) or len(step) != 2 or not isinstance(step[1], Mapping):
        raise Refused("A finishing step must be a pair: its name and its settings.")
    name, given = step
    kind = STEPS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Refused(
            "This work uses the finishing step “{name}”, which this version lacks.",
            name=str(name)[:40],
        )
    unknown = sorted(set(map(str, given)) - {setting.key for setting in kind.settings})
    if unknown:
        raise Refused(
            "The finishing step “{name}” has no setting “{unknown}”.",
            name=name,
            unknown=unknown[0][:40],
        )
    return name, {
        setting.key: setting.read(given.get(setting.key, setting.default))
        for setting in kind.settings
    }


def is_see_through(finishing: Finishing) -> bool:
    """Whether the steps leave a picture with a transparent ground: taken away, and laid on nothing
    afterwards.
    """
    is_open = False
    for name, settings in finishing:
        if name == "background":
            is_open = settings.get("kind", "transparent") == "transparent"
        elif name == "mock-up":
            is_open = False
    return is_open


def brief_steps(finishing: Finishing) -> list[list[Any]]:
    """Steps as JSON without the settings that stand at their default; `read_steps` puts them
    back.
    """
    return [
        [
            name,
            {
                setting.key: given[setting.key]
                for setting in STEPS[name].settings
                if setting.key in given and given[setting.key] != _as_json(setting.default)
            },
        ]
        for name, given in finishing
    ]


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
