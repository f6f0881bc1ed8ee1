"""The beds of the demo garden: how many works of each species are bred, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gallery.demo import load
from generation.finishing.presets import PALETTES
from generation.finishing.steps import Finishing

CHOSEN_SEED = 11  # The seed of the garden whose founders were chosen by eye.


@dataclass(frozen=True)
class Bed:
    """The works of one species.

    founders: number of works without parents. seeds: theirs, chosen by eye (for the garden of
    CHOSEN_SEED); kinds: what each of these shows, if that has a name. generations: number of works
    in each later generation. candidates: random genomes compared for one founder. pairings: sets of
    parents tried for one bred work. finishing_rate: share of bred works that get one of
    `finishings` in addition to what the species always gets. psi: how close to the average of the
    species bred works stay.
    """

    species: str
    founders: int
    generations: Sequence[int]
    candidates: int = 12
    pairings: int = 2
    finishing_rate: float = 0.0
    finishings: Sequence[Finishing] = ()
    psi: float | None = None
    seeds: Sequence[int] = ()
    kinds: Sequence[str] = ()

    @property
    def works(self) -> int:
        """The number of all works."""
        return self.founders + sum(self.generations)


def _read_bed(row: Mapping[str, Any]) -> Bed:
    return Bed(**{**row, "finishings": tuple(map(_read_finishing, row["finishings"]))})


def _read_finishing(steps: Mapping[str, Mapping[str, Any]]) -> Finishing:
    """Finishing steps from their settings by name; palettes are given by their names."""
    return tuple(
        (name, {"colours": list(PALETTES[settings["name"]])} if name == "palette" else settings)
        for name, settings in steps.items()
    )


BEDS = tuple(_read_bed(row) for row in load("beds")["beds"])


def beds_for(seed: int, beds: Sequence[Bed]) -> Sequence[Bed]:
    """The beds of a garden; founders chosen by eye grow in that of CHOSEN_SEED only."""
    return beds if seed == CHOSEN_SEED else [replace(bed, seeds=(), kinds=()) for bed in beds]
