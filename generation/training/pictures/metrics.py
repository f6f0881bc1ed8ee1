"""Distances between sets of pictures: how good, how varied, how original they are.

All functions take uint8 [count, size, size, 3].

Fréchet distance: Heusel et al. 2017. Sliced Wasserstein distance of patches: Karras et al. 2018.
Precision: Kynkäänniemi et al. 2019; coverage: Naeem et al. 2020.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.nets.lite0 import Lite0
from generation.nets.style_vae import from_bytes

NEIGHBOURS = 5
PATCH, PATCHES_A_PICTURE, PROJECTIONS = 7, 32, 256


@torch.no_grad()
def lite0_features(net: Lite0, pictures: np.ndarray) -> np.ndarray:
    """Return the means over space of the last block, float64 [count, 320].

    The pictures are enlarged to what the net is used to.
    """
    parts = []
    for start in range(0, len(pictures), 64):
        x = F.interpolate(
            from_bytes(pictures[start : start + 64]),
            size=(96, 96),
            mode="bilinear",
            align_corners=False,
        )
        parts.append(net(x)[0].mean((2, 3)))
    return torch.cat(parts).double().numpy()


@torch.no_grad()
def random_features(pictures: np.ndarray, *, seed: int = 5) -> np.ndarray:
    """Return features of a convolutional net with random weights, float64 [count, 288].

    No training ever used that net.
    """
    rng = torch.Generator().manual_seed(seed)
    widths = (3, 32, 64, 96, 128)
    shapes = [(after, before, 4, 4) for before, after in zip(widths[:-1], widths[1:], strict=True)]
    weights = [torch.randn(shape, generator=rng) * (2 / (shape[1] * 16)) ** 0.5 for shape in shapes]
    parts = []
    for start in range(0, len(pictures), 64):
        x, means = from_bytes(pictures[start : start + 64]), []
        for weight in weights:
            x = F.leaky_relu(F.conv2d(x, weight, None, 2, 1), 0.2)
            means.append(x.mean((2, 3)))
        parts.append(torch.cat(means[1:], 1))
    return torch.cat(parts).double().numpy()


def frechet_distance(real: np.ndarray, made: np.ndarray) -> float:
    """Return the distance of the Gaussians fitted to two sets of features; 0 for the same set."""
    difference = real.mean(0) - made.mean(0)
    a, b = np.cov(real.T), np.cov(made.T)
    # The trace of the root of a @ b, also where there are fewer pictures than features.
    lengths, axes = np.linalg.eigh(a)
    root = axes * np.sqrt(lengths.clip(0)) @ axes.T
    roots = np.sqrt(np.linalg.eigvalsh(root @ b @ root).clip(0))
    return float(difference @ difference + np.trace(a + b) - 2 * roots.sum())


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return Euclidean distances, [len(a), len(b)]."""
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0))


def precision_and_coverage(real: np.ndarray, made: np.ndarray) -> tuple[float, float]:
    """Return how many made ones are near a real one, and how many real ones near a made one.

    Both are shares; near means within the distance of the 5th neighbour.
    """
    radius = np.sort(distances(real, real), axis=1)[:, NEIGHBOURS]
    between = distances(real, made)
    return float((between < radius[:, None]).any(0).mean()), float((between.min(1) < radius).mean())


def sliced_wasserstein(real: np.ndarray, made: np.ndarray, *, seed: int = 0) -> dict[int, float]:
    """Return 1,000 x the distance of 7x7 patches, by the edge of the pyramid's level.

    The pyramid is Laplacian; patches are compared over random projections.
    """
    count = min(len(real), len(made))
    a, b = from_bytes(real[:count]), from_bytes(made[:count])
    rng = torch.Generator().manual_seed(seed)
    figures = {}
    while a.shape[-1] >= 16:
        is_last = a.shape[-1] == 16
        small_a, small_b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
        band_a, band_b = (a, b) if is_last else (a - _enlarge(small_a), b - _enlarge(small_b))
        figures[a.shape[-1]] = _patch_distance(band_a, band_b, rng)
        a, b = small_a, small_b
    return figures


def _enlarge(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _patch_distance(a: Tensor, b: Tensor, rng: torch.Generator) -> float:
    reach = a.shape[-1] - PATCH + 1
    patches = []
    for x in (a, b):
        places = torch.randint(0, reach, (len(x), PATCHES_A_PICTURE, 2), generator=rng)
        # A view, [count, 3, reach, reach, 7, 7].
        windows = x.unfold(2, PATCH, 1).unfold(3, PATCH, 1)
        number = torch.arange(len(x))[:, None].expand(-1, PATCHES_A_PICTURE)
        patches.append(
            windows[number, :, places[..., 0], places[..., 1]].reshape(-1, 3, PATCH * PATCH)
        )
    mean, spread = patches[0].mean((0, 2), keepdim=True), patches[0].std((0, 2), keepdim=True)
    flat = [((p - mean) / spread).flatten(1) for p in patches]
    directions = F.normalize(torch.randn(flat[0].shape[1], PROJECTIONS, generator=rng), dim=0)
    first, second = ((p @ directions).sort(0).values for p in flat)
    return float((first - second).abs().mean() * 1_000)


def sharpness(pictures: np.ndarray) -> float:
    """Return the mean size of the difference of a pixel from its four neighbours, in 0..255.

    Edges and details make it large, and blurred or blotched pictures lack them.
    """
    grey = pictures.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    return float(np.abs(grey[:, 1:-1, 1:-1] - around / 4).mean())


def blurred(pictures: np.ndarray) -> np.ndarray:
    """Return pictures shrunk to a quarter of their edge, as vectors in 0..1.

    That is what stays when details are forgotten.
    """
    parts = [
        F.avg_pool2d(from_bytes(pictures[i : i + 256]), 4).flatten(1)
        for i in range(0, len(pictures), 256)
    ]
    return ((torch.cat(parts) + 1) / 2).numpy()


def nearest(made: np.ndarray, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distance to, and the index of, the nearest real picture for every made one.

    They are compared by blurred pixels. Mirrored copies count, too.
    """
    wanted = blurred(made)
    best, place = np.full(len(made), np.inf), np.zeros(len(made), dtype=np.int64)
    for start in range(0, len(real), 2_000):
        part = np.asarray(real[start : start + 2_000])
        for candidates in (part, part[:, :, ::-1]):
            found = distances(wanted, blurred(np.ascontiguousarray(candidates)))
            index = found.argmin(1)
            value = found[np.arange(len(wanted)), index]
            is_better = value < best
            best = np.where(is_better, value, best)
            place = np.where(is_better, start + index, place)
    return best, place
