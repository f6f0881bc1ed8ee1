"""The tunes of the demo garden: plans them from one random seed, and plants them.

Only rows are written; the site's own jobs make the sound later, so that nobody waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import numpy as np
from django.db import transaction
from django.utils import timezone

from gallery.core import push
from gallery.demo import load
from gallery.demo.beds import CHOSEN_SEED
from gallery.demo.history import publication_date
from gallery.demo.people import MUSICIANS, Person, ensure_account
from gallery.demo.plan import MAX_SEED, random_slug
from gallery.demo.words import join, quote, spell_tag
from gallery.discovery.search import index_words
from gallery.discovery.tags import set_tags
from gallery.models import Artwork, Job, JobKind, Licence, LineageEdge, Species, Visibility
from generation.breeding import breed, sample
from generation.finishing.music import TuneGenes
from generation.finishing.styles import STYLES
from generation.genespaces import species
from generation.genespaces.tunes import TunesSpace
from generation.genome import NEWEST, Genome, Recipe
from generation.pedigree import Pedigree, Step, inheritance

SPECIES = "tunes"
FOUNDERS_PER_STYLE = 3
GENERATIONS = (12, 9)  # Number of tunes in each generation after the founders.
MAX_SLOW, MIN_FAST = 88.0, 120.0  # Beats per minute.

_DATA = load("tunes")
TITLES: dict[str, list[str]] = _DATA["titles"]  # By style.
# Of the recipes of bred tunes, in their order, so that no two tunes of a style sound the same.
CHOSEN_SEEDS: list[int] = _DATA["chosen_seeds"]


@dataclass
class PlannedTune:
    """A tune before it is published.

    age: from 0 (the newest tune) to 1 (the oldest). shares: of ancestors by slug.
    """

    slug: str
    maker: Person
    pedigree: Pedigree
    genome: Genome
    title: str
    age: float
    parents: tuple["PlannedTune", ...] = ()
    shares: dict[str, float] = field(default_factory=dict)
    novelty: float = 1.0
    depth: int = 0

    @property
    def style(self) -> str:
        return _style(self.genome)

    @property
    def licence(self) -> Licence:
        """CC BY if the maker or the licence of a parent asks for credit, else CC0."""
        licences = [self.maker.licences[0], *(parent.licence for parent in self.parents)]
        return Licence.CC_BY if Licence.CC_BY in licences else Licence.CC0

    @property
    def tags(self) -> list[str]:
        """Its style, and its tempo if that is slow or fast."""
        bpm = _read_genes(self.genome).bpm
        tempo = ["slow"] if bpm < MAX_SLOW else ["fast"] if bpm > MIN_FAST else []
        return list(map(spell_tag, ["tune", STYLES[self.style].label.lower(), *tempo]))

    @property
    def description(self) -> str:
        """How it was bred, in the maker's words; empty for founders."""
        if not self.parents:
            return ""
        kind = "one_parent" if len(self.parents) == 1 else "two_parents"
        parents = join([quote(parent.title) for parent in self.parents])
        return _DATA["descriptions"][kind].format(parents=parents)


def _style(genome: Genome) -> str:
    return _read_genes(genome).style


def _read_genes(genome: Genome) -> TuneGenes:
    return cast(TunesSpace, species(SPECIES).space).read(genome.genes)


def plan_tunes(seed: int) -> list[PlannedTune]:
    """The tunes, parents before children: founders of every style, then what is bred from them."""
    rng = np.random.default_rng([seed, 21])
    titles = {style: list(rng.permutation(names)) for style, names in TITLES.items()}
    tunes = list(_plan_founders(titles, rng))
    chosen_seeds = iter(CHOSEN_SEEDS if seed == CHOSEN_SEED else ())
    for depth, size in enumerate(GENERATIONS, 1):
        previous = [tune for tune in tunes if tune.depth == depth - 1]
        for number in range(size):
            tune = _plan_child(
                previous,
                tunes,
                depth=depth,
                number=number,
                chosen_seed=next(chosen_seeds, None),
                titles=titles,
                rng=rng,
            )
            tunes.append(tune)
    return tunes


