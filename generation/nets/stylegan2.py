"""The synthesis network of StyleGAN2 and StyleGAN2-ADA, configurations e and f of any width.

Karras, T., Laine, S., Aittala, M., Hellsten, J., Lehtinen, J., Aila, T. (2020). Analyzing and
Improving the Image Quality of StyleGAN. CVPR. Karras et al. (2020). Training Generative Adversarial
Networks with Limited Data. NeurIPS. Weights come with their run-time gains (see
`generation.importing.stylegan`). Noise is the fixed one of the file, so that the same genes give
the same picture.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from generation.nets.modules import module_list
from generation.yielding import YieldPoint, ignore_progress

GAIN = math.sqrt(2)  # Keeps the size of features through a leaky rectifier.
EPSILON = 1e-8


class StyledConv(nn.Module):
    """A convolution whose inputs are scaled by a style, and whose outputs have unit size."""

    def __init__(self, inputs: int, outputs: int, *, kernel: int, w_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.empty(outputs))
        self.style = nn.Linear(w_dim, inputs)

    @cached_property
    def power(self) -> Tensor:
        """How strongly each input moves each output, [inputs, outputs]."""
        return self.weight.square().sum((2, 3)).t()

    def demodulation(self, style: Tensor) -> Tensor:
        """What brings the outputs back to unit size, [batch, outputs, 1, 1]."""
        return _planes((style.square() @ self.power + EPSILON).rsqrt())


class NoisyConv(StyledConv):
    """A 3 x 3 styled convolution with fixed noise; the first one of a block enlarges twice."""

    def __init__(self, inputs: int, outputs: int, *, w_dim: int, edge: int, enlarges: bool) -> None:
        super().__init__(inputs, outputs, kernel=3, w_dim=w_dim)
        self.noise = nn.Parameter(torch.empty(edge, edge))
        self.enlarges = enlarges

    def forward(self, features: Tensor, w: Tensor, *, taps: Tensor, gain: float = 1.0) -> Tensor:
        style = self.style(w)
        features = features * _planes(style)
        if self.enlarges:
            features = functional.conv_transpose2d(features, self.weight.transpose(0, 1), stride=2)
            # The padding that keeps a 3 x 3 kernel and these taps centred on the new grid.
            width = len(taps)
            before, after = (width - 1) // 2, (width - 2) // 2
            features = _filter(features, taps * 4, before=before, after=after)
        else:
            features = functional.conv2d(features, self.weight, padding=1)
        features = features * self.demodulation(style) + self.noise
        features = features + _planes(self.bias[None])
        return functional.leaky_relu_(features, 0.2).mul_(GAIN * gain)


class Block(nn.Module):
    """The layers of one resolution."""

    def __init__(self, index: int, config: Mapping[str, Any]) -> None:
        super().__init__()
        widths, w_dim, edge = config["widths"], config["w_dim"], 4 * 2**index
        width = widths[index]
        is_last = index == len(widths) - 1
        is_residual = config["architecture"] == "resnet" and index > 0
        self.first = (
            NoisyConv(widths[index - 1], width, w_dim=w_dim, edge=edge, enlarges=True)
            if index
            else None
        )
        self.second = NoisyConv(width, width, w_dim=w_dim, edge=edge, enlarges=False)
        self.around = (
            nn.Parameter(torch.empty(width, widths[index - 1], 1, 1)) if is_residual else None
        )
        self.to_picture = (
            StyledConv(width, config["channels"], kernel=1, w_dim=w_dim)
            if is_last or config["architecture"] == "skip"
            else None
        )


class Synthesis(nn.Module):
    """From the w of each layer to a picture. config: the `net` of the card."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.resolution, self.clamp = int(config["resolution"]), config["clamp"]
        self.can_stop = config["architecture"] == "skip"
        self.constant = nn.Parameter(torch.empty(config["widths"][0], 4, 4))
        self.filter = nn.Parameter(torch.empty(config["taps"], config["taps"]))
        self.blocks = module_list(Block(index, config) for index in range(len(config["widths"])))

    def forward(
        self,
        ws: Tensor,
        *,
        edge: int | None = None,
        yield_point: YieldPoint = ignore_progress,
    ) -> Tensor:
        """Pictures [batch, channels, edge, edge], about -1 to 1, of ws [batch, num_ws, w_dim].

        edge: stop the sum of a skip network at the first resolution from this size on; others
        paint whole. yield_point: called after every block.
        """
        features = self.constant[None].expand(len(ws), -1, -1, -1)
        picture: Tensor | None = None
        for index, block in enumerate(self.blocks):
            features = self._features(block, features, ws, max(0, 2 * index - 1))
            if picture is not None:
                picture = self._enlarge(picture)
            if block.to_picture is not None:
                painted = self._paint(block.to_picture, features, ws[:, 2 * index + 1])
                picture = painted if picture is None else picture + painted
            size = 4 * 2**index
            yield_point(min(1.0, size / self.resolution))
            if self.can_stop and edge is not None and size >= edge:
                break
        assert picture is not None  # The last block always paints.
        return picture

    def _features(self, block: Block, features: Tensor, ws: Tensor, place: int) -> Tensor:
        """The features after a block, whose first layer takes the w at `place`."""
        around, gain = None, 1.0
        if block.around is not None:
            gain = math.sqrt(0.5)
            around = self._enlarge(functional.conv2d(features, block.around)) * gain
        if block.first is not None:
            features = self._clamp(block.first(features, ws[:, place], taps=self.filter))
            place += 1
        features = block.second(features, ws[:, place], taps=self.filter, gain=gain)
        features = self._clamp(features, gain)
        return features if around is None else features + around

    def _paint(self, layer: StyledConv, features: Tensor, w: Tensor) -> Tensor:
        painted = functional.conv2d(features * _planes(layer.style(w)), layer.weight)
        return self._clamp(painted + _planes(layer.bias[None]))

    def _enlarge(self, planes: Tensor) -> Tensor:
        """Twice the edge: zeros in between, then the filter."""
        batch, channels, height, width = planes.shape
        spread = planes.new_zeros(batch, channels, height, 2, width, 2)
        spread[:, :, :, 0, :, 0] = planes
        taps = len(self.filter)
        return _filter(
            spread.view(batch, channels, 2 * height, 2 * width),
            self.filter * 4,
            before=(taps + 1) // 2,
            after=(taps - 2) // 2,
        )

    def _clamp(self, values: Tensor, gain: float = 1.0) -> Tensor:
        return values if self.clamp is None else values.clamp(-self.clamp * gain, self.clamp * gain)


def _planes(values: Tensor) -> Tensor:
    """[batch, channels] as factors of planes."""
    return values[:, :, None, None]


def _filter(planes: Tensor, taps: Tensor, *, before: int, after: int) -> Tensor:
    """Convolve every plane with taps [taps, taps], padded by zeros."""
    channels = planes.shape[1]
    padded = functional.pad(planes, (before, after, before, after))
    kernel = taps.flip((0, 1))[None, None].expand(channels, 1, -1, -1)
    return functional.conv2d(padded, kernel, groups=channels)
