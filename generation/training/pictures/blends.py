"""What `evaluate --blends` prints: how good blends of 2, 3 and 4 works of a learnt species are.

Both versions of breeding are measured on the same works. No training pictures are needed: the
reference is what the net draws of the species' anchors, which are codes of training pictures. A
sheet of children is drawn, too.
"""

import json
import time
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file

from generation.checkpoints import Checkpoint
from generation.data.sources import Report, lite0_weights
from generation.gene_statistics import GeneStatistics
from generation.genespaces import species
from generation.genome import VERSIONS
from generation.nets.lite0 import load_lite0
from generation.nets.style_vae import load
from generation.training.pictures.evaluation import draw
from generation.training.pictures.metrics import NEIGHBOURS, distances, lite0_features
from generation.training.pictures.sheets import contact_sheet

WORKS, ANCHORS, FRESH = 96, 1_500, 256
OFFSETS = (0, 37, 61, 79)  # The parents of child i are works i, i + 37, ..., in a circle.
WEIGHTS = {
    "2": (0.5, 0.5),
    "2 uneven": (0.7, 0.3),
    "3": (1 / 3, 1 / 3, 1 / 3),
    "4": (0.25, 0.25, 0.25, 0.25),
}
PATHS, STOPS = 12, 25
TIMES = 60
COLUMNS = 16

Blend = Callable[[np.ndarray, np.ndarray], np.ndarray]  # Parents and weights -> genes.
Features = Callable[[np.ndarray], np.ndarray]  # Genes -> features of what the net draws of them.


def evaluate_blends(checkpoint: Checkpoint, *, report: Report, seed: int = 11) -> dict[str, Any]:
    """Measure, print and return the figures of each version; the sheet goes to runs/.

    - precision: the share of children within the 5th neighbour's distance of some anchor, over the
      same of fresh works; a radius counts at most the third quartile of all.
    - resemblance: how often the most similar of all works at 16 px is a parent.
    - distance: to the nearest parent, over the mean distance of the parents; 0 is a copy.
    - steps: the largest step over the median one, from one parent to the others in equal parts.
    - order, corner, tie: the largest difference of a gene when parents are named in another order;
      of a child with one weight of 1 to that parent; and across the place where two weights meet.
    - cpu_ms: of a blend of four.
    """
    torch.set_num_threads(1)
    net, lite0 = load(checkpoint.folder), load_lite0(lite0_weights(report=report))
    statistics = GeneStatistics.from_checkpoint(load_file(checkpoint.weights), checkpoint.card)
    works = statistics.sample(np.random.default_rng(seed), WORKS)
    space = species(checkpoint.key, digest=checkpoint.digest).space

    def features(genes: np.ndarray) -> np.ndarray:
        return lite0_features(lite0, draw(net, genes))

    some = np.random.default_rng(0).permutation(len(statistics.anchors))[:ANCHORS]
    precision = _precision_near(features(statistics.anchors[some]))
    usual = precision(features(statistics.sample(np.random.default_rng(seed + 1), FRESH)))
    figures: dict[str, Any] = {"precision_of_fresh_works": round(usual, 3)}
    rows = []
    for version in VERSIONS:

        def blend(parents: np.ndarray, weights: np.ndarray, version: int = version) -> np.ndarray:
            return space.blend(list(parents), weights, version=version)

        found: dict[str, Any] = {name: {} for name in ("precision", "resemblance", "distance")}
        for name, weights in WEIGHTS.items():
            children = np.stack([blend(works[ids], np.array(weights)) for ids in _pairs(weights)])
            drawn, shown = draw(net, children), features(children)
            found["precision"][name] = round(precision(shown) / usual, 2)
            found["resemblance"][name] = round(_resemblance(drawn, draw(net, works), weights), 2)
            found["distance"][name] = round(_distance(shown, features(works), weights), 2)
            rows.append(drawn[:COLUMNS])
        found["steps"] = {
            str(count): round(steps(blend, works, count, features), 2) for count in (2, 3, 4)
        }
        figures[f"version {version}"] = found | _exactness(blend, works[:4])
    # Beneath each other for every set of weights: version 1, version 2.
    order = np.arange(len(rows)).reshape(len(VERSIONS), -1).T.reshape(-1)
    path = Path("runs") / f"evaluate-{checkpoint.key}-blends.png"
    path.parent.mkdir(exist_ok=True)
    contact_sheet(np.concatenate([rows[row] for row in order]), columns=COLUMNS).save(path)
    report(f"Children by each version, for the weights {', '.join(WEIGHTS)}: {path}")
    report(json.dumps(figures, indent=1))
    return figures


