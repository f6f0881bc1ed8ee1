"""The Flames renderer: the same bytes always, yield points, and more points where there is time."""

import numpy as np
import pytest

from generation.breeding import sample
from generation.genespaces.flames.layout import SIZE
from generation.genome import Genome
from generation.nets import flames
from generation.nets.flames import FlamesNet, points_for
from generation.refusal import Refused

NET = FlamesNet()


@pytest.fixture(autouse=True)
def few_points(monkeypatch):
    monkeypatch.setattr(flames, "MOVING_POINTS", 60_000)
    monkeypatch.setattr(flames, "FEWEST_OF_A_PRINT", 150_000)


def test_a_picture_is_square_bytes_and_always_the_same_in_any_company():
    one, other = sample("flames", seed=1), sample("flames", seed=2)
    for size, supersample in ((17, 1), (64, 2)):
        first = NET.render(one, size=size, supersample=supersample)
        assert first.shape == (size, size, 3) and first.dtype == np.uint8 and first.std() > 5
        assert not np.array_equal(NET.render(other, size=size, supersample=supersample), first)
        assert np.array_equal(FlamesNet().render(one, size=size, supersample=supersample), first)


def test_a_print_has_at_least_twenty_million_points_and_a_moving_picture_the_fewest(monkeypatch):
    monkeypatch.undo()
    assert all(points_for(size, is_print=True) >= 20e6 for size in (16, 512, 2048, 4096))
    moving, resting = points_for(256, is_print=False), points_for(512, is_print=False)
    assert moving / 256**2 < resting / 512**2
    assert points_for(64, is_print=False) < moving < resting < points_for(1024, is_print=True)


def test_it_yields_often_and_ends_at_one():
    answer: list[float] = []
    NET.render(sample("flames", seed=1), size=48, supersample=2, yield_point=answer.append)
    assert len(answer) > 4 and answer == sorted(answer) and answer[-1] == 1.0


def test_an_interrupted_picture_leaves_the_way_it_was_interrupted():
    def leave(progress: float) -> None:
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        NET.render(sample("flames", seed=1), size=32, yield_point=leave)


@pytest.mark.parametrize("scale", [0.0, 1.0, 3e38])
def test_any_finite_genes_are_painted(scale: float):
    genes = (np.random.default_rng(1).uniform(-1, 1, SIZE) * scale).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        assert NET.render(Genome("flames", "d", genes), size=32).shape == (32, 32, 3)


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused, match="don't belong to the Flames species"):
        NET.render(Genome("flames", "d", np.zeros(512)), size=32)
