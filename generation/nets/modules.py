"""What torch's type hints leave out about modules; at run time these are plain torch calls."""

from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

import torch
from torch import nn

M = TypeVar("M", bound=nn.Module)


def module_list(modules: Iterable[M]) -> Sequence[M]:
    """Return an `nn.ModuleList` whose members keep their type for the type checker."""
    return cast("Sequence[M]", nn.ModuleList(modules))


def channels_last(net: M) -> M:
    """Lay the weights out channels last, which makes convolutions on a CPU much faster."""
    # The hints of `Module.to` lack the overload with a memory format alone.
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
