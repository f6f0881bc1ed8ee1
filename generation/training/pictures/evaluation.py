"""What `evaluate` prints for a learnt picture species: figures, and a verdict in words.

It also draws a sheet of nearest training pictures.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file

from generation.checkpoints import Checkpoint
from generation.data.pictures import open_prepared
from generation.data.sources import Report, lite0_weights
from generation.gene_statistics import GeneStatistics
from generation.genespaces.chain import Chain
from generation.genespaces.passages import Passages
from generation.genome import NEWEST
from generation.nets.lite0 import Lite0, load_lite0
from generation.nets.style_vae import Generator, load
from generation.training.pictures.metrics import (
    frechet_distance,
    lite0_features,
    nearest,
    precision_and_coverage,
    random_features,
    sharpness,
    sliced_wasserstein,
)
from generation.training.pictures.sheets import contact_sheet
from generation.training.pictures.verdict import judge
from generation.training.verdict import report_verdict

SAMPLES, QUICK_SAMPLES = 1_000, 96
PATHS, PATH_STEPS = 16, 33

Between = Callable[[np.ndarray, np.ndarray, float], np.ndarray]  # Two works, a share -> genes.


def evaluate(
    checkpoint: Checkpoint, *, data: Path | None, report: Report, is_quick: bool = False
) -> dict[str, Any]:
    """Measure, print and return the figures.

    The sheets of nearest neighbours go to runs/evaluate-KEY-KIND.png. is_quick: from few works, and
    without the smoothness of paths.
    """
    torch.set_num_threads(1)
    samples = QUICK_SAMPLES if is_quick else SAMPLES
    pictures, _ = open_prepared(str(data or checkpoint.card["data"]))
    chosen = np.random.default_rng(0).permutation(len(pictures))[: 2 * samples]
    real = np.asarray(pictures[np.sort(chosen)])
    net = load(checkpoint.folder)
    statistics = GeneStatistics.from_checkpoint(load_file(checkpoint.weights), checkpoint.card)
    made, midpoints = sample_and_breed(net, statistics, count=samples, seed=0)
    lite0 = load_lite0(lite0_weights(report=report))
    figures = quality(real, {"samples": made, "midpoints": midpoints}, lite0=lite0)
    for kind, drawn in (("samples", made), ("midpoints", midpoints)):
        figures[kind], sheet = originality(drawn, pictures)
        path = Path("runs") / f"evaluate-{checkpoint.key}-{kind}.png"
        path.parent.mkdir(exist_ok=True)
        sheet.save(path)
        report(f"Nearest training pictures of {kind}: {path}")
    if not is_quick:
        figures["smoothness"] = smoothness(net, statistics, lite0=lite0)
    report(json.dumps(figures, indent=1))
    report_verdict(judge(figures), report=report)
    return figures


def sample_and_breed(
    net: Generator, statistics: GeneStatistics, *, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Paint random pictures, and the midpoints of pairs of them as breeding blends them."""
    genes = statistics.found(np.random.default_rng(seed), count)
    halves = np.array([0.5, 0.5])
    passages = Passages(statistics, Chain(statistics))
    midpoints = [
        passages.blend(np.stack(pair), halves, version=NEWEST)
        for pair in zip(genes, np.roll(genes, 1, axis=0), strict=True)
    ]
    return draw(net, genes), draw(net, np.stack(midpoints))


def draw(net: Generator, genes: np.ndarray) -> np.ndarray:
    return np.concatenate([net.decode(genes[i : i + 64]) for i in range(0, len(genes), 64)])


