"""The picture of a scene: rays in bands of rows, light at half the resolution, finer edges.

Openness and light are measured at every other pixel of every other row and filled in where the
neighbours agree; elsewhere, at creases and shadow edges, they are measured at once. Pixels at
edges get more rays. What one pixel becomes depends on its neighbours alone, so the bytes do not
depend on the height of the bands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from generation.genespaces.sculptures.field import Array, dot
from generation.genespaces.sculptures.shading import ground, on_floor, screen, shade
from generation.genespaces.sculptures.tracing import (
    HASTY,
    LENS,
    LIVE,
    PRINT,
    Care,
    Scene,
    above_floor,
    ball,
    cones,
    light_on,
    march,
    normals,
    rays,
)

_HORIZON = 40.0  # Radii; the floor further away is backdrop.
_VIGNETTE = 0.20
_ALIKE = 0.25  # Neighbours that differ more in openness or light are not averaged.
_UNKNOWN = -1.0  # Openness where nothing was measured.
_EDGES_AT_ONCE = 1 << 14  # Rays.
# Differences of neighbouring colours, summed over red, green and blue, from which a pixel gets more
# rays, and where these go in the pixel.
_EDGE = {HASTY: 0.9, LIVE: 0.30, PRINT: 0.12}
_RAYS = {
    HASTY: ((0.25, 0.25), (0.75, 0.75)),
    LIVE: ((0.25, 0.25), (0.75, 0.75)),
    PRINT: ((0.375, 0.125), (0.875, 0.375), (0.125, 0.625), (0.625, 0.875)),
}

# (indices of points, their depths, their normals or None on the floor) -> openness and light that
# are known of them from their neighbours; openness is _UNKNOWN where they are not.
Known = Callable[[Array, Array, Array | None], tuple[Array, Array]]


@dataclass(frozen=True)
class Seen:
    """What a bunch of rays sees. depth: of the sculpture, -1 elsewhere. colour: sRGB 0 to 1."""

    depth: Array  # [n]
    normal: Array  # [3, n]
    openness: Array  # [n], _UNKNOWN in the backdrop
    light: Array  # [n]
    colour: Array  # [3, n]


@dataclass(frozen=True)
class _Lattice:
    """What was measured at every other pixel of every other row, flat [edge * edge]."""

    edge: int
    depth: Array
    normal: Array  # [3, edge * edge]
    openness: Array
    light: Array


def sketch(scene: Scene, size: int) -> Seen:
    """A picture in one bunch of rays, without finer edges, as the filter of founders sees it."""
    depth = _trace(scene, size, LIVE)
    return _see_rows(
        scene, size, LIVE, (depth, _measure_light(scene, depth, size, LIVE)), (0, size)
    )


def draw(scene: Scene, *, size: int, care: Care, report: Callable[[float], None]) -> np.ndarray:
    """The picture, uint8 sRGB [size, size, 3]. report: called with the progress, 0 to 1."""
    kit = scene.kit
    picture = np.empty((size, size, 3), np.uint8)
    depth = _trace(scene, size, care)
    report(0.3)
    lattice = _measure_light(scene, depth, size, care)
    for top, bottom in _bands(scene, size):
        report(0.5 + 0.5 * top / size)
        # A row more on either side tells where edges are.
        first, last = max(0, top - 1), min(size, bottom + 1)
        seen = _see_rows(scene, size, care, (depth, lattice), (first, last))
        _refine(scene, size, care, seen, (first, top, bottom))
        rows = seen.colour.reshape(3, last - first, size)[:, top - first : bottom - first]
        coded = kit.numpy(rows * 255 + 0.5).astype(np.uint8)
        picture[top:bottom] = coded.transpose(1, 2, 0)
    report(1.0)
    return picture


def _bands(scene: Scene, size: int) -> Iterator[tuple[int, int]]:
    rows = max(1, scene.kit.band // size)
    for top in range(0, size, rows):
        yield top, min(size, top + rows)


def _cell_of(places: Array, size: int) -> tuple[Array, Array]:
    """Row and column of flat indices."""
    row = places // size
    return row, places - row * size


def _trace(scene: Scene, size: int, care: Care) -> Array:
    """How far the sculpture is along each pixel's ray, flat [size * size]; -1 where it is not."""
    kit = scene.kit
    xp, near = kit.xp, cones(scene, size)
    depth = xp.full((size * size,), -1.0, dtype=xp.float32)
    for top, bottom in _bands(scene, size):
        rows, columns = xp.arange(top, bottom) // 4, xp.arange(size) // 4
        jump = near[rows[:, None], columns[None, :]].reshape(-1)
        inside = kit.places(jump > 0)
        row, column = _cell_of(inside, size)
        way, _ = rays(scene, kit.real(column) + 0.5, kit.real(row) + (top + 0.5), size)
        start, stop, meets = ball(scene, way)
        kept = kit.places(meets)
        way, start, stop, inside = way[:, kept], start[kept], stop[kept], inside[kept]
        start = xp.maximum(start, jump[inside])
        stop = above_floor(scene, way, stop)
        depth[inside + top * size] = march(
            scene, way, start, stop, pixel=2 / size / LENS, care=care
        )
    return depth


