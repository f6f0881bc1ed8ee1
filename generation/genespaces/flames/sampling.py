"""Fresh Flames: of several random candidates, the one that scores best at 48 pixels."""

import math

import numpy as np

from generation.genespaces.flames.develop import develop, expose
from generation.genespaces.flames.histogram import collect
from generation.genespaces.flames.layout import MAPS, ORDERS, pack
from generation.genespaces.flames.orbit import survey
from generation.genespaces.flames.palette import sample_ground, sample_palette
from generation.genespaces.flames.plan import read_plan
from generation.genespaces.flames.variations import LENSES, VARIATIONS
from generation.genespaces.looks import look_of

CANDIDATES = 6
GOOD_ENOUGH = 0.9  # A candidate with this score is taken at once.
EDGE, POINTS = 48, 100_000
NEAR_FLAMES = 0.55  # Of two hundred founders, one in seven has another one nearer than this.

# How often a map has each variation.
_LIKED = {
    "linear": 0.16,
    "sinusoidal": 0.07,
    "spherical": 0.11,
    "swirl": 0.08,
    "horseshoe": 0.06,
    "polar": 0.06,
    "handkerchief": 0.05,
    "heart": 0.05,
    "disc": 0.07,
    "spiral": 0.05,
    "diamond": 0.05,
    "julia": 0.09,
    "bubble": 0.05,
    "eyefish": 0.05,
    "cylinder": 0.03,
    "waves": 0.05,
}
_ORDER_ODDS = (0.46, 0.14, 0.12, 0.07, 0.1, 0.08, 0.03)


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh flame: the best of six candidates, or the first that is good enough."""
    found: list[tuple[float, np.ndarray]] = []
    while len(found) < CANDIDATES and not (found and found[-1][0] >= GOOD_ENOUGH):
        genes = draw(rng)
        found.append((score(genes), genes))
    return max(found, key=lambda pair: pair[0])[1]


def thumbnail(genes: np.ndarray) -> np.ndarray:
    """OKLab [48, 48, 3] of a flame, from few points."""
    plan = read_plan(genes)
    measured = survey(plan)
    exposure = expose(plan, measured)
    sums, drawn = collect(plan, measured, bins=EDGE, points=POINTS)
    bands = develop(plan, exposure, sums, size=EDGE, factor=1, drawn=drawn)
    return np.concatenate([lab for _, lab in bands])


def look(genes: np.ndarray) -> np.ndarray:
    """How a flame looks, for comparing founders (see `generation.genespaces.looks`)."""
    return look_of(thumbnail(genes).transpose(2, 0, 1), near=NEAR_FLAMES)


def score(genes: np.ndarray) -> float:
    """How presentable a flame is, 0 to 1.

    It fills the picture but not all of it, is not cut by the border, has contrast, edges and
    detail, is neither a mist nor dust, and has colour.
    """
    return judge(thumbnail(genes))


def judge(lab: np.ndarray) -> float:
    """The score of a picture, OKLab [48, 48, 3]."""
    light = lab[..., 0]
    rim = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    ground = float(np.median(rim))
    away = np.abs(light - ground)
    figure = away > 0.1
    coverage = float(figure.mean())
    border = float((np.abs(rim - ground) > 0.12).mean())
    contrast = float(light.std())
    edges = sum(float(np.abs(np.diff(light, axis=axis)).mean()) for axis in (0, 1))
    # Of dust, nearly all differences are between next neighbours; of a form, few are.
    wide = sum(float(np.abs(light[4:] - light[:-4]).mean()) for light in (light, light.T))
    dust = edges / max(wide, 1e-6)
    steps = (np.diff(lab, axis=axis) ** 2 for axis in (0, 1))
    down, across = (step.sum(axis=-1) for step in steps)
    detail = float((down[:, :-1] + across[:-1] > 0.06**2).mean())
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    colour = float((chroma * away).sum() / max(float(away.sum()), 1e-6))
    burnt = float((away > 0.72).mean())
    return (
        _within(coverage, 0.08, 0.26, 0.78, 0.97)
        * _within(contrast, 0.06, 0.14, 0.34, 0.42)
        * _within(edges, 0.02, 0.06, 0.17, 0.26)
        * _within(detail, 0.15, 0.42, 0.85, 1.0)
        * _within(dust, 0.0, 0.0, 0.55, 0.8)
        * _within(border, 0.0, 0.0, 0.12, 0.5)
        * _within(burnt, 0.0, 0.0, 0.12, 0.35)
        * (0.5 + 0.5 * _within(colour, 0.02, 0.09, 1.0, 2.0))
    )


def _within(value: float, none: float, low: float, high: float, over: float) -> float:
    """1 from `low` to `high`, falling to .02 at `none` and `over`."""
    rise = (value - none) / (low - none) if low > none else 1.0
    fall = (over - value) / (over - high)
    return min(1.0, max(0.02, min(rise, fall)))


def draw(rng: np.random.Generator) -> np.ndarray:
    """One candidate, unscored."""
    palette = sample_palette(rng)
    return pack(
        {
            **_draw_shape(rng),
            **_draw_symmetry(rng),
            **_draw_view(rng),
            "tint": _draw_tints(rng),
            "palette": palette,
            "ground": sample_ground(rng, palette),
            "brightness": rng.normal(0, 0.12),
            "mist": rng.normal(0, 0.15),
            "vibrancy": rng.uniform(0.85, 1.2) if rng.random() < 0.85 else rng.uniform(0.4, 0.75),
            "glow": rng.uniform(0.1, 0.8),
        }
    )


def _draw_shape(rng: np.random.Generator) -> dict[str, np.ndarray]:
    count = int(rng.choice([2, 3, 4], p=[0.35, 0.4, 0.25]))
    share = np.sort(rng.uniform(0.45, 1, MAPS))[::-1]
    share[count:] = 0
    variation = np.zeros((MAPS, len(VARIATIONS)))
    odds = np.array([_LIKED[name] for name in VARIATIONS])
    for slot in range(MAPS):
        some = int(rng.choice([1, 2, 3], p=[0.35, 0.5, 0.15]))
        chosen = rng.choice(len(VARIATIONS), some, replace=False, p=odds / odds.sum())
        variation[slot, chosen] = rng.uniform(0.4, 1, some)
    return {
        "share": share,
        "turn": rng.uniform(-math.pi, math.pi, MAPS),
        "scale": rng.normal(-0.3, 0.25, MAPS),
        "stretch": rng.normal(0, 0.22, MAPS),
        "shear": rng.normal(0, 0.25, MAPS),
        "offset": rng.normal(0, 0.5, (MAPS, 2)),
        "variation": variation,
    }


def _draw_symmetry(rng: np.random.Generator) -> dict[str, np.ndarray | float]:
    gate = np.zeros(len(ORDERS))
    gate[rng.choice(len(ORDERS), p=_ORDER_ODDS)] = 1
    return {"gate": gate, "mirror": float(rng.random() < 0.22)}


def _draw_view(rng: np.random.Generator) -> dict[str, np.ndarray | float]:
    lens = np.zeros(len(LENSES))
    if rng.random() < 0.3:
        lens[rng.integers(len(LENSES))] = rng.uniform(0.5, 1)
    return {
        "lens": lens,
        "lens_offset": rng.normal(0, 0.3, 2),
        "lens_scale": rng.normal(0.1, 0.3),
        "roll": rng.normal(0, 0.4),
        "zoom": rng.normal(0.02, 0.06),
    }


def _draw_tints(rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.linspace(0, 1, MAPS)) + rng.normal(0, 0.05, MAPS)
