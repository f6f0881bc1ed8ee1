"""Fresh Glass: of several random windows, the one that is best composed at 32 pixels."""

import math

import numpy as np

from generation.finishing.oklab import to_oklab
from generation.genespaces.glass.layout import DISCS, HILLS, NAMES, ORDERS, pack
from generation.genespaces.glass.picture import paint
from generation.genespaces.glass.plan import RANGES
from generation.genespaces.looks import look_of
from generation.genespaces.patterns.palette import sample_palette
from generation.genespaces.scores import kind_of, score_of
from generation.genespaces.units import PALETTE

_ROSES = ("rose6", "rose8", "rose12")
_ORDER_ODDS = (0.12, 0.14, 0.12, 0.1, 0.06, 0.06, 0.14, 0.18, 0.08)


CANDIDATES = 6
GOOD_ENOUGH = 0.9  # A candidate with this score is taken at once.
EDGE = 32
NEAR_GLASS = 0.59  # Of two hundred founders, one in seven has another one nearer than this.


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh window: the first that is good enough, or the best of six."""
    found: list[tuple[float, np.ndarray]] = []
    while len(found) < CANDIDATES and not (found and found[-1][0] >= GOOD_ENOUGH):
        genes = draw(rng)
        found.append((judge(sketch(genes)), genes))
    return max(found, key=lambda pair: pair[0])[1]


def sketch(genes: np.ndarray) -> np.ndarray:
    """A window at 32 pixels: OKLab [32, 32, 3]."""
    return to_oklab(paint(genes, size=EDGE))


def look(genes: np.ndarray) -> np.ndarray:
    """How a window looks, for comparing founders (see `generation.genespaces.looks`)."""
    return look_of(sketch(genes).transpose(2, 0, 1), near=NEAR_GLASS)


def judge(lab: np.ndarray) -> float:
    """How well composed a window is, 0 to 1, OKLab [32, 32, 3].

    It is lit, and has light and dark, colours, and more than one hue; little of it is bare wall.
    """
    light = lab[..., 0]
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    spread = float(np.hypot(lab[..., 1].std(), lab[..., 2].std()))
    # Large parts differ as well as neighbours: else it is a crowd of cells and no picture.
    coarse = lab.reshape(4, EDGE // 4, 4, EDGE // 4, 3).mean(axis=(1, 3))
    forms = float(np.hypot(coarse.reshape(-1, 3).std(axis=0)[0], coarse[..., 1:].std()))
    bare = float((np.abs(lab - np.median(lab.reshape(-1, 3), axis=0)).sum(axis=-1) < 0.03).mean())
    return (
        _rise(float(light.mean()), 0.3, 0.45)
        * (1 - _rise(float(light.mean()), 0.82, 0.92))
        * _rise(float(light.std()), 0.07, 0.13)
        * (0.2 + 0.8 * _rise(float(chroma.mean()), 0.025, 0.07))
        * (0.2 + 0.8 * _rise(spread, 0.025, 0.07))
        * (0.3 + 0.7 * _rise(forms, 0.03, 0.08))
        * (1 - 0.9 * _rise(bare, 0.25, 0.55))
    )


def _rise(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)


def draw(rng: np.random.Generator) -> np.ndarray:
    """One candidate, unscored."""
    order = str(rng.choice(ORDERS, p=_ORDER_ODDS))
    is_regular = order in _ROSES or order == "sunflower"
    is_loose = order in ("shards", "bricks", "grid")
    values: dict[str, dict[str, float]] = {
        "order": {name: 0.75 if name == order else -0.6 for name in ORDERS},
        "spread": {
            "zoom": rng.uniform(0.15, 0.5) if is_loose else rng.uniform(-0.05, 0.3),
            "jitter": rng.choice([0.0, 0.15]) if is_regular else rng.uniform(0.1, 0.8),
            "sizes": 0.0 if is_regular else rng.uniform(0, 0.7),
            "stretch": rng.normal(0, 0.06 if is_regular else 0.3),
            "lean": rng.normal(0, 0.4) if is_loose else 0.0,
            "swirl": rng.choice([0, rng.normal(0, 0.7)], p=[0.6, 0.4]),
            "x": rng.normal(0, 0.01 if is_regular else 0.25),
            "y": rng.normal(0, 0.01 if is_regular else 0.25),
        },
        "bend": {"amount": rng.choice([0.0, rng.uniform(0.03, 0.2)])},
        "gaps": {
            "amount": rng.choice([-0.25, rng.uniform(0.0, 0.2)], p=[0.75, 0.25]),
            "round": rng.choice([-0.3, rng.uniform(0.5, 1.2)], p=[0.55, 0.45]),
        },
        "tones": {
            "start": rng.uniform(0, 1),
            "radius": rng.choice([-1, 1]) * rng.uniform(0.15, 0.8),
            "height": rng.normal(0, 0.1 if is_regular else 0.35),
            "petals4": rng.normal(0, 0.16) if order in ("rose8", "rose12") else 0.0,
            "petals6": rng.normal(0, 0.16) if order in ("rose6", "rose12") else 0.0,
            "waves": rng.normal(0, 0.03 if is_regular else 0.2),
            "luck": rng.uniform(0, 0.08) if is_regular else rng.uniform(0.05, 0.3),
            "accents": rng.choice([0, rng.uniform(0.1, 0.35)]),
        },
        "light": {
            "x": rng.uniform(-0.7, 0.7),
            "y": rng.uniform(-0.8, 0.2),
            "strength": rng.uniform(0.35, 0.95),
        },
    }
    discs = int(rng.choice([0, 1, 2, 3], p=[0.25, 0.4, 0.15, 0.2]))
    for number, unit in enumerate(DISCS):
        x, y = rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.6)
        size = rng.uniform(0.25, 0.7)
        if number == 0 and order == "rays":  # A sun in the middle of its rays.
            spread = values["spread"]
            x, y = spread["x"], spread["y"] + 0.35 * math.exp(spread["zoom"])
            size = rng.uniform(0.2, 0.4)
        elif number == 0 and is_regular:
            x = y = 0.0
        values[unit] = {
            "x": x,
            "y": y,
            "size": size if number < max(discs, order == "rays") else -0.05,
            "tone": rng.choice([-1, 1]) * rng.uniform(0.15, 0.5),
            "whole": rng.choice([-0.4, 1.4], p=[0.4, 0.6]) if size < 0.5 else -0.4,
        }
    hills = 0 if is_regular else int(rng.choice([0, 1, 2], p=[0.45, 0.25, 0.3]))
    for number, unit in enumerate(HILLS):
        height = rng.uniform(-0.1, 0.3) + 0.4 * number if number < hills else 1.3
        values[unit] = {
            "height": height,
            "swing": rng.uniform(0.05, 0.25) if number < hills else 0.1,
            "tone": rng.choice([-1, 1]) * rng.uniform(0.12, 0.45),
        }
    parts: dict[str, np.ndarray] = {}
    for unit, names in NAMES.items():
        ranges = RANGES[kind_of(unit)]
        wanted = values.get(unit, {})
        parts[unit] = np.array(
            [
                score_of(wanted[name], *ranges[name])
                if name in wanted
                else float(np.clip(rng.normal(0, 0.8), -2, 2))
                for name in names
            ]
        )
    parts[PALETTE] = _palette(rng)
    return pack(parts)


def _palette(rng: np.random.Generator) -> np.ndarray:
    """The ramp of a colour world, with lead and wall that go with it."""
    ramp = sample_palette(rng)
    hue = math.atan2(ramp[3, 2], ramp[3, 1]) + rng.normal(0, 0.8)
    lead = rng.choice([0.14, 0.2, 0.72, 0.9], p=[0.55, 0.2, 0.12, 0.13])
    wall = rng.choice([0.12, 0.9, 0.5], p=[0.45, 0.4, 0.15]) + rng.normal(0, 0.03)
    chroma = 0.07 if lead == 0.72 else 0.015
    tint = 1.5 if lead == 0.72 else hue  # Brass.
    metal = (lead, chroma * math.cos(tint), chroma * math.sin(tint))
    ground = (wall, 0.03 * math.cos(hue), 0.03 * math.sin(hue))
    return np.concatenate([ramp, [metal, ground]])
