"""The modules of a network as the official StyleGAN code pickled them (torch_utils.persistence).

Each lies in the pickle as its class's name, its source text, which nobody reads, and the fields of
the object: `_parameters`, `_buffers`, `_modules` and its settings.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from generation.importing import tensors
from generation.importing.pickle_data import Made
from generation.refusal import Refused

PERSISTENT = "torch_utils.persistence._reconstruct_persistent_obj"
# All that the pickle of a network may name; none of it is looked up.
NAMES = tensors.NAMES | {
    PERSISTENT,
    "collections.OrderedDict",
    "dnnlib.util.EasyDict",
    "dnnlib.EasyDict",
    "builtins.set",
    "__builtin__.set",
    "_codecs.encode",
    "torch.Size",
    "torch.device",
    "torch.float32",
    "torch.float16",
}


def fields_of(node: Any) -> Mapping[Any, Any] | None:
    """The fields of a dictionary or of a pickled module; None of anything else."""
    if isinstance(node, dict):
        return node
    if not isinstance(node, Made):
        return None
    if node.by == PERSISTENT:
        meta = fields_of(node.arguments[0]) if node.arguments else None
        # A pickled object of a class that wrote its own state has it beside the class's name.
        return fields_of(meta.get("state")) if meta else None
    return node.items


class Module:
    """One pickled module. place: its name in the network, for the sentences of refusals."""

    def __init__(self, node: Any, place: str) -> None:
        fields = fields_of(node)
        if fields is None:
            raise Refused("This network lacks “{name}”.", name=place[:80])
        self._fields, self.place = fields, place

    def _part(self, kind: str, name: str) -> Any:
        return (fields_of(self._fields.get(kind)) or {}).get(name)

    def has(self, name: str) -> bool:
        """Whether it holds a module or a tensor of that name."""
        return any(
            self._part(kind, name) is not None for kind in ("_parameters", "_buffers", "_modules")
        )

    def child(self, name: str) -> "Module":
        """The module of that name in this one. Raises Refused when there is none."""
        return Module(self._part("_modules", name), self._place(name))

    def tensor(self, name: str, *shape: int | None) -> np.ndarray:
        """A parameter or buffer as float32.

        shape: its lengths, None for any. Raises Refused when it is missing, has another shape or
        holds numbers that are not finite.
        """
        found = self._array(name)
        if len(found.shape) != len(shape) or any(
            wanted not in (None, length) for wanted, length in zip(shape, found.shape, strict=True)
        ):
            raise self._misshapen(name, found)
        return found

    def filter(self, name: str) -> np.ndarray:
        """The taps of a filter, [taps] where it is separable, else [taps, taps]."""
        found = self._array(name)
        if found.ndim not in (1, 2) or len(set(found.shape)) != 1:
            raise self._misshapen(name, found)
        return found

    def _array(self, name: str) -> np.ndarray:
        node = self._part("_parameters", name)
        node = self._part("_buffers", name) if node is None else node
        if node is None:
            raise Refused("This network lacks “{name}”.", name=self._place(name)[:80])
        with np.errstate(over="ignore"):
            found = tensors.read_tensor(node, place=self._place(name)).astype(np.float32)
        if not np.isfinite(found).all():
            raise Refused(
                "The weights “{name}” in this file hold numbers that are not finite.",
                name=self._place(name)[:80],
            )
        return found

    def _misshapen(self, name: str, found: np.ndarray) -> Refused:
        return Refused(
            "The weights “{name}” in this file have the shape {shape}, which does not fit the"
            " others.",
            name=self._place(name)[:80],
            shape=" x ".join(map(str, found.shape)) or "1",
        )

    def numbers(self, name: str, *, low: float, high: float) -> list[float]:
        """A setting that is one or several numbers from low to high. Raises Refused for others."""
        value = self._fields.get(name)
        try:
            found = (
                tensors.read_numbers(value)
                if isinstance(value, list | tuple | Made)
                else [tensors.read_number(value)]
            )
        except (TypeError, ValueError, IndexError, AttributeError) as error:
            raise self._unusable(name) from error
        if not all(low <= number <= high for number in found):
            raise self._unusable(name)
        return found

    def number(self, name: str, *, low: float, high: float) -> float:
        """A setting that is a number from low to high. Raises Refused when it is none."""
        found = self.numbers(name, low=low, high=high)
        if len(found) != 1:
            raise self._unusable(name)
        return found[0]

    def whole(self, name: str, *, low: int, high: int) -> int:
        """A setting that is a whole number from low to high. Raises Refused when it is none."""
        found = self.number(name, low=low, high=high)
        if found != int(found):
            raise self._unusable(name)
        return int(found)

    def limit(self, name: str) -> float | None:
        """A setting that is a number above 0, or None where there is no limit."""
        return None if self._fields.get(name) is None else self.number(name, low=1e-6, high=1e9)

    def one_of(self, name: str, *options: str) -> str:
        """A setting that is one of some words. Raises Refused when it is another."""
        value = self._fields.get(name)
        if value not in options:
            raise self._unusable(name)
        return str(value)

    def texts(self, name: str) -> list[str]:
        """A setting that is a list of words. Raises Refused when it is none."""
        value = self._fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._unusable(name)
        return value

    def _unusable(self, name: str) -> Refused:
        value = self._fields.get(name)
        if isinstance(value, str | int | float):
            return Refused(
                "This network has the setting “{name}” = {value}, which cannot be used here.",
                name=self._place(name)[:80],
                value=str(value)[:40],
            )
        return Refused("This network lacks “{name}”.", name=self._place(name)[:80])

    def _place(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name
