"""The map of a music net's latent space: how to draw, blend and mutate tunes in it.

The codes of real tunes are not distributed like N(0, I): new tunes are drawn from the Gaussian that
was fitted to them, and blends and mutations are made where that Gaussian is round. Plain numpy.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from generation.refusal import Refused

PREFIX = "latents."


@dataclass(frozen=True)
class Latents:
    """The Gaussian of the codes of real tunes.

    mean [z], root [z, z]: the covariance is root @ root.T. bank [count, z]: good phrases to start
    from.
    """

    mean: np.ndarray
    root: np.ndarray
    bank: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    @property
    def size(self) -> int:
        return len(self.mean)

    @property
    def scale(self) -> np.ndarray:
        """Standard deviation of every coordinate [z]."""
        return np.sqrt((self.root**2).sum(1)).astype(np.float32)

    @cached_property
    def _unroot(self) -> np.ndarray:
        """The inverse of the root [z, z], float64; solving would take most of a live frame."""
        return np.linalg.inv(self.root.astype(np.float64))

    def sample(self, count: int, *, rng: np.random.Generator) -> np.ndarray:
        """Fresh z [count, z]."""
        return (self.mean + rng.standard_normal((count, self.size)) @ self.root.T).astype(
            np.float32
        )

    def fresh(self, count: int, *, rng: np.random.Generator) -> np.ndarray:
        """z [count, z] of good phrases, from the bank where there is one."""
        if not len(self.bank):
            return self.sample(count, rng=rng)
        return self.bank[rng.integers(0, len(self.bank), count)].astype(np.float32)

    def whiten(self, z: np.ndarray) -> np.ndarray:
        """z in the coordinates in which codes are N(0, I), where blends and mutations are made."""
        return ((z - self.mean) @ self._unroot.T).astype(np.float32)

    def unwhiten(self, white: np.ndarray) -> np.ndarray:
        return (self.mean + white @ self.root.T).astype(np.float32)

    def mutate(self, z: np.ndarray, rate: float, *, rng: np.random.Generator) -> np.ndarray:
        """Turn z by a random angle in the whitened space; rate 0 leaves it, 1 replaces it."""
        if rate <= 0:
            return z
        white = self.whiten(z)
        noise = rng.standard_normal(white.shape).astype(np.float32)
        # The square root makes small rates audible: melodies hardly change until z has turned by
        # some 20 degrees.
        angle = np.sqrt(min(rate, 1.0)) * np.pi / 2
        return self.unwhiten(np.cos(angle) * white + np.sin(angle) * noise)

    def blend(self, points: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """A point between several z [count, z] with weights that sum to 1.

        Interpolation is spherical in the whitened space, so that blends stay typical: slerp for two
        points. One weight of 1 gives back exactly that point.
        """
        if np.max(weights) >= 1 - 1e-9:
            return points[int(np.argmax(weights))]
        result, gathered = self.whiten(points[0]), float(weights[0])
        for point, weight in zip(points[1:], weights[1:], strict=True):
            if weight > 0:
                gathered += float(weight)
                result = slerp(result, self.whiten(point), float(weight) / gathered)
        return self.unwhiten(result)

    def tensors(self) -> dict[str, np.ndarray]:
        """The map as named arrays for a weights file."""
        named = {"mean": self.mean, "root": self.root}
        whole = {
            PREFIX + name: np.ascontiguousarray(array, dtype=np.float32)
            for name, array in named.items()
        }
        return whole | ({PREFIX + "bank": self.bank.astype(np.float16)} if len(self.bank) else {})


def slerp(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """Spherical interpolation (Shoemake 1985), of the lengths too.

    Linear where the directions are almost the same.
    """
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) < 1e-9:
        return (1 - share) * a + share * b
    cosine = float(np.clip(np.dot(a / lengths[0], b / lengths[1]), -1, 1))
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:
        return (1 - share) * a + share * b
    direction = (
        np.sin((1 - share) * angle) * a / lengths[0] + np.sin(share * angle) * b / lengths[1]
    ) / np.sin(angle)
    return direction * ((1 - share) * lengths[0] + share * lengths[1])


def fit_latents(codes: np.ndarray) -> Latents:
    """Fit the map to the codes [count, z] of real tunes."""
    mean, covariance = codes.mean(0, dtype=np.float64), np.cov(codes.T.astype(np.float64))
    root = np.linalg.cholesky(covariance + 1e-6 * np.eye(len(mean)))
    return Latents(mean.astype(np.float32), root.astype(np.float32))


def readout_r2(codes: np.ndarray, attributes: np.ndarray) -> np.ndarray:
    """R2 of a linear read-out of each attribute [count, attributes] from the codes.

    Measured on the last tenth.
    """
    codes = codes - codes.mean(0)
    fitted = len(codes) * 9 // 10
    spread = attributes.std(0)
    wanted = (attributes - attributes.mean(0)) / np.where(spread > 0, spread, 1.0)
    gram = codes[:fitted].T @ codes[:fitted] + 1e-3 * fitted * np.eye(codes.shape[1])
    readout = np.linalg.solve(gram, codes[:fitted].T @ wanted[:fitted])
    missed = ((codes[fitted:] @ readout - wanted[fitted:]) ** 2).mean(0)
    variance = wanted[fitted:].var(0)
    return np.where(variance > 0, 1 - missed / np.where(variance > 0, variance, 1.0), 0.0)


def read_latents(weights: Path) -> Latents:
    """Read the map from a checkpoint's weights file. Raises Refused when it has none."""
    try:
        named = load_file(weights)
        mean, root = (named[PREFIX + name].astype(np.float32) for name in ("mean", "root"))
        return Latents(
            mean, root, named.get(PREFIX + "bank", np.zeros((0, len(mean)))).astype(np.float32)
        )
    except (OSError, SafetensorError, KeyError) as error:
        raise Refused(
            "{weights} holds no map of a music net's latent space.", weights=weights
        ) from error
