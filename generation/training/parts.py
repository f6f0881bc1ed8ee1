"""A batch in parts that fit into memory.

The gradients of the parts add up to those of the batch, so the memory of a card changes how long a
step takes, and nothing else apart from rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from generation.refusal import Refused

R = TypeVar("R")


@dataclass(frozen=True)
class Part:
    """Rows `start` to `stop` of a batch of `count`: what is computed at once."""

    start: int
    stop: int
    count: int

    @property
    def share(self) -> float:
        """Its share of the batch, by which its means count."""
        return (self.stop - self.start) / self.count

    def of(self, rows: Tensor, *, first: int = 0) -> Tensor:
        """Its rows of a tensor that begins with row `first` of the batch, and may end early."""
        return rows[max(0, self.start - first) : max(0, self.stop - first)]


class Parts:
    """Divides some rows of a batch into the largest parts that fit. `kept` lasts for one step.

    size: rows of a part; it is halved whenever memory is short, and stays so.
    """

    def __init__(self, rows: range, *, count: int) -> None:
        """rows: those of this process, of a batch of `count`."""
        self.rows, self.count, self.size = rows, count, len(rows)
        self.kept: dict[str, object] = {}

    @property
    def is_whole(self) -> bool:
        """Whether one part holds all rows."""
        return self.size >= len(self.rows)

    def each(
        self, work: Callable[[Part], R], *, begin: Callable[[], object] | None = None
    ) -> list[R]:
        """Do the work on every part, and return the results.

        When memory runs out, all parts are done once more, smaller, after `begin`, which forgets
        what was added up. Raises Refused when not even one row fits.
        """
        while True:
            if begin:
                begin()
            try:
                return [work(part) for part in self._divided()]
            except torch.OutOfMemoryError as error:
                if self.size == 1:
                    raise Refused(
                        "The memory of this device does not hold the net and one example of this"
                        " size. Use a smaller --size, or another --device."
                    ) from error
            # Here the failed attempt no longer holds its tensors.
            self.size = -(-self.size // 2)
            self.kept.clear()
            torch.cuda.empty_cache()

    def _divided(self) -> list[Part]:
        return [
            Part(start, min(start + self.size, self.rows.stop), self.count)
            for start in range(self.rows.start, self.rows.stop, self.size)
        ]

    def first(self, name: str, make: Callable[[], R]) -> R:
        """Make something that `again` makes once more, with gradients.

        Where all rows fit at once, that is spared: the result is kept with its graph.
        """
        if not self.is_whole:
            with torch.no_grad():
                return make()
        made = make()
        self.kept[name] = made
        return made

    def again(self, name: str, make: Callable[[], R]) -> R:
        """What `first` kept, or it made once more."""
        return self.kept.pop(name) if name in self.kept else make()  # type: ignore[return-value]
