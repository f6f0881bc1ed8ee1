"""The formulas of the StyleGAN papers, literally and slowly: explicit loops in float64.

Karras et al. 2020 (StyleGAN2), section 2.2, equations 1 to 3 and figure 7; Karras et al. 2021
(StyleGAN3), section 3 and appendix. Everything is read from the pickled fields themselves, so that
neither the reader nor the folding of gains is taken on trust. One picture at a time.
"""

import math

import numpy as np

from tests.generation.importing.official_pickles import Persistent


def dense(layer: Persistent, values: np.ndarray) -> np.ndarray:
    weight = layer.tensor("weight") * layer.fields["weight_gain"]
    out = weight @ values + layer.tensor("bias") * layer.fields["bias_gain"]
    return rectify(out) if layer.fields["activation"] == "lrelu" else out


def rectify(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, 0.2 * values) * math.sqrt(2)


def normalise(values: np.ndarray) -> np.ndarray:
    return values / math.sqrt(np.mean(values**2) + 1e-8)


def mapping(module: Persistent, z: np.ndarray, c: np.ndarray, psi: float = 1.0) -> np.ndarray:
    """The w of z [z_dim] and the one-hot class c [c_dim], truncated by psi."""
    values = normalise(z)
    if module.fields["c_dim"]:
        values = np.concatenate([values, normalise(dense(module["embed"], c))])
    for index in range(module.fields["num_layers"]):
        values = dense(module[f"fc{index}"], values)
    average = module.tensor("w_avg")
    return average + psi * (values - average)


def upfirdn(
    planes: np.ndarray,
    taps: np.ndarray | None,
    *,
    up: int = 1,
    down: int = 1,
    padding: tuple[int, int, int, int] = (0, 0, 0, 0),
    gain: float = 1.0,
) -> np.ndarray:
    """Zeros between samples, padding (left, right, top, bottom), a FIR filter, fewer samples."""
    channels, height, width = planes.shape
    spread = np.zeros((channels, height * up, width * up))
    for y in range(height):
        for x in range(width):
            spread[:, y * up, x * up] = planes[:, y, x]
    left, right, top, bottom = padding
    grown = np.pad(spread, ((0, 0), (max(top, 0), max(bottom, 0)), (max(left, 0), max(right, 0))))
    grown = grown[
        :,
        max(-top, 0) : grown.shape[1] - max(-bottom, 0),
        max(-left, 0) : grown.shape[2] - max(-right, 0),
    ]
    taps = np.ones((1, 1)) if taps is None else taps.astype(np.float64)
    if taps.ndim == 1:
        taps = np.outer(taps, taps)
    kernel = taps[::-1, ::-1] * gain
    size = len(kernel)
    rows = range(0, grown.shape[1] - size + 1, down)
    columns = range(0, grown.shape[2] - size + 1, down)
    out = np.zeros((channels, len(rows), len(columns)))
    for i, y in enumerate(rows):
        for j, x in enumerate(columns):
            out[:, i, j] = (grown[:, y : y + size, x : x + size] * kernel).sum((1, 2))
    return out


def convolve(planes: np.ndarray, weight: np.ndarray, *, padding: int) -> np.ndarray:
    """What neural networks call a convolution: the kernel is not mirrored."""
    size = weight.shape[2]
    grown = np.pad(planes, ((0, 0), (padding, padding), (padding, padding)))
    height, width = grown.shape[1] - size + 1, grown.shape[2] - size + 1
    out = np.zeros((len(weight), height, width))
    for y in range(height):
        for x in range(width):
            out[:, y, x] = (weight * grown[None, :, y : y + size, x : x + size]).sum((1, 2, 3))
    return out


def modulated(weight: np.ndarray, style: np.ndarray) -> np.ndarray:
    """Equations 1 and 3: weights scaled by the style, then every output's to unit length."""
    scaled = weight * style[None, :, None, None]
    return scaled / np.sqrt((scaled**2).sum((1, 2, 3), keepdims=True) + 1e-8)


def clamped(values: np.ndarray, limit: float | None, gain: float = 1.0) -> np.ndarray:
    return values if limit is None else np.clip(values, -limit * gain, limit * gain)


