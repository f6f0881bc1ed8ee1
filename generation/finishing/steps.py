"""The finishing steps of pictures: their names, settings and limits.

A step in a genome is a pair (name, settings). Settings that are not given have their default; an
unknown step or setting, or a value outside its limits, is refused. `generation.finishing.picture`
carries the steps out. Free of torch, so that pages can show the steps as sliders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generation.finishing.presets import PALETTES, STYLES
from generation.finishing.settings import Amount, Choice, Colour, Colours, Setting, StyleVector
from generation.finishing.weights import is_installed
from generation.refusal import Refused
from generation.words import word

MAX_STEPS = 8
EDITION = "edition"  # The key of a step's edition among its settings.


@dataclass(frozen=True)
class Step:
    """One kind of finishing.

    weights: the files of `generation.finishing.weights` that it needs. edition: of the way in which
    it is carried out, from 1 on. A finished work keeps the one that it names, so that it is printed
    again as it was; without one it is the first. New steps name the newest.
    """

    name: str
    label: str
    settings: tuple[Setting, ...]
    weights: tuple[str, ...] = ()
    edition: int = 1

    @property
    def fresh(self) -> dict[str, Any]:
        """The settings of a step that is switched on now; the others have their default."""
        return {EDITION: self.edition} if self.edition > 1 else {}

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
                        "tidied": word("Pixel art, tidied"),
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
            edition=2,
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
                StyleVector("vector", word("The borrowed style")),
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
            edition=2,
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
            edition=2,
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


def read_steps(data: Any) -> Finishing:
    """Check steps from a card or an untrusted source, and complete their settings.

    Raises Refused with a sentence that says what is wrong.
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
    known = {setting.key for setting in kind.settings} | set(kind.fresh)
    unknown = sorted(set(map(str, given)) - known)
    if unknown:
        raise Refused(
            "The finishing step “{name}” has no setting “{unknown}”.",
            name=name,
            unknown=unknown[0][:40],
        )
    return name, _edition_in(given, kind) | {
        setting.key: setting.read(given.get(setting.key, setting.default))
        for setting in kind.settings
    }


def _edition_in(given: Mapping[str, Any], kind: Step) -> dict[str, Any]:
    """The edition among these settings; nothing for the first, which older works do not name."""
    edition = given.get(EDITION, 1)
    if type(edition) is not int or not 1 <= edition <= kind.edition:
        raise Refused(
            "The finishing step “{name}” has the editions 1 to {newest}.",
            name=kind.name,
            newest=kind.edition,
        )
    return {EDITION: edition} if edition > 1 else {}


def is_see_through(finishing: Finishing) -> bool:
    """Whether the steps leave a picture with a transparent ground.

    A mock-up after the background step puts it on an object again.
    """
    is_open = False
    for name, settings in finishing:
        if name == "background":
            is_open = settings.get("kind", "transparent") == "transparent"
        elif name == "mock-up":
            is_open = False
    return is_open


def is_learnt(finishing: Finishing) -> bool:
    """Whether a net takes part in one of the steps."""
    return any(STEPS[name].weights for name, _settings in finishing)


def brief_steps(finishing: Finishing) -> list[list[Any]]:
    """Steps as JSON without settings that have their default; `read_steps` restores them."""
    return [
        [
            name,
            {key: given[key] for key in (EDITION,) if key in given}
            | {
                setting.key: given[setting.key]
                for setting in STEPS[name].settings
                if setting.key in given and given[setting.key] != _as_json(setting.default)
            },
        ]
        for name, given in finishing
    ]


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
