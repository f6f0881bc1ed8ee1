"""Small helpers for nets: precision, and what torch's type hints leave out about modules."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar, cast

import torch
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


def module_list(modules: Iterable[M]) -> Sequence[M]:
    """Return an `nn.ModuleList` whose members keep their type for the type checker."""
    return cast("Sequence[M]", nn.ModuleList(modules))


def channels_last(net: M) -> M:
    """Lay the weights out channels last, which makes convolutions on a CPU much faster."""
    # The hints of `Module.to` lack the overload with a memory format alone.
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def full_precision(x: Tensor) -> AbstractContextManager[object]:
    """A block that computes in float32, on the device of `x`, where autocast is on around it."""
    kind = x.device.type
    if torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind):
        return torch.autocast(kind, enabled=False)
    return nullcontext()
