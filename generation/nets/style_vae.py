"""The learnt picture net: a variational autoencoder whose decoder is a style generator.

A picture's genome is `n_genes` genes of 64 numbers, one per resolution 4, 8, 16, ... px: the first
shapes the whole, the middle ones the features, the last ones fine detail and colour. Each gene
modulates the convolutions of its resolution (Karras et al. 2020, "Analyzing and Improving the Image
Quality of StyleGAN"), written as scale - convolve - scale with shared weights. Equalised learning
rates follow Karras et al. 2018. Pictures are [batch, 3, size, size] in -1..1.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.nets.modules import channels_last, full_precision, module_list
from generation.nets.weights import WeightsError, load_net
from generation.refusal import Refused

GENE_SIZE = 64
DEFAULT_CHANNELS = {
    16: (256, 192, 64),
    32: (192, 128, 64, 24),
    64: (256, 192, 96, 48, 16),
    128: (256, 192, 96, 48, 24, 12),
    256: (256, 192, 96, 48, 32, 16, 16),
}
# A judge of larger pictures must see more of them at once, or nobody minds the whole.
PATCH_WIDTHS = (16, 32, 64, 128)
LARGE_PATCH_WIDTHS = (*PATCH_WIDTHS, 128)


@dataclass(frozen=True)
class StyleVaeConfig:
    """The sizes of the nets.

    channels: those of the generator at 4, 8, 16, ... px; their count fixes the picture's size and
    the number of genes.
    """

    channels: tuple[int, ...] = DEFAULT_CHANNELS[64]
    gene_size: int = GENE_SIZE

    @property
    def n_genes(self) -> int:
        return len(self.channels)

    @property
    def size(self) -> int:
        return 4 * 2 ** (len(self.channels) - 1)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "StyleVaeConfig":
        return cls(channels=tuple(data["channels"]), gene_size=data["gene_size"])


def leaky(x: Tensor) -> Tensor:
    """Leaky ReLU that keeps the variance of its input."""
    return F.leaky_relu(x, 0.2) * math.sqrt(2)


def enlarge(x: Tensor) -> Tensor:
    """Enlarge twice, bilinearly.

    Nearest-neighbour enlargement and strided transposed convolutions leave plaid and spots.
    """
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Linear(nn.Module):
    """A fully connected layer whose weights are scaled at run time.

    So every layer learns at the same speed.
    """

    def __init__(self, size_in: int, size_out: int, *, bias: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(size_out, size_in))
        self.bias = nn.Parameter(torch.full((size_out,), bias))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight / math.sqrt(self.weight.shape[1]), self.bias)


class Conv(nn.Module):
    """A convolution with the same run-time scaling."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        kernel: int,
        *,
        stride: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, channels_in, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(channels_out)) if bias else None
        self.stride = stride
        self.padding = 1 if kernel == 4 else kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        gain = 1 / math.sqrt(self.weight[0].numel())
        return F.conv2d(x, self.weight * gain, self.bias, self.stride, self.padding)


class ModulatedConv(nn.Module):
    """A 3x3 convolution whose input channels are scaled by a gene.

    Its output is brought back to unit variance.
    """

    def __init__(self, channels_in: int, channels_out: int, gene_size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, channels_in, 3, 3))
        self.bias = nn.Parameter(torch.zeros(channels_out))
        self.style = Linear(gene_size, channels_in, bias=1.0)

    def forward(self, x: Tensor, gene: Tensor) -> Tensor:
        weight = self.weight / math.sqrt(self.weight[0].numel())
        # Little work, and an error in it would scale whole channels.
        with full_precision(x):
            style = self.style(gene)  # [batch, channels_in]
            power = style.square() @ weight.square().sum((2, 3)).t()  # [batch, channels_out]
            scale = torch.rsqrt(power + 1e-8)
        x = F.conv2d(x * style.to(x.dtype)[:, :, None, None], weight, None, 1, 1)
        return torch.addcmul(
            self.bias.to(x.dtype)[None, :, None, None], x, scale.to(x.dtype)[:, :, None, None]
        )


class Layer(nn.Module):
    """What happens at one resolution of the generator.

    One or two modulated convolutions, then a step towards the picture.
    """

    def __init__(
        self, channels_in: int, channels_out: int, *, gene_size: int, is_double: bool
    ) -> None:
        super().__init__()
        self.first = ModulatedConv(channels_in, channels_out, gene_size)
        self.second = ModulatedConv(channels_out, channels_out, gene_size) if is_double else None
        self.to_rgb = Conv(channels_out, 3, 1)

    def forward(self, x: Tensor, gene: Tensor) -> tuple[Tensor, Tensor]:
        x = leaky(self.first(x, gene))
        if self.second is not None:
            x = leaky(self.second(x, gene))
        # Colours are sums over all resolutions; bfloat16 knows only 256 shades of them.
        with full_precision(x):
            return x, self.to_rgb(x.float())


class GeneMap(nn.Module):
    """Lets a gene draw directly: a few small maps, made from it, are mixed into the features.

    Modulation alone can only scale whole channels, so shape detail would have to wait for the style
    path. The mixing starts at zero, that is, as if this part were absent.
    """

    def __init__(self, channels: int, *, gene_size: int, rank: int, resolution: int) -> None:
        super().__init__()
        self.maps = Linear(gene_size, rank * resolution * resolution)
        self.mixing = nn.Parameter(torch.zeros(channels, rank, 1, 1))
        self.shape = (rank, resolution, resolution)

    def forward(self, gene: Tensor) -> Tensor:
        return F.conv2d(self.maps(gene).view(len(gene), *self.shape), self.mixing)


