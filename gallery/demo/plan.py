"""The plan of the demo garden: which works are bred from which, and by whom. No database, no files.

The works of a bed are those that were chosen by eye, if there are any. Else everything follows from
one random seed: founders have no parents; every other work is the best seedling of a brood that its
maker bred from own works and those of others. Makers select what is beautiful, differs from the
rest, and is to their taste.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from gallery.demo.beds import Bed, Choice
from gallery.demo.evaluation import appeal, is_duplicate
from gallery.demo.people import GARDENERS, PEOPLE, Person
from gallery.lineage.bonds import allowed_licences
from gallery.models import Artwork, Licence
from generation.breeding import FIRST_FRESH, breed, brood, sample
from generation.finishing.steps import Finishing, read_steps
from generation.genespaces import species
from generation.genespaces.patterns.portrait import Portrait
from generation.genome import NEWEST, Genome, Recipe
from generation.pedigree import Pedigree, Step, inheritance
from generation.refusal import Refused

# Beauty and portrait of genomes of one species by their keys; it may leave out unpromising ones.
Evaluate = Callable[[Mapping[int, Genome]], dict[int, tuple[float, Portrait]]]

SLUG_CHARACTERS = list("abcdefghijkmnpqrstuvwxyz23456789")
MAX_CHILDREN = 6
MAX_SEED = 10**6  # Founders are chosen among so many.
# Sliders of Patterns that makers move; of a learnt species they move all.
LIKED_SLIDERS = ("gloss", "relief", "hue", "lightness", "twist")
FREE_LICENCES = (Licence.CC0, Licence.CC_BY)
LAST_FREE_DEPTH = 2  # Up to this generation, works have free licences.


@dataclass
class PlannedWork:
    """A work before it is published.

    beauty: the picture's own score. fitness: beauty, and how well it suits its maker. shares: of
    ancestors by slug. seedling: its number in its brood, 0 for founders. children: their number.
    title: one chosen by eye; without, words are found for the portrait.
    """

    slug: str
    maker: Person
    pedigree: Pedigree
    genome: Genome
    portrait: Portrait
    licence: Licence
    beauty: float
    fitness: float
    parents: tuple["PlannedWork", ...] = ()
    shares: dict[str, float] = field(default_factory=dict)
    novelty: float = 1.0
    depth: int = 0
    seedling: int = 0
    children: int = 0
    title: str = ""

    @property
    def species(self) -> str:
        return self.genome.generator

    @property
    def ancestry(self) -> set[str]:
        """Slugs of the work and all its ancestors."""
        return {self.slug}.union(*(parent.ancestry for parent in self.parents))


class _Selected(NamedTuple):
    """The genome that a maker selected. key: of the genome."""

    key: int
    portrait: Portrait
    beauty: float
    fitness: float


def plan_garden(seed: int, beds: Sequence[Bed], *, evaluate: Evaluate) -> Iterator[PlannedWork]:
    """Yield the works, parents before children, each as soon as it is chosen.

    The beds take turns, so that a garden that is still growing has something of every species.
    """
    growths = []
    for number, bed in enumerate(beds):
        rng = np.random.default_rng([seed, 11, number])
        growths.append(
            _plan_chosen(bed, evaluate=evaluate, rng=rng)
            if bed.chosen
            else _plan_bed(bed, evaluate=evaluate, first_maker=number, rng=rng)
        )
    turns = sorted(
        ((place + 0.5) / bed.works, number)
        for number, bed in enumerate(beds)
        for place in range(bed.works)
    )
    for _, number in turns:
        yield next(growths[number])


def _plan_chosen(
    bed: Bed, *, evaluate: Evaluate, rng: np.random.Generator
) -> Iterator[PlannedWork]:
    """The works that were chosen by eye."""
    works: list[PlannedWork] = []
    for choice in bed.chosen:
        parents = tuple(works[place] for place in choice.parents)
        genome = grow_choice(choice, bed.species, [parent.genome for parent in parents])
        beauty, portrait = evaluate({0: genome})[0]
        if bed.species != "patterns":
            portrait = replace(portrait, form=choice.kind or bed.species)
        founding = Pedigree((f"seed:{bed.species}:{choice.seed}",), ())
        works.append(
            PlannedWork(
                slug=random_slug(rng),
                maker=PEOPLE[choice.maker],
                genome=genome,
                portrait=portrait,
                licence=choice.licence,
                beauty=beauty,
                fitness=beauty,
                seedling=choice.seedling,
                title=choice.title,
                **_descent(parents, choice.recipe) if choice.recipe else {"pedigree": founding},
            )
        )
        yield works[-1]


def grow_choice(choice: Choice, species: str, parents: Sequence[Genome]) -> Genome:
    """The genome of a work that was chosen by eye. parents: those of its parents."""
    if choice.recipe is None:
        assert choice.seed is not None  # Every founder has one.
        return sample(species, seed=choice.seed)
    return breed(parents, choice.recipe)


def _descent(parents: Sequence[PlannedWork], recipe: Recipe) -> dict[str, Any]:
    """What a recipe says of the work that it makes of these parents."""
    roots = tuple(parent.slug for parent in parents)
    pedigree = Pedigree(roots, (Step(tuple(range(len(roots))), recipe),))
    shares, novelty = inheritance(pedigree)
    return {
        "pedigree": pedigree,
        "parents": tuple(parent for parent in parents if parent.slug in shares),
        "shares": shares,
        "novelty": novelty,
        "depth": 1 + max(parent.depth for parent in parents),
    }


def _plan_bed(
    bed: Bed, *, evaluate: Evaluate, first_maker: int, rng: np.random.Generator
) -> Iterator[PlannedWork]:
    works: list[PlannedWork] = []
    for number in range(bed.founders):
        maker = GARDENERS[(first_maker + number) % len(GARDENERS)]
        works.append(_plan_founder(bed, maker, works, evaluate=evaluate, rng=rng))
        yield works[-1]
    for depth, size in enumerate(bed.generations, 1):
        for number in range(size):
            maker = GARDENERS[(first_maker + number + depth) % len(GARDENERS)]
            pairings = [_choose_parents(maker, works, depth, rng) for _ in range(bed.pairings)]
            children = [
                _plan_child(bed, maker, parents, works, evaluate=evaluate, rng=rng)
                for parents in pairings
            ]
            works.append(max(children, key=lambda child: child.fitness))
            for parent in works[-1].parents:
                parent.children += 1
            yield works[-1]


def random_slug(rng: np.random.Generator) -> str:
    """A slug as the site gives to works and collections."""
    return "".join(rng.choice(SLUG_CHARACTERS, 12))


def _plan_founder(
    bed: Bed,
    maker: Person,
    works: Sequence[PlannedWork],
    *,
    evaluate: Evaluate,
    rng: np.random.Generator,
) -> PlannedWork:
    """The best of many random genomes."""
    seeds = [FIRST_FRESH + int(seed) for seed in rng.integers(0, MAX_SEED, bed.candidates)]
    genomes = {seed: sample(bed.species, seed=seed) for seed in seeds}
    selected = _select(genomes, maker, works, evaluate=evaluate)
    licence = _choose_licence(maker, (), depth=0, rng=rng)
    return PlannedWork(
        slug=random_slug(rng),
        maker=maker,
        pedigree=Pedigree((f"seed:{bed.species}:{selected.key}",), ()),
        genome=genomes[selected.key],
        portrait=selected.portrait,
        licence=licence,
        beauty=selected.beauty,
        fitness=selected.fitness,
    )


def _select(
    genomes: Mapping[int, Genome],
    maker: Person,
    works: Sequence[PlannedWork],
    *,
    evaluate: Evaluate,
) -> _Selected:
    """The genome that a maker keeps: none that looks like another work, if there is a choice."""
    others = [work.portrait for work in works]
    selected = [
        _Selected(key, portrait, beauty, beauty + appeal(portrait, maker, others))
        for key, (beauty, portrait) in evaluate(genomes).items()
    ]
    new = [one for one in selected if not is_duplicate(one.portrait, others)]
    return max(new or selected, key=lambda one: one.fitness)


def _choose_parents(
    maker: Person, works: Sequence[PlannedWork], depth: int, rng: np.random.Generator
) -> tuple[PlannedWork, ...]:
    """One to four parents with compatible licences, the first one of the previous generation."""
    while True:
        count = int(rng.choice([1, 2, 3, 4], p=[0.14, 0.58, 0.18, 0.10]))
        open_works = [work for work in works if work.children < MAX_CHILDREN]
        previous = [work for work in open_works if work.depth == depth - 1]
        previous = previous or [max(works, key=lambda work: work.depth)]
        parents = [_draw(previous, maker, rng)]
        for _ in range(count - 1):
            wants_related = rng.random() < 0.35
            others = [
                work
                for work in open_works
                if work not in parents
                and work.depth < depth
                and bool(work.ancestry & parents[0].ancestry) == wants_related
            ]
            if others:
                parents.append(_draw(others, maker, rng))
        try:
            _choose_licence(maker, parents, depth=depth, rng=rng)
        except Refused:
            continue  # No licence fits all parents.
        return tuple(parents)


def _draw(works: Sequence[PlannedWork], maker: Person, rng: np.random.Generator) -> PlannedWork:
    """A random work; the fit, the maker's own, and those with few children are more likely."""
    weights = np.array(
        [
            np.exp(work.fitness) * (3 if work.maker is maker else 1) / (1 + work.children) ** 2
            for work in works
        ]
    )
    return works[int(rng.choice(len(works), p=weights / weights.sum()))]


