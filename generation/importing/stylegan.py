"""From the modules of an official StyleGAN2(-ada) or StyleGAN3 pickle to the tensors of our nets.

Gains that the official code applies at run time (equalised learning rate, the learning rate of the
mapping network, the strength of noise) become part of the weights here, so that the nets in
`generation.nets` hold plain weights. Karras et al. 2020, "Analyzing and Improving the Image Quality
of StyleGAN"; Karras et al. 2021, "Alias-Free Generative Adversarial Networks".
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.importing.modules import Module, fields_of
from generation.refusal import Refused

Tensors = dict[str, np.ndarray]

MAX_RESOLUTION = 2048
MAX_WIDTH = 4096
MAX_CLASSES = 1000
MAX_LAYERS = 40


@dataclass(frozen=True)
class Network:
    """A network that was read.

    architecture: "stylegan2" or "stylegan3". net: its configuration, for the card. synthesis and
    mapping: the tensors of its two parts.
    """

    architecture: str
    net: dict[str, Any]
    synthesis: Tensors
    mapping: Tensors


def read_network(root: Any) -> Network:
    """The averaged generator of an official snapshot, or a pickled generator alone.

    Raises Refused with a sentence that says what does not fit.
    """
    fields = fields_of(root) or {}
    alone = root if "_modules" in fields else None
    averaged = fields.get("G_ema", alone)
    if averaged is None:
        raise Refused("This file holds no generator: it has no “G_ema”.")
    generator = Module(averaged, "")
    mapping, facts = _read_mapping(generator.child("mapping"))
    synthesis = generator.child("synthesis")
    is_third = synthesis.has("input")
    net, tensors = (_read_third if is_third else _read_second)(synthesis, facts["w_dim"])
    if facts["num_ws"] != net["num_ws"]:
        raise Refused("The two parts of this network do not fit each other.")
    return Network(
        "stylegan3" if is_third else "stylegan2", facts | net, _named(tensors), _named(mapping)
    )


def _named(tensors: Tensors) -> Tensors:
    return {name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}


def _read_mapping(module: Module) -> tuple[Tensors, dict[str, Any]]:
    """The mapping network: its tensors with their gains, and its facts."""
    facts = {
        "z_dim": module.whole("z_dim", low=1, high=MAX_WIDTH),
        "c_dim": module.whole("c_dim", low=0, high=MAX_CLASSES),
        "w_dim": module.whole("w_dim", low=1, high=MAX_WIDTH),
        "num_ws": module.whole("num_ws", low=2, high=MAX_LAYERS),
    }
    layers = module.whole("num_layers", low=1, high=MAX_LAYERS)
    tensors = {"average": module.tensor("w_avg", facts["w_dim"])}
    width = facts["z_dim"]
    if facts["c_dim"]:
        embedding = _dense(module.child("embed"), facts["c_dim"], activation="linear")
        tensors |= _under("embedding", embedding)
        width += len(embedding["bias"])
    for index in range(layers):
        layer = _dense(module.child(f"fc{index}"), width, activation="lrelu")
        tensors |= _under(f"layers.{index}", layer)
        width = len(layer["bias"])
    if width != facts["w_dim"]:
        raise Refused("The two parts of this network do not fit each other.")
    return tensors, facts


def _under(prefix: str, tensors: Tensors) -> Tensors:
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def _dense(
    module: Module, inputs: int, outputs: int | None = None, *, activation: str = "linear"
) -> Tensors:
    """A fully connected layer with its gains: weight [outputs, inputs] and bias [outputs]."""
    module.one_of("activation", activation)
    weight = module.tensor("weight", outputs, inputs)
    bias = module.tensor("bias", len(weight))
    return {
        "weight": weight * module.number("weight_gain", low=0, high=100),
        "bias": bias * module.number("bias_gain", low=0, high=100),
    }


def _styled(module: Module, inputs: int, w_dim: int, *, kernel: int | None = None) -> Tensors:
    """A convolution that is modulated by a style: weight, bias and the style's own layer."""
    weight = module.tensor("weight", None, inputs, kernel, kernel)
    if weight.shape[2] != weight.shape[3] or weight.shape[2] not in (1, 3):
        raise _unfitting()
    style = _dense(module.child("affine"), w_dim, inputs)
    tensors = {"weight": weight, "bias": module.tensor("bias", len(weight))}
    return tensors | _under("style", style)


