"""Breeding: a child's genome is a pure function of its parents and a recipe.

The live preview and the publish button both call `breed`, so what was previewed is what is
published.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generation.finishing.steps import Finishing, read_steps
from generation.genespaces import GeneSpace, Species, species
from generation.genespaces.diffusion import (
    COMPOSITION,
    WORDS,
    DiffusionSpace,
    choose_one,
    concept,
)
from generation.genespaces.remote import RemoteSpace
from generation.genome import MAX_SEED, Genome, Grafts, Recipe, blend_grafts
from generation.prompts import Prompts, blend_avoided, blend_prompts, read_prompts
from generation.refusal import Refused

BROOD_SIZE = 12
# References to founders hold a number and no version of breeding, so the number decides: from the
# first one on, so many founders are drawn by version 4, half as many before them by version 3, and
# all others by version 1.
FIRST_FRESH = FRESH_COUNT = 2**33
FIRST_OF_MATERIALS = 2**32
BROOD_MIN_RATE = 0.12  # Below this, the children of a brood cannot be told apart by eye.


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a founder.

    words: what is to be painted. Where there are none, a species that paints from words chooses
    among its own by the seed. avoided: words that the picture is to keep away from. graft: the
    picture that it is to be painted over.
    """

    words: str = ""
    avoided: str = ""
    graft: Genome | None = None


NOTHING = Wish()


def sample(
    generator: str,
    *,
    seed: int,
    words: str = "",
    avoided: str = "",
    graft: Genome | None = None,
) -> Genome:
    """Draw a fresh genome of a species; the same seed and wish always draw the same one.

    words, avoided, graft: see `Wish`. Raises Refused for words that are too long, for a graft that
    is no picture or holds too many others, and for a species that takes none of the kind.
    """
    recipe = Recipe(operator="sample", seed=seed, version=_version_of_founder(seed))
    return breed((), recipe, generator=generator, wish=Wish(words, avoided, graft))


def _version_of_founder(number: int) -> int:
    if FIRST_FRESH <= number < FIRST_FRESH + FRESH_COUNT:
        return 4
    return 3 if FIRST_OF_MATERIALS <= number < FIRST_FRESH else 1


def breed(
    parents: Sequence[Genome], recipe: Recipe, *, generator: str = "", wish: Wish = NOTHING
) -> Genome:
    """The child of `parents` by `recipe`.

    A sample has no parents and needs `generator`, the key of its species; `wish` says what it is to
    be. Raises Refused when the parents are of different species or versions of it, or
    the recipe names a gene group, slider or choice that the species lacks.
    """
    if parents and any(parent.generator != parents[0].generator for parent in parents):
        raise Refused("Only works of the same species can be bred with each other.")
    if any(parent.digest != parents[0].digest for parent in parents):
        raise Refused(
            "These works were made by different versions of their species, and their genes don't"
            " match. Choose parents of the same version."
        )
    kind = (
        species(parents[0].generator, digest=parents[0].digest) if parents else species(generator)
    )
    _check_names(kind.space, recipe)
    if kind.takes_words and parents:
        prompts, avoided, giver = _bred_words(parents, recipe)
    else:
        prompts, avoided = _first_words(kind, wish, seed=recipe.seed)
        giver = None
    genes, psi = _bred_genes(kind.space, parents, recipe, giver=giver)
    return Genome(
        generator=kind.key,
        digest=kind.digest,
        genes=genes,
        psi=psi if recipe.psi is None else recipe.psi,
        seed=recipe.seed,
        finishing=_bred_finishing(kind, parents, recipe),
        prompts=prompts,
        avoided=avoided,
        grafts=_bred_grafts(parents, recipe) if parents else _first_graft(kind, wish),
        # Uploaded pictures are in their genomes, and have only one parent.
        picture=parents[0].picture if parents else b"",
    )


def _first_graft(kind: Species, wish: Wish) -> Grafts:
    if wish.graft is None:
        return ()
    if not kind.can_be_grafted_onto:
        raise Refused("The species “{key}” cannot paint over another picture.", key=kind.key[:40])
    source = species(wish.graft.generator, digest=wish.graft.digest)
    is_kept_apart = not kind.checkpoint.terms.has_age_gate
    if source.checkpoint.terms.has_age_gate and is_kept_apart:
        raise Refused("A work for adults can only be grafted onto a species for adults.")
    if source.checkpoint.card["medium"] != "picture":
        raise Refused("Only a picture can be grafted, not a tune.")
    return ((wish.graft, 1.0),)


