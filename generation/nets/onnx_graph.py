"""A small builder of ONNX graphs, on top of the helpers of the `onnx` package.

Torch's own exporter needs onnxscript as well and traces the net. Building the graph here takes less
than a tenth of a second, and lets `style_vae_onnx` arrange the operations as ONNX Runtime runs them
fastest.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

# ONNX Runtime 1.22, the oldest that requirements.txt allows, reads both; `onnx` alone would write
# its newest.
IR_VERSION = 8
OPSET = 17

# The size of every axis; an axis whose size is only known when the graph runs has a name instead.
Shape = Sequence[int | str]


class Graph:
    """A graph under construction.

    `constant` and `add` return the name of the tensor they made, which later operations take as an
    input.
    """

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._shapes: list[ValueInfoProto] = []
        self._count = 0

    def constant(self, values: ArrayLike) -> str:
        """Add a constant tensor and return its name.

        Integers are stored as int64, all else as float32.
        """
        array = np.asarray(values)
        array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32)
        name = self._new_name("constant")
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def add(
        self, operation: str, *inputs: str, **attributes: int | float | str | Sequence[int]
    ) -> str:
        """Add an operation with one output and return the name of that output.

        An optional input is left out by giving "".
        """
        name = self._new_name(operation.lower())
        node = helper.make_node(operation, inputs, [name], name)
        node.attribute.extend(helper.make_attribute(*item) for item in sorted(attributes.items()))
        self._nodes.append(node)
        return name

    def declare_shape(self, name: str, shape: Shape) -> None:
        """State the shape of a tensor where ONNX Runtime cannot infer it.

        For example, it forgets the name of the batch axis when images are resized.
        """
        self._shapes.append(_float_tensor(name, shape))

    def to_bytes(
        self, *, inputs: Mapping[str, Shape], outputs: Mapping[str, tuple[str, Shape]]
    ) -> bytes:
        """Return the graph as an ONNX file. All inputs and outputs are float32.

        inputs: the shape of each input, by its name.
        outputs: for each output, by its name, the tensor that it returns and the shape of that.
        """
        returned = [
            helper.make_node("Identity", [tensor], [name], name)
            for name, (tensor, _) in outputs.items()
        ]
        graph = helper.make_graph(
            [*self._nodes, *returned],
            "net",
            [_float_tensor(name, shape) for name, shape in inputs.items()],
            [_float_tensor(name, shape) for name, (_, shape) in outputs.items()],
            initializer=self._constants,
            value_info=self._shapes,
        )
        model = helper.make_model(
            graph,
            producer_name="arboretum",
            ir_version=IR_VERSION,
            opset_imports=[helper.make_operatorsetid("", OPSET)],
        )
        return model.SerializeToString()

    def _new_name(self, stem: str) -> str:
        self._count += 1
        return f"{stem}_{self._count}"


def _float_tensor(name: str, shape: Shape) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