def _to_picture(module: Module, inputs: int, w_dim: int, *, channels: int) -> Tensors:
    """The layer that paints, with the gain of its equalised learning rate in its style."""
    tensors = _styled(module, inputs, w_dim)
    if len(tensors["bias"]) != channels:
        raise _unfitting()
    gain = 1 / math.sqrt(tensors["weight"][0].size)
    return tensors | {name: tensors[name] * gain for name in ("style.weight", "style.bias")}


def _unfitting() -> Refused:
    return Refused("The parts of this network do not fit each other.")


def _read_second(synthesis: Module, w_dim: int) -> tuple[dict[str, Any], Tensors]:
    """The synthesis network of StyleGAN2: its configuration and tensors."""
    resolution = synthesis.whole("img_resolution", low=4, high=MAX_RESOLUTION)
    count = round(math.log2(resolution)) - 1
    if resolution != 2 ** (count + 1):
        raise Refused("This network paints {n} px; only powers of 2 can be used.", n=resolution)
    channels = synthesis.whole("img_channels", low=1, high=4)
    first = synthesis.child("b4")
    architecture = first.one_of("architecture", "orig", "skip", "resnet")
    taps = first.tensor("resample_filter", None, None)
    if taps.shape[0] != taps.shape[1]:
        raise _unfitting()
    tensors = {"filter": taps}
    widths: list[int] = []
    for index in range(count):
        block, under = synthesis.child(f"b{4 * 2**index}"), f"blocks.{index}"
        if not index:
            tensors["constant"] = block.tensor("const", None, 4, 4)
            width = len(tensors["constant"])
        else:
            width = widths[-1]
            first_conv = _noisy(block.child("conv0"), width, w_dim, edge=4 * 2**index)
            tensors |= _under(f"{under}.first", first_conv)
            width = len(first_conv["bias"])
        second_conv = _noisy(block.child("conv1"), width, w_dim, edge=4 * 2**index)
        if len(second_conv["bias"]) != width:
            raise _unfitting()
        tensors |= _under(f"{under}.second", second_conv)
        widths.append(width)
        if architecture == "skip" or index == count - 1:
            picture = _to_picture(block.child("torgb"), width, w_dim, channels=channels)
            tensors |= _under(f"{under}.to_picture", picture)
        if architecture == "resnet" and index:
            around = block.child("skip").tensor("weight", width, widths[-2], 1, 1)
            tensors[f"{under}.around"] = around / math.sqrt(widths[-2])
    config = {
        "resolution": resolution,
        "channels": channels,
        "architecture": architecture,
        "widths": widths,
        "num_ws": 2 * count,
        "clamp": first.child("conv1").limit("conv_clamp"),
        "taps": len(taps),
    }
    return config, tensors


def _noisy(module: Module, inputs: int, w_dim: int, *, edge: int) -> Tensors:
    """A styled convolution and its fixed noise, [edge, edge]."""
    module.one_of("activation", "lrelu")
    noise = np.zeros((edge, edge), np.float32)
    if module.has("noise_const"):
        noise = module.tensor("noise_const", edge, edge) * module.tensor("noise_strength")
    return _styled(module, inputs, w_dim, kernel=3) | {"noise": noise}


