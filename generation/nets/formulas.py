"""The renderer of species whose gene space paints by itself, in numpy, such as Brushwork and Glass.

They work on small patches or a few thousand pixels at a time, which stay in the cache of a CPU;
torch is not faster at that.
"""

from typing import Protocol

import numpy as np

from generation.genome import Genome
from generation.yielding import YieldPoint, ignore_progress


class Paint(Protocol):
    """Paints genes as uint8 [size, size, 3] sRGB; see `FormulaNet.render`."""

    def __call__(
        self, genes: np.ndarray, *, size: int, yield_point: YieldPoint = ...
    ) -> np.ndarray: ...


class FormulaNet:
    """Paints genomes by a formula. It holds nothing else: all is in the genome."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint

    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: YieldPoint = ignore_progress,
    ) -> np.ndarray:
        """Paint the picture of a genome, uint8 [size, size, 3] sRGB.

        supersample: without effect, as these formulas soften edges at any size. yield_point: called
        with the progress, 0 to 1, every few milliseconds.
        """
        return self._paint(genome.genes, size=size, yield_point=yield_point)
