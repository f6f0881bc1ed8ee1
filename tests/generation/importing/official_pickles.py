"""Small random networks in the layout in which the official StyleGAN code pickles them.

No official source is used or needed: the layout is that a module lies in the pickle as a call of
`torch_utils.persistence._reconstruct_persistent_obj` with its class's name, its source text and its
fields. The names of fields and tensors are those of the published files.
"""

import math
import pickle
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.signal
import scipy.special
import torch


@dataclass
class Persistent:
    """A module as the official code keeps it; `fields` are its settings."""

    class_name: str
    fields: dict[str, Any]
    parameters: dict[str, np.ndarray] = field(default_factory=dict)
    buffers: dict[str, np.ndarray | None] = field(default_factory=dict)
    modules: dict[str, "Persistent"] = field(default_factory=dict)

    def tensor(self, name: str) -> np.ndarray:
        found = self.parameters.get(name)
        found = self.buffers.get(name) if found is None else found
        assert found is not None, name
        return found.astype(np.float64)

    def __getitem__(self, name: str) -> "Persistent":
        return self.modules[name]


class EasyDict(dict):
    """Stands for the official code's dictionary with attributes."""


EasyDict.__module__, EasyDict.__qualname__ = "dnnlib.util", "EasyDict"


def _reconstruct_persistent_obj(meta: Any) -> None:
    raise AssertionError("Nothing in a pickle is ever called.")


_reconstruct_persistent_obj.__module__ = "torch_utils.persistence"


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if not isinstance(thing, Persistent):
            return NotImplemented
        tensors = {
            name: torch.nn.Parameter(torch.from_numpy(np.array(value, np.float32)))
            for name, value in thing.parameters.items()
        }
        buffers = {
            name: None if value is None else torch.from_numpy(np.array(value, np.float32))
            for name, value in thing.buffers.items()
        }
        state = dict(thing.fields)
        state |= {"training": False, "_parameters": tensors, "_buffers": buffers}
        state |= {"_non_persistent_buffers_set": set(), "_modules": thing.modules}
        meta = {"type": "class", "version": 6, "module_src": "raise SystemExit('never run')"}
        meta |= {"class_name": thing.class_name, "state": state}
        return _reconstruct_persistent_obj, (EasyDict(meta),)


def write_pickle(path: Path, root: Any, *, protocol: int = 4) -> Path:
    """Pickle something as the official code does."""
    stand_ins = {}
    for name, content in (
        ("dnnlib.util", {"EasyDict": EasyDict}),
        ("torch_utils.persistence", {"_reconstruct_persistent_obj": _reconstruct_persistent_obj}),
    ):
        module = types.ModuleType(name)
        vars(module).update(content)
        stand_ins |= {name.split(".")[0]: types.ModuleType(name.split(".")[0]), name: module}
    before = {name: sys.modules.get(name) for name in stand_ins}
    sys.modules.update(stand_ins)
    try:
        with path.open("wb") as file:
            _Pickler(file, protocol=protocol).dump(root)
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return path


def snapshot(generator: Persistent) -> dict[str, Any]:
    """What a training run saves."""
    return {
        "G": None,
        "D": None,
        "G_ema": generator,
        "augment_pipe": None,
        "training_set_kwargs": EasyDict(path="coins.zip", use_labels=False),
    }


def _dense(
    rng: np.random.Generator,
    inputs: int,
    outputs: int,
    *,
    activation: str = "linear",
    rate: float = 1.0,
    bias: float = 0.0,
) -> Persistent:
    return Persistent(
        "FullyConnectedLayer",
        {
            "in_features": inputs,
            "out_features": outputs,
            "activation": activation,
            "weight_gain": rate / math.sqrt(inputs),
            "bias_gain": rate,
        },
        {
            "weight": rng.standard_normal((outputs, inputs)) / rate,
            "bias": bias + 0.2 * rng.standard_normal(outputs) / rate,
        },
    )


def _mapping(
    rng: np.random.Generator, *, z_dim: int, c_dim: int, w_dim: int, num_ws: int, layers: int
) -> Persistent:
    modules = {"embed": _dense(rng, c_dim, w_dim)} if c_dim else {}
    width = z_dim + (w_dim if c_dim else 0)
    for index in range(layers):
        modules[f"fc{index}"] = _dense(rng, width, w_dim, activation="lrelu", rate=0.01)
        width = w_dim
    fields = {"z_dim": z_dim, "c_dim": c_dim, "w_dim": w_dim, "num_ws": num_ws}
    fields |= {"num_layers": layers, "w_avg_beta": 0.995}
    buffers = {"w_avg": 0.3 * rng.standard_normal(w_dim)}
    return Persistent("MappingNetwork", fields, {}, buffers, modules)


