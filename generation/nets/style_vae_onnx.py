"""The style generator as it is served on a CPU, by ONNX Runtime.

The session is made from the torch net when that is loaded. It paints the same picture, to one step
of 255, because sums are rounded in another order. A genome gives the same bytes in whatever batch
it is; torch does not promise that.
"""

import logging
import math
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from generation import devices
from generation.nets.onnx_graph import Graph
from generation.nets.style_vae import GeneMap, Generator, Linear, ModulatedConv, to_bytes
from generation.onnx_sessions import open_session

MAX_BATCH = 8  # On a CPU a larger one wins nothing and makes everybody wait.
GAIN = math.sqrt(2)  # Of `style_vae.leaky`; folded into the weights of what follows.

logger = logging.getLogger(__name__)


class Decoder(Protocol):
    """What paints genes, float32 [batch, length] -> uint8 [batch, edge, edge, 3].

    The same genes give the same bytes in any batch.
    """

    def decode(self, genes: np.ndarray) -> np.ndarray: ...


def serve(net: Generator) -> Decoder:
    """Choose the fastest decoder on this machine.

    That is torch on a graphics card and ONNX Runtime on a CPU; torch on the CPU where ONNX Runtime
    fails. A session uses as many threads as torch does in the calling thread at this moment.
    """
    if devices.device().type != "cpu":
        return TorchDecoder(net.to(devices.device()), batch=MAX_BATCH)
    try:
        return OnnxDecoder(net, threads=torch.get_num_threads())
    # ONNX Runtime has a kind of its own for every failure; a slower picture is better than none.
    except Exception:
        logger.exception(
            "ONNX Runtime cannot run this net; it is served by torch, which is slower."
        )
        return TorchDecoder(net, batch=1)


class TorchDecoder:
    """Torch, always with the same number of pictures.

    In batches of different sizes it rounds sums differently, and a picture must not depend on its
    neighbours. So a batch is filled up, which costs a graphics card little; a CPU takes one picture
    at a time.
    """

    def __init__(self, net: Generator, *, batch: int) -> None:
        self._net, self._batch = net, batch

    def decode(self, genes: np.ndarray) -> np.ndarray:
        missing = -len(genes) % self._batch
        filled = np.concatenate([genes, np.repeat(genes[:1], missing, axis=0)])
        parts = [
            self._net.decode(filled[start : start + self._batch])
            for start in range(0, len(filled), self._batch)
        ]
        return np.concatenate(parts)[: len(genes)]


class OnnxDecoder:
    """The net in ONNX Runtime.

    batch: how many pictures it paints together; 1 where a batch would change their bytes.
    """

    def __init__(self, net: Generator, *, threads: int) -> None:
        self._shape = (-1, net.config.n_genes, net.config.gene_size)
        self._session = open_session(export(net), threads=threads)
        self.batch = MAX_BATCH if self._is_batch_invariant() else 1

    def decode(self, genes: np.ndarray) -> np.ndarray:
        shaped = np.ascontiguousarray(genes, dtype=np.float32).reshape(self._shape)
        parts = [
            self._run(shaped[start : start + self.batch])
            for start in range(0, len(shaped), self.batch)
        ]
        return to_bytes(torch.from_numpy(np.concatenate(parts)))

    def _run(self, genes: np.ndarray) -> np.ndarray:
        return self._session.run(None, {"genes": genes})[0]

    def _is_batch_invariant(self) -> bool:
        """Tell whether a picture keeps every bit in a batch.

        It does with the kernels we know; this machine may have others.
        """
        genes = (
            np.random.default_rng(0)
            .standard_normal((MAX_BATCH, *self._shape[1:]))
            .astype(np.float32)
        )
        together, few = self._run(genes), self._run(genes[1:4])
        alone = self._run(genes[2:3])
        return np.array_equal(together[2:3], alone) and np.array_equal(few[1:2], alone)


def export(net: Generator) -> bytes:
    """Build the net as an ONNX file.

    Its input is "genes" [batch, n_genes, gene_size], its output "picture" [batch, 3, size, size].
    Everything that the weights alone decide is computed here, once: equalised gains and the powers
    of demodulation.
    """
    config, graph = net.config, Graph()
    genes = [_gene(graph, index) for index in range(config.n_genes)]
    start = graph.add(
        "Reshape",
        _linear(graph, net.start, genes[0]),
        graph.constant([-1, config.channels[0], 4, 4]),
    )
    graph.declare_shape(start, ("batch", config.channels[0], 4, 4))
    features = _leaky(graph, graph.add("Add", start, graph.constant(_array(net.constant))))
    picture = ""
    for index, (layer, gene) in enumerate(zip(net.layers, genes, strict=True)):
        edge = 4 * 2**index
        features = _modulated(
            graph, layer.first, features, gene, maps=_maps_at(net, index), edge=edge if index else 0
        )
        if layer.second is not None:
            features = _modulated(graph, layer.second, features, gene)
        weight = graph.constant(_scaled(layer.to_rgb.weight) * GAIN)
        assert layer.to_rgb.bias is not None
        bias = graph.constant(_array(layer.to_rgb.bias))
        rgb = graph.add("Conv", features, weight, bias, kernel_shape=[1, 1])
        if picture:
            rgb = graph.add("Add", _enlarge(graph, picture, shape=(3, edge)), rgb)
        picture = rgb
    shape = ("batch", 3, config.size, config.size)
    return graph.to_bytes(
        inputs={"genes": ("batch", config.n_genes, config.gene_size)},
        outputs={"picture": (picture, shape)},
    )


