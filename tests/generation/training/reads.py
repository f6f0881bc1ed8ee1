"""Counting what is read back from a device, which would make a graphics card stop and wait."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class _Reads(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        if operation is torch.ops.aten._local_scalar_dense.default:
            self.found.append(str(args))
        return operation(*args, **(kwargs or {}))


@contextmanager
def counted_reads() -> Iterator[list[str]]:
    """A list of the tensors that the block made numbers of (`item`, `float`, `if`)."""
    with _Reads() as mode:
        yield mode.found