def _measure_light(scene: Scene, depth: Array, size: int, care: Care) -> _Lattice:
    kit = scene.kit
    xp, edge = kit.xp, (size + 1) // 2
    depth = depth.reshape(size, size)[::2, ::2].reshape(-1)
    whole = _Lattice(
        edge,
        depth,
        xp.zeros((3, edge * edge), dtype=xp.float32),
        xp.full((edge * edge,), _UNKNOWN, dtype=xp.float32),
        xp.ones((edge * edge,), dtype=xp.float32),
    )
    for start in range(0, edge * edge, kit.band):
        places = xp.arange(start, min(start + kit.band, edge * edge))
        row, column = _cell_of(places, edge)
        way, _ = rays(scene, kit.real(2 * column) + 0.5, kit.real(2 * row) + 0.5, size)
        solid, floor, reached = _sort(scene, way, depth[places])
        p = scene.column(scene.camera) + way * reached
        some = kit.take(p, solid)
        normal = normals(scene, some, reached[solid], size=size)
        at = places[xp.concatenate([solid, floor])]
        whole.normal[:, places[solid]] = normal
        whole.openness[at], whole.light[at] = light_on(
            scene, (some, normal), kit.take(p, floor), care
        )
    return whole


def _sort(scene: Scene, way: Array, depth: Array) -> tuple[Array, Array, Array]:
    """The indices of rays that meet the sculpture, and the floor, and how far all of them go."""
    xp, places = scene.kit.xp, scene.kit.places
    down = way[1] < 0
    floor = (scene.frame.floor - scene.camera[1]) / xp.where(down, way[1], -1.0)
    is_floor = (depth <= 0) & down & (floor > 0) & (floor < _HORIZON * scene.frame.radius)
    return places(depth > 0), places(is_floor), xp.where(depth > 0, depth, floor)


def _see_rows(
    scene: Scene, size: int, care: Care, traced: tuple[Array, _Lattice], rows: tuple[int, int]
) -> Seen:
    """What the pixels of some rows see, one ray each."""
    kit, (depth, lattice), (first, last) = scene.kit, traced, rows
    places = kit.xp.arange(first * size, last * size)
    row, column = _cell_of(places, size)

    def known(some: Array, reached: Array, normal: Array | None) -> tuple[Array, Array]:
        cells = row[some], column[some]
        return _fill_in(scene, size, care, lattice, cells, reached, normal)

    where = kit.real(column) + 0.5, kit.real(row) + 0.5
    return _see(scene, size, care, where, depth[first * size : last * size], known)


