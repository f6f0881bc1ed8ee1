"""Training segments of melodies, shuffled anew in every pass and augmented at random.

Some segments are moved along the scale, put together from two, or varied as a musician would, so
that a net learns music and not only these tunes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.melodies.tokens import (
    BAR_STEPS,
    FIRST_PITCH,
    HIGHEST,
    LOWEST,
    is_presentable,
    scale_shifts,
)
from generation.melodies.variations import KINDS, vary
from generation.training.batches import Order

SHIFT_REACH = 5  # Steps along the scale by which a segment is moved at most.


@dataclass(frozen=True)
class Augmentation:
    """The shares of the segments, 0 to 1, that are changed before they are learnt from."""

    shifted: float = 0.0  # Moved along the scale.
    recombined: float = 0.0  # Given the second half of another segment.
    varied: float = 0.0  # Varied, from the step `varied_from` on.
    varied_from: int = 0


class Examples:
    """Batches of segments; every one follows from the seed and the number of the step."""

    def __init__(
        self, segments: np.ndarray, *, batch: int, seed: int, augmentation: Augmentation
    ) -> None:
        """segments: int64 [count, steps]. batch: segments in a batch."""
        self.segments, self.batch_size, self.seed = segments, batch, seed
        self.augmentation = augmentation
        self.table = scale_shifts(SHIFT_REACH)
        self.order = Order(len(segments), seed=seed, salt=(2,))

    def at(self, steps: Sequence[int]) -> np.ndarray:
        """Return the segments of one step, which is all that `steps` holds."""
        (step,) = steps
        return self.batch(step)

    def batch(self, step: int) -> np.ndarray:
        """Return the segments of one step, int64 [batch, steps]."""
        shares = self.augmentation
        rng = np.random.default_rng([self.seed, step, 1])
        places = [self.order.index(step * self.batch_size + i) for i in range(self.batch_size)]
        tokens = self.segments[places].copy()
        half = tokens.shape[1] // 2
        is_recombined = rng.random(len(tokens)) < shares.recombined
        others = self.segments[rng.integers(0, len(self.segments), len(tokens))]
        tokens[is_recombined, half:] = others[is_recombined, half:]
        is_shifted = rng.random(len(tokens)) < shares.shifted
        shifts = np.where(is_shifted, rng.integers(-SHIFT_REACH, SHIFT_REACH + 1, len(tokens)), 0)
        moved = self.table[SHIFT_REACH + shifts[:, None], tokens]
        varied = shares.varied if step >= shares.varied_from else 0.0
        return _vary_some(np.where(_fits(moved)[:, None], moved, tokens), varied, rng=rng)


def _vary_some(tokens: np.ndarray, share: float, *, rng: np.random.Generator) -> np.ndarray:
    """Vary a share of the segments, except where the variation would be no melody any more."""
    result = tokens.copy()
    for index in np.flatnonzero(rng.random(len(tokens)) < share):
        varied = vary(tokens[index], KINDS[rng.integers(len(KINDS))], rng=rng)
        if is_presentable(varied, bars=tokens.shape[1] // BAR_STEPS):
            result[index] = varied
    return result


def _fits(tokens: np.ndarray) -> np.ndarray:
    """Tell for each segment whether all its pitches lie in the range, bool [batch]."""
    is_pitch = tokens >= FIRST_PITCH
    low = np.where(is_pitch, tokens, 999).min(1) - FIRST_PITCH
    high = np.where(is_pitch, tokens, 0).max(1) - FIRST_PITCH
    return (low >= LOWEST) & (high <= HIGHEST)
