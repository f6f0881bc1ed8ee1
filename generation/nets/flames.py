"""The Flames renderer: how many points a picture gets, and its grid.

Drawing itself is in `generation.genespaces.flames.picture`, in numpy: measured step by step, torch
is not faster at it on a CPU.
"""

from collections.abc import Callable

import numpy as np

from generation.checkpoints import Checkpoint
from generation.genespaces.flames.picture import paint
from generation.genome import Genome

MOVING_EDGE = 128  # Live pictures up to this size follow a hand,
MOVING_POINTS = 180_000  # and get so many points: with 800,000, a frame takes twice the time.
SMALL_EDGE = 256  # Those up to this size come as soon as a hand pauses.
SMALL_POINTS = 16  # Points a pixel of these,
RESTING_POINTS = 48  # and of larger ones, for which there is about a second.
FEWEST, MOST_AT_REST = 800_000, 16_000_000
PRINTED_POINTS = 40  # Points a pixel of a print.
FEWEST_OF_A_PRINT, MOST_OF_A_PRINT = 24_000_000, 120_000_000
MOST_BINS = 4096  # Edge of the grid; larger ones would take more than 130 MB.


class FlamesNet:
    """Paints genomes of the Flames species. It holds nothing: all is in the genome."""

    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: Callable[[float], None] = lambda progress: None,
    ) -> np.ndarray:
        """Paint the picture of a genome, uint8 [size, size, 3] sRGB.

        supersample: 2 draws as many points as a print needs. yield_point: called with the progress,
        0 to 1, every few milliseconds.
        """
        return paint(
            genome.genes,
            size=size,
            points=points_for(size, is_print=supersample > 1),
            factor=2 if 2 * size <= MOST_BINS else 1,
            yield_point=yield_point,
        )


def points_for(size: int, *, is_print: bool) -> int:
    """How many points a picture gets: more at rest than while something moves, most in print."""
    if is_print:
        return min(MOST_OF_A_PRINT, max(FEWEST_OF_A_PRINT, PRINTED_POINTS * size**2))
    if size <= MOVING_EDGE:
        return MOVING_POINTS
    each = SMALL_POINTS if size <= SMALL_EDGE else RESTING_POINTS
    return min(MOST_AT_REST, max(FEWEST, each * size**2))


def load(checkpoint: Checkpoint) -> FlamesNet:
    """The net of a checkpoint of this architecture, which has no weights of its own."""
    return FlamesNet()