def _see(
    scene: Scene,
    size: int,
    care: Care,
    where: tuple[Array, Array],
    depth: Array,
    known: Known,
) -> Seen:
    """What rays see. where: column and row in pixels."""
    kit, xp = scene.kit, scene.kit.xp
    way, off = rays(scene, *where, size)
    colour = ground(scene, way)
    openness, light = xp.full_like(depth, _UNKNOWN), xp.ones_like(depth)
    normal = xp.zeros_like(way)
    solid, floor, reached = _sort(scene, way, depth)
    p = scene.column(scene.camera) + way * reached
    on_it = kit.take(p, solid)
    facing = normals(scene, on_it, reached[solid], size=size)
    normal[:, solid] = facing
    openness[floor], light[floor] = known(floor, reached[floor], None)
    openness[solid], light[solid] = known(solid, reached[solid], facing)
    # What the neighbours could not tell is measured.
    bare, dim = solid[openness[solid] < 0], floor[openness[floor] < 0]
    missing = xp.concatenate([bare, dim])
    openness[missing], light[missing] = light_on(
        scene, (kit.take(p, bare), kit.take(normal, bare)), kit.take(p, dim), care
    )
    colour[:, floor] = on_floor(
        scene, kit.take(colour, floor), kit.take(p, floor), openness[floor], light[floor]
    )
    colour[:, solid] = shade(
        scene, on_it, kit.take(way, solid), facing, openness[solid], light[solid]
    )
    return Seen(depth, normal, openness, light, screen(kit, colour * (1 - _VIGNETTE * off)))


