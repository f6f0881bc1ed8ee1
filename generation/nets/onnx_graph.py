"""Writing a net as an ONNX file, for ONNX Runtime: just the few messages of the format that a net
of floats needs.

ONNX is a protocol-buffers format (github.com/onnx/onnx, onnx.proto3; the field numbers below are
its own). Torch's exporter needs one more package; writing the file here needs none, takes a
hundredth of a second, and leaves the graph ours to arrange. Reading is not supported; ONNX Runtime
checks what it is given.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

IR_VERSION = 8
OPSET = 17
FLOAT, INT64 = 1, 7  # TensorProto.DataType
_TYPES = {np.dtype("<f4"): FLOAT, np.dtype("<i8"): INT64}
_WHOLE, _BYTES, _FLOAT = 0, 2, 5  # Wire types.


class Graph:
    """A net under construction. Tensors are known by their names, which `constant` and `add` give
    out.
    """

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._shapes: list[bytes] = []
        self._count = 0

    def constant(self, values: Any) -> str:
        """A tensor that never changes: float32, or int64 where whole numbers are given."""
        array = np.asarray(values)
        array = np.ascontiguousarray(array, "<i8" if array.dtype.kind in "iu" else "<f4").reshape(
            array.shape
        )
        name = self._new_name("constant")
        self._constants.append(_tensor(name, array))
        return name

    def add(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """One operation with one output, whose name is returned. An input may be "" where ONNX lets
        it be left out.
        """
        name = self._new_name(operation.lower())
        self._nodes.append(_node(operation, inputs, name, attributes))
        return name

    def state_shape(self, name: str, shape: Sequence[int | str]) -> None:
        """What ONNX Runtime cannot infer for itself: it loses the name of a free axis, for one,
        where planes are resized.
        """
        self._shapes.append(_value(name, shape))

    def to_bytes(
        self,
        *,
        inputs: Mapping[str, Sequence[int | str]],
        outputs: Mapping[str, tuple[str, Sequence[int | str]]],
    ) -> bytes:
        """The file; all inputs and outputs are float32. A free axis of a shape has a name instead
        of a size.

        `inputs`: name -> shape. `outputs`: name -> the tensor that is given out under it, and its
        shape.
        """
        nodes = [
            *self._nodes,
            *(_node("Identity", [inner], name) for name, (inner, _) in outputs.items()),
        ]
        graph = b"".join(
            [
                *(_message(1, node) for node in nodes),
                _text(2, "net"),
                *(_message(5, one) for one in self._constants),
                *(_message(11, _value(name, shape)) for name, shape in inputs.items()),
                *(_message(12, _value(name, shape)) for name, (_, shape) in outputs.items()),
                *(_message(13, shape) for shape in self._shapes),
            ]
        )
        return (
            _whole(1, IR_VERSION)
            + _text(2, "arboretum")
            + _message(7, graph)
            + _message(8, _text(1, "") + _whole(2, OPSET))
        )

    def _new_name(self, stem: str) -> str:
        self._count += 1
        return f"{stem}_{self._count}"


def _varint(number: int) -> bytes:
    """A whole number in groups of seven bits, the lowest first; negative ones as 64-bit two's
    complement.
    """
    number &= 2**64 - 1
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])


def _whole(field: int, number: int) -> bytes:
    return _varint(field << 3 | _WHOLE) + _varint(number)


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(content)) + content


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())


def _node(
    operation: str, inputs: Sequence[str], output: str, attributes: Mapping[str, Any] | None = None
) -> bytes:
    fields = [
        *(_text(1, one) for one in inputs),
        _text(2, output),
        _text(3, output),
        _text(4, operation),
    ]
    fields += [_message(5, _attribute(key, value)) for key, value in (attributes or {}).items()]
    return b"".join(fields)


def _tensor(name: str, array: np.ndarray) -> bytes:
    sizes = b"".join(_whole(1, size) for size in array.shape)
    return sizes + _whole(2, _TYPES[array.dtype]) + _text(8, name) + _message(9, array.tobytes())


def _attribute(name: str, value: Any) -> bytes:
    """A whole number, a float, a text, or a list of whole numbers."""
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _whole(20, 3)
    if isinstance(value, float):
        return _text(1, name) + _varint(2 << 3 | _FLOAT) + struct.pack("<f", value) + _whole(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _whole(3, value) + _whole(20, 2)
    return _text(1, name) + b"".join(_whole(8, one) for one in value) + _whole(20, 7)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(
        _message(1, _text(2, size) if isinstance(size, str) else _whole(1, size)) for size in shape
    )
    return _text(1, name) + _message(2, _message(1, _whole(1, FLOAT) + _message(2, sizes)))