def _bred_grafts(parents: Sequence[Genome], recipe: Recipe) -> Grafts:
    """The child's grafts. They go with the composition."""
    if not any(parent.grafts for parent in parents):
        return ()
    giver = recipe.mask.get(COMPOSITION)
    if giver is None and recipe.operator == "crossover":
        # The same one whose genes the child has.
        rng = np.random.default_rng([recipe.seed, 1])
        _prompts, _avoided, wordsmith = _bred_words(parents, recipe)
        giver = choose_one(_without(_weights(recipe, parents), wordsmith), rng)
    if giver is not None:
        return parents[giver].grafts
    return blend_grafts([parent.grafts for parent in parents], _weights(recipe, parents).tolist())


def _first_words(kind: Species, wish: Wish, *, seed: int) -> tuple[Prompts, Prompts]:
    """The prompts of a founder, and what it keeps away from."""
    if not kind.takes_words:
        if wish != NOTHING:
            raise Refused("The species “{key}” does not paint from words.", key=kind.key[:40])
        return (), ()
    if wish.avoided and not kind.can_avoid:
        raise Refused(
            "The species “{key}” cannot keep away from words: it paints each picture once, without"
            " comparing it to another one. Leave them out.",
            key=kind.key[:40],
        )
    prompts = read_prompts([(wish.words or concept(seed), 1.0)])
    return prompts, read_prompts([(wish.avoided, 1.0)]) if wish.avoided else ()


def _bred_words(parents: Sequence[Genome], recipe: Recipe) -> tuple[Prompts, Prompts, int | None]:
    """The child's prompts, what it keeps away from, and by crossover whose words they are."""
    weights = _weights(recipe, parents)
    giver = recipe.mask.get(WORDS)
    if giver is None and recipe.operator == "crossover":
        # A generator of its own, so that the words do not depend on how genes are drawn.
        giver = int(np.random.default_rng([recipe.seed, 4]).choice(len(parents), p=weights))
    if giver is not None:
        chosen = parents[giver]
        return chosen.prompts, chosen.avoided, giver if recipe.operator == "crossover" else None
    shares = weights.tolist()
    return (
        blend_prompts([parent.prompts for parent in parents], shares),
        blend_avoided([parent.avoided for parent in parents], shares),
        None,
    )


def _weights(recipe: Recipe, parents: Sequence[Genome]) -> np.ndarray:
    """The weight of each parent; they sum to 1."""
    weights = np.asarray(recipe.weights or (1.0,) * len(parents), dtype=np.float64)
    return weights / weights.sum()


def _bred_genes(
    space: GeneSpace, parents: Sequence[Genome], recipe: Recipe, *, giver: int | None
) -> tuple[np.ndarray, float]:
    """The child's genes, and the weighted mean of the parents' psi.

    giver: the parent whose words the child has; another one gives its genes, if there is one.
    """
    rng = np.random.default_rng([recipe.seed, 1])
    psi = 1.0
    if not parents:
        genes = space.sample(rng, version=recipe.version)
    else:
        weights = _weights(recipe, parents)
        psi = float(np.dot(weights, [parent.psi for parent in parents]))
        weights = _without(weights, giver)
        genes = _combine(space, [parent.genes for parent in parents], weights, recipe, rng)
        for group, index in sorted(recipe.mask.items()):
            genes = space.take_group(genes, parents[index].genes, group)
    if recipe.mutation_rate > 0:
        # A generator of its own, so that the mutation stays the same while a person moves the
        # weights.
        rng = np.random.default_rng([recipe.seed, 2])
        genes = space.mutate(genes, recipe.mutation_rate, rng, version=recipe.version)
    for slider, amount in sorted(recipe.edits.items()):
        if amount:
            genes = space.edit(genes, slider, amount)
    for choice, value in sorted(recipe.choices.items()):
        genes = space.choose(genes, choice, value)
    return genes, psi


