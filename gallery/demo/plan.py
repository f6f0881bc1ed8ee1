"""The plan of the demo garden: who breeds what with whom, chosen by looking, all from one seed. No
database, no files.

Founders are fresh seeds; every later work is the best seedling of real broods, between works of
one's own family and of strangers. A gardener looks at what is there and prefers what is beautiful,
what differs from the rest, and what fits a taste.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import numpy as np

from gallery.demo.beds import GARDENERS, Bed, Gardener
from gallery.licences import allowed_licences
from gallery.models import Artwork, Licence
from generation.breeding import breed, brood, sample
from generation.finishing.steps import Finishing, read_steps
from generation.genespaces import species
from generation.genespaces.patterns_portrait import Portrait, difference
from generation.genome import Genome, Recipe
from generation.pedigree import Pedigree, Step, inheritance
from generation.refusal import Refused

# Looks at genomes of one species: beauty and portrait of those that are worth it, by their keys.
Look = Callable[[Mapping[Any, Genome]], dict[Any, tuple[float, Portrait]]]

MAX_CHILDREN = 6
WINDOW, NEIGHBOURS = (
    24,
    8,
)  # Works looked at for one place on the wall, and those hanging there already.
LAST_FREE_DEPTH = 2
NOVELTY_WEIGHT, TASTE_WEIGHT, CROWD_WEIGHT, TWIN_WEIGHT = 1.4, 0.3, 2.5, 4.0
TWIN_DISTANCE = 0.35  # Closer pictures look like the same one twice.
LIKED_SLIDERS = (
    "gloss",
    "relief",
    "hue",
    "lightness",
    "twist",
)  # Of Patterns; a learnt species offers few, all fit.
FREE = (Licence.CC0, Licence.CC_BY)


@dataclass
class Plant:
    """A work of the garden before it is published.

    beauty: the gene space's score; value: with what the gardener felt about it. parents: plants;
    shares: by slug. brood_place: which seedling of its brood it was.
    """

    slug: str
    gardener: Gardener
    pedigree: Pedigree
    genome: Genome
    portrait: Portrait
    licence: Licence
    beauty: float
    value: float
    parents: tuple["Plant", ...] = ()
    shares: dict[str, float] = field(default_factory=dict)
    novelty: float = 1.0
    depth: int = 0
    brood_place: int = 0
    children: int = 0

    @property
    def species(self) -> str:
        return self.genome.generator

    @property
    def line(self) -> set[str]:
        """Slugs of everything it descends from, itself included."""
        return {self.slug}.union(*(parent.line for parent in self.parents))


def plan_garden(seed: int, beds: Sequence[Bed], *, look: Look) -> Iterator[Plant]:
    """The plants, parents before children; each is handed out as soon as it is chosen, so that
    printing can begin.
    """
    for number, bed in enumerate(beds):
        yield from _plan_bed(
            bed, look=look, first=number, rng=np.random.default_rng([seed, 11, number])
        )


def _plan_bed(bed: Bed, *, look: Look, first: int, rng: np.random.Generator) -> Iterator[Plant]:
    garden: list[Plant] = []
    for number in range(bed.founders):
        garden.append(
            _found(bed, GARDENERS[(first + number) % len(GARDENERS)], garden, look=look, rng=rng)
        )
        yield garden[-1]
    for depth, count in enumerate(bed.broods, 1):
        for number in range(count):
            gardener = GARDENERS[(first + number + depth) % len(GARDENERS)]
            matches = [_match(gardener, garden, depth, rng) for _ in range(bed.matches)]
            plants = [
                _breed_best(bed, gardener, parents, garden, look=look, rng=rng)
                for parents in matches
            ]
            garden.append(max(plants, key=lambda plant: plant.value))
            for parent in garden[-1].parents:
                parent.children += 1
            yield garden[-1]


def _new_slug(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz23456789"), 12))


def _found(
    bed: Bed, gardener: Gardener, garden: Sequence[Plant], *, look: Look, rng: np.random.Generator
) -> Plant:
    """The best of many fresh seeds."""
    seeds = [int(number) for number in rng.integers(0, 10**6, bed.seeds)]
    genomes = {number: sample(bed.species, seed=number) for number in seeds}
    number, portrait, beauty, value = _choose(genomes, gardener, garden, look=look)
    licence = _licence(gardener, (), depth=0, rng=rng)
    pedigree = Pedigree((f"seed:{bed.species}:{number}",), ())
    return Plant(
        _new_slug(rng), gardener, pedigree, genomes[number], portrait, licence, beauty, value
    )


def _choose(
    genomes: Mapping[int, Genome], gardener: Gardener, garden: Sequence[Plant], *, look: Look
) -> tuple:
    """Key, portrait, beauty and value of the genome that a gardener keeps."""
    seen = look(genomes)
    values = {
        key: beauty + _appeal(portrait, gardener, garden)
        for key, (beauty, portrait) in seen.items()
    }
    chosen = max(values, key=values.get)
    beauty, portrait = seen[chosen]
    return chosen, portrait, beauty, values[chosen]


def _appeal(portrait: Portrait, gardener: Gardener, garden: Sequence[Plant]) -> float:
    """What speaks for a picture besides its beauty: it is new here, it fits the taste, and few are
    of its kind.
    """
    nearest = min((difference(portrait, plant.portrait) for plant in garden), default=0.5)
    words = {portrait.form, portrait.tone, *portrait.surface}
    crowd = 0.0
    for kind, fair_share in ((_colour_of, 0.12), (_form_of, 0.14), (_is_emblem, 0.05)):
        alike = (
            sum(kind(plant.portrait) == kind(portrait) for plant in garden) if kind(portrait) else 0
        )
        crowd += max(0.0, (alike + 1) / (len(garden) + 8) - fair_share)
    likeness = max(0.0, TWIN_DISTANCE - nearest)
    liking = NOVELTY_WEIGHT * min(nearest, 0.8) + TASTE_WEIGHT * len(words & set(gardener.taste))
    return liking - CROWD_WEIGHT * crowd - TWIN_WEIGHT * likeness


def _colour_of(portrait: Portrait) -> str:
    return portrait.colours[0].family


def _form_of(portrait: Portrait) -> tuple[str, int]:
    return portrait.form, portrait.folds


def _is_emblem(portrait: Portrait) -> bool:
    return "emblem" in portrait.surface


def _match(
    gardener: Gardener, garden: Sequence[Plant], depth: int, rng: np.random.Generator
) -> tuple[Plant, ...]:
    """One to four parents, at least one of them of the last generation, whose licences go
    together.
    """
    while True:
        count = int(rng.choice([1, 2, 3, 4], p=[0.14, 0.58, 0.18, 0.10]))
        elders = [
            plant for plant in garden if plant.depth == depth - 1 and plant.children < MAX_CHILDREN
        ]
        elders = elders or [max(garden, key=lambda plant: plant.depth)]
        parents = [_pick(elders, gardener, rng)]
        for _ in range(count - 1):
            wants_kin = rng.random() < 0.35
            others = [
                plant
                for plant in garden
                if plant not in parents
                and plant.children < MAX_CHILDREN
                and plant.depth < depth
                and bool(plant.line & parents[0].line) == wants_kin
            ]
            if others:
                parents.append(_pick(others, gardener, rng))
        try:
            _licence(gardener, parents, depth=depth, rng=rng)
        except Refused:
            continue  # These two forbid each other's children.
        return tuple(parents)


def _pick(plants: Sequence[Plant], gardener: Gardener, rng: np.random.Generator) -> Plant:
    """By beauty, one's own three times as readily, and the childless before those with many
    children.
    """
    appeal = np.array(
        [
            np.exp(plant.value) * (3 if plant.gardener is gardener else 1) / (1 + plant.children)
            for plant in plants
        ]
    )
    return plants[int(rng.choice(len(plants), p=appeal / appeal.sum()))]


def _licence(
    gardener: Gardener, parents: Sequence[Plant], *, depth: int, rng: np.random.Generator
) -> Licence:
    """The gardener's wish, if the parents allow it. What binds all descendants is given to late
    works alone.
    """
    allowed = allowed_licences(
        [Artwork(title=plant.slug, licence=plant.licence) for plant in parents]
    )
    wanted = gardener.licences[int(rng.integers(len(gardener.licences)))]
    if depth <= LAST_FREE_DEPTH and wanted not in FREE:
        wanted = FREE[int(rng.integers(len(FREE)))]
    return wanted if wanted in allowed else allowed[0]


def _breed_best(
    bed: Bed,
    gardener: Gardener,
    parents: tuple[Plant, ...],
    garden: Sequence[Plant],
    *,
    look: Look,
    rng: np.random.Generator,
) -> Plant:
    """A brood as the bench makes it, and the seedling that is kept; some are finished in a way of
    their own afterwards.
    """
    recipe = replace(_recipe(bed, parents, rng), psi=bed.psi)
    if any(plant.genome.finishing != _usual_finishing(bed) for plant in parents):
        recipe = replace(recipe, finishing=_usual_finishing(bed))
    recipes = dict(enumerate(brood(recipe, parents=len(parents)), 1))
    genomes = {
        place: breed([plant.genome for plant in parents], child) for place, child in recipes.items()
    }
    place, portrait, beauty, value = _choose(genomes, gardener, garden, look=look)
    kept, genome = recipes[place], genomes[place]
    if rng.random() < bed.finished:
        extra = bed.finishings[int(rng.integers(len(bed.finishings)))]
        kept = replace(kept, finishing=read_steps([*_usual_finishing(bed), *extra]))
        genome = breed([plant.genome for plant in parents], kept)
        beauty, portrait = look({place: genome})[place]
    if {plant.portrait.form for plant in parents} != {portrait.form} and bed.species != "patterns":
        # What comes of a boot and a bag is neither; nothing false shall be said of it.
        portrait = replace(portrait, form=bed.species)
    roots = tuple(plant.slug for plant in parents)
    pedigree = Pedigree(roots, (Step(tuple(range(len(roots))), kept),))
    shares, novelty = inheritance(pedigree)
    depth = 1 + max(plant.depth for plant in parents)
    return Plant(
        _new_slug(rng),
        gardener,
        pedigree,
        genome,
        portrait,
        _licence(gardener, parents, depth=depth, rng=rng),
        beauty,
        value,
        tuple(plant for plant in parents if plant.slug in shares),
        shares,
        novelty,
        depth,
        place,
    )


def _usual_finishing(bed: Bed) -> Finishing:
    """What every fresh work of the species gets."""
    return read_steps(species(bed.species).checkpoint.card.get("finishing", []))


def _recipe(bed: Bed, parents: Sequence[Plant], rng: np.random.Generator) -> Recipe:
    count, space = len(parents), species(bed.species).space
    weights = rng.dirichlet([4.0] * count)
    rate = rng.uniform(0.16, 0.34) if count == 1 else rng.uniform(0.04, 0.14)
    recipe = Recipe(
        "crossover" if count > 1 else "blend",
        tuple(float(round(weight, 3)) for weight in weights),
        mutation_rate=float(round(rate, 3)),
        seed=int(rng.integers(0, 10**9)),
    )
    if count > 1 and rng.random() < 0.3:
        group = _colour_group([group.key for group in space.groups])
        recipe = replace(recipe, mask={group: int(rng.integers(1, count))})
    if rng.random() < 0.25:
        liked = [
            slider.key
            for slider in space.sliders
            if slider.key in LIKED_SLIDERS or bed.species != "patterns"
        ]
        recipe = replace(
            recipe, edits={str(rng.choice(liked)): float(round(rng.uniform(-0.35, 0.35), 2))}
        )
    return recipe


def _colour_group(groups: Sequence[str]) -> str:
    """The group of genes that colours a work: a palette, or in a learnt species the last one."""
    return "palette" if "palette" in groups else groups[-1]


def arrange(plants: Sequence[Plant], *, rng: np.random.Generator) -> list[Plant]:
    """The order of publication: parents before children, and neighbours on the wall that differ
    from each other.

    It is built from the newest back, because whoever is left over at the end has no choice of
    neighbours any more, and the newest hang on top.
    """
    placed: list[Plant] = []
    waiting = _mingle(plants)[::-1]
    while waiting:
        needed = {parent.slug for plant in waiting for parent in plant.parents}
        ready = [plant for plant in waiting if plant.slug not in needed][:WINDOW]
        chosen = max(
            ready, key=lambda plant: _contrast(plant, placed[-NEIGHBOURS:]) + 0.05 * rng.random()
        )
        waiting.remove(chosen)
        placed.append(chosen)
    return placed[::-1]


def _mingle(plants: Sequence[Plant]) -> list[Plant]:
    """The species spread evenly, each in its own order."""
    rows: dict[str, list[Plant]] = {}
    for plant in plants:
        rows.setdefault(plant.species, []).append(plant)
    spread = [
        ((place + 0.5) / len(row), plant)
        for row in rows.values()
        for place, plant in enumerate(row)
    ]
    return [plant for _place, plant in sorted(spread, key=lambda pair: pair[0])]


def _contrast(plant: Plant, neighbours: Sequence[Plant]) -> float:
    """How well a plant hangs beside those: beautiful, unlike all of them and most of all the
    nearest, by another maker.
    """
    apart = [difference(plant.portrait, other.portrait) for other in reversed(neighbours)]
    near = sum(distance / age for age, distance in enumerate(apart, 1))
    maker = 0.3 * any(other.gardener is plant.gardener for other in neighbours[-2:])
    kin = 0.4 * sum(other.species == plant.species for other in neighbours[-3:])
    return 0.3 * plant.beauty + min(apart, default=0.0) + 0.3 * near - maker - kin


def choose_featured(plants: Sequence[Plant], *, count: int) -> list[Plant]:
    """The most beautiful of each species in turn, no two of one species by one gardener."""
    best: dict[str, dict[str, Plant]] = {}
    for plant in sorted(plants, key=lambda plant: -plant.beauty):
        best.setdefault(plant.species, {}).setdefault(plant.gardener.username, plant)
    rounds = zip_longest(*(list(row.values()) for row in best.values()))
    return [plant for one in rounds for plant in one if plant is not None][:count]
