"""The painter of uploaded pictures: it decodes what a genome holds."""

import numpy as np

from generation.checkpoints import Checkpoint
from generation.codecs.stored_picture import read_stored
from generation.genome import Genome
from generation.yielding import YieldPoint


class PictureNet:
    """Gives each genome's own picture, at the size it was stored in; finishing brings it to any."""

    def render(
        self, genome: Genome, *, size: int, supersample: int, yield_point: YieldPoint
    ) -> np.ndarray:
        """The picture, uint8 sRGB [edge, edge, 3]. Raises Refused where there is none."""
        return read_stored(genome.picture)


def load(checkpoint: Checkpoint) -> PictureNet:
    return PictureNet()
