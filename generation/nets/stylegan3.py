"""The synthesis network of StyleGAN3, configurations t (translation) and r (rotation).

Karras, T., Aittala, M., Laine, S., Härkönen, E., Hellsten, J., Lehtinen, J., Aila, T. (2021).
Alias-Free Generative Adversarial Networks. NeurIPS. Weights come with their run-time gains (see
`generation.importing.stylegan`); the filters are those of the file.
"""

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from generation.nets.modules import module_list
from generation.nets.stylegan2 import GAIN, StyledConv
from generation.yielding import YieldPoint, ignore_progress


class Waves(nn.Module):
    """The input: sine waves over the plane, turned and moved by the first style."""

    def __init__(self, config: Mapping[str, Any], *, w_dim: int) -> None:
        super().__init__()
        count = config["channels"]
        self.edge, self.rate = int(config["edge"]), config["rate"]
        self.bandwidth = config["bandwidth"]
        self.frequencies = nn.Parameter(torch.empty(count, 2))
        self.phases = nn.Parameter(torch.empty(count))
        self.weight = nn.Parameter(torch.empty(count, count))
        self.transform = nn.Parameter(torch.empty(3, 3))
        self.style = nn.Linear(w_dim, 4)

    def forward(self, w: Tensor) -> Tensor:
        """Features [batch, channels, edge, edge] of w [batch, w_dim]."""
        turn = self.style(w)  # cosine, sine, x, y
        turn = turn / turn[:, :2].norm(dim=1, keepdim=True)
        cosine, sine, x, y = turn.unbind(1)
        zero, one = torch.zeros_like(x), torch.ones_like(x)
        rotation = _matrices([cosine, -sine, zero, sine, cosine, zero, zero, zero, one])
        shift = _matrices([one, zero, -x, zero, one, -y, zero, zero, one])
        moved = rotation @ shift @ self.transform
        phases = self.phases + (self.frequencies @ moved[:, :2, 2:]).squeeze(2)
        frequencies = self.frequencies @ moved[:, :2, :2]
        # Waves that leave the band fade out, so that no turn of the plane makes an alias.
        fade = (frequencies.norm(dim=2) - self.bandwidth) / (self.rate / 2 - self.bandwidth)
        amplitudes = (1 - fade).clamp(0, 1)
        half = 0.5 * self.edge / self.rate
        line = (2 * torch.arange(self.edge, device=w.device) + 1 - self.edge) / self.edge * half
        grid = torch.stack(torch.meshgrid(line, line, indexing="xy"), dim=-1)  # [edge, edge, 2]
        angles = torch.einsum("yxk,bck->byxc", grid, frequencies) + phases[:, None, None]
        waves = torch.sin(2 * math.pi * angles) * amplitudes[:, None, None]
        return (waves @ self.weight.t()).permute(0, 3, 1, 2).contiguous()


class FilteredLayer(StyledConv):
    """A styled convolution whose rectifier works on an enlarged, filtered signal."""

    def __init__(self, config: Mapping[str, Any], *, w_dim: int, paints: bool) -> None:
        kernel = config["kernel"]
        super().__init__(config["inputs"], config["width"], kernel=kernel, w_dim=w_dim)
        self.paints, self.padding = paints, list(config["padding"])
        self.up, self.down, self.clamp = config["up"], config["down"], config["clamp"]
        self.gain = nn.Parameter(torch.empty(()))
        self.up_filter = _taps(config["up_taps"])
        self.down_filter = _taps(config["down_taps"])

    def forward(self, features: Tensor, w: Tensor) -> Tensor:
        style = self.style(w)
        if not self.paints:
            style = style * style.square().mean(1, keepdim=True).rsqrt()
        scaled = features * (style * self.gain)[:, :, None, None]
        features = functional.conv2d(scaled, self.weight, padding=self.weight.shape[2] - 1)
        if not self.paints:
            features = features * self.demodulation(style)
        features = features + self.bias[None, :, None, None]
        features = _enlarge(features, self.up_filter, times=self.up, padding=self.padding)
        if not self.paints:
            features = functional.leaky_relu_(features, 0.2).mul_(GAIN)
        if self.clamp is not None:
            features = features.clamp_(-self.clamp, self.clamp)
        return _reduce(features, self.down_filter, times=self.down)


class Synthesis(nn.Module):
    """From the w of each layer to a picture. config: the `net` of the card."""

    can_stop = False

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        w_dim, layers = config["w_dim"], config["layers"]
        self.resolution, self.scale = int(config["resolution"]), config["scale"]
        self.waves = Waves(config["waves"], w_dim=w_dim)
        self.layers = module_list(
            FilteredLayer(layer, w_dim=w_dim, paints=index == len(layers) - 1)
            for index, layer in enumerate(layers)
        )

    def forward(
        self,
        ws: Tensor,
        *,
        edge: int | None = None,
        yield_point: YieldPoint = ignore_progress,
    ) -> Tensor:
        """Pictures [batch, channels, resolution, resolution] of ws [batch, num_ws, w_dim].

        edge: has no meaning here, because the whole picture is made by the last layers.
        yield_point: called after every layer.
        """
        features = self.waves(ws[:, 0])
        for index, layer in enumerate(self.layers, start=1):
            features = layer(features, ws[:, index])
            yield_point(index / len(self.layers))
        return features * self.scale


def _matrices(entries: list[Tensor]) -> Tensor:
    """Nine numbers [batch] each as matrices [batch, 3, 3]."""
    return torch.stack(entries, dim=1).view(-1, 3, 3)


def _taps(shape: list[int]) -> nn.Parameter | None:
    return nn.Parameter(torch.empty(shape)) if shape else None


def _enlarge(planes: Tensor, taps: Tensor | None, *, times: int, padding: list[int]) -> Tensor:
    """Zeros between the samples, padding, then the filter with a gain of times**2."""
    batch, channels, height, width = planes.shape
    if times > 1:
        spread = planes.new_zeros(batch, channels, height, times, width, times)
        spread[:, :, :, 0, :, 0] = planes
        planes = spread.view(batch, channels, height * times, width * times)
    return _convolve(functional.pad(planes, padding), taps, gain=times**2)


def _reduce(planes: Tensor, taps: Tensor | None, *, times: int) -> Tensor:
    return _convolve(planes, taps, times=times)


def _convolve(planes: Tensor, taps: Tensor | None, *, gain: float = 1.0, times: int = 1) -> Tensor:
    """Convolve every plane with a filter and keep every `times`th sample."""
    channels = planes.shape[1]
    if taps is None:
        return planes[:, :, ::times, ::times] * gain
    if taps.ndim == 2:
        kernel = (taps * gain).flip((0, 1))[None, None].expand(channels, 1, -1, -1)
        return functional.conv2d(planes, kernel, stride=times, groups=channels)
    line = (taps * math.sqrt(gain)).flip(0)[None, None]
    down = line[..., None].expand(channels, 1, -1, -1)
    across = line[..., None, :].expand(channels, 1, -1, -1)
    planes = functional.conv2d(planes, down, stride=(times, 1), groups=channels)
    return functional.conv2d(planes, across, stride=(1, times), groups=channels)
