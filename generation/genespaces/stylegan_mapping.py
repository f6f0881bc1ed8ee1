"""The mapping network of StyleGAN in numpy: from random z to the intermediate latent w.

It is small, and so pages and sockets draw founders without torch. Karras et al. 2019, "A
Style-Based Generator Architecture for Generative Adversarial Networks", section 2; conditional
networks as in StyleGAN2-ADA.
"""

from collections.abc import Mapping

import numpy as np

GAIN = np.float32(np.sqrt(2))
SLOPE = np.float32(0.2)


class MappingNetwork:
    """z, float32 [count, z_dim], and a class to w, float32 [count, w_dim]."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        """tensors: `average`, `layers.N.weight`, `layers.N.bias`, and `embedding` where there are
        classes; the weights with their run-time gains.

        Raises KeyError when some are missing, and ValueError when they do not fit each other.
        """
        self.average = tensors["average"]
        count = sum(name.startswith("layers.") and name.endswith(".weight") for name in tensors)
        self._layers = [
            (tensors[f"layers.{index}.weight"].T, tensors[f"layers.{index}.bias"])
            for index in range(count)
        ]
        self._embedding = (
            (tensors["embedding.weight"].T, tensors["embedding.bias"])
            if "embedding.weight" in tensors
            else None
        )
        self.classes = 0 if self._embedding is None else len(self._embedding[0])
        self.z_dim = len(self._layers[0][0]) - (
            0 if self._embedding is None else len(self._embedding[1])
        )
        self(np.zeros((1, self.z_dim), np.float32), kind=0)

    def __call__(self, z: np.ndarray, *, kind: int = 0) -> np.ndarray:
        """The w of z. kind: the number of the class, where there are classes."""
        values = _normalised(z.astype(np.float32))
        if self._embedding is not None:
            weight, bias = self._embedding
            embedded = _normalised((weight[kind] + bias)[None])
            values = np.concatenate([values, embedded.repeat(len(values), axis=0)], axis=1)
        for weight, bias in self._layers:
            values = values @ weight + bias
            values = np.maximum(values, SLOPE * values) * GAIN
        if values.shape[1:] != self.average.shape:
            raise ValueError("the layers of the mapping network do not fit each other")
        return values


def _normalised(values: np.ndarray) -> np.ndarray:
    return values / np.sqrt(np.square(values).mean(axis=1, keepdims=True) + np.float32(1e-8))