def _without(weights: np.ndarray, giver: int | None) -> np.ndarray:
    """The weights of the parents without one that gives its words already, if there are others."""
    if giver is None or weights[giver] >= 1:
        return weights
    others = weights.copy()
    others[giver] = 0.0
    return others / others.sum()


def _bred_finishing(kind: Species, parents: Sequence[Genome], recipe: Recipe) -> Finishing:
    """The recipe's steps, or else the heaviest parent's, or else those of the species' card."""
    if recipe.finishing is not None:
        return recipe.finishing
    if parents:
        return parents[int(np.argmax(recipe.weights or (1.0,)))].finishing
    return read_steps(kind.checkpoint.card.get("finishing", []))


def _combine(
    space: GeneSpace,
    genes: list[np.ndarray],
    weights: np.ndarray,
    recipe: Recipe,
    rng: np.random.Generator,
) -> np.ndarray:
    if recipe.operator == "crossover":
        return space.crossover(genes, weights, rng)
    return space.blend(genes, weights, version=recipe.version)


def _check_names(space: GeneSpace, recipe: Recipe) -> None:
    groups = {group.key for group in space.groups}
    sliders = {slider.key for slider in space.sliders}
    for name in sorted(set(recipe.mask) - groups):
        raise Refused(
            "This species has no gene group “{name}”; it has {groups}.",
            name=name[:40],
            groups=", ".join(sorted(groups)),
        )
    for name in sorted(set(recipe.edits) - sliders):
        raise Refused(
            "This species has no gene slider “{name}”; it has {sliders}.",
            name=name[:40],
            sliders=", ".join(sorted(sliders)),
        )
    options = {choice.key: [value for value, _label in choice.options] for choice in space.choices}
    for name, value in sorted(recipe.choices.items()):
        if name not in options:
            has = f"it has {', '.join(sorted(options))}" if options else "it has none"
            raise Refused(
                "This species has no gene choice “{name}”; {has}.", name=name[:40], has=has
            )
        if value not in options[name]:
            raise Refused(
                "The choice “{name}” must be one of {options}.",
                name=name,
                options=", ".join(options[name]),
            )


def closeness(genome: Genome) -> float:
    """How much of the pictures that it is grafted onto stays in a work, 0 (nothing) to 1."""
    space = species(genome.generator, digest=genome.digest).space
    if not genome.grafts or not isinstance(space, DiffusionSpace | RemoteSpace):
        return 0.0
    return space.closeness(genome.genes)


def brood(recipe: Recipe, *, parents: int, count: int = BROOD_SIZE) -> list[Recipe]:
    """`count` variations of a recipe: the seedlings of a brood, a pure function of the recipe.

    With several parents, every third child is a blend near the chosen weights and the others are
    crossovers, so a brood shows both what lies between the parents and what their parts give
    together.
    """
    rng = np.random.default_rng([recipe.seed, 3])
    children = []
    for index in range(count):
        rate = max(BROOD_MIN_RATE, recipe.mutation_rate) * float(rng.uniform(0.6, 1.4))
        weights = recipe.weights
        operator = recipe.operator
        if parents > 1:
            operator = "blend" if index % 3 == 0 else "crossover"
            noisy = np.asarray(recipe.weights or (1.0,) * parents) / sum(
                recipe.weights or (1.0,) * parents
            )
            noisy = np.clip(noisy + rng.normal(0, 0.18, parents), 0.02, 1)
            weights = tuple(float(round(weight, 4)) for weight in noisy / noisy.sum())
        children.append(
            replace(
                recipe,
                operator=operator,
                weights=weights,
                mutation_rate=float(round(min(1.0, rate), 4)),
                seed=int(rng.integers(0, MAX_SEED)),
            )
        )
    return children


def shares(recipe: Recipe, *, parents: int) -> tuple[tuple[float, ...], float]:
    """How much each parent contributed (sums to 1), and the novelty of the child.

    The novelty, in [0, 1], is the part that came from mutation.
    """
    if not parents:
        return (), 1.0
    weights = np.asarray(recipe.weights or (1.0,) * parents, dtype=np.float64)
    weights = weights / weights.sum()
    return tuple(float(weight) for weight in weights), float(recipe.mutation_rate)