def _choose_licence(
    maker: Person, parents: Sequence[PlannedWork], *, depth: int, rng: np.random.Generator
) -> Licence:
    """A licence that the maker likes and the parents allow; early works get a free one.

    Raises Refused where the parents allow none.
    """
    allowed = allowed_licences(
        [Artwork(title=parent.slug, licence=parent.licence) for parent in parents]
    )
    wanted = maker.licences[int(rng.integers(len(maker.licences)))]
    if depth <= LAST_FREE_DEPTH and wanted not in FREE_LICENCES:
        wanted = FREE_LICENCES[int(rng.integers(len(FREE_LICENCES)))]
    return wanted if wanted in allowed else allowed[0]


def _plan_child(
    bed: Bed,
    maker: Person,
    parents: tuple[PlannedWork, ...],
    works: Sequence[PlannedWork],
    *,
    evaluate: Evaluate,
    rng: np.random.Generator,
) -> PlannedWork:
    """The best seedling of a brood as the bench makes it; some get another finishing."""
    parent_genomes = [parent.genome for parent in parents]
    finishing = _usual_finishing(bed)
    recipe = replace(_random_recipe(bed, len(parents), rng), psi=bed.psi)
    if any(genome.finishing != finishing for genome in parent_genomes):
        recipe = replace(recipe, finishing=finishing)
    recipes = dict(enumerate(brood(recipe, parents=len(parents)), 1))
    genomes = {number: breed(parent_genomes, each) for number, each in recipes.items()}
    number, portrait, beauty, fitness = _select(genomes, maker, works, evaluate=evaluate)
    recipe, genome = recipes[number], genomes[number]
    if rng.random() < bed.finishing_rate:
        extra = bed.finishings[int(rng.integers(len(bed.finishings)))]
        recipe = replace(recipe, finishing=read_steps([*finishing, *extra]))
        genome = breed(parent_genomes, recipe)
        beauty, portrait = evaluate({number: genome})[number]
    forms = {parent.portrait.form for parent in parents}
    if bed.species != "patterns":
        # A child of a boot and a bag is neither, so texts must not name a kind.
        form = forms.pop() if len(forms) == 1 else bed.species
        portrait = replace(portrait, form=form)
    descent = _descent(parents, recipe)
    return PlannedWork(
        slug=random_slug(rng),
        maker=maker,
        genome=genome,
        portrait=portrait,
        licence=_choose_licence(maker, parents, depth=descent["depth"], rng=rng),
        beauty=beauty,
        fitness=fitness,
        seedling=number,
        **descent,
    )