def _plan_founders(titles: dict[str, list[str]], rng: np.random.Generator) -> Iterator[PlannedTune]:
    """Random tunes of each style in turn; takes their titles out of `titles`."""
    for number in range(FOUNDERS_PER_STYLE * len(STYLES)):
        style = list(STYLES)[number % len(STYLES)]
        while True:
            seed = int(rng.integers(0, MAX_SEED))
            genome = sample(SPECIES, seed=seed)
            if _style(genome) == style:
                break
        yield PlannedTune(
            slug=random_slug(rng),
            maker=MUSICIANS[number % len(MUSICIANS)],
            pedigree=Pedigree((f"seed:{SPECIES}:{seed}",), ()),
            genome=genome,
            title=titles[style].pop(),
            age=_random_age(0, rng),
        )


def _plan_child(
    previous: Sequence[PlannedTune],
    tunes: Sequence[PlannedTune],
    *,
    depth: int,
    number: int,
    chosen_seed: int | None,
    titles: dict[str, list[str]],
    rng: np.random.Generator,
) -> PlannedTune:
    """A child of a tune of the previous generation and, mostly, of somebody else's older tune.

    chosen_seed: of its recipe, else a random one.
    """
    first = previous[number % len(previous)]
    others = [
        tune
        for tune in tunes
        if tune is not first and tune.depth < depth and tune.maker is not first.maker
    ]
    parents = (first, others[int(rng.integers(len(others)))]) if rng.random() < 0.8 else (first,)
    has_two = len(parents) == 2
    operator = "crossover" if has_two and rng.random() < 0.5 else "blend"
    rate = rng.uniform(0.06, 0.14) if has_two else rng.uniform(0.2, 0.3)
    drawn_seed = int(rng.integers(0, 10**9))
    recipe = Recipe(
        operator,
        (0.55, 0.45) if has_two else (1.0,),
        mutation_rate=round(float(rate), 3),
        seed=drawn_seed if chosen_seed is None else chosen_seed,
        version=NEWEST,
    )
    roots = tuple(parent.slug for parent in parents)
    pedigree = Pedigree(roots, (Step(tuple(range(len(roots))), recipe),))
    genome = breed([parent.genome for parent in parents], recipe)
    shares, novelty = inheritance(pedigree)
    free_titles = titles[_style(genome)]
    return PlannedTune(
        slug=random_slug(rng),
        maker=MUSICIANS[(number + depth) % len(MUSICIANS)],
        pedigree=pedigree,
        genome=genome,
        title=free_titles.pop() if free_titles else _DATA["again"].format(title=first.title),
        age=_random_age(depth, rng),
        parents=parents,
        shares=shares,
        novelty=novelty,
        depth=1 + max(parent.depth for parent in parents),
    )


def _random_age(depth: int, rng: np.random.Generator) -> float:
    """An age within the span of the generation, so that children are younger than parents."""
    span = 1 / (1 + len(GENERATIONS))
    return float((len(GENERATIONS) - depth + rng.random()) * span)


def plant_tunes(*, seed: int, now: datetime | None = None) -> list[Artwork]:
    """Publish the tunes; each is listed as soon as its sound is made.

    Returns nothing if the species is not available or these tunes are already planted.
    """
    if not Species.objects.filter(key=SPECIES, is_available=True).exists():
        return []
    tunes = plan_tunes(seed)
    if Artwork.objects.filter(slug__in=[tune.slug for tune in tunes]).exists():
        return []
    now = now or timezone.now()
    works: dict[str, Artwork] = {}
    with transaction.atomic():
        for tune in tunes:
            works[tune.slug] = _save_tune(tune, works, now=now)
    push.job_waiting.set()
    return list(works.values())


def _save_tune(tune: PlannedTune, works: Mapping[str, Artwork], *, now: datetime) -> Artwork:
    """Save an unfinished work and the job for its sound. works: all its ancestors by slug."""
    author = ensure_account(tune.maker, now=now)
    artwork = Artwork.objects.create(
        slug=tune.slug,
        author=author,
        species_id=SPECIES,
        title=tune.title,
        description=tune.description,
        licence=tune.licence,
        visibility=Visibility.PUBLIC,
        genome=tune.genome.to_json(),
        genome_identity=tune.genome.identity,
        pedigree=tune.pedigree.to_json(),
        novelty=tune.novelty,
        depth=tune.depth,
        published_at=publication_date(tune.age, now=now),
    )
    LineageEdge.objects.bulk_create(
        LineageEdge(parent=works[slug], child=artwork, share=share, licence=works[slug].licence)
        for slug, share in tune.shares.items()
    )
    set_tags(artwork, tune.tags)
    index_words(artwork)
    Job.objects.create(
        kind=JobKind.PRINT, owner=author, artwork=artwork, payload={"purpose": "master"}
    )
    return artwork
