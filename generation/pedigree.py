"""A pedigree: how a child came from published works through several unpublished broods.

On the bench a person picks children of a brood as parents of the next one. Those children are not
stored, and browsers may not upload genomes; so the browser sends the whole path from published
works to the child, and the server breeds along it. The steps are numbered, which keeps the size
linear in the number of broods (a nested tree would double at each).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.breeding import breed, shares
from generation.genome import MAX_PARENTS, Genome, Recipe
from generation.refusal import Refused

MAX_ROOTS = 16
MAX_STEPS = 64
# Characters; founders may carry words, and others to keep away from, in which a comma takes three.
MAX_REFERENCE = 2_700


@dataclass(frozen=True)
class Step:
    """One breeding.

    parents: positions; 0 to len(roots) - 1 are roots, later ones the children of earlier steps.
    """

    parents: tuple[int, ...]
    recipe: Recipe


@dataclass(frozen=True)
class Pedigree:
    """A path from roots to a child, which is the last step's.

    roots: references to works (their slugs) or fresh founders, which `gallery.lineage.references`
    describes.
    """

    roots: tuple[str, ...]
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        steps = [
            {"parents": list(step.parents), "recipe": step.recipe.to_json()} for step in self.steps
        ]
        return {"roots": list(self.roots), "steps": steps}

    @classmethod
    def from_json(cls, data: Any) -> "Pedigree":
        """Read an untrusted pedigree. Raises Refused with a sentence that says what to change."""
        if not isinstance(data, dict) or set(data) - {"roots", "steps"}:
            raise Refused("A pedigree must be a JSON object with the keys roots and steps.")
        roots, steps = data.get("roots"), data.get("steps", [])
        if not isinstance(roots, list) or not 1 <= len(roots) <= MAX_ROOTS:
            raise Refused("A pedigree must have 1 to {max_roots} roots.", max_roots=MAX_ROOTS)
        if not all(isinstance(root, str) and 0 < len(root) <= MAX_REFERENCE for root in roots):
            raise Refused("Each root of a pedigree must be the name of a work.")
        if len(set(roots)) != len(roots):
            raise Refused("A root appears twice in the pedigree.")
        if not isinstance(steps, list) or len(steps) > MAX_STEPS:
            raise Refused(
                "A pedigree must have at most {max_steps} steps; publish a child along the way and"
                " continue from it.",
                max_steps=MAX_STEPS,
            )
        return cls(
            tuple(roots),
            tuple(_read_step(step, len(roots) + number) for number, step in enumerate(steps)),
        )


def _read_step(data: Any, known: int) -> Step:
    if not isinstance(data, dict) or set(data) != {"parents", "recipe"}:
        raise Refused("Each step of a pedigree must have the keys parents and recipe.")
    parents = data["parents"]
    if not isinstance(parents, list) or not 1 <= len(parents) <= MAX_PARENTS:
        raise Refused(
            "Each step of a pedigree must have 1 to {max_parents} parents.", max_parents=MAX_PARENTS
        )
    for position in parents:
        if isinstance(position, bool) or not isinstance(position, int) or not 0 <= position < known:
            raise Refused("A step of the pedigree names a parent that does not come before it.")
    if len(set(parents)) != len(parents):
        raise Refused("A parent appears twice in one step of the pedigree.")
    return Step(tuple(parents), Recipe.from_json(data["recipe"], parents=len(parents)))


def grow(pedigree: Pedigree, roots: Mapping[str, Genome] | Sequence[Genome]) -> list[Genome]:
    """Breed along the pedigree.

    Returns the genomes of all positions, roots first. The last one is the child.
    """
    genomes = (
        [roots[name] for name in pedigree.roots] if isinstance(roots, Mapping) else list(roots)
    )
    for step in pedigree.steps:
        genomes.append(breed([genomes[position] for position in step.parents], step.recipe))
    return genomes


def inheritance(pedigree: Pedigree) -> tuple[dict[str, float], float]:
    """The share of each root in the child, and the child's novelty in [0, 1].

    Shares sum to 1; roots without a share are left out. Shares multiply along the path; each
    mutation on the way keeps (1 - rate) of what came before.
    """
    inherited_at = [({name: 1.0}, 0.0) for name in pedigree.roots]
    for step in pedigree.steps:
        weights, rate = shares(step.recipe, parents=len(step.parents))
        total: dict[str, float] = {}
        novelty = 0.0
        for weight, position in zip(weights, step.parents, strict=True):
            inherited, new = inherited_at[position]
            novelty += weight * new
            for name, share in inherited.items():
                total[name] = total.get(name, 0.0) + weight * share
        inherited_at.append((total, 1 - (1 - novelty) * (1 - rate)))
    shares_of_child, novelty = inherited_at[-1]
    return {name: share for name, share in shares_of_child.items() if share > 1e-9}, novelty
