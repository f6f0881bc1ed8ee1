"""The Glass renderer: the same bytes always, yield points, and any genes."""

import numpy as np
import pytest

from generation.genespaces.glass.layout import SIZE
from generation.genespaces.glass.sampling import draw
from generation.genome import Genome
from generation.nets.glass import GlassNet
from generation.refusal import Refused

NET = GlassNet()
ONE, OTHER = (Genome("glass", "digest", draw(np.random.default_rng(seed))) for seed in (1, 2))


@pytest.mark.parametrize("size", [16, 61])
def test_a_picture_is_square_bytes_and_always_the_same_in_any_company(size: int):
    first = NET.render(ONE, size=size)
    assert first.shape == (size, size, 3) and first.dtype == np.uint8 and first.std() > 5
    assert not np.array_equal(NET.render(OTHER, size=size), first)
    assert np.array_equal(GlassNet().render(ONE, size=size), first)


def test_it_yields_often_and_ends_at_one_and_an_interrupted_picture_leaves():
    answer: list[float] = []
    NET.render(ONE, size=160, yield_point=answer.append)
    assert len(answer) > 5 and answer == sorted(answer) and answer[-1] == 1.0

    def leave(progress: float) -> None:
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        NET.render(ONE, size=32, yield_point=leave)


@pytest.mark.parametrize("scale", [0.0, 1.0, 3e38])
def test_any_finite_genes_are_painted(scale: float):
    genes = (np.random.default_rng(1).uniform(-1, 1, SIZE) * scale).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        assert NET.render(Genome("glass", "d", genes), size=32).shape == (32, 32, 3)


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused, match="don't belong to the Glass species"):
        NET.render(Genome("glass", "d", np.zeros(512)), size=32)