def _pairs(weights: tuple[float, ...]) -> list[list[int]]:
    """The works that are the parents of each child."""
    return [
        [(child + offset) % WORKS for offset in OFFSETS[: len(weights)]] for child in range(WORKS)
    ]


def _precision_near(real: np.ndarray) -> Callable[[np.ndarray], float]:
    """A function from features to the share of them that lie near a real one."""
    radius = np.sort(distances(real, real), axis=1)[:, NEIGHBOURS]
    radius = np.minimum(radius, np.quantile(radius, 0.75))
    return lambda made: float((distances(real, made) < radius[:, None]).any(0).mean())


def _tiny(pictures: np.ndarray) -> np.ndarray:
    """Pictures shrunk to 16 px, as vectors."""
    block = pictures.shape[1] // 16
    blocks = pictures.reshape(len(pictures), 16, block, 16, block, 3)
    return blocks.mean((2, 4)).reshape(len(pictures), -1).astype(np.float64)


def _resemblance(children: np.ndarray, works: np.ndarray, weights: tuple[float, ...]) -> float:
    nearest = distances(_tiny(children), _tiny(works)).argmin(1)
    pairs = _pairs(weights)
    return float(np.mean([place in ids for place, ids in zip(nearest, pairs, strict=True)]))


def _distance(children: np.ndarray, works: np.ndarray, weights: tuple[float, ...]) -> float:
    shares = []
    for child, ids in zip(children, _pairs(weights), strict=True):
        between = distances(works[ids], works[ids])[np.triu_indices(len(ids), 1)].mean()
        shares.append(distances(child[None], works[ids]).min() / between)
    return float(np.median(shares))


def steps(blend: Blend, works: np.ndarray, count: int, features: Features) -> float:
    """The mean over paths of the largest step over the median one."""
    ratios = []
    for path in range(PATHS):
        parents = works[[(7 * path + offset) % WORKS for offset in OFFSETS[:count]]]
        stops = [
            blend(parents, np.array([1 - share] + [share / (count - 1)] * (count - 1)))
            for share in np.linspace(0, 1, STOPS)
        ]
        lengths = np.linalg.norm(np.diff(features(np.stack(stops)), axis=0), axis=1)
        ratios.append(lengths.max() / np.median(lengths))
    return float(np.mean(ratios))


def _exactness(blend: Blend, parents: np.ndarray) -> dict[str, float]:
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    child = blend(parents, weights)
    times = []
    for _ in range(TIMES):
        started = time.process_time()
        blend(parents, weights)
        times.append(1_000 * (time.process_time() - started))
    corners = [blend(parents, one) - parent for one, parent in zip(np.eye(4), parents, strict=True)]
    tie = [blend(parents, np.array([0.3 + d, 0.3 - d, 0.2, 0.2])) for d in (1e-6, -1e-6)]
    return {
        "order": max(
            float(np.abs(blend(parents[list(o)], weights[list(o)]) - child).max())
            for o in permutations(range(4))
        ),
        "corner": float(np.abs(corners).max()),
        "tie": float(np.abs(tie[0] - tie[1]).max()),
        "cpu_ms": round(float(np.median(times)), 2),
    }