def _read_third(synthesis: Module, w_dim: int) -> tuple[dict[str, Any], Tensors]:
    """The synthesis network of StyleGAN3, translation or rotation: configuration and tensors."""
    resolution = synthesis.whole("img_resolution", low=4, high=MAX_RESOLUTION)
    channels = synthesis.whole("img_channels", low=1, high=4)
    names = synthesis.texts("layer_names")
    if not 1 <= len(names) < MAX_LAYERS:
        raise _unfitting()
    waves, tensors = _read_waves(synthesis.child("input"), w_dim)
    width, edge, layers = waves["channels"], waves["edge"], []
    for index, name in enumerate(names):
        module = synthesis.child(name)
        is_last = index == len(names) - 1
        layer, found = _read_filtered(module, width, w_dim, channels=channels if is_last else None)
        edge = edge_after(edge, layer)
        if not 1 <= edge <= 2 * MAX_RESOLUTION:
            raise _unfitting()
        width = layer["width"]
        layers.append(layer)
        tensors |= _under(f"layers.{index}", found)
    if edge != resolution:
        raise _unfitting()
    config = {
        "resolution": resolution,
        "channels": channels,
        "num_ws": len(names) + 1,
        "scale": synthesis.number("output_scale", low=0, high=1000),
        "waves": waves,
        "layers": layers,
    }
    return config, tensors


def _read_waves(module: Module, w_dim: int) -> tuple[dict[str, Any], Tensors]:
    """The input of StyleGAN3: sine waves that the first style turns and moves."""
    frequencies = module.tensor("freqs", None, 2)
    count = len(frequencies)
    weight = module.tensor("weight", count, count)
    edges = module.numbers("size", low=4, high=2 * MAX_RESOLUTION)
    if len(set(edges)) != 1:
        raise _unfitting()
    config = {
        "channels": count,
        "edge": int(edges[0]),
        "rate": module.number("sampling_rate", low=1, high=2 * MAX_RESOLUTION),
        "bandwidth": module.number("bandwidth", low=0, high=2 * MAX_RESOLUTION),
    }
    tensors = {
        "frequencies": frequencies,
        "phases": module.tensor("phases", count),
        "weight": weight / math.sqrt(count),
        "transform": module.tensor("transform", 3, 3),
    }
    tensors |= _under("style", _dense(module.child("affine"), w_dim, 4))
    return config, _under("waves", tensors)


def _read_filtered(
    module: Module, inputs: int, w_dim: int, *, channels: int | None
) -> tuple[dict[str, Any], Tensors]:
    """One layer of StyleGAN3. channels: those of the picture, where the layer paints it."""
    if channels is None:
        tensors = _styled(module, inputs, w_dim)
        weight = tensors["weight"]
        size = np.sqrt(np.square(weight).mean((1, 2, 3), keepdims=True))
        tensors["weight"] = weight / np.maximum(size, np.finfo(np.float32).tiny)
    else:
        tensors = _to_picture(module, inputs, w_dim, channels=channels)
    magnitude = module.tensor("magnitude_ema")
    if magnitude <= 0:
        raise _unfitting()
    tensors["gain"] = 1 / np.sqrt(magnitude)
    layer: dict[str, Any] = {
        "inputs": inputs,
        "width": len(tensors["bias"]),
        "kernel": tensors["weight"].shape[2],
        "padding": [int(n) for n in module.numbers("padding", low=-4096, high=4096)],
        "clamp": module.limit("conv_clamp"),
    }
    if len(layer["padding"]) != 4:
        raise _unfitting()
    for way in ("up", "down"):
        layer[way] = module.whole(f"{way}_factor", low=1, high=8)
        if module.has(f"{way}_filter"):
            tensors[f"{way}_filter"] = module.filter(f"{way}_filter")
        # [] for no filter, one length for a separable one, two for a radial one.
        layer[f"{way}_taps"] = list(tensors.get(f"{way}_filter", np.zeros(())).shape)
    return layer, tensors


def edge_after(edge: int, layer: dict[str, Any]) -> int:
    """The edge in pixels that a layer makes of another one."""
    left, right, _, _ = layer["padding"]
    edge = (edge + layer["kernel"] - 1) * layer["up"] + left + right
    for way in ("up", "down"):
        edge -= max([1, *layer[f"{way}_taps"]]) - 1
    return -(-edge // layer["down"])