class Generator(nn.Module):
    """Genes [batch, n_genes, gene_size] -> pictures, float32 under autocast, too."""

    def __init__(self, config: StyleVaeConfig) -> None:
        super().__init__()
        self.config = config
        channels, gene_size = config.channels, config.gene_size
        self.constant = nn.Parameter(torch.randn(1, channels[0], 4, 4))
        self.start = Linear(gene_size, channels[0] * 16)
        self.gene_maps = module_list(
            [
                GeneMap(channels[0], gene_size=gene_size, rank=24, resolution=8),
                GeneMap(channels[1], gene_size=gene_size, rank=12, resolution=16),
            ]
        )
        inputs = (channels[0], *channels[:-1])
        last = len(channels) - 1
        self.layers = module_list(
            Layer(size_in, size_out, gene_size=gene_size, is_double=i in (1, last))
            for i, (size_in, size_out) in enumerate(zip(inputs, channels, strict=True))
        )

    def forward(self, genes: Tensor) -> Tensor:
        start = self.start(genes[:, 0]).view(len(genes), -1, 4, 4)
        x = leaky(self.constant + start).contiguous(memory_format=torch.channels_last)
        x, picture = self.layers[0](x, genes[:, 0])
        for i, layer in enumerate(self.layers[1:], start=1):
            gene = genes[:, i]
            x = enlarge(x)
            if i in (1, 2):
                x = x + self.gene_maps[i - 1](gene)
            x, rgb = layer(x, gene)
            picture = enlarge(picture) + rgb
        return picture

    @torch.no_grad()
    def decode(self, genes: np.ndarray) -> np.ndarray:
        """Paint genes, float32 [batch, n_genes * gene_size] -> uint8 [batch, size, size, 3].

        The same genes give the same bytes.
        """
        shaped = torch.from_numpy(np.ascontiguousarray(genes, dtype=np.float32))
        shaped = shaped.view(-1, self.config.n_genes, self.config.gene_size)
        return to_bytes(self(shaped.to(self.constant.device)))


class Encoder(nn.Module):
    """Pictures -> mean and log-variance of their genes, each [batch, n_genes, gene_size]."""

    def __init__(self, config: StyleVaeConfig) -> None:
        super().__init__()
        self.config = config
        steps = int(math.log2(config.size // 2)) - 2  # strided steps from size / 2 down to 4 px
        widths = [32, 64, 128, 256, 256, 256][: steps + 1]
        self.stem = Conv(3, widths[0], 4, stride=2)
        pairs = list(zip(widths[:-1], widths[1:], strict=True))
        self.blocks = module_list(Conv(a, b, 4, stride=2) for a, b in pairs)
        self.skips = module_list(Conv(a, b, 1, bias=False) for a, b in pairs)
        self.hidden = Linear(widths[-1] * 16, 512)
        self.output = Linear(512, config.n_genes * config.gene_size * 2)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        x = leaky(self.stem(pictures))
        for block, skip in zip(self.blocks, self.skips, strict=True):
            x = (leaky(block(x)) + skip(F.avg_pool2d(x, 2))) * math.sqrt(0.5)
        genes = self.output(leaky(self.hidden(x.flatten(1))))
        mean, log_variance = genes.view(-1, self.config.n_genes, 2 * self.config.gene_size).chunk(
            2, dim=2
        )
        # Starting near variance e^-4 lets reconstruction begin before the noise has been tamed.
        return mean, (log_variance - 4).clamp(-9, 3)


class Discriminator(nn.Module):
    """Pictures -> a map of logits, each of which judges a patch of about 30 px (wider nets: 60).

    A high logit says that the patch was drawn by a person, a low one that the net made it. It has
    3x3 convolutions and average pooling: strided ones let the generator get away with a grid of
    spots.
    """

    def __init__(self, widths: tuple[int, ...] = PATCH_WIDTHS) -> None:
        super().__init__()
        pairs = list(zip(widths[:-1], widths[1:], strict=True))
        self.stem = Conv(3, widths[0], 3)
        self.blocks = module_list(Conv(a, b, 3) for a, b in pairs)
        self.skips = module_list(Conv(a, b, 1, bias=False) for a, b in pairs)
        self.last = Conv(widths[-1], widths[-1], 3)
        self.logit = Conv(widths[-1], 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        x = leaky(self.stem(pictures))
        for block, skip in zip(self.blocks, self.skips, strict=True):
            x = (F.avg_pool2d(leaky(block(x)), 2) + skip(F.avg_pool2d(x, 2))) * math.sqrt(0.5)
        return self.logit(leaky(self.last(x)))


def to_bytes(pictures: Tensor) -> np.ndarray:
    """-1..1 [batch, 3, height, width] -> uint8 [batch, height, width, 3]."""
    scaled = ((pictures.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).cpu().contiguous().numpy()


def from_bytes(pictures: np.ndarray | Tensor, *, device: torch.device | str = "cpu") -> Tensor:
    """uint8 [batch, height, width, 3] -> -1..1 [batch, 3, height, width], channels last."""
    if not isinstance(pictures, Tensor):
        pictures = torch.from_numpy(np.array(pictures, dtype=np.uint8))
    tensor = pictures.to(device, non_blocking=True)
    return (tensor.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(
        memory_format=torch.channels_last
    )


def load(folder: Path) -> Generator:
    """Load the generator of a checkpoint folder, in evaluation mode on the CPU.

    Raises Refused when its weights are missing, damaged, of another shape than the card says, or
    not finite.
    """
    try:
        net = load_net(
            folder,
            lambda card: Generator(StyleVaeConfig.from_json(card["net"])),
            prefix="generator.",
        )
    except WeightsError as error:
        raise Refused(
            "The species “{folder}” cannot be used: {reason}. Fetch or export its checkpoint folder"
            " again.",
            folder=folder.name,
            reason=str(error),
        ) from error
    return channels_last(net)
