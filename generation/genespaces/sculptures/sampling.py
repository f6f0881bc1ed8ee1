"""Fresh Sculptures: random candidates until one is well composed at 48 pixels, at most sixteen."""

import math
from dataclasses import dataclass

import numpy as np

from generation.genespaces.looks import look_of
from generation.genespaces.patterns.portrait import to_oklab
from generation.genespaces.sculptures.field import NUMPY
from generation.genespaces.sculptures.layout import FOLDS, MATERIALS, PLACES, SIZE
from generation.genespaces.sculptures.picture import sketch
from generation.genespaces.sculptures.tracing import Scene, scene_of

CANDIDATES = 16
_GOOD = 0.55  # A score that ends the search.
_EDGE = 48  # Pixels.
NEAR_SCULPTURES = 0.52  # Of two hundred founders, one in seven has another one nearer than this.
_GRID = 32
LOOSE = 0.02  # A sculpture of which more is loose (see `looseness`) is in pieces.
# Radians between the three hues: one family, neighbours, split, nearly opposite, opposite.
_HARMONIES = (0.0, 0.5, 1.3, 2.6, math.pi)
_VIVIDNESS = (1.0, 0.9, 1.2)
_LIGHT = np.array([0.30, 0.59, 0.11])


@dataclass(frozen=True)
class Measures:
    """What a picture at 48 px and a coarse grid say about a sculpture.

    coverage: its share of the picture. breaks: the share of its neighbouring pixels between which
    depth or direction breaks. outline: its length over that of a square of the same area. contrast:
    spread of its lightness. separation: difference of mean lightness to the ground. saturation: its
    mean. border: how much of the picture's border it covers. dark, white: shares of its pixels.
    """

    coverage: float
    breaks: float
    outline: float
    contrast: float
    separation: float
    saturation: float
    border: float
    dark: float
    white: float


def sample(rng: np.random.Generator) -> np.ndarray:
    """The genes of a fresh sculpture: the first good candidate, or the best of sixteen."""
    best, best_score = draw_genes(rng), -1.0
    for number in range(CANDIDATES):
        candidate = best if number == 0 else draw_genes(rng)
        found = score(candidate)
        if found > best_score:
            best, best_score = candidate, found
        if best_score > _GOOD:
            break
    return best


def draw_genes(rng: np.random.Generator) -> np.ndarray:
    """One candidate, unscored: of one material chiefly, in colours by a harmony of hues.

    Founders are richer than the middle of the space: more sides, more folds, a dark or light room.
    """
    genes = rng.normal(size=SIZE)
    genes[PLACES["body"].start] += 0.6
    for name in FOLDS:
        genes[PLACES[name].stop - 1] += 0.6
    genes[PLACES["leaf"].stop - 1] += 0.4
    backdrop = PLACES["backdrop"].start
    genes[backdrop] = rng.choice([-1, 1]) * (0.5 + 0.5 * abs(genes[backdrop]))
    material = rng.normal(size=len(MATERIALS)) * 0.5
    material[rng.integers(len(MATERIALS))] += 1.7
    genes[PLACES["material"]] = material
    genes[PLACES["bands"]] *= 0.8
    base, apart = rng.uniform(0, 2 * math.pi), float(rng.choice(_HARMONIES))
    strength, side = rng.uniform(0.5, 1.7), float(rng.choice([-1, 1]))
    first = PLACES["colour"].start
    for number, turn in enumerate((0.0, apart * side, apart * 0.5)):
        hue = base + turn + rng.normal() * 0.2
        at = first + 3 * number + 1
        genes[at : at + 2] = (
            np.array([math.cos(hue), math.sin(hue)]) * strength * _VIVIDNESS[number]
        )
    return genes.astype(np.float32)


def look(genes: np.ndarray) -> np.ndarray:
    """How a sculpture looks, for comparing founders (see `generation.genespaces.looks`)."""
    seen = sketch(scene_of(genes, NUMPY), _EDGE)
    return look_of(to_oklab(seen.colour).reshape(3, _EDGE, _EDGE), near=NEAR_SCULPTURES)


def score(genes: np.ndarray) -> float:
    """How presentable a sculpture is, 0 to 1."""
    scene = scene_of(genes, NUMPY)
    solid = _solidity(scene)
    # The picture costs most of the time, and can't help a sculpture that falls to pieces.
    return solid * _composition(measure(scene)) if solid > 0.01 else 0.0


