"""The formula of a pattern: a compositional pattern producing network over the plane.

It is written once against the names that numpy and torch share, with `out=` where a large temporary
would leave the cache: numpy scores candidates at 48 px inside the web process, torch renders. The
network's values are a field, [4, points] float32 (colour, height, detail, accent). CPPN: Stanley
(2007), Genetic Programming and Evolvable Machines 8.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from generation.genespaces.patterns.layout import FEATURES, HIDDEN, WARPS
from generation.genespaces.patterns.plan import Plan, read_plan

PROBE = 48
Array = Any  # numpy.ndarray or torch.Tensor, float32.


@dataclass(frozen=True)
class Kit:
    """An array library, with the three things that numpy and torch spell differently."""

    xp: Any
    array: Callable[[np.ndarray], Array]  # From numpy.
    empty: Callable[[tuple[int, ...]], Array]
    # (table [n], float index) -> the table's values at the truncated index, which wraps around.
    lookup: Callable[[Array, Array], Array]


def _numpy_lookup(table: np.ndarray, place: np.ndarray) -> np.ndarray:
    return table[place.astype(np.int32) & (len(table) - 1)]


NUMPY = Kit(
    xp=np, array=np.asarray, empty=lambda shape: np.empty(shape, np.float32), lookup=_numpy_lookup
)


def prepare(kit: Kit, genes: np.ndarray) -> Plan:
    """The plan with each output normalised to mean 0 and spread 1.

    The statistics are taken over a fixed probe of 48 x 48 points, so that a picture's colours and
    relief are the same at every size. The normalisation becomes part of the last matrix.
    """
    plan = read_plan(genes)
    edge = centres(PROBE, start=0, stop=PROBE)
    raw = field(
        kit, to_kit(kit, plan), kit.array(np.tile(edge, PROBE)), kit.array(np.repeat(edge, PROBE))
    )
    mean, spread = moments(np.asarray(raw))
    out = plan.out.astype(np.float64)
    out[:, -1] -= mean
    return to_kit(kit, replace(plan, out=(out / spread[:, None]).astype(np.float32)))


def moments(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of each output over the probe, [4].

    The spread has a floor, so a flat output stays flat.
    """
    raw = raw.astype(np.float64)
    return raw.mean(axis=1), raw.std(axis=1) + 0.05


def to_kit(kit: Kit, plan: Plan) -> Plan:
    """The plan with its matrices as arrays of the kit."""
    return replace(
        plan,
        warp_phases=kit.array(plan.warp_phases),
        warp_amplitudes=kit.array(plan.warp_amplitudes),
        layers=tuple(kit.array(layer) for layer in plan.layers),
        out=kit.array(plan.out),
        table=kit.array(plan.table),
    )


def centres(size: int, *, start: int, stop: int) -> np.ndarray:
    """Coordinates of the pixel centres start to stop of an edge of `size` pixels.

    The picture spans [-1, 1].
    """
    return ((np.arange(start, stop) + 0.5 - size / 2) * (2 / size)).astype(np.float32)


def field(kit: Kit, plan: Plan, x: Array, y: Array) -> Array:
    """Evaluate the net at flat points x, y [n]; returns [4, n]."""
    xp = kit.xp
    points = x.shape[0]
    place = kit.empty((3, points))
    place[2] = 1.0
    rad = _fold(kit, plan, x, y, place)
    _flow(kit, plan, place)
    one = kit.empty((HIDDEN + 1, points))
    two = kit.empty((HIDDEN + 1, points))
    one[HIDDEN] = 1.0
    two[HIDDEN] = 1.0
    features = two[: FEATURES + 1]
    _features(kit, place, rad, features)
    xp.matmul(plan.layers[0], features, out=one[:HIDDEN])
    two[FEATURES] = 0.0
    _activate(kit, one)
    xp.matmul(plan.layers[1], one, out=two[:HIDDEN])
    _activate(kit, two)
    xp.matmul(plan.layers[2], two, out=one[:HIDDEN])
    _activate(kit, one)
    return xp.matmul(plan.out, one)


