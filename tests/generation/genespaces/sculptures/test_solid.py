"""Sculptures as closed surfaces."""

import io

import numpy as np
import pytest

pytest.importorskip("skimage", reason="scikit-image is not installed")
trimesh = pytest.importorskip("trimesh", reason="trimesh is not installed")

from generation.codecs.solids import GLB, STL, encode_solid  # noqa: E402
from generation.genespaces.sculptures import solid  # noqa: E402
from generation.genespaces.sculptures.field import NUMPY  # noqa: E402
from generation.genespaces.sculptures.sampling import draw_genes  # noqa: E402
from generation.genespaces.sculptures.tracing import scene_of  # noqa: E402
from generation.refusal import Refused  # noqa: E402

EDGE = 40


def genes_of(seed: int) -> np.ndarray:
    return draw_genes(np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(6))
def test_a_sculpture_is_closed_in_files_too_and_stands_on_the_floor(seed: int):
    steps: list[float] = []
    body = solid.solid_of(genes_of(seed), edge=EDGE, report=steps.append)
    assert np.ptp(body.vertices, axis=0).max() == pytest.approx(solid.SIZE_MM, rel=1e-5)
    assert body.vertices[:, 1].min() == 0
    assert steps == sorted(steps) and steps[-1] == 1
    assert np.linalg.norm(body.normals, axis=1) == pytest.approx(1, abs=1e-3)
    assert 0 <= body.colours.min() < body.colours.max() <= 1
    for kind, name in ((GLB, "glb"), (STL, "stl")):
        data = encode_solid(body, kind)
        mesh = trimesh.load(io.BytesIO(data), file_type=name, force="mesh")
        assert mesh.is_watertight and mesh.is_winding_consistent and mesh.volume > 0


def test_the_same_genes_give_the_same_surface():
    one, two = (solid.solid_of(genes_of(3), edge=EDGE) for _ in range(2))
    assert encode_solid(one, STL) == encode_solid(two, STL)


@pytest.mark.parametrize("seed", range(4))
def test_blocks_that_are_left_out_hide_no_surface(seed: int):
    scene = scene_of(genes_of(seed), NUMPY)
    grid, low, cell = solid._grid(scene, EDGE, lambda progress: None)
    places = np.stack(np.meshgrid(*[np.arange(len(grid))] * 3, indexing="ij")).reshape(3, -1)
    p = (low[:, None] + places * cell).astype(np.float32)
    exact = scene.distance(p).reshape(grid.shape)
    inside = (slice(1, -1),) * 3  # The walls are closed on purpose.
    # What lies on the surface to a thousandth of a cell is pushed off it.
    is_clear = np.abs(exact[inside]) > 1e-3 * cell
    assert np.array_equal((grid[inside] < 0)[is_clear], (exact[inside] < 0)[is_clear])


def tent(size: float, x: float) -> tuple[np.ndarray, np.ndarray]:
    corners = np.array([[x, 0, 0], [x + size, 0, 0], [x, 0, size], [x, size, 0]], np.float32)
    return corners, np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]])


def test_small_loose_pieces_are_dropped():
    (large, faces), (small, _), (middle, _) = tent(10, 0), tent(0.5, 20), tent(5, 30)
    every = np.concatenate([faces, faces + 4, faces + 8])
    vertices, kept = solid._drop_crumbs(np.concatenate([large, small, middle]), every)
    assert np.array_equal(vertices, np.concatenate([large, middle]))
    assert np.array_equal(kept, np.concatenate([faces, faces + 4]))


def test_equal_corners_are_joined_and_faces_of_no_width_are_gone():
    corners, faces = tent(10, 0)
    # One face has corners of its own, and one lies between two equal corners.
    split = np.concatenate([faces[:1] + 4, faces[1:], [[0, 4, 1]]])
    vertices, kept = solid._close(np.concatenate([corners, corners]), split, lambda: None)
    assert len(vertices) == 4 and len(kept) == 4


def test_an_open_surface_is_refused_and_one_inside_out():
    corners, faces = tent(10, 0)
    with pytest.raises(Refused, match="No closed surface"):
        solid._close(corners, faces[1:], lambda: None)
    with pytest.raises(Refused, match="No closed surface"):
        solid._close(corners, faces[:, ::-1], lambda: None)
