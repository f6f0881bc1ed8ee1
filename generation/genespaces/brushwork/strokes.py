"""Where the strokes are: a fixed jittered lattice for each layer, from broad to fine.

A stroke never appears or vanishes. It stays at its place while genes change; its direction, bend,
length, width, colour and opacity follow what is painted there.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from generation.genespaces.brushwork.layout import COLOURS
from generation.genespaces.brushwork.plan import Plan
from generation.genespaces.brushwork.scene import Look, Scene

_LIGHT = COLOURS.index("light")
_REACH = 0.6  # Where the bend of a stroke is measured, as a part of half its length.


@dataclass(frozen=True)
class Layer:
    """cell: distance of strokes; width, length: of a usual one, in halves of the picture's edge.

    turns: strokes whose numbers of column and row are the same modulo it are drawn at once; they
    are so far apart that they hardly touch.
    """

    name: str
    cell: float
    width: float
    length: float
    turns: int
    opacity: float


LAYERS = (
    Layer("broad", 0.17, 0.2, 0.62, 4, 0.96),
    Layer("middle", 0.085, 0.082, 0.34, 4, 0.94),
    Layer("fine", 0.05, 0.04, 0.19, 4, 0.92),
    Layer("accents", 0.06, 0.026, 0.13, 3, 0.95),
)
_ACCENTS = 3


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


@cache
def _all_lattices() -> tuple[Lattice, np.ndarray, tuple[int, ...]]:
    """The lattices of all layers behind each other, each stroke's layer, and where layers end."""
    each = [lattice_of(layer) for layer in LAYERS]
    counts = [len(one.x) for one in each]
    joined = {
        name: np.concatenate([getattr(one, name) for one in each], axis=-1)
        for name in ("x", "y", "turn", "luck")
    }
    return Lattice(**joined), np.repeat(np.arange(len(LAYERS)), counts), tuple(np.cumsum(counts))


def lay(plan: Plan, scene: Scene) -> list[Strokes]:
    """The strokes of each layer, those without effect left out.

    All layers are looked at together: numpy takes long for a call on few places.
    """
    fixed, layer_of, ends = _all_lattices()
    here = scene.look(fixed.x, fixed.y)
    presence = _presence(plan, fixed, here, ends)
    seen = np.flatnonzero(presence > 0.004)
    x, y, luck, presence = fixed.x[seen], fixed.y[seen], fixed.luck[:, seen], presence[seen]
    here, layer_of = here.take(seen), layer_of[seen]
    disorder = np.float32(0.9 * plan.brush["disorder"]) * (luck[0] - 0.5)
    angle = np.arctan2(here.direction[1], here.direction[0]) + disorder
    cosine, sine = np.cos(angle), np.sin(angle)
    usual_halves, usual_widths, opacities = np.array(
        [
            (
                0.5 * layer.length * np.exp(plan.brush["length"]),
                0.5 * layer.width * np.exp(plan.brush["width"]),
                layer.opacity,
            )
            for layer in LAYERS
        ],
        np.float32,
    ).T
    half = usual_halves[layer_of] * (0.75 + 0.5 * luck[1])
    half *= np.clip(0.35 + 0.75 * np.hypot(*here.direction), 0.35, 1)
    wide = usual_widths[layer_of] * (0.8 + 0.4 * luck[2])
    # What fades grows thin first: a narrow stroke looks better than a ghost of a broad one.
    wide *= 0.3 + 0.7 * presence
    reach = _REACH * half
    ahead, behind = _look_at_ends(scene, x, y, reach * cosine, reach * sine)
    slopes = [_slope(end.direction, cosine, sine) for end in (ahead, behind)]
    bend = (slopes[0] - slopes[1]) / (4 * reach)
    twist = (slopes[0] + slopes[1]) / (6 * reach**2)
    # A stroke keeps to its own thing: where colours end, it is shorter and thinner.
    foreign = sum(((end.lab - here.lab) ** 2).sum(axis=0) for end in (ahead, behind))
    tight = 1 / (1 + np.float32(55) * foreign)
    half, wide = half * (0.35 + 0.65 * tight), wide * (0.55 + 0.45 * tight)
    beside = scene.look(x - 1.1 * wide * sine, y + 1.1 * wide * cosine)
    start, end = _colours(plan, luck, here, beside, np.flatnonzero(layer_of == _ACCENTS))
    strokes = Strokes(
        x=x,
        y=y,
        cosine=cosine,
        sine=sine,
        bend=bend,
        twist=twist,
        half=half,
        wide=wide,
        opacity=opacities[layer_of] * np.minimum(2.5 * presence, 1),
        start=start,
        end=end,
        luck=luck,
        turn=fixed.turn[seen],
    )
    reaches = np.maximum(np.abs(x), np.abs(y)) < 1 + half + wide
    return [
        strokes.take(np.flatnonzero(reaches & (layer_of == number)))
        for number in range(len(LAYERS))
    ]


