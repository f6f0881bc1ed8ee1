"""Nets in ONNX Runtime: made of a file or of bytes, and nothing else is kept or left behind."""

import gc
import tempfile
from pathlib import Path

import numpy as np
import pytest

from generation.nets.onnx_graph import Graph
from generation.onnx_sessions import open_session


class Bytes(bytes):
    """Bytes that can be seen to go: a plain `bytes` takes no weak reference."""

    gone: list[bool] = []

    def __del__(self) -> None:
        self.gone.append(True)


def doubling() -> bytes:
    graph = Graph()
    twice = graph.add("Mul", "numbers", graph.constant([2.0]))
    return graph.to_bytes(inputs={"numbers": ("count",)}, outputs={"doubled": (twice, ("count",))})


@pytest.mark.parametrize("has_pool", [False, True])
def test_a_net_of_bytes_computes_what_the_net_of_a_file_does(tmp_path, has_pool):
    file = tmp_path / "net.onnx"
    file.write_bytes(doubling())
    given = {"numbers": np.array([1, 2, 3], np.float32)}
    for model in (file, doubling()):
        (doubled,) = open_session(model, has_pool=has_pool).run(None, given)
        assert doubled.tolist() == [2, 4, 6]


def test_the_bytes_of_a_net_go_and_no_file_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    model = Bytes(doubling())
    session = open_session(model)
    del model
    gc.collect()
    assert Bytes.gone == [True]
    assert list(tmp_path.iterdir()) == []
    assert session.get_outputs()[0].name == "doubled"


def test_what_is_no_net_is_refused(tmp_path):
    with pytest.raises(Exception, match=r"(?i)protobuf|parse"):
        open_session(b"no net")
    with pytest.raises(Exception, match=r"(?i)no such file|doesn't exist|not exist"):
        open_session(Path(tmp_path / "missing.onnx"))
