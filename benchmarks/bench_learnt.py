"""Learnt pictures on one thread: the served net over torch, its share of sgemm, a training step.

CPU time, medians of interleaved rounds. The roofline is the faster of torch's and ONNX Runtime's
product of two 1024 x 1024 matrices, measured in the same rounds.

Why whole batches are hard to beat by 1.45x: the convolutions of a picture of 64 px are 182 M
multiplications, 3.95 ms at the 46 G a second of sgemm on the machine where this was written. Eager
torch took 9.2 / 4.7 / 5.5 ms a picture at B1/8/32 there, that is 43 / 84 / 72 % of sgemm, so a net
at all of sgemm would be 1.57x faster, and 1.45x asks for 93 % of it in the mean. The served net
takes 4.0 ms in a batch of eight and 5.1 ms alone: of that the 3x3 convolutions are 74 % (they run
at the speed of sgemm, except for the first ones, which must read all their weights for few pixels),
reading the weights of the genes' layers 6 %, scaling and activation 6 %, enlarging 4 %, changing
layouts 4 %, the rest is small. Winograd's F(2x2, 3x3) in ONNX operations would not pay by this
count (it was not built): it saves 5/9 of the multiplications and reads and writes four times the
features, in some twenty more nodes.
"""

import math
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.measuring import Row
from generation.checkpoints import find
from generation.finishing import superres
from generation.finishing.resolution import enlarge
from generation.nets import style_vae, style_vae_onnx
from generation.nets.lite0 import Lite0
from generation.nets.onnx_graph import Graph
from generation.nets.style_vae import Generator, ModulatedConv
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.learner import Learner, PictureSettings

SPECIES = "people"
BATCHES = (1, 8, 32)
SERVING_GOAL, STEP_GOAL = 1.45, 1.35
SHARE_GOALS = {64: 0.75, 256: 0.50}
MATRIX = 1024
BIG_CHANNELS = (256, 192, 96, 48, 32, 16, 16)  # Of an untrained net of 256 px, to be timed.

Works = dict[str, Callable[[], Any]]


def rows(quick: bool) -> list[Row]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            found = [*_serving(rounds=3 if quick else 15), *_roofline(rounds=3 if quick else 15)]
        return [*found, _training_step(rounds=2 if quick else 7)]
    finally:
        torch.set_num_threads(threads)


def _serving(*, rounds: int) -> list[Row]:
    """The net as it is served against torch, one by one and in a batch.

    Torch gives a picture the same bytes in any batch only when it renders one by one.
    """
    net = style_vae.load(find(SPECIES).folder)
    served, one_by_one = style_vae_onnx.serve(net), style_vae_onnx.TorchDecoder(net)
    works: Works = {}
    for batch in BATCHES:
        genes = np.random.default_rng(batch).standard_normal(
            (batch, net.config.n_genes * net.config.gene_size)
        )
        works[f"served {batch}"] = partial(served.decode, genes)
        works[f"one by one {batch}"] = partial(one_by_one.decode, genes)
        works[f"batched {batch}"] = partial(net.decode, genes)
    times = _medians(works, rounds=rounds)
    each = " / ".join(f"{times[f'served {batch}'] / batch:.2f}" for batch in BATCHES)
    found = []
    for way, words in (
        ("one by one", "that keeps a picture's bytes in any batch"),
        ("batched", "in whole batches"),
    ):
        ratios = [times[f"{way} {batch}"] / times[f"served {batch}"] for batch in BATCHES]
        mean = math.prod(ratios) ** (1 / len(ratios))
        shown = " / ".join(f"{ratio:.2f}" for ratio in ratios)
        found.append(
            {
                "name": f"learnt: served net over eager torch {words}, {SPECIES}, B1/8/32",
                "goal": f">= {SERVING_GOAL}x",
                "value": f"{mean:.2f}x ({shown}; served {each} ms a picture)",
                "ok": mean >= SERVING_GOAL,
            }
        )
    return found


