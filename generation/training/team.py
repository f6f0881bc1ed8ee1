"""The processes of one training run: torchrun starts one for each graphics card, else it is one.

Each process learns from its rows of every batch, and the gradients are added up, so that all keep
the same weights, and the run ends as it would on one card, apart from rounding. The sum is made by
hand and not by DistributedDataParallel: that looks at one forward pass for each backward pass,
while a step here makes several, in parts, and R1 differentiates a gradient.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as processes

# The optimisers import this, and its functions hold the group that there is by then for ever: its
# threads would outlive the group, and abort the process where it ends. So it comes first.
import torch.distributed.nn.functional
from torch import Tensor

from generation.refusal import Refused

# While the first process draws a sheet, the others wait for it.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Team:
    """Process number `rank` of `size`. Every process must call the same methods in the same order.

    They raise Refused when another process has ended or does not answer.
    """

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes the log, the snapshots and the sheets."""
        return self.rank == 0

    def rows(self, count: int) -> range:
        """Which rows of a batch of `count` this process learns from."""
        return range(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def add(self, tensors: Sequence[Tensor]) -> None:
        """Add up tensors of one type over all processes, in place."""
        if self.size == 1:
            return
        whole = torch.cat([tensor.flatten() for tensor in tensors])
        with _answers():
            processes.all_reduce(whole)
        parts = whole.split([tensor.numel() for tensor in tensors])
        for tensor, part in zip(tensors, parts, strict=True):
            tensor.copy_(part.view_as(tensor))

    def gather(self, own: Tensor, count: int) -> Tensor:
        """The rows of all processes, [count, ...], from those of this one."""
        if self.size == 1:
            return own
        rows = self.rows(count)
        whole = own.new_zeros(count, *own.shape[1:])
        whole[rows.start : rows.stop] = own
        with _answers():
            processes.all_reduce(whole)
        return whole

    def any(self, *wishes: bool) -> list[bool]:
        """For each wish, whether any process has it."""
        return [bool(number) for number in self.largest(*map(float, wishes))]

    def largest(self, *numbers: float) -> list[float]:
        """For each number, the largest that any process has. They never go through a card."""
        if self.size == 1:
            return list(numbers)
        asked = torch.tensor(numbers, dtype=torch.float64)
        with _answers():
            processes.all_reduce(asked, processes.ReduceOp.MAX)
        return [float(number) for number in asked.tolist()]

    def wait(self) -> None:
        """Go on when all processes have come here."""
        self.any(False)


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    # The backends raise kinds of their own for a lost process, all of them RuntimeErrors.
    except RuntimeError as error:
        raise Refused(
            "Another process of this run has ended or does not answer, so this one stops, too. Its"
            " message says why. The same command goes on from the last snapshot."
        ) from error


@contextmanager
def joined() -> Iterator[Team]:
    """The team that torchrun started this process for; without torchrun, one that is alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Team()
        return
    backends = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    with _answers():
        processes.init_process_group(backends, timeout=PATIENCE)
    team = Team(processes.get_rank(), processes.get_world_size())
    yield team
    # After a failure the others may never answer, so only a good end waits for them.
    team.wait()
    processes.destroy_process_group()
