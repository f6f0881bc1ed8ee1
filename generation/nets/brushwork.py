"""The Brushwork renderer.

Drawing itself is in `generation.genespaces.brushwork.picture`, in numpy: strokes are small patches
at places of their own, which torch is not faster at on a CPU.
"""

import numpy as np

from generation.checkpoints import Checkpoint
from generation.genespaces.brushwork.picture import paint
from generation.genome import Genome
from generation.yielding import YieldPoint, ignore_progress


class BrushworkNet:
    """Paints genomes of the Brushwork species. It holds nothing: all is in the genome."""

    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: YieldPoint = ignore_progress,
    ) -> np.ndarray:
        """Paint the picture of a genome, uint8 [size, size, 3] sRGB.

        supersample: without effect, as edges of strokes are soft at any size. yield_point: called
        with the progress, 0 to 1, every few milliseconds.
        """
        return paint(genome.genes, size=size, yield_point=yield_point)


def load(checkpoint: Checkpoint) -> BrushworkNet:
    """The net of a checkpoint of this architecture, which has no weights of its own."""
    return BrushworkNet()
