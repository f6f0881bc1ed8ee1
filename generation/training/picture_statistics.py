"""The distribution of genes that a trained encoder gives to its pictures: what random works are drawn from.

One Gaussian over everything would also draw what lies between two kinds of things, half hat and half hair. So beside it a
small mixture is kept: one Gaussian for every class of the data, or for every cluster (k-means) where there are no classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

RIDGE = 1e-4
FEWEST_MEMBERS = 24
TRUNCATION = 0.8


@dataclass(frozen=True)
class GeneStatistics:
    """`mean` [genes], `factor` [genes, genes] lower Cholesky; of the mixture `means` [kinds, genes], `factors`, `shares`."""

    mean: np.ndarray
    factor: np.ndarray
    means: np.ndarray
    factors: np.ndarray
    shares: np.ndarray

    def sample(self, rng: np.random.Generator, count: int, *, psi: float = TRUNCATION) -> np.ndarray:
        """Random genes, float32 [count, genes]; `psi` draws them towards the middle of their kind."""
        kinds = rng.choice(len(self.shares), size=count, p=self.shares / self.shares.sum())
        noise = rng.standard_normal((count, len(self.mean))).astype(np.float32)
        drawn = [self.means[kind] + psi * self.factors[kind] @ row for kind, row in zip(kinds, noise, strict=True)]
        return np.stack(drawn).astype(np.float32)

    def to_tensors(self) -> dict[str, np.ndarray]:
        """The mixture's factors as float16: they are many, and a sample does not show the difference."""
        return {
            "gaussian.mean": self.mean.astype(np.float32), "gaussian.factor": self.factor.astype(np.float32),
            "mixture.means": self.means.astype(np.float32), "mixture.factors": self.factors.astype(np.float16),
            "mixture.shares": self.shares.astype(np.float32),
        }

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, np.ndarray]) -> "GeneStatistics":
        names = ("gaussian.mean", "gaussian.factor", "mixture.means", "mixture.factors", "mixture.shares")
        return cls(*(tensors[name].astype(np.float32) for name in names))


def fit_statistics(genes: np.ndarray, kinds: np.ndarray) -> GeneStatistics:
    """Fit to float32 [count, genes] and the kind of each. Covariances of small kinds lean on that of all (shrinkage)."""
    mean, factor, covariance = _fit(genes, np.zeros((genes.shape[1],) * 2), shrinkage=0.0)
    fitted = [_fit(genes[kinds == kind], covariance, shrinkage=None) for kind in range(kinds.max() + 1)]
    shares = (np.bincount(kinds) / len(kinds)).astype(np.float32)
    return GeneStatistics(mean, factor, np.stack([f[0] for f in fitted]), np.stack([f[1] for f in fitted]), shares)


def _fit(genes: np.ndarray, prior: np.ndarray, *, shrinkage: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, Cholesky factor and covariance; without a given shrinkage, it falls with the number of members per dimension."""
    count, size = genes.shape
    share = size / (size + 4 * count) if shrinkage is None else shrinkage
    mean = genes.astype(np.float64).mean(0)
    centred = genes - mean
    # The prior is wider than any kind of its own, so only its shape is used, at the kind's own total variance.
    own = centred.T @ centred / count
    scale = np.trace(own) / max(np.trace(prior), 1e-12)
    covariance = (1 - share) * own + share * scale * prior
    factor = np.linalg.cholesky(covariance + RIDGE * np.eye(size))
    return mean.astype(np.float32), factor.astype(np.float32), covariance


def cluster(genes: np.ndarray, count: int, *, seed: int = 0, rounds: int = 30) -> np.ndarray:
    """k-means with spread-out seeds (Arthur and Vassilvitskii 2007): the kind of each row; small kinds join their neighbour."""
    rng = np.random.default_rng(seed)
    centres = genes[rng.integers(len(genes))][None]
    closest = np.full(len(genes), np.inf)
    for _ in range(count - 1):
        closest = np.minimum(closest, ((genes - centres[-1]) ** 2).sum(1))
        centres = np.concatenate([centres, genes[rng.choice(len(genes), p=closest / closest.sum())][None]])
    for _ in range(rounds):
        kinds = assign(genes, centres)
        sizes = np.bincount(kinds, minlength=len(centres))
        centres = np.stack([genes[kinds == kind].mean(0) for kind in range(len(centres)) if sizes[kind] >= FEWEST_MEMBERS])
    return assign(genes, centres)


def assign(genes: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The nearest centre of each row."""
    distance = (centres**2).sum(1)[None] - 2 * genes @ centres.T
    return distance.argmin(1)
