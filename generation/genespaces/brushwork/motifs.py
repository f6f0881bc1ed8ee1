"""What founders are of: a few kinds of paintings, each a way to place ridges, swirls and masses.

They are only where founders begin; the genes know no kinds, and children lie anywhere between.
"""

import math
from collections.abc import Callable

import numpy as np

from generation.genespaces.brushwork.layout import MASSES, NAMES, RIDGES, SWIRLS
from generation.genespaces.brushwork.plan import RANGES
from generation.genespaces.scores import kind_of, score_of

Numbers = dict[str, dict[str, float]]  # Of each unit that a motif sets: its numbers by name.

# Of a unit that a motif leaves alone: just absent, so that a blend brings it in slowly.
_ABSENT: dict[str, dict[str, float]] = {
    "ridge": {"height": 1.3, "swing": 0.1},
    "disc": {"size": -0.03},
    "water": {"amount": 0.0},
    "swirl": {"strength": 0.0},
    "mass": {"size": -0.04},
}


def draw_scores(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The scores of every unit but the colours, of one motif at random."""
    names = list(MOTIFS)
    odds = np.array([share for _, share in MOTIFS.values()])
    motif, _ = MOTIFS[str(rng.choice(names, p=odds / odds.sum()))]
    numbers = motif(rng)
    scores = {}
    for unit, genes in NAMES.items():
        kind = kind_of(unit)
        wanted = numbers.get(unit, _ABSENT.get(kind, {}))
        scores[unit] = np.array(
            [
                score_of(wanted[gene], *RANGES[kind][gene])
                if gene in wanted
                else float(np.clip(rng.normal(0, 0.75), -2, 2))
                for gene in genes
            ]
        )
    return scores


def _in_order(masses: list[dict[str, float]], unit: tuple[str, ...] = MASSES) -> Numbers:
    """From back to front, by where they stand."""
    return dict(zip(unit, sorted(masses, key=lambda one: one["y"]), strict=False))


def _ridges(
    rng: np.random.Generator, heights: list[float], *, swing: float, blades: float
) -> Numbers:
    return {
        unit: {
            "height": height + rng.normal(0, 0.03),
            "swing": swing * rng.uniform(0.5, 1.3),
            "length": rng.uniform(1.0, 3.2),
            "blades": blades if height > 0.2 else 0.0,
        }
        for unit, height in zip(RIDGES, heights, strict=False)
    }


def _disc(rng: np.random.Generator, *, y: float) -> Numbers:
    return {
        "disc": {
            "x": rng.uniform(-0.6, 0.6),
            "y": y,
            "size": rng.uniform(0.09, 0.22),
            "halo": rng.uniform(0.3, 0.95),
        }
    }


def _tree(
    rng: np.random.Generator, x: float, foot: float, size: float, tall: float
) -> dict[str, float]:
    return {
        "x": x,
        "y": foot - size * math.exp(0.5 * tall) * 0.9,
        "size": size,
        "tall": tall,
        "lean": rng.normal(0, 0.12),
        "lobes": rng.uniform(0, 0.12),
        "tone": rng.uniform(0, 1),
        "grain": rng.uniform(0.2, 0.9),
        "eye": -0.3,
        "shade": rng.uniform(0.4, 1.1),
    }


def _blossom(rng: np.random.Generator, x: float, y: float, size: float) -> dict[str, float]:
    return {
        "x": x,
        "y": y,
        "size": size,
        "tall": rng.normal(0, 0.12),
        "lean": rng.uniform(-1, 1),
        "lobes": rng.uniform(0.12, 0.4),
        "tone": rng.uniform(-0.1, 1.1),
        "grain": rng.choice([0.05, 0.85]),
        "eye": rng.uniform(0.5, 1.1),
        "shade": rng.uniform(0.2, 0.9),
    }


def _hills(rng: np.random.Generator) -> Numbers:
    first = rng.uniform(-0.35, 0.1)
    heights = [first, first + rng.uniform(0.25, 0.4), first + rng.uniform(0.6, 0.85)]
    numbers = _ridges(rng, heights, swing=rng.uniform(0.06, 0.24), blades=rng.choice([0.0, 0.9]))
    if rng.random() < 0.7:
        numbers |= _disc(rng, y=rng.uniform(-0.75, first))
    trees = [
        _tree(
            rng, x, heights[1] + rng.uniform(0, 0.4), rng.uniform(0.06, 0.17), rng.uniform(0, 1.5)
        )
        for x in rng.uniform(-0.95, 0.95, rng.integers(1, 7))
    ]
    if rng.random() < 0.5:
        numbers |= _swirls(rng, y=(-0.8, first - 0.2))
    return numbers | _in_order(trees)


def _lake(rng: np.random.Generator) -> Numbers:
    level = rng.uniform(0.0, 0.35)
    heights = [level - rng.uniform(0.12, 0.4), level - rng.uniform(0.0, 0.08)]
    numbers = _ridges(rng, heights, swing=rng.uniform(0.05, 0.2), blades=0.0)
    numbers |= {"water": {"amount": 1.1, "level": level}}
    if rng.random() < 0.75:
        numbers |= _disc(rng, y=rng.uniform(-0.7, level - 0.15))
    trees = [
        _tree(rng, x, level, rng.uniform(0.05, 0.14), rng.uniform(0.3, 1.6))
        for x in rng.uniform(-0.9, 0.9, rng.integers(2, 7))
    ]
    if rng.random() < 0.35:
        numbers |= _swirls(rng, y=(-0.8, -0.2))
    return numbers | _in_order(trees)


def _night(rng: np.random.Generator) -> Numbers:
    numbers = _ridges(rng, [rng.uniform(0.4, 0.65), 0.85], swing=0.12, blades=0.6)
    numbers |= _swirls(rng, y=(-0.75, 0.3), strength=(0.75, 1.2), reach=(0.35, 0.75))
    if rng.random() < 0.7:
        numbers |= _disc(rng, y=rng.uniform(-0.7, -0.2))
    trees = [
        _tree(rng, rng.choice([-1, 1]) * rng.uniform(0.3, 0.75), 0.95, rng.uniform(0.18, 0.34), 1.6)
        for _ in range(rng.integers(0, 3))
    ]
    return numbers | _in_order(trees)


def _bouquet(rng: np.random.Generator) -> Numbers:
    table = rng.uniform(0.45, 0.62)
    numbers = _ridges(rng, [table], swing=0.01, blades=0.0)
    count = int(rng.integers(6, 9))
    middle = rng.uniform(-0.15, 0.15)
    flowers = []
    for number in range(count):
        angle, far = 2.4 * number + rng.uniform(0, 0.6), 0.48 * math.sqrt((number + 0.3) / count)
        x, y = middle + 1.15 * far * math.cos(angle), -0.2 + far * math.sin(angle)
        flower = _blossom(rng, x, y, rng.uniform(0.15, 0.27))
        flowers.append(flower | {"tone": rng.uniform(0.35, 1.1)})
    vase = _tree(rng, middle, table + 0.25, rng.uniform(0.24, 0.32), 0.25)
    vase |= {"lobes": -0.05, "lean": 0.0, "shade": 1.1, "grain": 0.9}
    leaves = _blossom(rng, middle, -0.05, rng.uniform(0.4, 0.5))
    leaves |= {"tone": -0.1, "tall": 0.1, "lobes": 0.3, "grain": 0.05, "eye": -0.35}
    numbers |= {MASSES[0]: vase, MASSES[1]: leaves}
    return numbers | _in_order(flowers, MASSES[2:]) | {"light": {"shadow": 0.85}}


def _still_life(rng: np.random.Generator) -> Numbers:
    table = rng.uniform(-0.1, 0.25)
    numbers = _ridges(rng, [table], swing=0.012, blades=0.0)
    fruit = []
    for x in np.linspace(-0.65, 0.65, int(rng.integers(3, 8))):
        size = rng.uniform(0.15, 0.3)
        one = _tree(rng, x + rng.normal(0, 0.08), table + rng.uniform(0.15, 0.6), size, 0.0)
        one |= {"tall": rng.choice([0.0, 0.1, 0.6], p=[0.6, 0.2, 0.2]), "lobes": -0.05}
        one |= {"shade": rng.uniform(0.8, 1.15), "grain": rng.choice([0.1, 0.95])}
        fruit.append(one)
    return numbers | _in_order(fruit) | {"light": {"shadow": 0.85}}


def _meadow(rng: np.random.Generator) -> Numbers:
    horizon = rng.uniform(-0.7, -0.35)
    numbers = _ridges(rng, [horizon, horizon + 0.25, horizon + 0.6], swing=0.06, blades=1.0)
    flowers = []
    for number in range(10):
        depth = (number + rng.uniform(0.2, 0.8)) / 10
        flowers.append(
            _blossom(
                rng,
                rng.uniform(-0.95, 0.95),
                horizon + 0.3 + depth * (0.8 - horizon),
                0.06 + 0.2 * depth * rng.uniform(0.7, 1.2),
            )
        )
    if rng.random() < 0.4:
        numbers |= _disc(rng, y=horizon - 0.1)
    return numbers | _in_order(flowers)


def _grove(rng: np.random.Generator) -> Numbers:
    ground = rng.uniform(0.35, 0.7)
    numbers = _ridges(rng, [ground - 0.25, ground], swing=0.05, blades=rng.choice([0.0, 1.0]))
    trunks = []
    for x in np.linspace(-0.9, 0.9, int(rng.integers(5, 10))):
        depth = rng.uniform(0, 1)
        trunk = _tree(rng, x + rng.normal(0, 0.07), ground + 0.45 * depth, 0.3, 1.85)
        trunk |= {"size": 0.22 + 0.16 * depth, "y": -0.2 + 0.25 * depth, "lean": rng.normal(0, 0.1)}
        trunks.append(trunk | {"lobes": -0.05})
    if rng.random() < 0.5:
        numbers |= _disc(rng, y=rng.uniform(-0.5, 0.1))
    return numbers | _in_order(trunks)


def _sea(rng: np.random.Generator) -> Numbers:
    horizon = rng.uniform(-0.35, 0.1)
    heights = [horizon, horizon + rng.uniform(0.2, 0.35), horizon + rng.uniform(0.5, 0.8)]
    numbers = _ridges(rng, heights, swing=rng.uniform(0.03, 0.18), blades=0.0)
    for number, unit in enumerate(RIDGES):
        numbers[unit] |= {"length": rng.uniform(2.4, 4.8), "swing": 0.02 + 0.07 * number}
    numbers |= _swirls(rng, y=(-0.8, 0.9), strength=(0.5, 1.0), reach=(0.25, 0.6))
    return numbers | _disc(rng, y=rng.uniform(-0.75, horizon - 0.1))


def _abstract(rng: np.random.Generator) -> Numbers:
    numbers = _swirls(rng, y=(-0.8, 0.8), strength=(0.3, 1.2), reach=(0.4, 1.0))
    shapes = []
    for _ in range(rng.integers(3, 8)):
        shape = _blossom(
            rng, rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8), rng.uniform(0.15, 0.5)
        )
        shape |= {"tall": rng.normal(0, 0.6), "lobes": rng.uniform(-0.1, 0.35)}
        shapes.append(shape | {"eye": rng.choice([-0.3, 1.0])})
    if rng.random() < 0.4:
        numbers |= _ridges(rng, [rng.uniform(-0.3, 0.6)], swing=0.3, blades=0.3)
    return numbers | _in_order(shapes)


def _swirls(
    rng: np.random.Generator,
    *,
    y: tuple[float, float],
    strength: tuple[float, float] = (0.5, 1.1),
    reach: tuple[float, float] = (0.3, 0.6),
) -> Numbers:
    return {
        unit: {
            "x": rng.uniform(-0.85, 0.85),
            "y": rng.uniform(*y),
            "reach": rng.uniform(*reach),
            "strength": rng.choice([-1, 1]) * rng.uniform(*strength),
        }
        for unit in SWIRLS[: rng.integers(1, 4)]
    }


# How each is drawn, and how often.
MOTIFS: dict[str, tuple[Callable[[np.random.Generator], Numbers], float]] = {
    "hills": (_hills, 0.2),
    "lake": (_lake, 0.15),
    "night": (_night, 0.12),
    "bouquet": (_bouquet, 0.08),
    "still life": (_still_life, 0.1),
    "meadow": (_meadow, 0.1),
    "grove": (_grove, 0.05),
    "sea": (_sea, 0.1),
    "abstract": (_abstract, 0.1),
}
