"""Paints genomes of an imported StyleGAN network, of the second or the third generation."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from generation import devices
from generation.checkpoints import Checkpoint
from generation.genespaces.stylegan import stylegan_space
from generation.genome import Genome
from generation.nets import stylegan2, stylegan3
from generation.nets.weights import WeightsError, load_net
from generation.refusal import Refused
from generation.yielding import YieldPoint

# Up to this size a frame may be the sum of a skip network that stopped here, because what the later
# layers add are details of single pixels.
LIVE_EDGE = 256

Synthesis = stylegan2.Synthesis | stylegan3.Synthesis
NETS: dict[str, type[Synthesis]] = {
    "stylegan2": stylegan2.Synthesis,
    "stylegan3": stylegan3.Synthesis,
}


class StyleGanNet:
    """A synthesis network that renders genomes, one at a time."""

    def __init__(
        self,
        net: Synthesis,
        *,
        w_dim: int,
        truncate: Callable[[np.ndarray, float], np.ndarray],
    ) -> None:
        """truncate: genes and psi -> the genes that are painted."""
        self._device = devices.device()
        self._net, self._w_dim, self._truncate = net.to(self._device), w_dim, truncate

    @torch.inference_mode()
    def render(
        self, genome: Genome, *, size: int, supersample: int, yield_point: YieldPoint
    ) -> np.ndarray:
        """The picture of a genome, uint8 sRGB [edge, edge, 3].

        The edge is the network's own, or LIVE_EDGE where a smaller picture was asked for and the
        network can stop there; finishing brings it to `size`.
        """
        genes = self._truncate(genome.genes, genome.psi)
        ws = torch.from_numpy(genes).to(self._device).view(1, -1, self._w_dim)
        edge = LIVE_EDGE if size <= LIVE_EDGE else None
        return to_bytes(self._net(ws, edge=edge, yield_point=yield_point))[0]


def load(checkpoint: Checkpoint) -> StyleGanNet:
    """The net of a checkpoint of one of these architectures.

    Raises Refused when its files do not fit its card.
    """
    build = NETS[checkpoint.card["architecture"]]
    try:
        net = load_net(checkpoint.folder, lambda card: build(card["net"]))
    except WeightsError as error:
        raise Refused(
            "The species “{folder}” cannot be used: {reason}. Fetch or export its checkpoint folder"
            " again.",
            folder=checkpoint.key,
            reason=str(error),
        ) from error
    return StyleGanNet(
        net,
        w_dim=checkpoint.card["net"]["w_dim"],
        truncate=stylegan_space(checkpoint).truncate,
    )


def to_bytes(pictures: Tensor) -> np.ndarray:
    """[batch, channels, edge, edge], -1 to 1 -> uint8 [batch, edge, edge, 3].

    Grey becomes three equal channels. A fourth channel is how opaque the others are; they are laid
    on white, because works of a species are whole pictures.
    """
    values = (pictures * 127.5 + 128).clamp(0, 255)
    if values.shape[1] == 4:
        opaque = values[:, 3:] / 255
        values = values[:, :3] * opaque + 255 * (1 - opaque)
    bytes_ = values[:, :3].to(torch.uint8)
    if bytes_.shape[1] != 3:
        bytes_ = bytes_[:, :1].expand(-1, 3, -1, -1)
    return bytes_.permute(0, 2, 3, 1).cpu().contiguous().numpy()