def second(module: Persistent, ws: np.ndarray, *, has_noise: bool = True) -> np.ndarray:
    """The picture [channels, edge, edge] of StyleGAN2 for ws [num_ws, w_dim]."""
    picture, features, place, edge = None, None, 0, 4
    while edge <= module.fields["img_resolution"]:
        block = module[f"b{edge}"]
        taps, architecture = block.tensor("resample_filter"), block.fields["architecture"]
        around, gain = None, 1.0
        if features is None:
            features = block.tensor("const")
        else:
            if architecture == "resnet":
                skip = block["skip"]
                weight = skip.tensor("weight") * skip.fields["weight_gain"]
                around = _doubled(convolve(features, weight, padding=0), taps) * math.sqrt(0.5)
                gain = math.sqrt(0.5)
            features = _second_layer(block["conv0"], features, ws[place], has_noise=has_noise)
            place += 1
        features = _second_layer(
            block["conv1"], features, ws[place], has_noise=has_noise, gain=gain
        )
        place += 1
        if around is not None:
            features = features + around
        if picture is not None:
            picture = _doubled(picture, taps)
        if "torgb" in block.modules:
            layer = block["torgb"]
            style = dense(layer["affine"], ws[place]) * layer.fields["weight_gain"]
            painted = convolve(
                features, layer.tensor("weight") * style[None, :, None, None], padding=0
            )
            painted = painted + layer.tensor("bias")[:, None, None]
            painted = clamped(painted, layer.fields["conv_clamp"])
            picture = painted if picture is None else picture + painted
        edge *= 2
    assert picture is not None
    return picture


def _doubled(planes: np.ndarray, taps: np.ndarray) -> np.ndarray:
    return upfirdn(planes, taps, up=2, padding=(2, 1, 2, 1), gain=4)


def _second_layer(
    layer: Persistent, features: np.ndarray, w: np.ndarray, *, has_noise: bool, gain: float = 1.0
) -> np.ndarray:
    weight = modulated(layer.tensor("weight"), dense(layer["affine"], w))
    if layer.fields["up"] == 2:
        # A true convolution of the spread signal, which mirrors the kernel, then the filter.
        channels, height, width = features.shape
        spread = np.zeros((channels, 2 * height + 1, 2 * width + 1))
        spread[:, :-1:2, :-1:2] = features
        out = convolve(spread[:, :-2, :-2], weight[:, :, ::-1, ::-1], padding=2)
        out = upfirdn(out, layer.tensor("resample_filter"), padding=(1, 1, 1, 1), gain=4)
    else:
        out = convolve(features, weight, padding=1)
    if has_noise and layer.fields["use_noise"]:
        out = out + layer.tensor("noise_const") * layer.tensor("noise_strength")
    out = rectify(out + layer.tensor("bias")[:, None, None]) * gain
    return clamped(out, layer.fields["conv_clamp"], gain)


def third(module: Persistent, ws: np.ndarray) -> np.ndarray:
    """The picture [channels, edge, edge] of StyleGAN3 for ws [num_ws, w_dim]."""
    features = _waves(module["input"], ws[0])
    for name, w in zip(module.fields["layer_names"], ws[1:], strict=True):
        layer = module[name]
        style, weight = dense(layer["affine"], w), layer.tensor("weight")
        paints = layer.fields["is_torgb"]
        if paints:
            weight = weight * style[None, :, None, None] / math.sqrt(weight[0].size)
        else:
            weight = weight / np.sqrt((weight**2).mean((1, 2, 3), keepdims=True))
            weight = modulated(weight, style / math.sqrt((style**2).mean()))
        weight = weight / math.sqrt(layer.tensor("magnitude_ema"))
        features = convolve(features, weight, padding=weight.shape[2] - 1)
        features = features + layer.tensor("bias")[:, None, None]
        up, down = layer.fields["up_factor"], layer.fields["down_factor"]
        features = upfirdn(
            features,
            layer.buffers["up_filter"],
            up=up,
            padding=tuple(layer.fields["padding"]),
            gain=up**2,
        )
        features = features if paints else rectify(features)
        features = clamped(features, layer.fields["conv_clamp"])
        features = upfirdn(features, layer.buffers["down_filter"], down=down)
    return features * module.fields["output_scale"]


def _waves(module: Persistent, w: np.ndarray) -> np.ndarray:
    turn = dense(module["affine"], w)
    cosine, sine, x, y = turn / np.hypot(turn[0], turn[1])
    rotation = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    shift = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    moved = rotation @ shift @ module.tensor("transform")
    rate, band = float(module.fields["sampling_rate"]), float(module.fields["bandwidth"])
    edge = int(module.fields["size"][0])
    count = module.fields["channels"]
    phases = module.tensor("phases") + module.tensor("freqs") @ moved[:2, 2]
    frequencies = module.tensor("freqs") @ moved[:2, :2]
    out = np.zeros((count, edge, edge))
    for row in range(edge):
        for column in range(edge):
            place = np.array([(column + 0.5) / edge - 0.5, (row + 0.5) / edge - 0.5]) * edge / rate
            out[:, row, column] = np.sin(2 * np.pi * (frequencies @ place + phases))
    fade = (np.linalg.norm(frequencies, axis=1) - band) / (rate / 2 - band)
    out = out * np.clip(1 - fade, 0, 1)[:, None, None]
    weight = module.tensor("weight") / math.sqrt(count)
    return np.tensordot(weight, out, axes=1)
