"""Names of colours, by which works are filtered: a dozen common words.

Colours are classified in OKLCH, the polar form of OKLab (Björn Ottosson, 2020): lightness in
[0, 1], chroma in [0, about 0.37], hue in degrees.
"""

import math
import re

from django.utils.translation import gettext_lazy

from generation.finishing.oklab import read_colour

# Stored value -> label, in the order of the colour circle, then those without a hue.
NAMES = {
    "red": gettext_lazy("Red"),
    "orange": gettext_lazy("Orange"),
    "brown": gettext_lazy("Brown"),
    "yellow": gettext_lazy("Yellow"),
    "green": gettext_lazy("Green"),
    "teal": gettext_lazy("Teal"),
    "blue": gettext_lazy("Blue"),
    "violet": gettext_lazy("Violet"),
    "pink": gettext_lazy("Pink"),
    "white": gettext_lazy("White"),
    "grey": gettext_lazy("Grey"),
    "black": gettext_lazy("Black"),
}
# An example of each colour, for a dot beside its label.
SWATCHES = {
    "red": "#c8372f",
    "orange": "#e2812b",
    "brown": "#7a4f2c",
    "yellow": "#e5c23a",
    "green": "#4a9a4f",
    "teal": "#2f9c9a",
    "blue": "#3c6fc4",
    "violet": "#7f52b8",
    "pink": "#db6aa6",
    "white": "#f4f2ec",
    "grey": "#8d918e",
    "black": "#1b1d1c",
}
# Hue in degrees up to which each name goes. In sRGB, pure red is at 29, yellow at 110, green at
# 142, cyan at 195 and blue at 264.
_HUES = (
    (8, "pink"),
    (40, "red"),
    (78, "orange"),
    (115, "yellow"),
    (163, "green"),
    (222, "teal"),
    (283, "blue"),
    (325, "violet"),
)
_GREY_CHROMA, _DARK, _LIGHT = 0.028, 0.24, 0.93
PALE = 0.86  # The lightness from which a ground glares.
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


def name_of(accent: str) -> str:
    """The name (a key of NAMES) of a colour as #rrggbb; "" for anything else."""
    if not _ACCENT.fullmatch(accent or ""):
        return ""
    lightness, chroma, hue = to_oklch(accent)
    if lightness < _DARK and chroma < 2.5 * _GREY_CHROMA:
        return "black"
    if chroma < _GREY_CHROMA:
        return "white" if lightness > _LIGHT else "grey"
    if 30 <= hue < 100 and lightness < 0.58 and chroma < 0.15:
        return "brown"
    return next((name for end, name in _HUES if hue < end), "pink")


def is_pale(accent: str) -> bool:
    """Whether a ground of this colour glares in the dark scheme."""
    return bool(_ACCENT.fullmatch(accent or "")) and to_oklch(accent)[0] > PALE


def to_oklch(accent: str) -> tuple[float, float, float]:
    """Lightness, chroma and hue in degrees [0, 360) of #rrggbb."""
    lightness, a, b = (float(value) for value in read_colour(accent))
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360
