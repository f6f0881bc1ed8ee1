"""How good blends of 2, 3 and 4 works of a learnt species are: clean, like a parent, and even.

`manage.py evaluate NAME --blends` prints it for every version of breeding, and `python -m
benchmarks blends` for the newest one. No training pictures are needed: the reference is what the
net draws of the species' anchors, which are codes of training pictures.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from generation.genespaces.latent import BLENDS
from generation.nets.lite0 import Lite0, load_lite0
from generation.nets.style_vae import load
from generation.training.pictures.evaluation import draw
from generation.training.pictures.metrics import NEIGHBOURS, distances, lite0_features
from generation.training.pictures.sheets import contact_sheet

WORKS = 96
OFFSETS = (0, 37, 61, 79)  # The parents of child i are works i, i + 37, ..., in a circle.
WEIGHTS = {
    "2": (0.5, 0.5),
    "2 uneven": (0.7, 0.3),
    "3": (1 / 3, 1 / 3, 1 / 3),
    "4": (0.25, 0.25, 0.25, 0.25),
}
STOPS = 25
TIMES = 60
COLUMNS = 16

Blend = Callable[[np.ndarray, np.ndarray], np.ndarray]  # Parents and weights -> genes.
Precision = Callable[[np.ndarray], float]  # Features -> the share of clean ones.
Figures = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How much is measured.

    anchors, fresh: the pictures that say what is clean, and the random works that children are
    compared to. children: of each set of weights, at most WORKS. paths: of each number of parents.
    """

    anchors: int = 1_500
    fresh: int = 256
    children: int = WORKS
    paths: int = 12


class BlendsOfSpecies:
    """Measures blends of WORKS random works of a checkpoint of the style-vae architecture."""

    def __init__(
        self, checkpoint: Checkpoint, *, lite0: Lite0, counts: Counts, seed: int = 11
    ) -> None:
        """seed: the works follow from it."""
        self._net, self._lite0, self._counts = load(checkpoint.folder), lite0, counts
        self._space = species(checkpoint.key, digest=checkpoint.digest).space
        statistics = GeneStatistics.from_checkpoint(load_file(checkpoint.weights), checkpoint.card)
        self._works = statistics.found(np.random.default_rng(seed), WORKS)
        drawn = self.draw(self._works)
        self._small, self._seen = _tiny(drawn), self._features(drawn)
        order = np.random.default_rng(0).permutation(len(statistics.anchors))
        anchors = statistics.anchors[order[: counts.anchors]]
        self._precision = _precision_near(self._features(self.draw(anchors)))
        fresh = statistics.found(np.random.default_rng(seed + 1), counts.fresh)
        self.usual_precision = self._precision(self._features(self.draw(fresh)))

    def draw(self, genes: np.ndarray) -> np.ndarray:
        return draw(self._net, genes)

    def blend(self, version: int) -> Blend:
        """What breeding of a version makes of parents."""
        return lambda parents, weights: self._space.blend(list(parents), weights, version=version)

    def children(self, blend: Blend, name: str) -> np.ndarray:
        """Genes of the children by a set of WEIGHTS, [children, genes]."""
        weights = np.array(WEIGHTS[name])
        return np.stack([blend(self._works[ids], weights) for ids in self._families(name)])

    def measure(self, blend: Blend) -> Figures:
        """The figures of a way to blend.

        - precision: the share of children within the 5th neighbour's distance of some anchor, over
          the same of fresh works; a radius counts at most the third quartile of all.
        - resemblance: how often the most similar of all works at 16 px is a parent.
        - distance: to the nearest parent, over the mean distance of the parents; 0 is a copy.
        - steps: the largest step over the median one, from one parent to the others in equal parts,
          by the number of parents; the mean over paths.
        - along: as precision, of all stops of those paths.
        - order, corner, tie: the largest difference of a gene when parents are named in another
          order; of a child with one weight of 1 to that parent; and across the place where two
          weights meet.
        - cpu_ms: of a blend of four, with weights that were not asked for before.
        """
        found: Figures = {
            name: {} for name in ("precision", "resemblance", "distance", "steps", "along")
        }
        for name in WEIGHTS:
            drawn = self.draw(self.children(blend, name))
            seen, families = self._features(drawn), self._families(name)
            found["precision"][name] = round(self._precision(seen) / self.usual_precision, 2)
            nearest = distances(_tiny(drawn), self._small).argmin(1)
            is_parent = [place in ids for place, ids in zip(nearest, families, strict=True)]
            found["resemblance"][name] = round(float(np.mean(is_parent)), 2)
            found["distance"][name] = round(_distance(seen, self._seen, families), 2)
        for count in (2, 3, 4):
            ratio, clean = self._paths(blend, count)
            found["steps"][str(count)] = round(ratio, 2)
            found["along"][str(count)] = round(clean / self.usual_precision, 2)
        return found | _exactness(blend, self._works[:4])

    def _features(self, pictures: np.ndarray) -> np.ndarray:
        return lite0_features(self._lite0, pictures)

    def _families(self, name: str) -> list[list[int]]:
        """The works that are the parents of each child."""
        firsts = np.linspace(0, WORKS, self._counts.children, endpoint=False).astype(int)
        offsets = OFFSETS[: len(WEIGHTS[name])]
        return [[int(first + offset) % WORKS for offset in offsets] for first in firsts]

    def _paths(self, blend: Blend, count: int) -> tuple[float, float]:
        """Of the paths from one parent to count - 1 others: the ratio of steps, the precision."""
        ratios, clean = [], []
        for path in range(self._counts.paths):
            parents = self._works[[(7 * path + offset) % WORKS for offset in OFFSETS[:count]]]
            stops = [
                blend(parents, np.array([1 - share] + [share / (count - 1)] * (count - 1)))
                for share in np.linspace(0, 1, STOPS)
            ]
            seen = self._features(self.draw(np.stack(stops)))
            lengths = np.linalg.norm(np.diff(seen, axis=0), axis=1)
            ratios.append(lengths.max() / np.median(lengths))
            clean.append(self._precision(seen))
        return float(np.mean(ratios)), float(np.mean(clean))


