"""The distance from any point to a sculpture, and the orbit trap that colours it.

It is written once against the names that numpy and torch share: numpy draws on a CPU, torch on a
graphics card. Vectors are arrays [3, points] float32. The distances to rounded boxes and their
smooth union follow Inigo Quilez, "Distance functions" (2008) and "Smooth minimum" (2013); marching
along them is Hart, "Sphere tracing" (1996).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.genespaces.sculptures.plan import Fold, Part, Plan, Vector

Array = Any  # numpy.ndarray or torch.Tensor, float32 where nothing else is said.

_NEAR = 0.3  # Ripples and lattice are measured only this near to the surface.
_GRID = 26  # Points along each edge of the grid by which a sculpture is framed.
_REACH = 2.3  # Half the edge of that grid; no sculpture is larger.


@dataclass(frozen=True)
class Kit:
    """An array library, with the few things that numpy and torch spell differently.

    chunk: how many points are measured at once. band: how many pixels are drawn at once.
    """

    xp: Any
    array: Callable[[np.ndarray], Array]  # From numpy.
    numpy: Callable[[Array], np.ndarray]  # To numpy.
    real: Callable[[Array], Array]  # Whole numbers to float32.
    places: Callable[[Array], Array]  # The indices where a flat mask is true.
    take: Callable[[Array, Array], Array]  # Some columns of [..., n], by their indices.
    at_least: Callable[[Array, float], Array]  # In place.
    at_most: Callable[[Array, float], Array]  # In place.
    chunk: int
    band: int


NUMPY = Kit(
    xp=np,
    array=np.asarray,
    numpy=np.asarray,
    real=lambda x: x.astype(np.float32),
    places=np.flatnonzero,
    take=lambda x, places: x.take(places, axis=-1),
    at_least=lambda x, low: np.maximum(x, low, out=x),
    at_most=lambda x, high: np.minimum(x, high, out=x),
    chunk=8192,  # What a point needs then stays in the second-level cache.
    band=1 << 16,
)


def dot(one: Any, other: Any) -> Any:
    """The inner product of two vectors, each of numbers or of arrays."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def ramp(kit: Kit, low: float, high: float, x: Array) -> Array:
    """0 up to low, 1 from high on, smooth in between; it falls where high is below low."""
    t = kit.at_most(kit.at_least((x - low) * (1 / (high - low)), 0.0), 1.0)
    return t * t * (3 - 2 * t)


@dataclass(frozen=True)
class _Stage:
    """A fold, and the part that is measured in the space behind it.

    shift: what a mirrored point loses; None where the fold is off. columns: of the matrix. part is
    None where it is off. is_same: whether it is measured where it already was. scale: of space.
    """

    depth: float
    shift: Array | None
    columns: tuple[Array, Array, Array]
    part: Part | None
    size: Array
    is_same: bool
    scale: float


