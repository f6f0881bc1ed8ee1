"""Nets that enlarge a picture four times: Real-ESRGAN's two for drawn pictures, and one of ours.

Wang et al. 2021, "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic
Data". Their weights are ncnn files: a text that lists the layers (.param) and their numbers one
after the other (.bin), as float16 behind a tag word. Ours is for live frames; `manage.py train
enlarger` made it. Pictures are [1, 3, height, width] in 0..1.
"""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from generation import devices
from generation.finishing.weights import carried_file
from generation.refusal import Refused
from generation.residency import nets

SCALE = 4
HALVING = 2
HALF_TAG = 0x01306B47  # ncnn's tag before weights that are stored as float16.

FAST = "animevideo"  # The faster net of prints.
LIVE = "live"  # The net of live frames, which is our own.
LIVE_FOLDER = Path(__file__).parent / "live_net"
LIVE_CARD, LIVE_WEIGHTS = "card.json", "weights.safetensors"

BetweenLayers = Callable[[], None]


class CompactNet(nn.Module):
    """A chain of convolutions at the size of the input, then a pixel shuffle.

    SRVGG, 0.6 M parameters.
    """

    def __init__(self, *, width: int = 64, depth: int = 16) -> None:
        super().__init__()
        sizes = [3] + [width] * (depth + 1)
        self.convolutions = nn.ModuleList(
            [
                *(
                    nn.Conv2d(a, b, 3, padding=1)
                    for a, b in zip(sizes[:-1], sizes[1:], strict=True)
                ),
                nn.Conv2d(width, 3 * SCALE**2, 3, padding=1),
            ]
        )
        self.slopes = nn.ParameterList([nn.Parameter(torch.empty(width)) for _ in range(depth + 1)])

    def forward(self, picture: Tensor, yield_point: BetweenLayers = lambda: None) -> Tensor:
        x = picture.contiguous(memory_format=torch.channels_last)
        for convolution, slope in zip(self.convolutions, self.slopes, strict=False):
            x = F.prelu(convolution(x), slope)
            yield_point()
        x = F.pixel_shuffle(self.convolutions[-1](x), SCALE)
        return x.add_(F.interpolate(picture, scale_factor=SCALE, mode="nearest"))


class DenseBlock(nn.Module):
    """Five convolutions, each of which gets the outputs of all before it.

    They are a residual branch with a factor of one fifth.
    """

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            [
                nn.Conv2d(width + i * growth, growth if i < 4 else width, 3, padding=1)
                for i in range(5)
            ]
        )

    def forward(self, x: Tensor) -> Tensor:
        seen = x
        for convolution in self.convolutions[:-1]:
            seen = torch.cat([seen, F.leaky_relu(convolution(seen), 0.2)], 1)
        return x + 0.2 * self.convolutions[-1](seen)


class DenseNet(nn.Module):
    """Residual-in-residual dense blocks, then two enlargements by two.

    RRDBNet, 4.5 M parameters with 6 blocks.
    """

    def __init__(self, *, width: int = 64, growth: int = 32, blocks: int = 6) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.blocks = nn.ModuleList(
            [nn.Sequential(*(DenseBlock(width, growth) for _ in range(3))) for _ in range(blocks)]
        )
        self.body = nn.Conv2d(width, width, 3, padding=1)
        self.enlarging = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(2)])
        self.fine = nn.Conv2d(width, width, 3, padding=1)
        self.last = nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, picture: Tensor, yield_point: BetweenLayers = lambda: None) -> Tensor:
        x = first = self.first(picture.contiguous(memory_format=torch.channels_last))
        for block in self.blocks:
            inner = x
            for dense in block.children():
                inner = dense(inner)
                yield_point()
            x = x + 0.2 * inner
        x = first + self.body(x)
        for convolution in self.enlarging:
            x = F.leaky_relu(convolution(F.interpolate(x, scale_factor=2, mode="nearest")), 0.2)
            yield_point()
        return self.last(F.leaky_relu(self.fine(x), 0.2))


class LiveNet(nn.Module):
    """Our own net for live frames, which learnt from `CompactNet`.

    It works at half the size of the input, where a convolution costs a quarter and sees twice as
    far: two by two pixels become the channels of one (as in Bicubic++, Bilecen and Ayazoglu 2023).
    Only the last convolution is at the size of the input, before the pixel shuffle.
    """

    def __init__(self, *, width: int, depth: int, fine: int) -> None:
        """width, depth: channels and convolutions at half the size. fine: channels at the size."""
        super().__init__()
        self.first = nn.Conv2d(3 * HALVING**2, width, 3, padding=1)
        self.body = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(depth)])
        self.wide = nn.Conv2d(width, fine * HALVING**2, 1)
        self.last = nn.Conv2d(fine, 3 * SCALE**2, 3, padding=1)

    def forward(self, picture: Tensor, yield_point: BetweenLayers = lambda: None) -> Tensor:
        height, width = picture.shape[2:]
        # An odd edge is filled up, and what it became is cut off again.
        picture = F.pad(picture, (0, width % HALVING, 0, height % HALVING), mode="replicate")
        x = F.pixel_unshuffle(picture, HALVING).contiguous(memory_format=torch.channels_last)
        x = F.leaky_relu(self.first(x), 0.1)
        for convolution in self.body:
            x = x + F.leaky_relu(convolution(x), 0.1)
            yield_point()
        x = F.leaky_relu(F.pixel_shuffle(self.wide(x), HALVING), 0.1)
        x = self.last(x.contiguous(memory_format=torch.channels_last))
        x = x + picture.repeat_interleave(SCALE**2, dim=1)
        return F.pixel_shuffle(x, SCALE)[..., : SCALE * height, : SCALE * width]


