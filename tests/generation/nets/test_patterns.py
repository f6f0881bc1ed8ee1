"""The Patterns renderer: the same bytes always, the same picture at every size, seamless tiles."""

import numpy as np
import pytest
import torch

from generation.genespaces.patterns.layout import (
    FIRST_FOLD,
    MATERIALS,
    MIRROR,
    PLACES,
    PLAIN,
    TILE,
)
from generation.genespaces.patterns.sampling import draw
from generation.genespaces.patterns.shading import thumbnail
from generation.genespaces.patterns.sliders import choose, edit
from generation.genome import Genome
from generation.nets import patterns
from generation.nets.patterns import PatternsNet
from generation.refusal import Refused

NET = PatternsNet()


def make_genome(seed: int, **changes: float) -> Genome:
    """A drawn genome; changes set single genes, `gate` a pure symmetry."""
    genes = draw(np.random.default_rng(seed))
    for name, value in changes.items():
        genes[PLACES[name]] = np.eye(9)[int(value)] if name == "gate" else value
    return Genome("patterns", "digest", genes)


def paint(genome: Genome, size: int = 64, **settings) -> np.ndarray:
    return NET.render(genome, size=size, **settings)


def halved(picture: np.ndarray, by: int) -> np.ndarray:
    size = len(picture) // by
    return picture.reshape(size, by, size, by, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("size", [16, 17, 64, 100])
@pytest.mark.parametrize("supersample", [1, 2])
def test_a_picture_is_square_bytes_and_always_the_same(size: int, supersample: int):
    picture = paint(make_genome(1), size, supersample=supersample)
    assert picture.shape == (size, size, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 5
    assert np.array_equal(picture, paint(make_genome(1), size, supersample=supersample))


@pytest.mark.parametrize("supersample", [1, 2])
def test_the_bytes_do_not_depend_on_the_height_of_the_bands(monkeypatch, supersample: int):
    for seed in range(4):
        whole = paint(make_genome(seed), 120, supersample=supersample)
        for band in (120 * 8, 120 * 40):
            monkeypatch.setattr(patterns, "BAND", band)
            assert np.array_equal(paint(make_genome(seed), 120, supersample=supersample), whole)
        monkeypatch.undo()


def test_the_picture_is_the_same_at_every_size():
    pairs = [
        (paint(make_genome(seed), 96, supersample=2), halved(paint(make_genome(seed), 384), 4))
        for seed in range(7)
    ]
    assert np.median([np.abs(small - large).mean() for small, large in pairs]) < 3
    assert min(np.abs(pairs[seed][0] - pairs[seed + 1][1]).mean() for seed in range(6)) > 25


def test_numpy_judges_what_torch_paints():
    for seed in range(6):
        genome = make_genome(seed)
        judged = thumbnail(genome.genes).transpose(1, 2, 0) * 255
        assert np.abs(judged - paint(genome, 48)).mean() < 1


@pytest.mark.parametrize("rotation", [0.0, 0.9])
@pytest.mark.parametrize("repeats", [1.0, 2.0, 2.5])
def test_tiles_meet_without_a_seam(rotation: float, repeats: float):
    for seed in range(4):
        genes = make_genome(seed, gate=TILE, repeats=repeats, emblem=0).genes.copy()
        genes[PLACES["view"].start + 1] = rotation
        genome = Genome("patterns", "digest", genes)
        picture = paint(genome, 128).astype(float)
        for turned in (picture, picture.transpose(1, 0, 2)):
            seam = np.abs(turned[:, 0] - turned[:, -1]).mean()
            steps = np.abs(np.diff(turned, axis=1)).mean(axis=(0, 2))
            assert seam <= steps.max() * 1.5 + 0.5


@pytest.mark.parametrize("gate", [MIRROR, *range(FIRST_FOLD, FIRST_FOLD + 6)])
def test_symmetric_pictures_are_symmetric(gate: int):
    picture = paint(make_genome(3, gate=gate, twist=0, light=0, gloss=0, iridescence=0), 64).astype(
        float
    )
    assert np.abs(picture - picture[:, ::-1]).mean() < 1


def made_of(material: str, seed: int = 1, **changes: float) -> Genome:
    genome = make_genome(seed, emblem=0, **changes)
    return Genome("patterns", "d", choose(genome.genes, "material", material))


@pytest.mark.parametrize("material", MATERIALS[1:])
def test_a_material_is_another_picture_and_the_same_at_every_size(material: str):
    silk, other = (paint(made_of(each), 320).astype(float) for each in ("silk", material))
    assert np.abs(silk - other).mean() > 8
    small = paint(made_of(material), 80, supersample=2)
    assert np.abs(small - halved(other, 4)).mean() < 12
    assert np.array_equal(small, paint(made_of(material), 80, supersample=2))
    judged = thumbnail(made_of(material).genes).transpose(1, 2, 0) * 255
    assert np.abs(judged - paint(made_of(material), 48)).mean() < 1


@pytest.mark.parametrize("material", MATERIALS)
def test_the_grain_shows_on_every_material(material: str):
    genes = made_of(material).genes
    coarse, same, fine = (
        paint(Genome("patterns", "d", edit(genes, "grain", amount)), 160).astype(float)
        for amount in (-1, 0, 1)
    )
    assert min(np.abs(each - same).mean() for each in (coarse, fine)) > 1


@pytest.mark.parametrize("material", ["halftone", "stitch"])
def test_dots_and_threads_meet_where_a_tile_does(material: str):
    genome = made_of(material, gate=TILE, repeats=2.0)
    genes = edit(genome.genes, "grain", 0.37)
    picture = paint(Genome("patterns", "d", genes), 256).astype(float)
    seam = np.abs(picture[:, 0] - picture[:, -1]).mean()
    assert seam <= np.abs(np.diff(picture, axis=1)).mean(axis=(0, 2)).max() * 1.2


def test_dots_that_would_be_too_small_become_their_mean():
    # At 24 px a dot has less than a pixel; drawn all the same, it would beat against the pixels.
    for seed in (2, 3):
        small = paint(made_of("halftone", seed), 24, supersample=2)
        truth = halved(paint(made_of("halftone", seed), 384), 16)
        assert np.abs(small - truth).mean() < 10


def test_a_blend_of_two_kaleidoscopes_keeps_the_mirror():
    genome = make_genome(3, twist=0, light=0, gloss=0, iridescence=0)
    genes = genome.genes.copy()
    genes[PLACES["gate"]] = [0, 0.2, 0, 0.4, 0, 0, 0, 0.4, 0]
    picture = paint(Genome("patterns", "d", genes), 64).astype(float)
    assert np.abs(picture - picture[:, ::-1]).mean() < 1


def test_supersampling_comes_near_to_many_samples_a_pixel():
    for seed in range(4):
        truth = halved(paint(make_genome(seed), 384), 4)
        plain, fine = (
            paint(make_genome(seed), 96, supersample=each).astype(float) for each in (1, 2)
        )
        assert ((fine - truth) ** 2).mean() < ((plain - truth) ** 2).mean()


def test_it_yields_after_every_band_and_ends_at_one(monkeypatch):
    monkeypatch.setattr(patterns, "BAND", 64 * 16)
    answer: list[float] = []
    paint(make_genome(1), 64, yield_point=answer.append)
    assert answer == [0.25, 0.5, 0.75, 1.0]


def test_an_interrupted_picture_leaves_the_way_it_was_interrupted():
    def leave(progress: float) -> None:
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        paint(make_genome(1), yield_point=leave)


@pytest.mark.parametrize("scale", [0.0, 1.0, 3e38])
def test_any_finite_genes_are_painted(scale: float):
    genes = (np.random.default_rng(1).uniform(-1, 1, 1633) * scale).astype(np.float32)
    assert paint(Genome("patterns", "d", genes), 32, supersample=2).shape == (32, 32, 3)


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused, match="don't belong to the Patterns species"):
        paint(Genome("patterns", "d", np.zeros(512)))


def test_a_plain_gate_and_no_twist_still_paint_under_several_threads():
    before = torch.get_num_threads()
    one = paint(make_genome(5, gate=PLAIN, twist=0), 80, supersample=2)
    torch.set_num_threads(2)
    try:
        assert np.array_equal(one, paint(make_genome(5, gate=PLAIN, twist=0), 80, supersample=2))
    finally:
        torch.set_num_threads(before)