def quality(real: np.ndarray, made: dict[str, np.ndarray], *, lite0: Lite0) -> dict[str, Any]:
    """Measure distances to real pictures.

    The floor is the distance of one half of the real ones to the other.
    """
    half = len(real) // 2
    reference, other_reference = lite0_features(lite0, real[:half]), random_features(real[:half])
    scale = other_reference.std(0) + 1e-6
    names = (
        "frechet_lite0",
        "frechet_random_net",
        "precision",
        "coverage",
        "wasserstein",
        "sharpness",
    )
    figures: dict[str, Any] = {name: {} for name in names}
    for name, pictures in {"floor": real[half:], **made}.items():
        features, other = lite0_features(lite0, pictures), random_features(pictures)
        figures["frechet_lite0"][name] = round(frechet_distance(reference, features), 3)
        figures["frechet_random_net"][name] = round(
            frechet_distance(other_reference / scale, other / scale), 2
        )
        precision, coverage = precision_and_coverage(reference, features)
        figures["precision"][name] = round(precision, 3)
        figures["coverage"][name] = round(coverage, 3)
        figures["sharpness"][name] = round(sharpness(pictures), 2)
        by_edge = sliced_wasserstein(real[:half], pictures)
        figures["wasserstein"][name] = {edge: round(value, 1) for edge, value in by_edge.items()}
    return figures


def originality(made: np.ndarray, pictures: np.ndarray) -> tuple[dict[str, float], Any]:
    """Measure distances to the nearest training picture beside those among real ones.

    Returns them and a sheet of the nearest pairs.
    """
    distance, place = nearest(made, pictures)
    some = np.asarray(pictures[-min(len(made), len(pictures) // 2) :])
    among_real, _ = nearest(some, pictures[: len(pictures) - len(some)])
    closest = np.argsort(distance)[:16]
    # Nearer than one in a hundred real pictures is to any other one.
    copied = distance < np.quantile(among_real, 0.01)
    sheet = contact_sheet(
        np.concatenate([made[closest], np.stack([pictures[i] for i in place[closest]])]), columns=16
    )
    return {
        "nearest_median": round(float(np.median(distance)), 3),
        "nearest_smallest": round(float(distance.min()), 3),
        "nearest_among_real_median": round(float(np.median(among_real)), 3),
        "nearest_among_real_5_percent": round(float(np.quantile(among_real, 0.05)), 3),
        "copies": round(float(copied.mean()), 3),
        "distinct_neighbours": len(set(place.tolist())),
    }, sheet


def smoothness(
    net: Generator, statistics: GeneStatistics, *, lite0: Lite0, paths: int = PATHS
) -> dict[str, float]:
    """Measure the largest step over the median step along paths between random pictures.

    Steps are measured in Lite0 features, along three kinds of paths.
    """
    ends = statistics.found(np.random.default_rng(1), 2 * paths)
    figures = {}
    for kind, path_of in PATH_KINDS.items():
        between, ratios = path_of(statistics), []
        for first, second in zip(ends[:paths], ends[paths:], strict=True):
            path = np.stack(
                [between(first, second, share) for share in np.linspace(0, 1, PATH_STEPS)]
            )
            steps = np.linalg.norm(np.diff(lite0_features(lite0, net.decode(path)), axis=0), axis=1)
            ratios.append(steps.max() / np.median(steps))
        figures[kind] = round(float(np.mean(ratios)), 2)
    return figures


def linear(statistics: GeneStatistics) -> Between:
    return lambda first, second, share: ((1 - share) * first + share * second).astype(np.float32)


def spherical(statistics: GeneStatistics) -> Between:
    """The path that keeps its distance from the mean of all genes."""
    mean, straight = statistics.mean, linear(statistics)

    def between(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
        length = (1 - share) * np.linalg.norm(first - mean) + share * np.linalg.norm(second - mean)
        offset = straight(first, second, share) - mean
        return (mean + offset * (length / max(float(np.linalg.norm(offset)), 1e-6))).astype(
            np.float32
        )

    return between


def tidied(statistics: GeneStatistics) -> Between:
    """The path that breeding takes."""
    passages = Passages(statistics, Chain(statistics))
    return lambda first, second, share: passages.blend(
        np.stack([first, second]), np.array([1 - share, share]), version=NEWEST
    )


PATH_KINDS = {"linear": linear, "spherical": spherical, "tidied": tidied}
