"""The Sculptures renderer: the same bytes always, one picture at every size and by any library."""

from dataclasses import replace

import numpy as np
import pytest

from generation.genespaces.sculptures.field import NUMPY, Form, frame_of
from generation.genespaces.sculptures.layout import PARTS, PLACES
from generation.genespaces.sculptures.picture import draw
from generation.genespaces.sculptures.plan import read_plan
from generation.genespaces.sculptures.sampling import draw_genes, measure
from generation.genespaces.sculptures.tracing import LIVE, scene_of
from generation.genome import Genome
from generation.nets.sculptures import MOVING, TORCH, SculpturesNet, paint
from generation.refusal import Refused
from generation.yielding import ignore_progress

NET = SculpturesNet()


def make_genome(seed: int) -> Genome:
    return Genome("sculptures", "digest", draw_genes(np.random.default_rng(seed)))


@pytest.mark.parametrize(("size", "supersample"), [(16, 1), (41, 1), (41, 2)])
def test_a_picture_is_square_bytes_and_always_the_same(size: int, supersample: int):
    picture, again = (
        NET.render(make_genome(4), size=size, supersample=supersample) for _ in range(2)
    )
    assert picture.shape == (size, size, 3) and picture.dtype == np.uint8
    assert picture.std() > 5
    assert np.array_equal(picture, again)


@pytest.mark.parametrize("supersample", [1, 2])
def test_the_bytes_depend_neither_on_bands_nor_on_chunks(supersample: int):
    small = replace(NUMPY, band=36 * 7, chunk=250)
    whole, pieces = (
        paint(kit, make_genome(6), 36, supersample, ignore_progress) for kit in (NUMPY, small)
    )
    assert np.array_equal(whole, pieces)


def test_numpy_and_torch_draw_the_same_picture():
    for seed in (4, 6):
        one, other = (
            paint(kit, make_genome(seed), 48, 1, ignore_progress).astype(float)
            for kit in (NUMPY, TORCH)
        )
        assert np.abs(one - other).mean() < 0.5


def test_the_picture_is_the_same_at_every_size_and_in_a_print():
    live = NET.render(make_genome(4), size=40).astype(float)
    large = NET.render(make_genome(4), size=120, supersample=2).astype(float)
    other = NET.render(make_genome(5), size=40).astype(float)
    halved = large.reshape(40, 3, 40, 3, 3).mean(axis=(1, 3))
    assert np.abs(live - halved).mean() < 8 < 25 < np.abs(live - other).mean()


def test_a_picture_that_follows_a_hand_is_nearly_the_one_at_rest():
    for seed in (4, 7):
        genome = make_genome(seed)
        moving = NET.render(genome, size=MOVING[0])
        scene = scene_of(genome.genes, NUMPY)
        resting = draw(scene, size=MOVING[0], care=LIVE, report=ignore_progress)
        assert 0 < np.abs(moving.astype(float) - resting).mean() < 4


def test_a_measured_distance_reaches_no_further_than_the_surface():
    """A ray may go `step` of a distance: two points can't differ by more than they are apart."""
    for seed in range(12):
        plan = read_plan(make_genome(seed).genes)
        form, rng = Form(NUMPY, plan), np.random.default_rng(seed)
        p = rng.uniform(-0.9, 0.9, (3, 4000)).astype(np.float32)
        way = rng.normal(size=(3, 4000)).astype(np.float32)
        q = p + way * (0.01 / np.linalg.norm(way, axis=0))
        slope = np.abs(form.distance(p) - form.distance(q)) / 0.01
        assert np.quantile(slope, 0.99) * plan.step < 1.02


def test_a_sculpture_stands_on_its_floor_within_its_frame():
    for seed in range(4):
        genes = make_genome(seed).genes
        plan, frame = read_plan(genes), frame_of(read_plan(genes))
        edge = np.linspace(-1.5, 1.5, 31, dtype=np.float32)
        p = np.stack([axis.ravel() for axis in np.meshgrid(edge, edge, edge)])
        inside = p[:, Form(NUMPY, plan).distance(p) < 0]
        assert inside[1].min() > frame.floor
        away = np.linalg.norm(inside - np.array(frame.centre)[:, None], axis=0)
        assert away.max() < frame.radius
        assert measure(scene_of(genes, NUMPY)).border == 0


def test_the_frame_glides_while_a_part_appears():
    genes = make_genome(4).genes.copy()
    places = [PLACES[part].stop - 1 for part in PARTS]
    genes[places] = 2
    for place in places[1:]:
        frames = []
        for score in np.linspace(-3, 1, 161):
            genes[place] = score
            frames.append(frame_of(read_plan(genes)))
        radii = np.array([frame.radius for frame in frames])
        assert np.ptp(radii) > 0.02 and np.abs(np.diff(radii)).max() < 0.1


def test_every_material_looks_different():
    genes = make_genome(4).genes.copy()
    pictures = []
    for number in range(5):
        genes[PLACES["material"]] = 4 * np.eye(5)[number] - 2
        pictures.append(NET.render(Genome("sculptures", "d", genes.copy()), size=32).astype(float))
    for number, picture in enumerate(pictures):
        assert all(np.abs(picture - other).mean() > 1 for other in pictures[:number])


def test_it_yields_often_and_its_progress_only_rises():
    answer: list[float] = []
    paint(replace(NUMPY, band=64 * 16), make_genome(4), 64, 1, answer.append)
    assert answer == sorted(answer) and answer[-1] == 1.0 and len(answer) >= 6


def test_an_interrupted_picture_leaves_the_way_it_was_interrupted():
    def leave(progress: float) -> None:
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        NET.render(make_genome(4), size=32, yield_point=leave)


@pytest.mark.parametrize("scale", [0.0, 1.0, 3e38])
def test_any_finite_genes_are_drawn(scale: float):
    genes = (np.random.default_rng(1).uniform(-1, 1, 68) * scale).astype(np.float32)
    assert NET.render(Genome("sculptures", "d", genes), size=24).shape == (24, 24, 3)


def test_where_no_part_is_on_the_strongest_one_is_there():
    genes = make_genome(4).genes.copy()
    for part in PARTS:
        genes[PLACES[part].stop - 1] = -5
    assert measure(scene_of(genes, NUMPY)).coverage > 0.02


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused, match="don't belong to the Sculptures species"):
        NET.render(Genome("sculptures", "d", np.zeros(512, np.float32)), size=24)