def _maps_at(net: Generator, index: int) -> GeneMap | None:
    return net.gene_maps[index - 1] if 0 < index <= len(net.gene_maps) else None


def _modulated(
    graph: Graph,
    conv: ModulatedConv,
    features: str,
    gene: str,
    *,
    maps: GeneMap | None = None,
    edge: int = 0,
) -> str:
    """Add a modulated convolution; features come and go divided by GAIN.

    edge: what they are enlarged to; 0 for not at all.
    """
    weight = _scaled(conv.weight)
    channels = weight.shape[1]
    style = _linear(graph, conv.style, gene)
    scale = graph.add("Unsqueeze", style, graph.constant([2, 3]))
    if maps is not None:
        features = graph.add(
            "Add", _enlarge(graph, features, shape=(channels, edge)), _draw(graph, maps, gene)
        )
    features = graph.add("Mul", features, scale)
    if maps is None and edge:
        # Scaling commutes with enlarging, and is four times cheaper before it.
        features = _in_blocks(graph, features, bias=np.zeros(channels, np.float32))
        features = _enlarge(graph, features, shape=(channels, edge))
    features = graph.add(
        "Conv", features, graph.constant(weight * GAIN), kernel_shape=[3, 3], pads=[1, 1, 1, 1]
    )
    power = graph.constant(np.square(weight, dtype=np.float64).sum((2, 3)).T)
    power = graph.add("Gemm", graph.add("Mul", style, style), power, graph.constant([1e-8]))
    unit = graph.add(
        "Unsqueeze", graph.add("Reciprocal", graph.add("Sqrt", power)), graph.constant([2, 3])
    )
    return _leaky(
        graph, _in_blocks(graph, graph.add("Mul", features, unit), bias=_array(conv.bias))
    )


def _draw(graph: Graph, maps: GeneMap, gene: str) -> str:
    drawn = graph.add("Reshape", _linear(graph, maps.maps, gene), graph.constant([-1, *maps.shape]))
    graph.declare_shape(drawn, ("batch", *maps.shape))
    return graph.add("Conv", drawn, graph.constant(_array(maps.mixing) / GAIN), kernel_shape=[1, 1])


def _gene(graph: Graph, index: int) -> str:
    one = graph.add(
        "Slice", "genes", graph.constant([index]), graph.constant([index + 1]), graph.constant([1])
    )
    return graph.add("Squeeze", one, graph.constant([1]))


def _linear(graph: Graph, layer: Linear, values: str) -> str:
    weight = _array(layer.weight).T / math.sqrt(layer.weight.shape[1])
    return graph.add("Gemm", values, graph.constant(weight), graph.constant(_array(layer.bias)))


def _leaky(graph: Graph, values: str) -> str:
    return graph.add("LeakyRelu", values, alpha=0.2)


def _in_blocks(graph: Graph, features: str, *, bias: np.ndarray) -> str:
    """Add a bias by a convolution, which changes how the planes lie in memory.

    They are then laid out as ONNX Runtime's convolutions take them. In that layout it enlarges
    three times faster, and all that follows up to the next scaling needs no new layout.
    """
    same = graph.constant(np.ones((len(bias), 1, 1, 1), np.float32))
    return graph.add(
        "Conv", features, same, graph.constant(bias), kernel_shape=[1, 1], group=len(bias)
    )


def _enlarge(graph: Graph, planes: str, *, shape: tuple[int, int]) -> str:
    """Add a bilinear enlargement to twice the edge.

    shape: channels, and the edge of the result. Only because that is stated can a sum of two
    pictures be made part of a convolution.
    """
    twice = graph.constant([1.0, 1.0, 2.0, 2.0])
    enlarged = graph.add(
        "Resize", planes, "", twice, mode="linear", coordinate_transformation_mode="half_pixel"
    )
    graph.declare_shape(enlarged, ("batch", *shape, shape[1]))
    return enlarged


def _scaled(weight: Tensor) -> np.ndarray:
    """Return a convolution's weight with its run-time gain."""
    return _array(weight) / math.sqrt(weight[0].numel())


def _array(values: Tensor) -> np.ndarray:
    return values.detach().float().cpu().contiguous().numpy()