def _fold(kit: Kit, plan: Plan, x: Array, y: Array, place: Array) -> Array:
    """Apply the symmetries: write the points to place[0], place[1], and return their radius.

    The mirror and every kaleidoscope are folded about the same upright axis, so that a blend of any
    of them is still symmetric. Fold of the angle: acos(cos(k t)) / k, without a seam for every
    whole k.
    """
    xp = kit.xp
    px, py = place[0], place[1]
    px[...] = 0.0
    py[...] = 0.0
    rad = xp.zeros_like(x)
    if plan.tile > 0:
        across, down, rim = _tile(kit, plan, x, y)
        px += plan.tile * across
        py += plan.tile * down
        rad += plan.tile * rim
    if plan.tile == 1:
        return rad
    cosine, sine = math.cos(plan.rotation) * plan.scale, math.sin(plan.rotation) * plan.scale
    u = x * cosine - y * sine + plan.offset[0]
    v = x * sine + y * cosine + plan.offset[1]
    radius = xp.sqrt(u * u + v * v)
    rad += radius * (1 - plan.tile)
    turn = xp.log(radius + 0.15) * plan.twist if plan.twist else None
    if plan.plain > 0:
        across, down = _turned(kit, u, v, turn)
        px += plan.plain * across
        py += plan.plain * down
    if plan.mirror > 0:
        across, down = _turned(kit, xp.sqrt(u * u + 0.001) * 1.3, v, turn)
        px += plan.mirror * across
        py += plan.mirror * down
    if plan.folds:
        angle = xp.arctan2(u, v)
        if turn is not None:
            angle = angle + turn
        for fold, share in plan.folds:
            folded = xp.arccos(xp.cos(angle * fold) * 0.998) / fold
            px += xp.cos(folded) * radius * share
            py += xp.sin(folded) * radius * (share * min(3.0, 1 + fold * 0.2))
    return rad


def _tile(kit: Kit, plan: Plan, x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Points that repeat at the picture's edge whatever the genes are: sums of whole waves.

    Returns x, y and the radius.
    """
    xp = kit.xp
    across, down = xp.zeros_like(x), xp.zeros_like(x)
    for count, share in plan.repeats:
        wave = math.pi * count
        across += xp.cos(x * wave) * share
        down += xp.cos(y * wave) * share
        if plan.weave:
            across += xp.sin(y * wave) * (share * plan.weave)
            down -= xp.sin(x * wave) * (share * plan.weave)
    rim = xp.sqrt(across * across + down * down)
    if plan.twist:
        across, down = _turned(kit, across, down, xp.log(rim + 0.15) * plan.twist)
    return across, down, rim


def _turned(kit: Kit, u: Array, v: Array, turn: Array | None) -> tuple[Array, Array]:
    """Points u, v turned by an angle each; None leaves them."""
    if turn is None:
        return u, v
    cosine, sine = kit.xp.cos(turn), kit.xp.sin(turn)
    return u * cosine - v * sine, u * sine + v * cosine


def _flow(kit: Kit, plan: Plan, place: Array) -> None:
    """Sine warps of the plane, one after the other, in place: each bends the result of the last."""
    xp = kit.xp
    waves = kit.empty((2, place.shape[1]))
    for index in range(WARPS):
        xp.matmul(plan.warp_phases[index], place, out=waves)
        xp.sin(waves, out=waves)
        waves *= plan.warp_amplitudes[index]
        place[:2] += waves


def _features(kit: Kit, place: Array, rad: Array, into: Array) -> None:
    """Write the inputs of the first layer: position, radius, products, waves and distances."""
    xp = kit.xp
    px, py = place[0], place[1]
    into[:2] = place[:2]
    into[2] = rad
    xp.multiply(px, py, out=into[3])
    xp.multiply(place[:2], 3.0, out=into[4:6])
    xp.sin(into[4:6], out=into[4:6])
    xp.multiply(px, px, out=into[6])
    into[6] += py * py
    xp.negative(into[6], out=into[6])
    xp.exp(into[6], out=into[6])
    xp.abs(place[:2], out=into[7:9])
    into[9] = 1.0


def _activate(kit: Kit, h: Array) -> None:
    """Apply the fixed activation of each neuron, in place.

    8 sines, 4 bells, 4 tanh, 4 ridges 1 - 2 tanh|x|, 4 soft triangles.
    """
    xp = kit.xp
    # The tanh neurons, 12 to 15, are computed together with the ridges.
    sines, bells, ridges, triangles = h[:8], h[8:12], h[16:20], h[20:24]
    xp.sin(sines, out=sines)
    xp.multiply(bells, bells, out=bells)
    xp.negative(bells, out=bells)
    xp.exp(bells, out=bells)
    bells *= 2.0
    bells -= 1.0
    xp.abs(ridges, out=ridges)
    xp.tanh(h[12:20], out=h[12:20])
    ridges *= -2.0
    ridges += 1.0
    # The first two harmonics of a triangle wave, sin x - sin 3x / 9 = s (2/3 + 4/9 s^2), times .81.
    xp.sin(triangles, out=triangles)
    square = triangles * triangles
    square *= 0.36
    square += 0.54
    triangles *= square
