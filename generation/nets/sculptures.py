"""The Sculptures renderer: numpy on a CPU, torch on any other device.

The formula is in `generation.genespaces.sculptures`. On a CPU numpy is the faster of the two, since
rays end one by one and most arrays are small.
"""

import numpy as np
import torch

from generation import devices
from generation.checkpoints import Checkpoint
from generation.genespaces.sculptures.field import NUMPY, Kit
from generation.genespaces.sculptures.picture import draw
from generation.genespaces.sculptures.tracing import HASTY, LIVE, PRINT, scene_of
from generation.genome import Genome
from generation.yielding import YieldPoint, ignore_progress

MOVING = range(96, 129)  # Sizes of live pictures that follow a hand; smaller ones are quick.


def _places(mask: torch.Tensor) -> torch.Tensor:
    return mask.nonzero().view(-1)


def _at_least(x: torch.Tensor, low: float) -> torch.Tensor:
    return x.clamp_(min=low)


def _at_most(x: torch.Tensor, high: float) -> torch.Tensor:
    return x.clamp_(max=high)


# A graphics card needs many points at once to be busy.
TORCH = Kit(
    xp=torch,
    array=lambda values: torch.from_numpy(values).to(devices.device()),
    numpy=lambda values: values.cpu().numpy(),
    real=lambda x: x.to(torch.float32),
    places=_places,
    take=lambda x, places: x[..., places],
    at_least=_at_least,
    at_most=_at_most,
    chunk=1 << 20,
    band=1 << 20,
)


class SculpturesNet:
    """Draws genomes of the Sculptures species. It holds nothing: all is in the genome."""

    @torch.inference_mode()
    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: YieldPoint = ignore_progress,
    ) -> np.ndarray:
        """The picture of a genome, uint8 sRGB [size, size, 3].

        supersample: 2 takes smaller steps, and more rays at edges. yield_point: called with the
        progress, 0 to 1, whenever many points have been measured.
        """
        device = devices.device()
        if device.type == "cpu":
            return paint(NUMPY, genome, size, supersample, yield_point)
        with device:  # New tensors are made there.
            return paint(TORCH, genome, size, supersample, yield_point)


def paint(
    kit: Kit, genome: Genome, size: int, supersample: int, yield_point: YieldPoint
) -> np.ndarray:
    """The picture of a genome, uint8 sRGB [size, size, 3], by an array library."""
    reached = 0.0

    def report(progress: float) -> None:
        nonlocal reached
        reached = progress
        yield_point(progress)

    scene = scene_of(genome.genes, kit, lambda: yield_point(reached))
    care = PRINT if supersample > 1 else HASTY if size in MOVING else LIVE
    return draw(scene, size=size, care=care, report=report)


def load(checkpoint: Checkpoint) -> SculpturesNet:
    """The net of a checkpoint of this architecture, which has no weights of its own."""
    return SculpturesNet()