def _usual_finishing(bed: Bed) -> Finishing:
    """What every founder of the species gets."""
    return read_steps(species(bed.species).checkpoint.card.get("finishing", []))


def _random_recipe(bed: Bed, parents: int, rng: np.random.Generator) -> Recipe:
    """A recipe for so many parents; some take the colours of one parent or move a slider."""
    space = species(bed.species).space
    weights = rng.dirichlet([4.0] * parents)
    rate = rng.uniform(0.16, 0.34) if parents == 1 else rng.uniform(0.04, 0.14)
    recipe = Recipe(
        "crossover" if parents > 1 else "blend",
        tuple(float(round(weight, 3)) for weight in weights),
        mutation_rate=float(round(rate, 3)),
        seed=int(rng.integers(0, 10**9)),
        version=NEWEST,
    )
    if parents > 1 and rng.random() < 0.3:
        groups = [group.key for group in space.groups]
        colours = (
            "palette" if "palette" in groups else groups[-1]
        )  # The last one of a learnt species.
        recipe = replace(recipe, mask={colours: int(rng.integers(1, parents))})
    if rng.random() < 0.25:
        sliders = [slider.key for slider in space.sliders]
        if bed.species == "patterns":
            sliders = [key for key in sliders if key in LIKED_SLIDERS]
        edit = {str(rng.choice(sliders)): float(round(rng.uniform(-0.35, 0.35), 2))}
        recipe = replace(recipe, edits=edit)
    return recipe
