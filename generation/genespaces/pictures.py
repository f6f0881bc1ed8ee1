"""Uploaded pictures as a species: their genomes hold the pictures themselves.

There is one gene, which says how the picture came to be. A child of one such picture is the same
picture, which may be finished otherwise. Two cannot be bred; other species paint over them instead.
"""

from collections.abc import Sequence

import numpy as np

from generation.checkpoints import catalogue
from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genome import Genome
from generation.refusal import Refused

STORED = frozenset({"picture"})  # Architectures of such species.
AI, DRAWING, PHOTO = ORIGINS = ("ai", "drawing", "photo")


def stored_species() -> list[str]:
    """The keys of the installed species of uploaded pictures."""
    return [key for key, one in catalogue().items() if one.card.get("architecture") in STORED]


def origin_of(genome: Genome) -> str:
    """How an uploaded picture came to be, one of ORIGINS; empty for a genome of another kind."""
    if not genome.picture or genome.genes.size != 1:
        return ""
    number = int(genome.genes[0])
    return ORIGINS[number] if 0 <= number < len(ORIGINS) else ""


def genes_of(origin: str) -> np.ndarray:
    """The gene that says so."""
    return np.array([ORIGINS.index(origin)], np.float32)


class PictureSpace(WithoutChoices):
    """A space in which nothing can be drawn at random, changed or bred with another."""

    size = 1
    groups: tuple[GeneGroup, ...] = ()
    sliders: tuple[GeneSlider, ...] = ()

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        raise _no_genes()

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The only parent again. Raises Refused for several."""
        return _the_only(parents)

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """The only parent again. Raises Refused for several."""
        return _the_only(parents)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        raise _no_genes()

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        raise _no_genes()

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        raise _no_genes()


def _the_only(parents: Sequence[np.ndarray]) -> np.ndarray:
    if len(parents) != 1:
        raise _no_genes()
    return np.array(parents[0], np.float32)


def _no_genes() -> Refused:
    return Refused(
        "An uploaded picture has no genes, so it can't be bred, only finished. Graft it onto a"
        " species that paints from words."
    )