def _fill_in(
    scene: Scene,
    size: int,
    care: Care,
    lattice: _Lattice,
    cells: tuple[Array, Array],
    reached: Array,
    normal: Array | None,
) -> tuple[Array, Array]:
    """The mean of the measured pixels around each, where they are alike and of the same surface."""
    xp = scene.kit.xp
    row, column = cells
    values: list[tuple[Array, Array, Array]] = []
    for down in (0, 1):
        for aside in (0, 1):
            line = xp.clip((row + down) // 2, 0, lattice.edge - 1)
            at = line * lattice.edge + xp.clip((column + aside) // 2, 0, lattice.edge - 1)
            fits = lattice.openness[at] >= 0
            fits &= _is_same_surface(
                lattice.depth[at], lattice.normal, at, reached, normal, 12.0 / size / LENS, 0.85
            )
            values.append((fits, lattice.openness[at], lattice.light[at]))
    count = sum(scene.kit.real(fits) for fits, _, _ in values)
    # A pixel between two measured ones has each of them twice.
    agree = count >= (1 if care.guesses else 3)
    means = []
    for number in (1, 2):
        total = sum(xp.where(each[0], each[number], 0.0) for each in values)
        low = xp.full_like(count, 9.0)
        high = xp.full_like(count, -9.0)
        for each in values:
            low = xp.minimum(low, xp.where(each[0], each[number], 9.0))
            high = xp.maximum(high, xp.where(each[0], each[number], -9.0))
        if not care.guesses:
            agree &= high - low < _ALIKE
        means.append(total / scene.kit.at_least(count + 0.0, 1.0))
    return xp.where(agree, means[0], _UNKNOWN), means[1]


def _is_same_surface(
    depth: Array,
    normals_there: Array,
    at: Array,
    reached: Array,
    normal: Array | None,
    slope: float,
    alike: float,
) -> Array:
    """Whether neighbours lie on the surface of a point, or on the floor as it does (normal None).

    slope: how much their depths may differ, over the depth. alike: the least cosine of normals.
    """
    if normal is None:
        return depth <= 0
    near = (depth > 0) & (abs(depth - reached) <= slope * reached)
    return near & (dot(normals_there[:, at], normal) >= alike)


def _refine(scene: Scene, size: int, care: Care, seen: Seen, rows: tuple[int, int, int]) -> None:
    """Send more rays through the pixels at edges and replace their colours by the mean.

    rows: the first row of `seen`, and top and bottom of those to refine.
    """
    xp = scene.kit.xp
    edges = scene.kit.places(_edges(scene, size, care, seen, rows))
    offsets = _RAYS[care]
    each = _EDGES_AT_ONCE // len(offsets)
    fresh = []
    for start in range(0, len(edges), each):
        some = edges[start : start + each]
        colour = _see_edges(scene, size, care, seen, (rows[0], some))
        fresh.append(colour.reshape(3, len(some), len(offsets)).mean(-1))
    if fresh:
        seen.colour[:, edges] = xp.concatenate(fresh, 1)


def _edges(scene: Scene, size: int, care: Care, seen: Seen, rows: tuple[int, int, int]) -> Array:
    """A flat mask of the pixels whose neighbours look different."""
    xp, (first, top, bottom) = scene.kit.xp, rows
    colour = seen.colour.reshape(3, -1, size)
    solid = seen.depth.reshape(-1, size) > 0
    mask = xp.zeros_like(solid)
    beside = _differ(xp, colour[:, :, 1:], colour[:, :, :-1], _EDGE[care])
    beside |= solid[:, 1:] ^ solid[:, :-1]
    mask[:, 1:] |= beside
    mask[:, :-1] |= beside
    below = _differ(xp, colour[:, 1:], colour[:, :-1], _EDGE[care])
    below |= solid[1:] ^ solid[:-1]
    mask[1:] |= below
    mask[:-1] |= below
    mask[: top - first] = False
    mask[bottom - first :] = False
    return mask.reshape(-1)


def _differ(xp: object, one: Array, other: Array, least: float) -> Array:
    steps = abs(one - other)
    return steps[0] + steps[1] + steps[2] > least


def _see_edges(scene: Scene, size: int, care: Care, seen: Seen, which: tuple[int, Array]) -> Array:
    """The colours of several rays through each pixel, [3, pixels * rays]."""
    kit, (first, places) = scene.kit, which
    xp, offsets = kit.xp, _RAYS[care]
    spread = kit.array(np.array(offsets, np.float32))
    row, column = _cell_of(places, size)
    across = (kit.real(column)[:, None] + spread[None, :, 0]).reshape(-1)
    down = (kit.real(row + first)[:, None] + spread[None, :, 1]).reshape(-1)
    owner = xp.arange(len(places) * len(offsets)) // len(offsets)
    last = len(seen.depth) // size - 1
    around = [
        xp.clip(row + dy, 0, last) * size + xp.clip(column + dx, 0, size - 1)
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
    ]
    way, _ = rays(scene, across, down, size)
    start, stop, meets = ball(scene, way)
    nearest = xp.full((len(places),), 1e9, dtype=xp.float32)
    for at in around:
        nearest = xp.minimum(nearest, xp.where(seen.depth[at] > 0, seen.depth[at], 1e9))
    nearest = nearest[owner]
    lead = nearest - 0.06 * scene.frame.radius
    start = xp.where(nearest < 1e8, xp.maximum(start, lead), start)
    stop = xp.where(meets, above_floor(scene, way, stop), -1.0)
    start = xp.where(meets, start, 1.0)
    depth = march(scene, way, start, stop, pixel=2 / size / LENS, care=care)

    def known(some: Array, reached: Array, normal: Array | None) -> tuple[Array, Array]:
        best = xp.full_like(reached, 9.0)
        openness, light = xp.full_like(reached, _UNKNOWN), xp.ones_like(reached)
        for at in around:
            at = at[owner[some]]
            there_row, there_column = _cell_of(at, size)
            far = (across[some] - kit.real(there_column) - 0.5) ** 2
            far = far + (down[some] - kit.real(there_row + first) - 0.5) ** 2
            fits = (seen.openness[at] >= 0) & (far < best)
            if care.guesses:
                fits &= (seen.depth[at] <= 0) if normal is None else (seen.depth[at] > 0)
            else:
                fits &= _is_same_surface(
                    seen.depth[at], seen.normal, at, reached, normal, 10.0 / size / LENS, 0.8
                )
            best = xp.where(fits, far, best)
            openness = xp.where(fits, seen.openness[at], openness)
            light = xp.where(fits, seen.light[at], light)
        return openness, light

    return _see(scene, size, care, (across, down), depth, known).colour
