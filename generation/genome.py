"""Genome and Recipe: what a work *is*, and how it came from its parents.

A genome holds everything needed to render the work again; a recipe is history. Both are frozen, and
both have one canonical JSON form, so that their identity (SHA-256 of that form) never depends on
dictionary order or float printing.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from generation.codecs.stored_picture import MAX_PICTURE
from generation.finishing.steps import Finishing, brief_steps, read_steps
from generation.prompts import Prompts, blend_parts, read_avoided, read_prompts
from generation.refusal import Refused

MAX_PARENTS = 4
MAX_SEED = 2**53 - 1  # The largest whole number that JavaScript and JSON carry without loss.
MAX_GENES = 65_536
MAX_EDITS = 40
MAX_GRAFTS = 4  # Of one genome; of all genomes inside of each other, MAX_GRAFTED.
MAX_GRAFTED = 16
MAX_GRAFT_DEPTH = 3
OPERATORS = ("sample", "blend", "crossover")
# Of breeding. A stored recipe means the version that it names, so that its child grows again as it
# was; a recipe that names none is of version 1. Version 2 blends equal parts of learnt pictures
# cleanly, version 3 unequal ones, too; it knows the materials of Patterns, and its blends of them
# keep one parent's symmetry. Version 4 blends two learnt pictures in more even steps.
VERSIONS = (1, 2, 3, 4)
NEWEST = VERSIONS[-1]


def canonical_json(value: Any) -> str:
    """The one spelling of a JSON value: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )


