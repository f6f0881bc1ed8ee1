"""The Glass renderer.

Drawing itself is in `generation.genespaces.glass.picture`, in numpy: it works on a few thousand
pixels at a time, which stay in the cache of a CPU.
"""

import numpy as np

from generation.checkpoints import Checkpoint
from generation.genespaces.glass.picture import paint
from generation.genome import Genome
from generation.yielding import YieldPoint, ignore_progress


class GlassNet:
    """Paints genomes of the Glass species. It holds nothing: all is in the genome."""

    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: YieldPoint = ignore_progress,
    ) -> np.ndarray:
        """Paint the picture of a genome, uint8 [size, size, 3] sRGB.

        supersample: without effect, as edges are softened by their distance. yield_point: called
        with the progress, 0 to 1, every few milliseconds.
        """
        return paint(genome.genes, size=size, yield_point=yield_point)


def load(checkpoint: Checkpoint) -> GlassNet:
    """The net of a checkpoint of this architecture, which has no weights of its own."""
    return GlassNet()
