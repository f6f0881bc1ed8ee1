"""A sculpture as a closed surface, for 3D printers and other programs.

The distance is measured on a grid, but only near the surface; marching cubes (Lewiner et al.,
"Efficient implementation of marching cubes' cases with topological guarantees", 2003, by
scikit-image) finds the triangles, trimesh joins their corners and checks that they close.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import trimesh
from skimage.measure import marching_cubes

from generation.codecs.solids import Solid
from generation.genespaces.sculptures.field import NUMPY
from generation.genespaces.sculptures.shading import linear, palette
from generation.genespaces.sculptures.tracing import Scene, directions, scene_of
from generation.refusal import Refused

EDGE = 192  # Grid points along the widest side of the ball around a sculpture.
SIZE_MM = 100.0  # The longest side of a solid.
_BLOCK = 8  # Grid points along an edge of a block, which is measured as a whole or not at all.
_BLOCKS_AT_ONCE = 32
_LEAST_PIECE = 0.01  # Loose pieces with less of the largest one's surface are dropped.
_OFF_ZERO = 0.001  # Of a cell. A surface that meets a grid point would make slivers there.
# Of clay, glaze, bronze, glass and pearl.
_METAL = (0.0, 0.0, 1.0, 0.0, 0.15)
_ROUGHNESS = (0.95, 0.25, 0.35, 0.08, 0.3)


def solid_of(
    genes: np.ndarray,
    *,
    edge: int = EDGE,
    report: Callable[[float], None] = lambda progress: None,
) -> Solid:
    """The surface of a sculpture, SIZE_MM long.

    edge: grid points. report: called with the progress, 0 to 1, whenever many points have been
    measured. Raises Refused for genes of another species, and where no closed surface is found.
    """
    reached = 0.0

    def tell(progress: float) -> None:
        nonlocal reached
        reached = progress
        report(progress)

    scene = scene_of(genes, NUMPY, lambda: report(reached))
    grid, low, cell = _grid(scene, edge, tell)
    if not (grid < 0).any():
        raise Refused("No closed surface was found for this work, so there is no 3D model of it.")
    vertices, faces, _, _ = marching_cubes(grid, 0.0, allow_degenerate=False)
    tell(0.6)
    vertices, faces = _drop_crumbs(vertices * cell + low, faces)
    lowest, highest = vertices.min(axis=0), vertices.max(axis=0)
    foot = (lowest + highest) / 2
    foot[1] = lowest[1]
    size = SIZE_MM / float((highest - lowest).max())
    tell(0.7)
    # What is checked are the very numbers that the file holds.
    place = ((vertices - foot) * size).astype(np.float32)
    place, faces = _close(place, faces, lambda: report(reached))
    tell(0.8)
    p = np.ascontiguousarray((place / size + foot).T, np.float32)
    normal = directions(scene, p, 0.5 * cell)
    colours = np.stack(linear(*palette(scene, scene.trap(p), 1.0)), axis=1)
    materials = scene.plan.materials
    tell(1.0)
    return Solid(
        vertices=place,
        normals=normal.T,
        colours=np.clip(colours, 0, 1),
        faces=faces,
        metal=_mean(materials, _METAL),
        roughness=_mean(materials, _ROUGHNESS),
    )


def _mean(shares: Sequence[float], values: Sequence[float]) -> float:
    return sum(share * value for share, value in zip(shares, values, strict=True))


def _grid(
    scene: Scene, edge: int, report: Callable[[float], None]
) -> tuple[np.ndarray, np.ndarray, float]:
    """Distances on a grid, where it begins, and the width of its cells.

    Blocks that the surface cannot reach hold the distance of their middle.
    """
    radius = 1.02 * scene.frame.radius
    cell = 2 * radius / (edge - 1)
    count = -(-edge // _BLOCK)
    low = np.array(scene.frame.centre, np.float32) - np.float32(radius)
    number = np.stack(np.meshgrid(*[np.arange(count)] * 3, indexing="ij")).reshape(3, -1)
    middle = low[:, None] + (number * _BLOCK + (_BLOCK - 1) / 2) * cell
    found = scene.distance(middle.astype(np.float32))
    # Half the diagonal of a block with the cells around it. Inside, distances are less exact.
    reach = 0.5 * math.sqrt(3) * (_BLOCK + 1) * cell / scene.plan.step
    near = np.flatnonzero((found < 1.05 * reach) & (found > -1.6 * reach))
    blocks = np.empty((len(found), _BLOCK**3), np.float32)
    blocks[:] = found[:, None]
    inside = np.stack(np.meshgrid(*[np.arange(_BLOCK)] * 3, indexing="ij")).reshape(3, -1)
    for start in range(0, len(near), _BLOCKS_AT_ONCE):
        some = near[start : start + _BLOCKS_AT_ONCE]
        p = number[:, some, None] * _BLOCK + inside[:, None, :]
        p = low[:, None] + p.reshape(3, -1).astype(np.float32) * np.float32(cell)
        blocks[some] = scene.distance(p).reshape(len(some), -1)
        report(0.5 * start / len(near))
    grid = blocks.reshape(count, count, count, _BLOCK, _BLOCK, _BLOCK)
    grid = grid.transpose(0, 3, 1, 4, 2, 5).reshape([count * _BLOCK] * 3)
    grid[np.abs(grid) < _OFF_ZERO * cell] = _OFF_ZERO * cell
    for axis in range(3):  # It closes at the walls, whatever comes.
        for wall in (0, -1):
            side = grid.swapaxes(0, axis)[wall]
            np.maximum(side, cell / 2, out=side)
    return grid, low, cell


def _drop_crumbs(vertices: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The surface without small loose pieces."""
    edges = trimesh.geometry.faces_to_edges(faces)
    labels = trimesh.graph.connected_component_labels(edges, node_count=len(vertices))
    piece = labels[faces[:, 0]]
    areas = np.bincount(piece, weights=trimesh.triangles.area(vertices[faces]))
    faces = faces[areas[piece] > _LEAST_PIECE * areas.max()]
    used = np.unique(faces)
    places = np.zeros(len(vertices), np.int32)
    places[used] = np.arange(len(used), dtype=np.int32)
    return vertices[used], places[faces]


def _close(
    vertices: np.ndarray, faces: np.ndarray, rest: Callable[[], None]
) -> tuple[np.ndarray, np.ndarray]:
    """The same surface with equal corners joined. Raises Refused if it is open or inside out.

    It takes trimesh's functions and none of its meshes: these hold themselves, so that their
    memory would be given back late. rest: called between the steps.
    """
    # Equal as bytes; there is no negative zero.
    rows = np.ascontiguousarray(vertices + np.float32(0)).view(np.dtype((np.void, 12))).ravel()
    _, kept, number = np.unique(rows, return_index=True, return_inverse=True)
    vertices, faces = vertices[kept], number.astype(np.int32)[faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    rest()
    is_closed, is_wound = trimesh.graph.is_watertight(trimesh.geometry.faces_to_edges(faces))
    rest()
    one, two, three = vertices[faces].astype(np.float64).transpose(1, 0, 2)
    volume = float((one * np.cross(two, three)).sum()) / 6
    if not (is_closed and is_wound and volume > 0):
        raise Refused("No closed surface was found for this work, so there is no 3D model of it.")
    return vertices, faces