@dataclass(frozen=True, eq=False)
class Genome:
    """Everything needed to render a work again.

    genes: float32 vector in the gene space of the species. psi: truncation in [0, 2] (temperature
    for music). seed: seed of the noise that some nets and steps use. finishing: the steps after the
    net, in order, each a pair (name, settings). prompts: the words of a species that paints from
    words, each a pair (words, weight). avoided: the words that its picture keeps away from, in the
    same form; their weights sum to at most 1. grafts: the genomes of the pictures that it was
    painted over, each a pair (genome, weight); their weights sum to at most 1, too. picture: of an
    uploaded picture, the picture itself (`generation.codecs.stored_picture`).
    """

    generator: str
    digest: str
    genes: np.ndarray
    psi: float = 1.0
    seed: int = 0
    finishing: Finishing = ()
    prompts: Prompts = ()
    avoided: Prompts = ()
    grafts: "Grafts" = ()
    picture: bytes = b""

    def __post_init__(self) -> None:
        genes = np.array(self.genes, dtype="<f4", copy=True).reshape(-1)
        if genes.size > MAX_GENES or not np.isfinite(genes).all():
            raise Refused("The genome contains numbers that cannot be rendered.")
        genes.flags.writeable = False
        object.__setattr__(self, "genes", genes)
        object.__setattr__(self, "prompts", read_prompts(self.prompts))
        object.__setattr__(self, "avoided", read_avoided(self.avoided))
        _check_grafts(self.grafts)
        if len(self.picture) > MAX_PICTURE:
            raise Refused("The genome holds a picture that is too large.")

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict.

        Genes are base64 of little-endian float32, which is exact and short. Words, grafts and a
        picture are left out where there are none, so that the identities of other works are what
        they always were.
        """
        data: dict[str, Any] = {
            "generator": self.generator,
            "digest": self.digest,
            "genes": base64.b64encode(self.genes.tobytes()).decode("ascii"),
            "psi": self.psi,
            "seed": self.seed,
            "finishing": [[name, dict(settings)] for name, settings in self.finishing],
        }
        for name in ("prompts", "avoided"):
            if pairs := getattr(self, name):
                data[name] = [list(pair) for pair in pairs]
        if self.picture:
            data["picture"] = base64.b64encode(self.picture).decode("ascii")
        if self.grafts:
            data["grafts"] = [[genome.to_json(), weight] for genome, weight in self.grafts]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, depth: int = 0) -> "Genome":
        """The inverse of `to_json`. Raises Refused when the stored form is damaged.

        depth: inside of how many others it is grafted.
        """
        if depth > MAX_GRAFT_DEPTH:
            raise _too_deep()
        try:
            genes = np.frombuffer(base64.b64decode(data["genes"], validate=True), dtype="<f4")
            finishing = tuple((str(name), dict(settings)) for name, settings in data["finishing"])
            return cls(
                generator=str(data["generator"]),
                digest=str(data["digest"]),
                genes=genes,
                psi=float(data["psi"]),
                seed=int(data["seed"]),
                finishing=finishing,
                prompts=read_prompts(data.get("prompts", [])),
                avoided=read_avoided(data.get("avoided", [])),
                grafts=tuple(
                    (cls.from_json(genome, depth=depth + 1), weight)
                    for genome, weight in data.get("grafts", [])
                ),
                picture=base64.b64decode(data.get("picture", ""), validate=True),
            )
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise Refused("The stored genome is damaged and cannot be read.") from error

    @cached_property
    def identity(self) -> str:
        """SHA-256 (hex) of the canonical JSON, which tells whether two works are the same."""
        return hashlib.sha256(canonical_json(self.to_json()).encode()).hexdigest()

    @property
    def grafted(self) -> Iterator["Genome"]:
        """All genomes inside of it, those of grafts of grafts too."""
        for genome, _weight in self.grafts:
            yield genome
            yield from genome.grafted

    @cached_property
    def graft_depth(self) -> int:
        """How many genomes lie inside of each other below this one."""
        return max((1 + genome.graft_depth for genome, _weight in self.grafts), default=0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Genome) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)


Grafts = tuple[tuple[Genome, float], ...]


def blend_grafts(parents: Sequence[Grafts], weights: Sequence[float]) -> Grafts:
    """The grafts of all parents by their weights; see `blend_parts`."""
    return blend_parts(parents, weights, most=MAX_GRAFTS, name=lambda genome: genome.identity)


def _check_grafts(grafts: Grafts) -> None:
    """Raises Refused for grafts that no genome may hold."""
    weights: list[Any] = [weight for _genome, weight in grafts]  # What was read may be anything.
    if len(grafts) > MAX_GRAFTS or not all(
        isinstance(weight, int | float) and not isinstance(weight, bool) and weight > 0
        for weight in weights
    ):
        raise Refused(
            "A work has at most {most} grafts, each with a weight above 0.", most=MAX_GRAFTS
        )
    if not sum(weights) <= 1 + 1e-6:
        raise Refused("The weights of the grafts of a work must sum to at most 1.")
    if any(genome.graft_depth >= MAX_GRAFT_DEPTH for genome, _weight in grafts):
        raise _too_deep()
    count = sum(1 + sum(1 for _ in genome.grafted) for genome, _weight in grafts)
    if count > MAX_GRAFTED:
        raise Refused(
            "This work would hold {count} grafted pictures, and grafts of those; at most {most} fit"
            " into one. Choose another picture.",
            count=count,
            most=MAX_GRAFTED,
        )


def _too_deep() -> Refused:
    return Refused(
        "This picture is itself a graft of a graft of a graft, which is as far as it goes. Choose"
        " one of the pictures that it came from."
    )


@dataclass(frozen=True)
class Recipe:
    """How a child comes from its parents.

    - operator: `sample` (no parents), `blend` or `crossover`.
    - weights: one number in [0, 1] for each parent, not all zero; used after division by their
      sum.
    - mask: gene group -> index of the parent it comes from, whatever the weights say.
    - mutation_rate: 0 (none) to 1 (a new species).
    - edits: gene slider -> offset in [-1, 1].
    - seed: every random choice of the recipe follows from it.
    - psi: truncation of the child; None keeps the weighted mean of the parents' values.
    - choices: gene choice -> value (the kind of a garment, the style of a tune).
    - finishing: the child's steps; None keeps those of the heaviest parent.
    - version: of breeding, one of VERSIONS; new recipes name the newest one.
    """

    operator: str = "blend"
    weights: tuple[float, ...] = ()
    mask: Mapping[str, int] = field(default_factory=dict)
    mutation_rate: float = 0.0
    edits: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    psi: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    finishing: Finishing | None = None
    version: int = 1

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict without the fields that have their default value.

        A live message stays near 150 bytes that way.
        """
        data: dict[str, Any] = {"operator": self.operator}
        data |= {
            key: value
            for key, value in (("weights", list(self.weights)), ("mask", dict(self.mask)))
            if value
        }
        data |= {
            key: dict(value)
            for key, value in (("edits", self.edits), ("choices", self.choices))
            if value
        }
        data |= {
            key: value
            for key, value in (("mutation_rate", self.mutation_rate), ("seed", self.seed))
            if value
        }
        if self.psi is not None:
            data["psi"] = self.psi
        if self.finishing is not None:
            data["finishing"] = brief_steps(self.finishing)
        if self.version > 1:
            data["version"] = self.version
        return data

    @classmethod
    def from_json(cls, data: Any, *, parents: int) -> "Recipe":
        """Read an untrusted recipe for `parents` parents.

        Raises Refused with a sentence that says what to change.
        """
        if not isinstance(data, dict):
            raise Refused("A recipe must be a JSON object.")
        unknown = sorted(str(key)[:40] for key in set(data) - set(cls.__dataclass_fields__))
        if unknown:
            raise Refused("The recipe has unknown keys: {unknown}.", unknown=", ".join(unknown[:5]))
        operator = data.get("operator", "blend" if parents else "sample")
        if operator not in OPERATORS:
            raise Refused(
                "The operator must be one of {operators}.", operators=", ".join(OPERATORS)
            )
        if (operator == "sample") != (parents == 0):
            raise Refused("A sample has no parents; blend and crossover need at least one.")
        if parents > MAX_PARENTS:
            raise Refused("A child has at most {max_parents} parents.", max_parents=MAX_PARENTS)
        psi, finishing = data.get("psi"), data.get("finishing")
        return cls(
            operator=operator,
            weights=_read_weights(data.get("weights"), parents),
            mask=_read_mask(data.get("mask", {}), parents),
            mutation_rate=_read_number(
                data.get("mutation_rate", 0), "The mutation rate", low=0, high=1
            ),
            edits=_read_edits(data.get("edits", {})),
            seed=_read_whole(data.get("seed", 0), "The seed", high=MAX_SEED),
            psi=None if psi is None else _read_number(psi, "psi", low=0, high=2),
            choices=_read_choices(data.get("choices", {})),
            finishing=None if finishing is None else read_steps(finishing),
            version=_read_version(data.get("version", 1)),
        )


