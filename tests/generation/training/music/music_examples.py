"""Small music data and settings for the tests of training."""

import numpy as np

from generation.melodies.tokens import tokens_of
from generation.training.music.vae import MusicVaeSettings

SCALE = [60, 62, 64, 65, 67, 69, 71, 72, 74, 76]


def make_settings(**changes):
    sizes = {
        "z": 8,
        "embedding": 8,
        "encoder": 16,
        "conductor": 16,
        "plan": 8,
        "decoder": 24,
        "batch": 16,
    }
    return MusicVaeSettings(data="tiny").changed(**sizes | {"learning_rate": 5e-3} | changes)


def make_segments(count=80, seed=0):
    """Random tunes of eighths and quarters in C, int64 [count, 32]."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        edges = np.cumsum([0, *rng.choice([2, 4], 16)])
        edges = [*edges[edges < 32].tolist(), 32]
        rows.append(
            tokens_of(
                [(a, b, int(rng.choice(SCALE))) for a, b in zip(edges, edges[1:], strict=False)],
                steps=32,
            )
        )
    return np.stack(rows)
