"""Remembers how pictures were judged, so that a garden goes on growing where it stopped.

What grows is found by judging thousands of pictures, one after the other. After a restart the plan
is made again from its start, and all that was judged before is read from this file.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from gallery.demo.plan import Evaluate
from generation.genespaces.patterns.portrait import Colour, Portrait
from generation.genome import Genome

Judgements = dict[int, tuple[float, Portrait]]


class Memory:
    """A function like `evaluate` that looks into a file first.

    A line of the file is one call: its digest and what it returned. A file that cannot be written
    or read, or a line cut off by a power cut, costs time alone.
    """

    def __init__(self, path: Path, evaluate: Evaluate) -> None:
        self._path, self._evaluate = path, evaluate
        self._known: dict[str, Any] = {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            lines = []
        for line in lines:
            try:
                digest, found = json.loads(line)
                self._known[digest] = found
            except ValueError:
                continue

    def __call__(self, genomes: Mapping[int, Genome]) -> Judgements:
        names = [f"{key} {genome.identity}" for key, genome in genomes.items()]
        digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
        if digest in self._known:
            return {int(key): _read(row) for key, row in self._known[digest].items()}
        found = self._evaluate(genomes)
        rows = {key: _write(each) for key, each in found.items()}
        line = json.dumps([digest, rows], default=lambda number: number.item())
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError:
            pass
        return found

    def forget(self) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)


def _write(judgement: tuple[float, Portrait]) -> list[Any]:
    beauty, portrait = judgement
    signature = np.asarray(portrait.signature, np.float32)
    return [
        float(beauty),
        asdict(portrait) | {"signature": base64.b64encode(signature.tobytes()).decode("ascii")},
    ]


def _read(row: list[Any]) -> tuple[float, Portrait]:
    beauty, fields = row
    return beauty, Portrait(
        **fields
        | {
            "colours": tuple(Colour(**colour) for colour in fields["colours"]),
            "surface": tuple(fields["surface"]),
            "signature": np.frombuffer(base64.b64decode(fields["signature"]), np.float32),
        }
    )