def _read_number(value: Any, name: str, *, low: float, high: float) -> float:
    # The comparison is false for NaN and infinities, and takes whole numbers that are too long for
    # a float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Refused(
            "{name} must be a number from {low:g} to {high:g}.", name=name, low=low, high=high
        )
    return float(value)


def _read_whole(value: Any, name: str, *, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
        raise Refused("{name} must be a whole number from 0 to {high}.", name=name, high=high)
    return value


def _read_version(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in VERSIONS:
        raise Refused(
            "The recipe's version must be one of {versions}.",
            versions=", ".join(map(str, VERSIONS)),
        )
    return value


def _read_weights(value: Any, parents: int) -> tuple[float, ...]:
    if value is None or value == []:
        return (1.0,) * parents
    if not isinstance(value, list) or len(value) != parents:
        raise Refused(
            "The recipe must have exactly one weight for each of the {parents} parents.",
            parents=parents,
        )
    weights = tuple(_read_number(weight, "A weight", low=0, high=1) for weight in value)
    if sum(weights) < 1e-6:
        raise Refused("At least one parent must have a weight above zero.")
    return weights


def _read_mask(value: Any, parents: int) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > MAX_EDITS:
        raise Refused("The mask must be an object that maps gene groups to parent numbers.")
    return {
        str(group): _read_whole(index, "A parent's number in the mask", high=parents - 1)
        for group, index in value.items()
    }


def _read_edits(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or len(value) > MAX_EDITS:
        raise Refused(
            "The edits must be an object of at most {max_edits} gene sliders.", max_edits=MAX_EDITS
        )
    return {
        str(name): _read_number(amount, f"The slider {str(name)[:40]}", low=-1, high=1)
        for name, amount in value.items()
    }


def _read_choices(value: Any) -> dict[str, str]:
    if (
        not isinstance(value, dict)
        or len(value) > MAX_EDITS
        or not all(isinstance(chosen, str) for chosen in value.values())
    ):
        raise Refused(
            "The choices must be an object that maps each gene choice to one of its values."
        )
    return {str(name): chosen for name, chosen in value.items()}
