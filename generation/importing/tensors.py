"""Arrays out of the tensors and numbers that a pickle holds, without torch.

A tensor lies in a pickle as its shape, its strides and the bytes of a storage, which are what
`torch.save` wrote in its format before version 1.6: four pickles, then the numbers.
"""

import io
import math
from typing import Any

import numpy as np

from generation.importing.pickle_data import Made, Named, Stored, read_pickle
from generation.refusal import Refused

TENSOR = "torch._utils._rebuild_tensor_v2"
PARAMETER = "torch._utils._rebuild_parameter"
STORAGE = "torch.storage._load_from_bytes"
ARRAYS = {
    f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("_reconstruct",)
}
SCALARS = {f"numpy.{core}.multiarray.scalar" for core in ("core", "_core")}
DTYPE = "numpy.dtype"
# What the pickle of a network names for its numbers.
NAMES = {TENSOR, PARAMETER, STORAGE, DTYPE, "numpy.ndarray", *ARRAYS, *SCALARS}

STORAGE_TYPES = {
    "torch.FloatStorage": "<f4",
    "torch.HalfStorage": "<f2",
    "torch.DoubleStorage": "<f8",
    "torch.LongStorage": "<i8",
    "torch.IntStorage": "<i4",
    "torch.ShortStorage": "<i2",
    "torch.CharStorage": "<i1",
    "torch.ByteStorage": "<u1",
    "torch.BoolStorage": "<?",
}
STORAGE_NAMES = set(STORAGE_TYPES) | {
    name.replace("torch.", "torch.cuda.") for name in STORAGE_TYPES
}
MAX_AXES = 8
BEFORE_STORAGE = 3  # Pickles: a magic number, the version of the format, facts of the machine.


def read_tensor(node: Any, *, place: str) -> np.ndarray:
    """The numbers of a tensor or a parameter, in the type they are stored in.

    place: its name, for the sentence of a refusal. Raises Refused when it is no tensor, or when its
    shape does not fit its storage.
    """
    if isinstance(node, Made) and node.by == PARAMETER and node.arguments:
        node = node.arguments[0]
    try:
        if not isinstance(node, Made) or node.by != TENSOR:
            raise TypeError("It is no tensor.")
        storage, offset, shape, strides = node.arguments[:4]
        flat = _read_storage(storage)
        _check_bounds(len(flat), offset, shape, strides)
        steps = [stride * flat.itemsize for stride in strides]
        return np.lib.stride_tricks.as_strided(flat[offset:], shape, steps).copy()
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise Refused("The weights “{name}” in this file are damaged.", name=place[:80]) from error


def _check_bounds(stored: int, offset: Any, shape: Any, strides: Any) -> None:
    """Raise ValueError unless the view lies in a storage of so many numbers, each used once."""
    numbers = (offset, *shape, *strides)
    if len(shape) != len(strides) or len(shape) > MAX_AXES:
        raise ValueError("Every axis has a length and a stride.")
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError("Lengths and strides are whole numbers.")
    last = offset + sum(
        max(0, length - 1) * stride for length, stride in zip(shape, strides, strict=True)
    )
    # Strides of nothing could make a huge array of few numbers.
    if math.prod(shape) > stored or (math.prod(shape) and last >= stored):
        raise ValueError("The shape does not fit the storage.")


def _read_storage(node: Any) -> np.ndarray:
    if not isinstance(node, Made) or node.by != STORAGE or not isinstance(node.arguments[0], bytes):
        raise TypeError("It is no storage.")
    file = io.BytesIO(node.arguments[0])
    for _ in range(BEFORE_STORAGE):
        read_pickle(file, may_name=())
    described = read_pickle(file, may_name=STORAGE_NAMES, may_refer=True)
    read_pickle(file, may_name=())  # The keys of the storages: there is only one.
    if not isinstance(described, Stored):
        raise TypeError("It is no storage.")
    kind = described.reference[1]
    if not isinstance(kind, Named):
        raise TypeError("A storage has a type.")
    dtype = np.dtype(STORAGE_TYPES[kind.name.replace("torch.cuda.", "torch.")])
    count = int(np.frombuffer(file.read(8), "<i8", 1)[0])
    if count < 0 or count * dtype.itemsize != len(node.arguments[0]) - file.tell():
        raise ValueError("The numbers are cut short.")
    return np.frombuffer(file.read(), dtype, count)


def read_number(node: Any) -> float:
    """A plain number, or one that numpy stored. Raises TypeError or ValueError for others."""
    if isinstance(node, int | float):
        return float(node)
    (number,) = read_numbers(node)
    return number


def read_numbers(node: Any) -> list[float]:
    """The numbers of a list, a tuple or a small array of numpy.

    Raises TypeError or ValueError for anything else.
    """
    if isinstance(node, list | tuple):
        return [read_number(one) for one in node]
    if isinstance(node, Made) and node.by in SCALARS:
        dtype, content = node.arguments
        return _numbers(dtype, content)
    if isinstance(node, Made) and node.by in ARRAYS:
        _, _, dtype, _, content = node.state
        return _numbers(dtype, content)
    raise TypeError("These are no numbers.")


def _numbers(dtype: Any, content: Any) -> list[float]:
    if not isinstance(dtype, Made) or dtype.by != DTYPE or dtype.arguments[0] not in _PLAIN:
        raise TypeError("This is no plain type of numbers.")
    if dtype.state is not None and dtype.state[1] == ">":
        raise ValueError("The bytes stand in another order.")
    return [float(number) for number in np.frombuffer(content, f"<{dtype.arguments[0]}")]


_PLAIN = ("f4", "f8", "i4", "i8", "u1", "b1")
