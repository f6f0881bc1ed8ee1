"""The beds of the demo garden: the works chosen by eye, and how others would be bred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gallery.demo import load
from gallery.models import Licence
from generation.finishing.curated import CURATED
from generation.finishing.steps import Finishing
from generation.genome import Recipe

CHOSEN_SEED = 11  # The seed of the garden whose works were chosen by eye.


@dataclass(frozen=True)
class Choice:
    """A work that was chosen by eye.

    maker: a username. seed: the random seed of a founder. parents: places of the others' parents
    among the choices of the bed, all before it; recipe: how it comes from these; seedling: its
    number in its brood. kind: what it shows, if that has a name.
    """

    title: str
    maker: str
    licence: Licence
    seed: int | None = None
    parents: Sequence[int] = ()
    recipe: Recipe | None = None
    seedling: int = 0
    kind: str = ""


@dataclass(frozen=True)
class Bed:
    """The works of one species.

    chosen: the works themselves, which grow in the garden of CHOSEN_SEED; all else says how those
    of another garden are found. founders: number of works without parents. generations: number of
    works in each later generation. candidates: random genomes compared for one founder. pairings:
    sets of parents tried for one bred work. finishing_rate: share of bred works that get one of
    `finishings`, which are the curated ones, in addition to what the species always gets. psi: how
    close to the average of the species bred works stay.
    """

    species: str
    founders: int
    generations: Sequence[int]
    candidates: int = 12
    pairings: int = 2
    finishing_rate: float = 0.0
    finishings: Sequence[Finishing] = ()
    psi: float | None = None
    chosen: Sequence[Choice] = ()

    @property
    def works(self) -> int:
        """The number of all works."""
        return len(self.chosen) or self.founders + sum(self.generations)


def _read_bed(row: Mapping[str, Any]) -> Bed:
    finishings = CURATED.get(row["species"], ())
    chosen = tuple(map(_read_choice, _CHOSEN[row["species"]]))
    return Bed(**{**row, "finishings": finishings, "chosen": chosen})


def _read_choice(row: Mapping[str, Any]) -> Choice:
    values = {**row, "licence": Licence(row["licence"])}
    if "recipe" in row:
        values["recipe"] = Recipe.from_json(row["recipe"], parents=len(row["parents"]))
    return Choice(**values)


_CHOSEN: dict[str, list[dict[str, Any]]] = load("chosen")
BEDS = tuple(_read_bed(row) for row in load("beds")["beds"])


def beds_for(seed: int, beds: Sequence[Bed]) -> Sequence[Bed]:
    """The beds of a garden; works chosen by eye grow in that of CHOSEN_SEED only."""
    return beds if seed == CHOSEN_SEED else [replace(bed, chosen=()) for bed in beds]