def evaluate_blends(checkpoint: Checkpoint, *, report: Report) -> Figures:
    """Measure, print and return the figures of each version; a sheet of children goes to runs/."""
    torch.set_num_threads(1)
    measured = BlendsOfSpecies(
        checkpoint, lite0=load_lite0(lite0_weights(report=report)), counts=Counts()
    )
    figures: Figures = {"precision_of_fresh_works": round(measured.usual_precision, 3)}
    for version in BLENDS:
        figures[f"version {version}"] = measured.measure(measured.blend(version))
    # Beneath each other for every set of weights: version 1, version 2, ...
    rows = [
        measured.draw(measured.children(measured.blend(version), name)[:COLUMNS])
        for name in WEIGHTS
        for version in BLENDS
    ]
    path = Path("runs") / f"evaluate-{checkpoint.key}-blends.png"
    path.parent.mkdir(exist_ok=True)
    contact_sheet(np.concatenate(rows), columns=COLUMNS).save(path)
    report(f"Children by each version, for the weights {', '.join(WEIGHTS)}: {path}")
    report(json.dumps(figures, indent=1))
    return figures


def _precision_near(real: np.ndarray) -> Precision:
    """A function from features to the share of them that lie near a real one."""
    radius = np.sort(distances(real, real), axis=1)[:, NEIGHBOURS]
    radius = np.minimum(radius, np.quantile(radius, 0.75))
    return lambda made: float((distances(real, made) < radius[:, None]).any(0).mean())


def _tiny(pictures: np.ndarray) -> np.ndarray:
    """Pictures shrunk to 16 px, as vectors."""
    block = pictures.shape[1] // 16
    blocks = pictures.reshape(len(pictures), 16, block, 16, block, 3)
    return blocks.mean((2, 4)).reshape(len(pictures), -1).astype(np.float64)


def _distance(children: np.ndarray, works: np.ndarray, families: list[list[int]]) -> float:
    shares = []
    for child, ids in zip(children, families, strict=True):
        between = distances(works[ids], works[ids])[np.triu_indices(len(ids), 1)].mean()
        shares.append(distances(child[None], works[ids]).min() / between)
    return float(np.median(shares))


def _exactness(blend: Blend, parents: np.ndarray) -> dict[str, float]:
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    child = blend(parents, weights)
    times = []
    for turn in range(TIMES):
        others = weights + np.array([0.001, -0.001, 0, 0]) * turn
        started = time.thread_time()
        blend(parents, others)
        times.append(1_000 * (time.thread_time() - started))
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
