"""Batches of examples, fetched ahead by worker processes into pinned memory.

Which examples a batch holds follows from its place in the endless stream alone, so a resumed run
goes on exactly, whatever the number of workers.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

MOST_WORKERS = 4


class Order:
    """An endless order of `count` examples: every pass shows each once, in another order.

    seed, salt: the numbers before and after that of the pass, from which its order follows.
    """

    def __init__(self, count: int, *, seed: int, salt: tuple[int, ...] = ()) -> None:
        self.count, self.seed, self.salt = count, seed, salt
        self._pass, self._order = -1, np.zeros(0, dtype=np.int64)

    def index(self, position: int) -> int:
        """Return which example comes at a position."""
        number, place = divmod(position, self.count)
        if number != self._pass:
            rng = np.random.default_rng([self.seed, number, *self.salt])
            self._pass, self._order = number, rng.permutation(self.count)
        return int(self._order[place])


class Stream(Protocol):
    """Examples in an endless order."""

    def at(self, positions: list[int]) -> np.ndarray:
        """The examples at some positions of the order, [count, ...]."""


class _Fetcher(Dataset[Tensor]):
    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __getitems__(self, positions: list[int]) -> Tensor:
        return torch.from_numpy(self.stream.at(positions))


class _Places:
    """The positions of one process's rows in each batch, without an end."""

    def __init__(self, position: int, rows: range, *, count: int) -> None:
        self.position, self.rows, self.count = position, rows, count

    def __iter__(self) -> Iterator[list[int]]:
        position = self.position
        while True:
            yield [position + row for row in self.rows]
            position += self.count


def workers_for(device: torch.device) -> int:
    """How many worker processes pay: on a CPU none, because there the cores have work already."""
    return min(MOST_WORKERS, max(0, (os.cpu_count() or 1) - 1)) if device.type == "cuda" else 0


def batches(
    stream: Stream, position: int, rows: range, *, count: int, workers: int, is_pinned: bool
) -> Iterator[Tensor]:
    """Yield batch after batch, [len(rows), ...].

    position: that of the first example of the first batch. rows: those that are wanted of each
    batch of `count`. is_pinned: in memory from which a graphics card copies by itself.
    """
    return iter(
        DataLoader(
            _Fetcher(stream),
            batch_sampler=_Places(position, rows, count=count),
            collate_fn=_as_it_is,
            num_workers=workers,
            pin_memory=is_pinned,
            # Forked workers share the mapped pictures; spawned ones would get a copy each.
            multiprocessing_context="fork" if workers and sys.platform == "linux" else None,
            # The loader draws a number, which must not come from the stream of others.
            generator=torch.Generator(),
        )
    )


def _as_it_is(batch: Any) -> Any:
    return batch