class Form:
    """A plan made ready to be measured with an array library. Points are arrays [3, n]."""

    def __init__(self, kit: Kit, plan: Plan) -> None:
        self._kit, self._plan = kit, plan
        core, limb, leaf = plan.parts
        self._core, self._core_size = core, self._size_of(core)
        self._stages = list(self._prepare(plan.folds, (limb, leaf, leaf)))

    def _prepare(self, folds: Sequence[Fold], parts: Sequence[Part]) -> Iterator[_Stage]:
        scale, last = 1.0, None
        for fold, part in zip(folds, parts, strict=True):
            scale *= fold.scale
            first, second, third = (
                self.column([row[number] for row in fold.matrix]) for number in range(3)
            )
            shift = self.column([fold.depth + part for part in fold.offset])
            yield _Stage(
                depth=fold.depth,
                shift=None if fold.is_off else shift,
                columns=(first, second, third),
                part=None if part.is_off else part,
                size=self._size_of(part),
                is_same=fold.is_off and part is last,
                scale=scale,
            )
            last = part

    def _size_of(self, part: Part) -> Array:
        return self.column([part.a - part.corner, part.b - part.corner, part.c - part.edge])

    def column(self, values: Sequence[float]) -> Array:
        """A vector as an array [3, 1]."""
        return self._kit.array(np.array(values, np.float32)[:, None])

    def distance(self, p: Array) -> Array:
        """The distance of each point to the surface, negative inside; never too long by much."""
        return self._measure(p, None)

    def trap(self, p: Array) -> Array:
        """How near each folded point came to the middle, about 0 to 1."""
        trap = self._kit.xp.zeros_like(p[0])
        self._measure(p, trap)
        return trap

    def _measure(self, p: Array, trap: Array | None) -> Array:
        """The distances. trap: zeros, which take up the trap."""
        plan = self._plan
        found: Array = None
        other: Array = None
        q = self._into_sector(p)
        if trap is not None or not self._core.is_off:
            core = self._part_distance(self._core, self._core_size, q)
            found = None if self._core.is_off else core
            if trap is not None:
                trap += core * 0.5 + 0.3
        for number, stage in enumerate(self._stages):
            if stage.shift is not None:
                q = self._fold(stage, q)
            if stage.part is not None:
                if not stage.is_same:
                    other = self._part_distance(stage.part, stage.size, q)
                    other *= 1 / stage.scale
                # The last part may be measured only once and joined twice.
                found = other + 0.0 if found is None else self._join(found, other)
            if trap is not None:
                trap += (self._kit.xp.sqrt(dot(q, q)) - 0.3) * (0.6 / (number + 1.5))
        if plan.bumps > 0 or plan.ridges > 0 or plan.lattice > 0:
            near = self._kit.places(found < _NEAR)
            if len(near):
                take = self._kit.take
                found[near] = self._detail(take(found, near), take(p, near), take(q, near))
        return found

    def _into_sector(self, p: Array) -> Array:
        """Twist points and mirror them into the first sector around the upright axis."""
        xp, sector = self._kit.xp, self._plan.sector
        x, y, z = p[0], p[1], p[2]
        turn = xp.arctan2(z, x)
        if self._plan.twist:
            turn += self._plan.twist * y
            turn -= (2 * math.pi) * xp.floor(turn * (0.5 / math.pi) + 0.5)
        xp.abs(turn, out=turn)
        turn -= (2 * sector) * xp.floor(turn * (0.5 / sector))
        turn -= sector
        xp.abs(turn, out=turn)
        turn -= sector  # The sine is odd, so its sign is turned below.
        radius = x * x
        radius += z * z
        xp.sqrt(radius, out=radius)
        q = xp.empty_like(p)
        xp.cos(turn, out=q[0])
        xp.sin(turn, out=q[2])
        q[0] *= radius
        q[1] = y
        q[2] *= -radius
        return q

    def _fold(self, stage: _Stage, q: Array) -> Array:
        first, second, third = stage.columns
        moved = q + stage.depth
        moved *= moved
        moved += self._plan.crease * self._plan.crease
        self._kit.xp.sqrt(moved, out=moved)
        moved -= stage.shift
        q = first * moved[0]
        q += second * moved[1]
        q += third * moved[2]
        return q

    def _part_distance(self, part: Part, size: Array, q: Array) -> Array:
        box = self._kit.xp.abs(q)
        box -= size
        outline = self._corner(box[:2])
        outline += part.wall - part.corner
        self._kit.xp.abs(outline, out=outline)
        outline += part.edge - part.wall
        box[1] = outline
        solid = self._corner(box[1:])
        solid += part.away - part.edge
        return solid

    def _corner(self, sides: Array) -> Array:
        """The distance [n] to the corner where both of [2, n] are below 0. Uses up its argument."""
        kit = self._kit
        inside = kit.at_most(kit.xp.maximum(sides[0], sides[1]), 0.0)
        kit.at_least(sides, 0.0)
        sides *= sides
        outside = sides[0] + sides[1]
        kit.xp.sqrt(outside, out=outside)
        outside += inside
        return outside

    def _join(self, one: Array, other: Array) -> Array:
        """The nearer of two, rounded where they meet."""
        kit, melt = self._kit, self._plan.melt
        both = other - one
        kit.xp.abs(both, out=both)
        both -= melt
        kit.at_most(both, 0.0)
        both *= both
        both *= 0.25 / melt
        nearer = kit.xp.minimum(one, other)
        nearer -= both
        return nearer

    def _detail(self, found: Array, p: Array, folded: Array) -> Array:
        """Bumps, ridges and the lattice, in this order, on points near the surface."""
        kit, plan, xp = self._kit, self._plan, self._kit.xp
        if plan.bumps > 0:
            x, y, z = xp.sin((0.55 * plan.ripple_frequency) * folded)
            found = found + (plan.bumps / self._stages[-1].scale) * x * y * z
        if plan.ridges > 0:
            found = found + plan.ridges * xp.sin(plan.ripple_frequency * p[1])
        if plan.lattice > 0:
            f = plan.lattice_frequency
            turn = plan.twist * p[1]
            c, s = f * xp.cos(turn), f * xp.sin(turn)
            at = xp.stack([c * p[0] - s * p[2], f * p[1], s * p[0] + c * p[2]])
            (sx, sy, sz), (cx, cy, cz) = xp.sin(at), xp.cos(at)
            gyroid = sx * cy + sy * cz + sz * cx
            web = xp.abs(gyroid) * (0.62 / f) - (0.19 + 0.9 * (1 - plan.lattice)) / f
            soft = kit.at_least(0.05 - xp.abs(found - web), 0.0) * (1 / 0.05)
            found = xp.maximum(found, web) + soft * soft * 0.0125
        return found


@dataclass(frozen=True)
class Frame:
    """What a camera needs to know. radius: of the ball around the sculpture. floor: a height."""

    centre: Vector
    radius: float
    floor: float


def frame_of(plan: Plan) -> Frame:
    """Where a sculpture lies, from a coarse grid.

    Its bounds are the largest coordinate less the distance, so they glide as the genes do.
    """
    edge = np.linspace(-_REACH, _REACH, _GRID, dtype=np.float32)
    p = np.stack([axis.ravel() for axis in np.meshgrid(edge, edge, edge, indexing="ij")])
    p = np.ascontiguousarray(p[:, dot(p, p) <= _REACH * _REACH])
    form = Form(NUMPY, plan)
    pieces = np.array_split(p, max(1, p.shape[1] // NUMPY.chunk), axis=1)
    found = np.concatenate([form.distance(piece) for piece in pieces])
    near = found <= 0.45
    p, found = p[:, near], np.maximum(found[near], 0)
    # Points further away than those of the grid beside a surface soon count no more: else a part
    # that is about to appear would move the camera at a stroke.
    away = 1.25 * found + 100 * np.maximum(found - 0.2, 0) ** 2
    if not p.shape[1]:
        return Frame((0.0, 0.0, 0.0), 0.9, -0.5)
    low = (p + away).min(axis=1) - 0.03
    high = (p - away).max(axis=1) + 0.03
    centre = (low + high) / 2
    from_centre = p - centre[:, None]
    radius = max(0.3, float((np.sqrt(dot(from_centre, from_centre)) - away).max()))
    return Frame(_vector(centre), radius + 0.06, float(low[1]))


def _vector(values: Sequence[float] | np.ndarray) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