def _generator(mapping: Persistent, synthesis: Persistent) -> Persistent:
    fields = {**mapping.fields, "_init_kwargs": EasyDict(), "_init_args": ()}
    fields |= {name: synthesis.fields[name] for name in ("img_resolution", "img_channels")}
    return Persistent("Generator", fields, {}, {}, {"synthesis": synthesis, "mapping": mapping})


def make_second(
    *,
    resolution: int = 16,
    channels: int = 3,
    widths: tuple[int, ...] = (12, 10, 8),
    z_dim: int = 10,
    c_dim: int = 0,
    w_dim: int = 14,
    layers: int = 3,
    architecture: str = "skip",
    clamp: float | None = None,
    has_noise: bool = True,
    seed: int = 0,
) -> Persistent:
    """A random StyleGAN2 generator. widths: channels at 4, 8, 16 ... px."""
    rng = np.random.default_rng(seed)
    taps = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64
    count = len(widths)
    assert resolution == 4 * 2 ** (count - 1)

    def conv(inputs: int, outputs: int, edge: int, up: int) -> Persistent:
        fields = {"resolution": edge, "up": up, "activation": "lrelu", "conv_clamp": clamp}
        fields |= {"use_noise": has_noise, "padding": 1, "act_gain": math.sqrt(2), "w_dim": w_dim}
        weights = {"weight": rng.standard_normal((outputs, inputs, 3, 3))}
        weights["bias"] = 0.3 * rng.standard_normal(outputs)
        buffers: dict[str, np.ndarray | None] = {"resample_filter": taps}
        if has_noise:
            weights["noise_strength"] = np.array(0.4)
            buffers["noise_const"] = rng.standard_normal((edge, edge))
        modules = {"affine": _dense(rng, w_dim, inputs, bias=1.0)}
        return Persistent("SynthesisLayer", fields, weights, buffers, modules)

    blocks = {}
    for index, width in enumerate(widths):
        edge, before = 4 * 2**index, widths[max(0, index - 1)]
        modules, parameters = {}, {}
        if index:
            modules["conv0"] = conv(before, width, edge, 2)
        else:
            parameters["const"] = rng.standard_normal((width, 4, 4))
        modules["conv1"] = conv(width, width, edge, 1)
        if architecture == "skip" or index == count - 1:
            modules["torgb"] = Persistent(
                "ToRGBLayer",
                {"conv_clamp": clamp, "weight_gain": 1 / math.sqrt(width)},
                {
                    "weight": rng.standard_normal((channels, width, 1, 1)),
                    "bias": 0.1 * rng.standard_normal(channels),
                },
                {},
                {"affine": _dense(rng, w_dim, width, bias=1.0)},
            )
        if architecture == "resnet" and index:
            modules["skip"] = Persistent(
                "Conv2dLayer",
                {"activation": "linear", "up": 2, "weight_gain": 1 / math.sqrt(before)},
                {"weight": rng.standard_normal((width, before, 1, 1)), "bias": np.array(0)},
                {"resample_filter": taps},
            )
        fields = {"architecture": architecture, "resolution": edge, "use_fp16": clamp is not None}
        blocks[f"b{edge}"] = Persistent(
            "SynthesisBlock", fields, parameters, {"resample_filter": taps}, modules
        )
    fields = {"img_resolution": resolution, "img_channels": channels, "w_dim": w_dim}
    synthesis = Persistent("SynthesisNetwork", fields, {}, {}, blocks)
    mapping = _mapping(rng, z_dim=z_dim, c_dim=c_dim, w_dim=w_dim, num_ws=2 * count, layers=layers)
    return _generator(mapping, synthesis)