# What a genome may name; LIVE is no part of a recipe.
NETS: dict[str, Callable[[], nn.Module]] = {FAST: CompactNet, "anime": DenseNet}


def load(name: str) -> nn.Module:
    """A net with its weights, kept in memory.

    Raises Refused for an unknown name, and for weights that are missing, damaged or of another net.
    """
    if name == LIVE:
        weights = LIVE_FOLDER / LIVE_WEIGHTS
        size = weights.stat().st_size if weights.is_file() else 0
        return nets.get("upscaler of live frames", lambda: _placed(read_live()), size=2 * size)
    if name not in NETS:
        raise Refused(
            "There is no upscaler “{name}”; choose from {nets}.",
            name=name[:40],
            nets=", ".join(sorted(NETS)),
        )
    numbers = carried_file(f"{name}.bin")
    # Stored as float16, computed with as float32.
    return nets.get(f"upscaler {name}", lambda: _read(name), size=2 * numbers.stat().st_size)


def _read(name: str) -> nn.Module:
    net = NETS[name]()
    fill(net, carried_file(f"{name}.param"), carried_file(f"{name}.bin"))
    return _placed(net)


def read_live(folder: Path = LIVE_FOLDER) -> LiveNet:
    """The live net of a folder with its card and its weights.

    Raises Refused when they are missing, damaged or of another net.
    """
    try:
        card = json.loads((folder / LIVE_CARD).read_text(encoding="utf-8"))
        net = LiveNet(**card["net"])
        tensors = load_file(folder / LIVE_WEIGHTS)
        net.load_state_dict({name: value.float() for name, value in tensors.items()})
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise Refused("The upscaler's weights are damaged or belong to another net.") from error
    return net


def _placed(net: nn.Module) -> nn.Module:
    """The net on its device, ready to enlarge."""
    net.eval().requires_grad_(False)
    # torch's stubs lack this overload, which its documentation has.
    return net.to(devices.device(), memory_format=torch.channels_last)  # type: ignore[call-overload]


@torch.inference_mode()
def enlarge(
    net: nn.Module, pixels: np.ndarray, *, yield_point: BetweenLayers = lambda: None
) -> np.ndarray:
    """uint8 [height, width, 3] -> uint8 [4 height, 4 width, 3].

    yield_point: called between layers.
    """
    picture = torch.from_numpy(np.array(pixels)).to(devices.device()).permute(2, 0, 1)[None]
    picture = picture.float().div_(255)
    drawn = net(picture, yield_point).clamp_(0, 1).mul_(255).add_(0.5).to(torch.uint8)
    return drawn[0].permute(1, 2, 0).cpu().contiguous().numpy()


def fill(net: nn.Module, param: Path, numbers: Path) -> None:
    """Load an ncnn net's numbers into `net`, whose modules stand in the order of their use.

    Raises Refused when the two are not the same net.
    """
    convolutions = [module for module in net.modules() if isinstance(module, nn.Conv2d)]
    slopes = list(net.slopes) if isinstance(net, CompactNet) else []
    try:
        with torch.no_grad():
            for kind, weight, bias in read_layers(param, numbers):
                if kind == "Convolution":
                    convolution = convolutions.pop(0)
                    shape = convolution.weight.shape
                    convolution.weight.copy_(torch.from_numpy(weight.reshape(shape)))
                    if convolution.bias is not None:
                        convolution.bias.copy_(torch.from_numpy(bias))
                else:
                    slopes.pop(0).copy_(torch.from_numpy(weight))
    except (IndexError, RuntimeError, ValueError, KeyError, struct.error) as error:
        raise Refused("The upscaler's weights are damaged or belong to another net.") from error
    if convolutions or slopes:
        raise Refused("The upscaler's weights are incomplete.")


def read_layers(param: Path, numbers: Path) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Kind, weights and biases of each layer with numbers (Convolution, PReLU), in file order.

    Raises ValueError when the numbers do not end where the layers do.
    """
    data, place = numbers.read_bytes(), 0

    def take(count: int, kind: type) -> np.ndarray:
        nonlocal place
        taken = np.frombuffer(data, kind, count, place).astype(np.float32)
        # Every run is padded to whole words of 4 bytes.
        place += -(-count * np.dtype(kind).itemsize // 4) * 4
        return taken

    for line in param.read_text(encoding="ascii").splitlines()[2:]:
        words = line.split()
        settings = dict(word.split("=", 1) for word in words if "=" in word)
        if words and words[0] == "Convolution":
            (tag,) = struct.unpack_from("<I", data, place)
            place += 4
            if tag not in (0, HALF_TAG):
                raise ValueError(f"unknown kind of numbers {tag:#x}")
            weight = take(int(settings["6"]), np.float16 if tag else np.float32)
            yield (
                "Convolution",
                weight,
                take(int(settings["0"]) if settings.get("5") == "1" else 0, np.float32),
            )
        elif words and words[0] == "PReLU":
            yield "PReLU", take(int(settings["0"]), np.float32), np.empty(0, np.float32)
    if place != len(data):
        raise ValueError(f"{len(data) - place} bytes are left over")
