"""Species that paint by a formula: the same bytes always, yield points, and any genes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from generation.genespaces.brushwork import layout as brushwork
from generation.genespaces.brushwork.picture import paint as paint_strokes
from generation.genespaces.brushwork.sampling import draw as draw_painting
from generation.genespaces.glass import layout as glass
from generation.genespaces.glass.picture import paint as paint_glass
from generation.genespaces.glass.sampling import draw as draw_window
from generation.genome import Genome
from generation.nets.formulas import FormulaNet
from generation.refusal import Refused


@dataclass
class Case:
    """A species: its name, where its genes are, its painter, and two works."""

    name: str
    layout: Any
    paint: Any
    draw: Any

    def __post_init__(self) -> None:
        self.net = FormulaNet(self.paint)
        self.one, self.other = (self.genome(self.draw(np.random.default_rng(i))) for i in (1, 2))

    def genome(self, genes: np.ndarray) -> Genome:
        return Genome(self.name.lower(), "digest", genes)


CASES = [
    Case("Brushwork", brushwork, paint_strokes, draw_painting),
    Case("Glass", glass, paint_glass, draw_window),
]
of_every_species = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@of_every_species
@pytest.mark.parametrize("size", [16, 61])
def test_a_picture_is_square_bytes_and_always_the_same_in_any_company(case: Case, size: int):
    first = case.net.render(case.one, size=size)
    assert first.shape == (size, size, 3) and first.dtype == np.uint8 and first.std() > 5
    assert not np.array_equal(case.net.render(case.other, size=size), first)
    assert np.array_equal(FormulaNet(case.paint).render(case.one, size=size), first)


@of_every_species
def test_it_yields_often_and_ends_at_one_and_an_interrupted_picture_leaves(case: Case):
    answer: list[float] = []
    case.net.render(case.one, size=160, yield_point=answer.append)
    assert len(answer) > 5 and answer == sorted(answer) and answer[-1] == 1.0

    def leave(progress: float) -> None:
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        case.net.render(case.one, size=32, yield_point=leave)


@of_every_species
@pytest.mark.parametrize("scale", [0.0, 1.0, 3e38])
def test_any_finite_genes_are_painted(case: Case, scale: float):
    size = case.layout.SIZE
    genes = (np.random.default_rng(1).uniform(-1, 1, size) * scale).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        assert case.net.render(case.genome(genes), size=32).shape == (32, 32, 3)


@of_every_species
def test_genes_of_another_species_are_refused(case: Case):
    with pytest.raises(Refused, match=f"don't belong to the {case.name} species"):
        case.net.render(case.genome(np.zeros(512, np.float32)), size=32)
