"""A description of a Patterns picture, and how different two of them look.

Taken from the genes and a picture of 48 pixels.
"""

import math
from dataclasses import dataclass

import numpy as np

from generation.genespaces.looks import look_of
from generation.genespaces.patterns.formula import PROBE
from generation.genespaces.patterns.layout import MATERIALS
from generation.genespaces.patterns.plan import Plan, read_plan
from generation.genespaces.patterns.shading import thumbnail

# Hue families and where each begins, in degrees of OKLab hue; the last one ends at the first.
FAMILIES = {
    "red": 5,
    "orange": 42,
    "yellow": 78,
    "green": 118,
    "teal": 165,
    "blue": 222,
    "violet": 285,
    "pink": 322,
}
NEUTRAL = "neutral"
GREY_CHROMA = 0.035
SECOND_COLOUR = 0.14  # From this share of the colour on, a second hue is named.
DARK, LIGHT = 0.42, 0.70
STRONG_TWIST = 0.35
# Of two hundred founders, one in seven has another one nearer than this.
NEAR_PATTERNS = 0.95
MAP_WEIGHT = 0.4


@dataclass(frozen=True)
class Colour:
    """One colour of a picture.

    tone: "dark", "mid" or "light". weight: its share of the picture, 0 to 1.
    """

    family: str
    tone: str
    weight: float


@dataclass(frozen=True)
class Portrait:
    """A description of one picture.

    - form: "plain", "mirror", "tile" or "fold". folds: sectors of a kaleidoscope, else 0.
    - colours: strongest first. lightness: mean OKLab L, in [0, 1].
    - surface: any of emblem, lined, banded, iridescent, velvet, glossy, relief.
    - signature: a vector; the distance of two says how different the pictures look (0 to about
      1.5).
    """

    form: str
    folds: int
    is_twisted: bool
    colours: tuple[Colour, ...]
    lightness: float
    surface: tuple[str, ...]
    signature: np.ndarray

    @property
    def tone(self) -> str:
        return tone_of(self.lightness)


def portray(genes: np.ndarray) -> Portrait:
    """Describe a picture. Raises Refused when the genes are not of this species."""
    plan = read_plan(genes)
    form, folds = _form(plan)
    colours, lightness, signature = judge_colours(to_oklab(thumbnail(genes).reshape(3, -1)))
    return Portrait(
        form,
        folds,
        abs(plan.twist) > STRONG_TWIST and form != "plain",
        colours,
        lightness,
        _surface(plan),
        signature,
    )


def look(genes: np.ndarray) -> np.ndarray:
    """How a picture looks, for comparing founders (see `generation.genespaces.looks`)."""
    plan = read_plan(genes)
    made_of = dict(plan.materials)
    kind = [
        *(made_of.get(name, 0.0) for name in MATERIALS),
        *(plan.plain, plan.mirror, plan.tile, sum(share for _, share in plan.folds)),
        plan.surface["emblem"],
    ]
    lab = to_oklab(thumbnail(genes).reshape(3, -1))
    return look_of(lab.reshape(3, PROBE, PROBE), near=NEAR_PATTERNS, kind=kind)


def judge_colours(
    lab: np.ndarray, *, figure: np.ndarray | None = None
) -> tuple[tuple[Colour, ...], float, np.ndarray]:
    """Colours, lightness and signature of a square picture, OKLab [3, n].

    n: the square of a multiple of 6. figure: the points that belong to the figure; its colours are
    named instead of the ground's.
    """
    shares, lights = _families(lab if figure is None else lab[:, figure])
    named = [
        Colour(name, tone_of(lights[name]), share) for name, share in shares.items() if share > 0
    ]
    named.sort(key=lambda colour: -colour.weight)
    vivid = [
        colour for colour in named if colour.family != NEUTRAL and colour.weight >= SECOND_COLOUR
    ]
    lightness, contrast = float(lab[0].mean()), float(lab[0].std())
    relief = MAP_WEIGHT * (_coarse(lab[0]) - lightness)
    signature = np.array(
        [*np.sqrt(list(shares.values())), 2 * lightness, 2 * contrast, *relief], dtype=np.float32
    )
    return tuple(vivid[:3] or named[:1]), lightness, signature


def _coarse(light: np.ndarray) -> np.ndarray:
    """The distribution of light: the mean lightness of 6 x 6 squares."""
    edge = math.isqrt(light.size)
    return light.reshape(6, edge // 6, 6, edge // 6).mean(axis=(1, 3)).ravel()


def tone_of(lightness: float) -> str:
    """A word for an OKLab lightness."""
    return "dark" if lightness < DARK else "light" if lightness > LIGHT else "mid"


def _form(plan: Plan) -> tuple[str, int]:
    simple = {"plain": plan.plain, "mirror": plan.mirror, "tile": plan.tile}
    folds = dict(plan.folds)
    best = max(simple, key=simple.__getitem__)
    if sum(folds.values()) > simple[best]:
        return "fold", max(folds, key=folds.__getitem__)
    return best, 0


def _surface(plan: Plan) -> tuple[str, ...]:
    s = plan.surface
    seen = {
        "emblem": s["emblem"] > 0.85,
        "lined": s["line"] > 0.5,
        "banded": s["bands"] > 2.5,
        "iridescent": abs(s["iridescence"]) > 0.3,
        "velvet": s["gloss"] < -0.15,
        "glossy": s["gloss"] > 0.3,
        "relief": s["light"] > 0.65,
    }
    return tuple(word for word, is_seen in seen.items() if is_seen)


def _families(lab: np.ndarray) -> tuple[dict[str, float], dict[str, float]]:
    """The share of each hue family and its mean lightness.

    Shares are weighted by chroma; grey counts as a family of its own.
    """
    light, chroma = lab[0], np.hypot(lab[1], lab[2])
    hue = np.degrees(np.arctan2(lab[2], lab[1])) % 360
    # -1 is the end of pink, before red begins.
    index = np.searchsorted(list(FAMILIES.values()), hue, side="right") - 1
    is_grey = chroma < GREY_CHROMA
    weight = np.where(is_grey, GREY_CHROMA, chroma)
    shares, lights = {}, {}
    for number, name in enumerate([*FAMILIES, NEUTRAL]):
        member = is_grey if name == NEUTRAL else ~is_grey & (index % len(FAMILIES) == number)
        shares[name] = float(weight[member].sum() / weight.sum())
        lights[name] = float(light[member].mean()) if member.any() else 0.0
    return shares, lights


def to_oklab(srgb: np.ndarray) -> np.ndarray:
    """sRGB in [0, 1], [3, n], to OKLab [3, n] (Ottosson 2020)."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    cones = np.cbrt(_TO_CONES @ linear)
    return _TO_LAB @ cones


_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def difference(one: Portrait, other: Portrait) -> float:
    """How different two pictures look: 0 is alike, 1 and more is another world.

    Another symmetry counts as well.
    """
    distance = float(np.linalg.norm(one.signature - other.signature)) / math.sqrt(2)
    if ("emblem" in one.surface) != ("emblem" in other.surface) or one.form != other.form:
        return distance + 0.3
    return distance + (0.0 if one.folds == other.folds else 0.15)