def _look_at_ends(
    scene: Scene, x: np.ndarray, y: np.ndarray, dx: np.ndarray, dy: np.ndarray
) -> tuple[Look, Look]:
    """What there is at both sides of some places."""
    both = scene.look(np.concatenate([x + dx, x - dx]), np.concatenate([y + dy, y - dy]))
    count = np.arange(len(x))
    return both.take(count), both.take(count + len(x))


def _slope(direction: np.ndarray, cosine: np.ndarray, sine: np.ndarray) -> np.ndarray:
    """The slope of a direction against the one of the stroke, softly kept within 1."""
    vx, vy = direction
    aside, ahead = vy * cosine - vx * sine, vx * cosine + vy * sine
    return 0.9 * np.tanh(np.arctan2(aside, np.abs(ahead) + 0.15))


def _presence(plan: Plan, fixed: Lattice, here: Look, ends: tuple[int, ...]) -> np.ndarray:
    """How much of each stroke there is, 0 to 1. ends: where each layer's strokes end."""
    luck = fixed.luck
    detail = float(plan.brush["detail"])
    edge = 1 - np.float32(max(float(plan.paper["margin"]), -0.08))
    outermost = np.maximum(abs(fixed.x), abs(fixed.y))
    presence = np.empty_like(fixed.x)
    for layer, first, last in zip(LAYERS, (0, *ends), ends, strict=False):
        part = slice(first, last)
        weight, chance = here.weight[part], luck[3, part]
        if layer.name == "fine":
            wanted = weight * (0.75 + 0.9 * detail) + 0.45 * detail - 0.15
            there = np.clip(3 * (wanted - chance) + 0.5, 0, 1)
        elif layer.name == "accents":
            wanted = 0.4 * float(plan.mixing["accents"]) * (0.25 + 0.9 * weight)
            there = np.clip(6 * (wanted - chance), 0, 1)
        else:
            bare = max(float(plan.paper["bare"]), 0.0)
            there = np.clip(4 * (1.25 - 0.75 * bare - chance), 0, 1)
        inside = edge - outermost[part] - np.float32(0.25) * layer.width
        inside = inside / np.float32(0.35 * layer.width) + luck[4, part]
        presence[part] = there * np.clip(inside, 0, 1)
    return presence


def _colours(
    plan: Plan, luck: np.ndarray, here: Look, beside: Look, accents: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The colours of both sides of each stroke, which was dipped into more than one.

    accents: which strokes are lit spots of the accent, or dark ones of the thing itself.
    """
    variety = np.float32(plan.mixing["variety"])
    start, end = here.lab.copy(), (here.lab + beside.lab) / 2
    light = plan.colours[_LIGHT].astype(np.float32)[:, None]
    spots, chance = start[:, accents], luck[5, accents]
    spots += (light - spots) * np.clip(2 * chance - 0.8, 0.1, 0.65)
    spots[0] -= 0.12 * np.clip(1 - 4 * chance, 0, 1)
    start[:, accents] = end[:, accents] = spots
    lift = variety * np.float32(0.13) * (luck[5] - 0.5)
    warm = variety * np.float32(0.055) * (luck[4] - 0.5)
    for colour, part in ((start, 1.0), (end, 0.2)):
        colour[0] += part * lift
        colour[1] += part * warm * 0.8
        colour[2] += part * (warm + variety * np.float32(0.05) * (luck[0] - 0.5))
    chroma = 1 + variety * np.float32(0.5) * (luck[1] - 0.35)
    start[1:] *= chroma
    return start, end
