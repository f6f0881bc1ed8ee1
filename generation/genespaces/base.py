"""GeneSpace, the interface of every species: sampling, breeding and editing of genes.

Plain numpy, so that pages and sockets can breed without torch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from generation.refusal import Refused

# One weight for each parent.
Weights = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class GeneGroup:
    """A part of the genes that can come from one parent as a whole ("colour from B").

    key: its name in recipes. label: its name for people.
    """

    key: str
    label: str


@dataclass(frozen=True)
class GeneSlider:
    """A named direction in gene space, from -1 to 1; 0 leaves the child as it was bred."""

    key: str
    label: str
    group: str  # The key of its GeneGroup.
    low_label: str
    high_label: str


@dataclass(frozen=True)
class GeneChoice:
    """A gene with a few named values ("kind of garment", "style").

    options: (value, label) pairs.
    """

    key: str
    label: str
    options: tuple[tuple[str, str], ...]


class WithoutChoices:
    """A base for spaces that have only numeric genes and no truncation."""

    choices: tuple[GeneChoice, ...] = ()
    has_psi: bool = False

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        raise Refused("This species has no gene choice “{choice}”.", choice=choice[:40])

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        raise Refused("This species has no gene choice “{choice}”.", choice=choice[:40])


class OneMutation:
    """Mutations of species for which they are the same in all versions of breeding.

    change is `mutate` of GeneSpace without the version.
    """

    change: Callable[[np.ndarray, float, np.random.Generator], np.ndarray]

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        return self.change(genes, rate, rng)


class OneVersion:
    """Founders and blends of species for which they are the same in all versions of breeding.

    found and mix are `sample` and `blend` of GeneSpace without the version.
    """

    found: Callable[[np.random.Generator], np.ndarray]
    mix: Callable[[Sequence[np.ndarray], Weights], np.ndarray]

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        return self.found(rng)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        return self.mix(parents, weights)


def contributors(
    parents: Sequence[np.ndarray], weights: Weights
) -> tuple[list[np.ndarray], np.ndarray]:
    """The different parents that have a part in a blend, and their shares, which sum to 1.

    They are in an order of their own, so that the order in which they were given does not matter. A
    parent of whom all are copies is alone.
    """
    pairs = sorted(
        ((genes, float(w)) for genes, w in zip(parents, weights, strict=True) if w > 0),
        key=lambda pair: (pair[0].tobytes(), pair[1]),
    )
    genes = [genes for genes, _ in pairs]
    if all(np.array_equal(one, genes[0]) for one in genes):
        return genes[:1], np.ones(1)
    shares = np.array([w for _, w in pairs])
    return genes, shares / shares.sum()


def mean_of(genes: Sequence[np.ndarray], shares: np.ndarray) -> np.ndarray:
    """The weighted mean, float64: a plain sum, as the last bit of a matrix product differs between
    machines.
    """
    return (shares[:, None] * np.stack(genes)).sum(axis=0)


class GeneSpace(Protocol):
    """The operators of one species.

    Genes are float32 vectors [size]; every operator returns a new vector.
    """

    size: int
    groups: tuple[GeneGroup, ...]
    sliders: tuple[GeneSlider, ...]
    choices: tuple[GeneChoice, ...]
    has_psi: bool  # Whether truncation means anything for the species.

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """Draw the genes of a fresh, presentable work.

        version: of breeding; what a version drew once it draws for ever.
        """

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The point between the parents; weights sum to 1.

        A single weight of 1 returns exactly that parent. version: of breeding, as recipes name it;
        what a version gave once it gives for ever.
        """

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """A child whose parts come whole from one parent or another.

        More of them come from the heavier parent.
        """

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with one gene group replaced by the parent's."""

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Random change.

        rate in [0, 1]: .08 gives a sibling, .2 a cousin, .4 to .8 a new species; 0 returns the
        genes unchanged. version: of breeding; what a version gave once it gives for ever.
        """

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """Move one named slider by `amount` in [-1, 1]; 0 returns the genes unchanged."""

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        """Set one choice to a value of its options.

        The value that it has already returns the genes unchanged.
        """

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        """The value that a choice has in these genes."""
