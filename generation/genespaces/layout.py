"""The layout of a gene vector: named parts one after the other, each of one gene group."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from generation.genespaces.base import GeneGroup
from generation.refusal import Refused

# Named parts of a gene vector; numbers are arrays [].
Parts = dict[str, np.ndarray]


class Layout:
    """Where the parts of a species' genes stand.

    parts: name -> (shape, key of its gene group), in the order of the vector. species: its name,
    for refusals. added: the last parts, which older genes lack, and their values there. places: of
    each part; size: the number of genes; old_size: without the added parts; groups: the positions
    of the genes of each group, by its key.
    """

    def __init__(
        self,
        species: str,
        parts: Mapping[str, tuple[tuple[int, ...], str]],
        groups: Sequence[GeneGroup],
        added: Mapping[str, np.ndarray | float] | None = None,
    ) -> None:
        self._species = species
        self.places: dict[str, slice] = {}
        self.size = 0
        for name, (shape, _group) in parts.items():
            start, self.size = self.size, self.size + math.prod(shape)
            self.places[name] = slice(start, self.size)
        self.groups = {
            group.key: np.concatenate(
                [
                    np.arange(self.size)[self.places[name]]
                    for name, (_shape, key) in parts.items()
                    if key == group.key
                ]
            )
            for group in groups
        }
        self._parts = [(name, self.places[name], shape) for name, (shape, _) in parts.items()]
        tail = [np.asarray(value, np.float32).reshape(-1) for value in (added or {}).values()]
        self._tail = np.concatenate(tail) if tail else np.empty(0, np.float32)
        self.old_size = self.size - len(self._tail)

    def check(self, genes: np.ndarray) -> None:
        """Raises Refused when the vector is not of this species."""
        if genes.shape not in ((self.size,), (self.old_size,)):
            raise Refused(
                "These genes don't belong to the {species} species: it has {size:,} of them, not"
                " {size_2:,}.",
                species=self._species,
                size=self.size,
                size_2=genes.size,
            )

    def complete(self, genes: np.ndarray) -> np.ndarray:
        """The genes with all parts, the added ones too. Raises Refused as `check` does."""
        self.check(genes)
        return genes if len(genes) == self.size else np.concatenate([genes, self._tail])

    def unpack(self, genes: np.ndarray) -> Parts:
        """Named float64 copies of the parts of a gene vector. Raises Refused as `check` does."""
        copy = self.complete(genes).astype(np.float64)
        return {name: copy[place].reshape(shape) for name, place, shape in self._parts}

    def pack(self, parts: Mapping[str, np.ndarray | float]) -> np.ndarray:
        """The inverse of `unpack`: one float32 vector."""
        return np.concatenate(
            [np.asarray(parts[name], dtype=np.float32).reshape(-1) for name, _, _ in self._parts]
        )

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with one gene group from the parent."""
        taken = child.copy()
        taken[self.groups[group]] = parent[self.groups[group]]
        return taken