def _roofline(*, rounds: int) -> list[Row]:
    """Multiplications of the convolutions a second, over those of sgemm."""
    net = style_vae.load(find(SPECIES).folder)
    big = Generator(style_vae.StyleVaeConfig(channels=BIG_CHANNELS)).eval().requires_grad_(False)
    served, served_big = style_vae_onnx.serve(net), style_vae_onnx.serve(big)
    upscaler = superres.load("animevideo")
    rng = np.random.default_rng(0)
    few, one, one_big = (
        rng.standard_normal((count, some.config.n_genes * some.config.gene_size)).astype(np.float32)
        for count, some in ((8, net), (1, net), (1, big))
    )
    drawn, settings = 4 * net.config.size, {"net": "animevideo"}
    work = (
        _products(net)
        + sum(layer.weight.numel() for layer in upscaler.convolutions) * net.config.size**2
    )
    works: dict[str, tuple[Callable[[], Any], float, float]] = {
        f"64 px, B1, {SPECIES}": (lambda: served.decode(one), _products(net), SHARE_GOALS[64]),
        f"64 px, B8, {SPECIES}": (lambda: served.decode(few), 8 * _products(net), SHARE_GOALS[64]),
        f"256 px, B1, {SPECIES} and the net that draws them larger": (
            lambda: enlarge(
                served.decode(one)[0], drawn, settings, yield_point=lambda progress: None
            ),
            work,
            SHARE_GOALS[256],
        ),
        "256 px, B1, an untrained net of that size": (
            lambda: served_big.decode(one_big),
            _products(big),
            SHARE_GOALS[256],
        ),
    }
    gemms = _gemms()
    times = _medians({**{name: one[0] for name, one in works.items()}, **gemms}, rounds=rounds)
    fastest = MATRIX**3 / min(times[name] for name in gemms)
    found = []
    for name, (_, products, goal) in works.items():
        share = products / times[name] / fastest
        found.append(
            {
                "name": f"learnt: share of sgemm ({fastest / 1e6:.0f} G products a second), {name}",
                "goal": f">= {goal:.0%}",
                "value": f"{share:.0%} ({times[name]:.1f} ms)",
                "ok": share >= goal,
            }
        )
    return found


def _gemms() -> Works:
    one, other = torch.randn(MATRIX, MATRIX), torch.randn(MATRIX, MATRIX)
    graph, options = Graph(), onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    product = graph.add("MatMul", "one", graph.constant(other.numpy()))
    shape = (MATRIX, MATRIX)
    file = graph.to_bytes(inputs={"one": shape}, outputs={"product": (product, shape)})
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return {
        "torch": lambda: one @ other,
        "onnxruntime": lambda: session.run(None, {"one": one.numpy()}),
    }


def _products(net: Generator) -> float:
    """Multiplications of one picture's convolutions; all others are about a hundredth of them."""
    total = 0
    for index, layer in enumerate(net.layers):
        convolutions = [layer.first, layer.second, layer.to_rgb]
        total += (
            sum(one.weight.numel() for one in convolutions if one is not None) * (4 * 2**index) ** 2
        )
    return float(total)


class GroupedConv(ModulatedConv):
    """The same layer the usual way: weights for every picture, and one convolution in groups."""

    def forward(self, x: Tensor, gene: Tensor) -> Tensor:
        batch, channels_in, height, width = x.shape
        weight = (
            self.weight
            / math.sqrt(self.weight[0].numel())
            * self.style(gene)[:, None, :, None, None]
        )
        weight = weight * torch.rsqrt(weight.square().sum((2, 3, 4), keepdim=True) + 1e-8)
        x = F.conv2d(
            x.reshape(1, batch * channels_in, height, width),
            weight.flatten(0, 1),
            None,
            1,
            1,
            1,
            batch,
        )
        return x.view(batch, -1, height, width) + self.bias[None, :, None, None]


def _training_step(*, rounds: int) -> Row:
    """A step of autoencoding at 64 px.

    Noise as data and an untrained feature net do not change how long it takes.
    """
    noise = np.random.default_rng(0).integers(0, 256, (256, 64, 64, 3), dtype=np.uint8)
    ours, usual = (
        Learner(PictureSettings(data="noise"), noise, Lite0(), device=torch.device("cpu"))
        for _ in range(2)
    )
    for part in usual.generator.modules():
        if isinstance(part, ModulatedConv):
            part.__class__ = GroupedConv
    _check_equal(ours.generator, usual.generator)
    times = _medians(
        {
            "ours": lambda: autoencoding_step(ours),
            "usual": lambda: autoencoding_step(usual),
        },
        rounds=rounds,
    )
    ratio = times["usual"] / times["ours"]
    return {
        "name": "learnt: training step, a grouped convolution's time over ours, 64 px, batch 8",
        "goal": f">= {STEP_GOAL}x",
        "value": f"{ratio:.2f}x ({times['usual']:.0f} and {times['ours']:.0f} ms)",
        "ok": ratio >= STEP_GOAL,
    }


@torch.no_grad()
def _check_equal(ours: nn.Module, usual: nn.Module) -> None:
    """Both sides must compute the same, or their times mean nothing."""
    genes = torch.randn(4, ours.config.n_genes, ours.config.gene_size)
    difference = (ours(genes) - usual(genes)).abs().max().item()
    if difference > 1e-3:
        raise ValueError(f"the two training steps differ by {difference:.2g}")


def _medians(works: Works, *, rounds: int) -> dict[str, float]:
    """CPU milliseconds of each work.

    Every work is done in every round, so that what else the machine does falls on all of them.
    """
    times: dict[str, list[float]] = {name: [] for name in works}
    for round_number in range(-2, rounds):
        for name, work in works.items():
            started = time.process_time()
            work()
            if round_number >= 0:  # The first rounds warm up.
                times[name].append(1000 * (time.process_time() - started))
    return {name: statistics.median(spent) for name, spent in times.items()}
