"""Where the strokes are: a fixed jittered lattice for each layer, from broad to fine.

A stroke never appears or vanishes. It stays at its place while genes change; its direction, bend,
length, width, colour and opacity follow what is painted there.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from generation.genespaces.brushwork.plan import Plan
from generation.genespaces.brushwork.scene import Look, Scene

_REACH = 0.6  # Where the bend of a stroke is measured, as a part of half its length.


@dataclass(frozen=True)
class Layer:
    """cell: distance of strokes; width, length: of a usual one, in halves of the picture's edge.

    turns: strokes whose numbers of column and row are the same modulo it are drawn at once; they
    are so far apart that they do not touch.
    """

    name: str
    cell: float
    width: float
    length: float
    turns: int
    opacity: float


LAYERS = (
    Layer("broad", 0.17, 0.2, 0.62, 5, 0.96),
    Layer("middle", 0.085, 0.082, 0.34, 5, 0.94),
    Layer("fine", 0.05, 0.04, 0.19, 5, 0.92),
    Layer("accents", 0.06, 0.034, 0.12, 4, 0.95),
)


@dataclass(frozen=True)
class Lattice:
    """The fixed numbers of the strokes of a layer, float32 [n]; luck is [6, n], each 0 to 1."""

    x: np.ndarray
    y: np.ndarray
    turn: np.ndarray
    luck: np.ndarray


@dataclass(frozen=True)
class Strokes:
    """Strokes of one layer, float32 [n] each.

    x, y: the middle. cosine, sine: the direction there. bend, twist: the sideways offset at s along
    the stroke is bend s² + twist s³. half, wide: half the length and half the width. start, end:
    the colours of the two sides, OKLab [3, n]. turn: when it is drawn.
    """

    x: np.ndarray
    y: np.ndarray
    cosine: np.ndarray
    sine: np.ndarray
    bend: np.ndarray
    twist: np.ndarray
    half: np.ndarray
    wide: np.ndarray
    opacity: np.ndarray
    start: np.ndarray
    end: np.ndarray
    luck: np.ndarray
    turn: np.ndarray

    def take(self, chosen: np.ndarray) -> "Strokes":
        """Those at some places."""
        return Strokes(**{name: values[..., chosen] for name, values in vars(self).items()})


@cache
def lattice_of(layer: Layer) -> Lattice:
    """The lattice of a layer, which reaches a little beyond the picture."""
    rng = np.random.default_rng(1000 + LAYERS.index(layer))
    count = int(np.ceil((1 + 0.4 * layer.length) / layer.cell))
    steps = np.arange(-count, count + 1)
    column, row = (grid.ravel() for grid in np.meshgrid(steps, steps))
    jitter = rng.uniform(-0.42, 0.42, (2, column.size))
    order = rng.permutation(layer.turns**2)
    turn = order[(column % layer.turns) * layer.turns + row % layer.turns]
    return Lattice(
        x=((column + jitter[0]) * layer.cell).astype(np.float32),
        y=((row + jitter[1]) * layer.cell).astype(np.float32),
        turn=turn,
        luck=rng.random((6, column.size)).astype(np.float32),
    )


def lay(layer: Layer, plan: Plan, scene: Scene) -> Strokes:
    """The strokes of a layer, those without effect left out."""
    fixed = lattice_of(layer)
    x, y, luck = fixed.x, fixed.y, fixed.luck
    here = scene.look(x, y)
    speed = np.hypot(*here.direction)
    disorder = np.float32(0.9 * plan.brush["disorder"]) * (luck[0] - 0.5)
    angle = np.arctan2(here.direction[1], here.direction[0]) + disorder
    cosine, sine = np.cos(angle), np.sin(angle)
    scale = np.exp(np.float32(plan.brush["length"])) * (0.75 + 0.5 * luck[1])
    half = np.float32(0.5 * layer.length) * scale * np.clip(0.35 + 0.75 * speed, 0.35, 1)
    wide = np.full_like(x, 0.5 * layer.width * np.exp(plan.brush["width"]))
    wide *= 0.8 + 0.4 * luck[2]
    steps = [
        scene.look(x + sign * _REACH * half * cosine, y + sign * _REACH * half * sine)
        for sign in (1, -1)
    ]
    slopes = [_slope(step.direction, cosine, sine) for step in steps]
    reach = _REACH * half
    bend = (slopes[0] - slopes[1]) / (4 * reach)
    twist = (slopes[0] + slopes[1]) / (6 * reach**2)
    # A stroke keeps to its own thing: where colours end, it is shorter and thinner.
    foreign = sum(((step.lab - here.lab) ** 2).sum(axis=0) for step in steps)
    tight = 1 / (1 + np.float32(55) * foreign)
    half, wide = half * (0.35 + 0.65 * tight), wide * (0.55 + 0.45 * tight)
    beside = scene.look(x - 1.1 * wide * sine, y + 1.1 * wide * cosine)
    start, end = _colours(layer, plan, luck, here, beside)
    strokes = Strokes(
        x=x,
        y=y,
        cosine=cosine,
        sine=sine,
        bend=bend,
        twist=twist,
        half=half,
        wide=wide,
        opacity=_opacity(layer, plan, fixed, here),
        start=start,
        end=end,
        luck=luck,
        turn=fixed.turn,
    )
    reach = strokes.half + strokes.wide
    seen = (strokes.opacity > 0.004) & (np.maximum(abs(x), abs(y)) < 1 + reach)
    return strokes.take(np.flatnonzero(seen))


def _slope(direction: np.ndarray, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """The slope of a direction against the one of the stroke, softly kept within 1."""
    vx, vy = direction
    aside, ahead = vy * cosine - vx * sine, vx * cosine + vy * sine
    return 0.9 * np.tanh(np.arctan2(aside, np.abs(ahead) + 0.15))


def _opacity(layer: Layer, plan: Plan, fixed: Lattice, here: Look) -> np.ndarray:
    luck = fixed.luck
    detail = float(plan.brush["detail"])
    opacity = np.full_like(fixed.x, layer.opacity)
    if layer.name == "fine":
        wanted = here.weight * (0.75 + 0.9 * detail) + 0.45 * detail - 0.15
        opacity *= np.clip(3 * (wanted - luck[3]) + 0.5, 0, 1)
    elif layer.name == "accents":
        wanted = 0.5 * float(plan.mixing["accents"]) * (0.4 + 0.8 * here.weight)
        opacity *= np.clip(6 * (wanted - luck[3]), 0, 1)
    else:
        bare = max(float(plan.paper["bare"]), 0.0)
        opacity *= np.clip(4 * (1.25 - 0.75 * bare - luck[3]), 0, 1)
    edge = 1 - np.float32(max(plan.paper["margin"], -0.08))
    inside = edge - np.maximum(abs(fixed.x), abs(fixed.y)) - np.float32(0.25) * layer.width
    return opacity * np.clip(inside / np.float32(0.35 * layer.width) + luck[4], 0, 1)


def _colours(
    layer: Layer, plan: Plan, luck: np.ndarray, here: Look, beside: Look
) -> tuple[np.ndarray, np.ndarray]:
    """The colours of both sides of each stroke, which was dipped into more than one."""
    variety = np.float32(plan.mixing["variety"])
    start, end = here.lab.copy(), (here.lab + beside.lab) / 2
    light = plan.colours[6].astype(np.float32)[:, None]
    if layer.name == "accents":
        # Lit spots of the accent, and dark ones of the thing itself.
        start += (light - start) * np.clip(3 * luck[5] - 0.9, 0, 0.85)
        start[0] -= 0.16 * np.clip(1 - 4 * luck[5], 0, 1)
        end = start.copy()
    lift = variety * np.float32(0.13) * (luck[5] - 0.5)
    warm = variety * np.float32(0.055) * (luck[4] - 0.5)
    for colour, part in ((start, 1.0), (end, 0.2)):
        colour[0] += part * lift
        colour[1] += part * warm * 0.8
        colour[2] += part * (warm + variety * np.float32(0.05) * (luck[0] - 0.5))
    chroma = 1 + variety * np.float32(0.5) * (luck[1] - 0.35)
    start[1:] *= chroma
    return start, end
