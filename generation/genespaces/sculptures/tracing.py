"""Rays against a sculpture: where they hit, which way the surface faces, what light reaches it.

A scene is one sculpture with its camera, its light and its floor. Vectors are arrays [3, points].
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generation.genespaces.sculptures.field import (
    Array,
    Form,
    Frame,
    Kit,
    dot,
    frame_of,
    ramp,
)
from generation.genespaces.sculptures.plan import Plan, Vector, read_plan

LENS = 2.75  # The focal length over half the picture's edge.
_POINTS_A_PAUSE = 1 << 18  # Points measured between two yield points, about 15 ms of a core.
_COMPACT_EVERY = 4  # Steps of a march between two clearings of rays that have ended.
_PARKED = 1e3  # How far along a ray that has ended waits for that.
_CONE_STEPS = 12  # Cones that have not ended by then start their rays there.
_CORNERS = ((1.0, -1.0, -1.0), (-1.0, -1.0, 1.0), (-1.0, 1.0, -1.0), (1.0, 1.0, 1.0))
_LEAST_OPEN = 0.07  # A little light gets everywhere.
_PENUMBRA = 7.0  # The larger, the harder the shadow's edge.


@dataclass(frozen=True)
class Care:
    """How carefully rays go.

    stride: the part of a safe step that they take, and shadow_stride towards the light, where each
    is shadow_least to shadow_most radii long. steps, shadow_steps: at most so many. close: how near
    to the surface counts as a hit, in pixels over the stride, and last: how many times that does
    after the last step. guesses: whether light is taken from neighbours even where these disagree.
    """

    stride: float
    steps: int
    shadow_stride: float
    shadow_steps: int
    shadow_least: float
    shadow_most: float
    close: float = 0.35
    last: float = 6.0
    guesses: bool = False


HASTY = Care(1.25, 24, 1.2, 9, 0.06, 0.36, close=0.4, last=2.0, guesses=True)
LIVE = Care(1.0, 48, 1.0, 18, 0.030, 0.26)
PRINT = Care(0.7, 200, 0.5, 110, 0.006, 0.06)


@dataclass
class Scene:
    """One sculpture under its light, before its camera, on its floor.

    back: from the middle to the camera. right, up: across the picture. light: towards the light.
    camera: its place. pause: called whenever many points have been measured.
    """

    kit: Kit
    plan: Plan
    form: Form
    frame: Frame
    back: Vector
    right: Vector
    up: Vector
    light: Vector
    camera: Vector
    pause: Callable[[], None]
    measured: int = 0

    def distance(self, p: Array) -> Array:
        """The distance of points [3, n] to the surface."""
        return self._in_chunks(self.form.distance, p)

    def trap(self, p: Array) -> Array:
        """The orbit trap of points [3, n]."""
        return self._in_chunks(self.form.trap, p)

    def _in_chunks(self, measure: Callable[[Array], Array], p: Array) -> Array:
        chunk, count = self.kit.chunk, p.shape[1]
        self._rest(count)
        if count <= chunk:
            return measure(p)
        return self.kit.xp.concatenate(
            [measure(p[:, start : start + chunk]) for start in range(0, count, chunk)]
        )

    def _rest(self, count: int) -> None:
        self.measured += count
        if self.measured > _POINTS_A_PAUSE:
            self.measured = 0
            self.pause()

    def column(self, vector: Vector) -> Array:
        """A vector as an array [3, 1]."""
        return self.form.column(vector)


def scene_of(genes: np.ndarray, kit: Kit, pause: Callable[[], None] = lambda: None) -> Scene:
    """The scene of a gene vector. Raises Refused for genes of another species."""
    plan = read_plan(genes)
    frame = frame_of(plan)
    up, across = math.sin(plan.pitch), math.cos(plan.pitch)
    ahead, aside = math.cos(plan.yaw), math.sin(plan.yaw)
    back = (across * ahead, up, across * aside)
    right = (-aside, 0.0, ahead)
    # The light stands to the camera's left, and turns with it.
    level = math.cos(plan.light_height)
    front = level * math.cos(plan.light_yaw)
    side = -level * (math.sin(plan.light_yaw) + 0.55)
    light = (
        front * ahead + side * right[0],
        math.sin(plan.light_height),
        front * aside + side * right[2],
    )
    length = math.hypot(*light)
    away = 3.3 * frame.radius / plan.zoom
    x, y, z = (middle + away * part for middle, part in zip(frame.centre, back, strict=True))
    return Scene(
        kit=kit,
        plan=plan,
        form=Form(kit, plan),
        frame=frame,
        back=back,
        right=right,
        up=(-up * ahead, across, -up * aside),
        light=(light[0] / length, light[1] / length, light[2] / length),
        camera=(x, y - 0.04 * frame.radius, z),
        pause=pause,
    )


def rays(scene: Scene, column: Array, row: Array, size: int) -> tuple[Array, Array]:
    """The directions [3, n] of rays through points of the picture, in pixels from its corner.

    Also how far each point is from the middle, squared: 1 where an edge's middle is.
    """
    a = (column * (2 / size) - 1) * (1 / LENS)
    b = (1 - row * (2 / size)) * (1 / LENS)
    way = scene.kit.xp.stack(
        [a * scene.right[axis] + b * scene.up[axis] - scene.back[axis] for axis in range(3)]
    )
    way *= 1 / scene.kit.xp.sqrt(dot(way, way))
    return way, (a * a + b * b) * (LENS * LENS)


def ball(scene: Scene, way: Array, *, widened: float = 0.0) -> tuple[Array, Array, Array]:
    """Where rays enter and leave the ball around the sculpture, and which of them meet it.

    widened: half the width of a ray at distance 1.
    """
    xp, radius = scene.kit.xp, 1.02 * scene.frame.radius
    apart = tuple(p - q for p, q in zip(scene.camera, scene.frame.centre, strict=True))
    ahead = dot(apart, way)
    aside = dot(apart, apart) - ahead * ahead
    limit = radius - widened * ahead
    within = limit * limit - aside
    half = xp.sqrt(scene.kit.at_least(within + 0.0, 0.0))
    return scene.kit.at_least(-ahead - half, 0.01), half - ahead, within > 0


def above_floor(scene: Scene, way: Array, stop: Array) -> Array:
    """The ends of rays, or the floor where that is nearer."""
    xp = scene.kit.xp
    down = way[1] < 0
    floor = (scene.frame.floor - scene.camera[1]) / xp.where(down, way[1], -1.0)
    return xp.where(down, xp.minimum(stop, floor), stop)


def cones(scene: Scene, size: int) -> Array:
    """How far rays may jump at once, [cells, cells] of 4 x 4 pixels; -1 where they hit nothing."""
    kit = scene.kit
    xp = kit.xp
    near = xp.full((1, 1), 0.01, dtype=xp.float32)
    wider = 4 * size
    for edge in (16, 4):
        cells = -(-size // edge)
        half = 1.42 * 1.02 * edge / size / LENS
        rows = xp.arange(cells) * edge // wider
        above = near[rows[:, None], rows[None, :]].reshape(-1)
        places = kit.places(above > 0)
        column, row = kit.real(places % cells), kit.real(places // cells)
        way, _ = rays(scene, (column + 0.5) * edge, (row + 0.5) * edge, size)
        start, stop, meets = ball(scene, way, widened=half)
        start = xp.maximum(start, above[places])
        out = xp.full((cells * cells,), -1.0, dtype=xp.float32)
        kept = kit.places(meets)
        out[places[kept]] = _march_cones(scene, way[:, kept], start[kept], stop[kept], half)
        near, wider = out.reshape(cells, cells), edge
    return near


def _march_cones(scene: Scene, way: Array, start: Array, stop: Array, half: float) -> Array:
    """How far each cone goes before the surface may be inside it; -1 where it passes by."""
    kit, camera = scene.kit, scene.column(scene.camera)
    out = kit.xp.full((len(start),), -1.0, dtype=kit.xp.float32)
    live = kit.xp.arange(len(start))
    for _ in range(_CONE_STEPS):
        if not len(live):
            break
        found = scene.distance(camera + way * start) * scene.plan.step
        wide = half * start
        hit = found < 1.15 * wide
        out[live[hit]] = start[hit] * (1 - 0.2 * half)
        start = start + (found - wide) / (1 + half)
        keep = ~hit & (start <= stop)
        kept = kit.places(keep)
        live, way, start, stop = (kit.take(each, kept) for each in (live, way, start, stop))
    out[live] = start * (1 - 0.2 * half)  # Those that are still on their way may hit.
    return out


def march(
    scene: Scene, way: Array, start: Array, stop: Array, *, pixel: float, care: Care
) -> Array:
    """How far along each ray the surface is, [n]; -1 where it hits nothing before `stop`.

    pixel: the width of a pixel at distance 1.
    """
    kit, camera = scene.kit, scene.column(scene.camera)
    xp, close = kit.xp, care.close * care.stride * pixel
    out = xp.full((len(start),), -1.0, dtype=xp.float32)
    live = xp.arange(len(start))
    found, stride = start, care.stride * scene.plan.step
    for step in range(care.steps):
        if not len(live):
            return out
        found = scene.distance(camera + way * start)
        hit = found < close * start
        places = kit.places(hit)
        out[live[places]] = kit.take(start, places)
        moved = start + found * stride
        keep = ~hit & (moved <= stop)
        count = int(keep.sum())
        if count < 0.9 * len(live) or step % _COMPACT_EVERY == _COMPACT_EVERY - 1:
            kept = kit.places(keep)
            live, way, start, stop, found = (
                kit.take(each, kept) for each in (live, way, moved, stop, found)
            )
        else:
            start = xp.where(keep, moved, _PARKED)
    near = (found < care.last * close * start) & (start <= stop)
    out[live[near]] = start[near]
    return out


def normals(scene: Scene, p: Array, away: Array, *, size: int) -> Array:
    """The directions [3, n] in which the surface faces, from differences of about a pixel.

    away: how far each point is from the camera.
    """
    return directions(scene, p, scene.kit.at_least(away * (1 / size / LENS), 0.0006))


def directions(scene: Scene, p: Array, reach: Array | float) -> Array:
    """The directions [3, n] in which the surface faces, from differences over `reach`."""
    kit, count = scene.kit, p.shape[1]
    corners = [scene.column(corner) for corner in _CORNERS]
    # All at once: numpy takes long for a call on few points.
    found = scene.distance(kit.xp.concatenate([p + corner * reach for corner in corners], 1))
    total = sum(
        corner * found[number * count : (number + 1) * count]
        for number, corner in enumerate(corners)
    )
    return total * (1 / (kit.xp.sqrt(dot(total, total)) + 1e-12))


def _openness(scene: Scene, p: Array, normal: Array) -> Array:
    """How open the surroundings of points of the sculpture are, 0 to 1."""
    kit, radius, count = scene.kit, scene.frame.radius, p.shape[1]
    xp = kit.xp
    heights = [radius * (0.03 + 0.075 * number) for number in range(4)]
    q = xp.concatenate([p + normal * height for height in heights], 1)
    found = scene.distance(q)
    total, weight = 0.0, 1.0
    for number, height in enumerate(heights):
        part = slice(number * count, (number + 1) * count)
        above = q[1, part] - scene.frame.floor
        near = xp.where(normal[1] < 0.95, xp.minimum(found[part], above), found[part])
        total = total + kit.at_least(height - near, 0.0) * (weight / radius)
        weight *= 0.72
    return kit.at_least(1 - 2.9 * kit.at_most(total, 1.0), _LEAST_OPEN)


def shadow(scene: Scene, p: Array, care: Care) -> Array:
    """How much of the light reaches points, 0 to 1, with a soft edge.

    The edge is where a ray passes the surface most nearly, for its distance (Quilez, "Soft
    shadows", 2010).
    """
    kit, radius = scene.kit, scene.frame.radius
    xp, light = kit.xp, scene.column(scene.light)
    apart = p - scene.column(scene.frame.centre)
    ahead = dot(apart, scene.light)
    within = ahead * ahead - dot(apart, apart) + 1.21 * radius * radius
    stop = xp.sqrt(kit.at_least(within + 0.0, 0.0)) - ahead
    live = kit.places((within > 0) & (stop > 0))
    out = xp.ones_like(ahead)
    start = kit.at_least(-ahead[live] - (stop[live] + ahead[live]), 0.02 * radius)
    p, stop, seen = p[:, live], stop[live], out[live]
    for _ in range(care.shadow_steps):
        if not len(live):
            break
        found = scene.distance(p + light * start) * scene.plan.step
        seen = xp.minimum(seen, _PENUMBRA * found / start)
        out[live] = seen
        gone = kit.at_least(care.shadow_stride * found, care.shadow_least * radius)
        start = start + kit.at_most(gone, care.shadow_most * radius)
        keep = (seen >= 0.004) & (start <= stop)
        kept = kit.places(keep)
        live, p, start, stop, seen = (kit.take(each, kept) for each in (live, p, start, stop, seen))
    return ramp(kit, 0.0, 1.0, out)


def light_on(
    scene: Scene, surface: tuple[Array, Array], floor: Array, care: Care
) -> tuple[Array, Array]:
    """Openness and light of points of the sculpture, and behind them of points of the floor.

    surface: points and normals. On the floor, both end softly some radii away.
    """
    kit, radius = scene.kit, scene.frame.radius
    xp, (p, normal) = kit.xp, surface
    count = p.shape[1]
    away = from_middle(scene, floor)
    lit = kit.places(dot(normal, scene.light) > 0)
    near = kit.places(away < 5.0)
    raised = kit.take(p, lit) + kit.take(normal, lit) * (0.012 * radius)
    # All of them at once: many short steps on small arrays would cost more.
    shown = shadow(scene, xp.concatenate([raised, kit.take(floor, near)], 1), care)
    light = xp.concatenate([xp.zeros_like(p[0]), xp.ones_like(away)])
    light[lit] = shown[: len(lit)]
    fade = ramp(kit, 3.0, 5.0, kit.take(away, near))
    light[near + count] = 1 - (1 - shown[len(lit) :]) * (1 - fade)
    return xp.concatenate([_openness(scene, p, normal), _floor_openness(scene, floor, away)]), light


def _floor_openness(scene: Scene, p: Array, away: Array) -> Array:
    """How open the floor is: two looks straight up."""
    kit, radius = scene.kit, scene.frame.radius
    openness = kit.xp.ones_like(away)
    near = kit.places(away < 1.9)
    q = kit.take(p, near)
    heights = [0.10 * radius, 0.34 * radius]
    raised = [q + scene.column((0.0, height, 0.0)) for height in heights]
    above = scene.distance(kit.xp.concatenate(raised, 1))
    low, high = above[: len(near)] * (1 / heights[0]), above[len(near) :] * (1 / heights[1])
    found = (0.25 + 0.75 * ramp(kit, -0.3, 1.0, low)) * (0.5 + 0.5 * ramp(kit, -0.1, 1.1, high))
    openness[near] = found + (1 - found) * ramp(kit, 1.3, 1.9, kit.take(away, near))
    return openness


def from_middle(scene: Scene, p: Array) -> Array:
    """How many radii a point of the floor is away from the sculpture's middle."""
    x, _, z = scene.frame.centre
    return scene.kit.xp.sqrt((p[0] - x) ** 2 + (p[2] - z) ** 2) * (1 / scene.frame.radius)