def measure(scene: Scene) -> Measures:
    """The measures of a scene's picture."""
    seen = sketch(scene, _EDGE)
    depth = seen.depth.reshape(_EDGE, _EDGE)
    normal = seen.normal.reshape(3, _EDGE, _EDGE)
    colour = seen.colour.reshape(3, _EDGE, _EDGE)
    solid = depth > 0
    if not solid.any():
        return Measures(0, 0, 0, 0, 0, 0, 0, 1, 0)
    light = np.tensordot(_LIGHT, colour, 1)
    both = solid[1:] & solid[:-1]
    broken = np.abs(np.diff(depth, axis=0)) > 0.06 * scene.frame.radius
    broken |= (normal[:, 1:] * normal[:, :-1]).sum(0) < 0.8
    outline = (solid[1:] != solid[:-1]).sum() + (solid[:, 1:] != solid[:, :-1]).sum()
    ground = light[~solid].mean() if not solid.all() else 0.0
    return Measures(
        coverage=float(solid.mean()),
        breaks=float((broken & both).sum() / max(int(both.sum()), 1)),
        outline=float(outline) / math.sqrt(float(solid.sum())) / 4,
        contrast=float(light[solid].std()),
        separation=float(abs(light[solid].mean() - ground)),
        saturation=float((colour.max(0) - colour.min(0))[solid].mean()),
        border=float(sum(line.mean() for line in (solid[0], solid[-1], solid[:, 0], solid[:, -1]))),
        dark=float((light[solid] < 0.12).mean()),
        white=float((light[solid] > 0.96).mean()),
    )


def _composition(m: Measures) -> float:
    return (
        _trapeze(m.coverage, 0.10, 0.20, 0.48, 0.62)
        * _trapeze(m.breaks, 0.02, 0.12, 0.36, 0.55)
        * (0.3 + 0.7 * _trapeze(m.outline, 1.08, 1.35, 2.6, 3.6))
        * _trapeze(m.contrast, 0.05, 0.14, 0.60, 0.70)
        * (0.25 + 0.75 * _rise(m.separation, 0.03, 0.18))
        * (0.35 + 0.65 * _rise(m.saturation, 0.05, 0.22))
        * (1 - _rise(m.border, 0.0, 0.06))
        * (1 - _rise(m.dark, 0.10, 0.35))
        * (1 - _rise(m.white, 0.04, 0.20))
    )


def _solidity(scene: Scene) -> float:
    """1 for a sculpture in one piece that fills its ball neither too little nor too much."""
    found, step = _coarse(scene)
    filled = _trapeze(float((found < 0).mean()), 0.004, 0.015, 0.16, 0.30)
    if filled == 0:
        return 0.0
    whole = found < 0.35 * step
    return filled * (1 - _rise(_loose(whole, int(found.argmin())), 0.0, LOOSE))


def looseness(genes: np.ndarray) -> float:
    """The share of a sculpture in pieces that don't hang together with its thickest part."""
    found, step = _coarse(scene_of(genes, NUMPY))
    return _loose(found < 0.35 * step, int(found.argmin()))


def _coarse(scene: Scene) -> tuple[np.ndarray, float]:
    """The distances to a sculpture on a coarse grid, float32 [32, 32, 32], and its cell's edge."""
    radius, step = scene.frame.radius, 2 * scene.frame.radius / (_GRID - 1)
    edges = [
        np.linspace(middle - radius, middle + radius, _GRID, dtype=np.float32)
        for middle in scene.frame.centre
    ]
    p = np.stack([axis.ravel() for axis in np.meshgrid(*edges, indexing="ij")])
    return scene.distance(p).reshape(_GRID, _GRID, _GRID), step


def _loose(whole: np.ndarray, start: int) -> float:
    """The share of the cells that don't hang together with the one at the flat index `start`."""
    reached = np.zeros_like(whole)
    reached.reshape(-1)[start] = True
    count = 1
    while True:
        for axis in range(3):
            for turned in (reached.swapaxes(0, axis), reached.swapaxes(0, axis)[::-1]):
                turned[1:] |= turned[:-1].copy()
        reached &= whole
        fresh = int(reached.sum())
        if fresh == count:
            return 1 - count / max(int(whole.sum()), 1)
        count = fresh


def _rise(value: float, low: float, high: float) -> float:
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def _trapeze(value: float, low: float, full: float, still_full: float, high: float) -> float:
    return _rise(value, low, full) * (1 - _rise(value, still_full, high))