def make_third(
    *,
    resolution: int = 16,
    channels: int = 3,
    z_dim: int = 10,
    c_dim: int = 0,
    w_dim: int = 14,
    is_rotation: bool = False,
    clamp: float | None = 256,
    base: int = 128,
    widest: int = 12,
    count: int = 4,
    critical: int = 1,
    margin: int = 3,
    seed: int = 0,
) -> Persistent:
    """A random StyleGAN3 generator with the layers that its paper's section 3 designs."""
    rng = np.random.default_rng(seed)
    last_cutoff, last_stopband = resolution / 2, resolution / 2 * 2**0.3
    exponents = np.minimum(np.arange(count + 1) / (count - critical), 1)
    cutoffs = 2 * (last_cutoff / 2) ** exponents
    stopbands = 2**2.1 * (last_stopband / 2**2.1) ** exponents
    rates = np.exp2(np.ceil(np.log2(np.minimum(stopbands * 2, resolution))))
    half_widths = np.maximum(stopbands, rates / 2) - cutoffs
    sizes = rates + margin * 2
    sizes[-2:] = resolution
    widths = np.rint(np.minimum(base / 2 / cutoffs, widest)).astype(int)
    widths[-1] = channels
    first = int(widths[0])
    frequencies = rng.standard_normal((first, 2))
    waves = Persistent(
        "SynthesisInput",
        {
            "w_dim": w_dim,
            "channels": first,
            "size": np.broadcast_to(np.asarray(int(sizes[0])), [2]),
            "sampling_rate": rates[0],
            "bandwidth": cutoffs[0],
        },
        {"weight": rng.standard_normal((first, first))},
        {
            "transform": np.eye(3),
            "freqs": frequencies * cutoffs[0] / 2,
            "phases": rng.random(first) - 0.5,
        },
        {"affine": _dense(rng, w_dim, 4, bias=0.7)},
    )
    modules, names = {"input": waves}, []
    for index in range(count + 1):
        before, paints = max(index - 1, 0), index == count
        kernel = 1 if is_rotation or paints else 3
        highest = max(rates[before], rates[index]) * (1 if paints else 2)
        up, down = round(highest / rates[before]), round(highest / rates[index])
        up_taps = 6 * up if up > 1 and not paints else 1
        down_taps = 6 * down if down > 1 and not paints else 1
        total = (sizes[index] - 1) * down + 1 - (sizes[before] + kernel - 1) * up
        total += up_taps + down_taps - 2
        low = (total + up) // 2
        is_critical = index >= count - critical
        inputs, outputs = int(widths[before]), int(widths[index])
        fields = {
            "is_torgb": paints,
            "up_factor": up,
            "down_factor": down,
            "padding": [int(low), int(total - low)] * 2,
            "conv_clamp": clamp,
            "use_fp16": clamp is not None,
            "in_size": np.broadcast_to(np.asarray(int(sizes[before])), [2]),
        }
        buffers = {
            "magnitude_ema": np.array(0.5 + rng.random()),
            "up_filter": _lowpass(up_taps, cutoffs[before], half_widths[before] * 2, highest),
            "down_filter": _lowpass(
                down_taps,
                cutoffs[index],
                half_widths[index] * 2,
                highest,
                is_radial=is_rotation and not is_critical,
            ),
        }
        weights = {
            "weight": rng.standard_normal((outputs, inputs, kernel, kernel)),
            "bias": 0.2 * rng.standard_normal(outputs),
        }
        name = f"L{index}_{int(sizes[index])}_{outputs}"
        affine = {"affine": _dense(rng, w_dim, inputs, bias=1.0)}
        modules[name] = Persistent("SynthesisLayer", fields, weights, buffers, affine)
        names.append(name)
    fields = {"img_resolution": resolution, "img_channels": channels, "layer_names": names}
    fields |= {"output_scale": 0.25, "num_ws": count + 2}
    synthesis = Persistent("SynthesisNetwork", fields, {}, {}, modules)
    mapping = _mapping(rng, z_dim=z_dim, c_dim=c_dim, w_dim=w_dim, num_ws=count + 2, layers=2)
    return _generator(mapping, synthesis)


def _lowpass(
    taps: int, cutoff: float, width: float, rate: float, *, is_radial: bool = False
) -> np.ndarray | None:
    """A Kaiser low-pass filter, straight or radially symmetric; None for no filter."""
    if taps == 1:
        return None
    if not is_radial:
        return scipy.signal.firwin(numtaps=taps, cutoff=cutoff, width=width, fs=rate)
    places = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(*np.meshgrid(places, places))
    found = scipy.special.j1(2 * cutoff * (np.pi * radius)) / (np.pi * radius)
    beta = scipy.signal.kaiser_beta(scipy.signal.kaiser_atten(taps, width / (rate / 2)))
    window = np.kaiser(taps, beta)
    found = found * np.outer(window, window)
    return found / found.sum()
