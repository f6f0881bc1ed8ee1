"""The tunes of the demo garden: who wrote what, who bred it further, and what it is called. All
from one seed; no database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gallery.demo.beds import GARDENERS, Gardener
from gallery.models import Licence
from generation.breeding import breed, sample
from generation.finishing.styles import STYLES
from generation.genespaces import species
from generation.genome import Genome, Recipe
from generation.pedigree import Pedigree, Step, inheritance

SPECIES = "tunes"
FOUNDERS_A_STYLE = 3
BROODS = (12, 9)
MUSICIANS = (
    Gardener(
        "tern",
        "Wilma Tern",
        "Fiddle, whistle, and whatever the wind hums in the fence.",
        (),
        (Licence.CC_BY,),
    ),
    Gardener(
        "nocturne", "Otto Lamm", "Tapes after midnight. Slow is a direction.", (), (Licence.CC0,)
    ),
    *(gardener for gardener in GARDENERS if Licence.CC0 in gardener.licences),
)
SLOW, FAST = 88.0, 120.0  # Beats a minute.
NAMES = {
    "folk": (
        "The Ferryman's Reel",
        "Haymaker's March",
        "Three Geese over Fenwick",
        "The Crooked Stile",
        "Maggie's New Boots",
        "The Salt Road",
        "Farewell to Harrow Hill",
        "The Tinker's Kettle",
        "Rain on the Fair",
        "The Otter's Welcome",
        "The Long Acre",
        "Peat Smoke",
    ),
    "lofi": (
        "Side B",
        "Dust on the Needle",
        "Last Bus, Empty Seats",
        "Window, Raining",
        "Instant Coffee",
        "Homework, Undone",
        "The Neighbour's Radio",
        "Corner Shop at Two",
        "Warm Static",
        "Paper Cranes",
        "Slow Elevator",
        "Lamp Left On",
    ),
    "chamber": (
        "Bagatelle for an Empty Room",
        "Letter from the Coast",
        "Intermezzo with Swallows",
        "The Clockmaker's Daughter",
        "Small Andante",
        "Promenade in Grey",
        "Four Chairs",
        "Minuet for a Cat",
        "The Orangery",
        "A Visit in October",
        "Quiet Entrance",
        "Variations on a Doorbell",
    ),
    "synth": (
        "Satellite Garden",
        "Neon Allotment",
        "Ring Road, 1986",
        "Signal from the Greenhouse",
        "Arcade of Ferns",
        "Voltage Moth",
        "Night Shift Orbit",
        "Chrome Seedlings",
        "Modem Dreams",
        "Polar Station",
        "Escape Velocity",
    ),
    "bossa": (
        "Café without a Sea",
        "The Borrowed Parasol",
        "Afternoon, Half Shut",
        "Sandals on the Stairs",
        "Lime and Ice",
        "A Chair in the Sun",
        "Balcony Weather",
        "Postcard, Unsent",
        "The Ferry at Six",
        "Slow Fan",
        "Tiles, Still Warm",
        "Papaya Season",
    ),
    "lullaby": (
        "Cradle of Reeds",
        "Moon on the Sill",
        "Lullaby for a Hedgehog",
        "Counting Barges",
        "The Sleepy Cartographer",
        "Night-Light",
        "Hush, Says the Heath",
        "One More Page",
        "Feather Weather",
        "Where the Boats Sleep",
        "Small Bear, Big Sky",
        "Goodnight, Garden",
    ),
}


@dataclass
class TunePlant:
    """A tune of the garden before it is published. parents: plants; shares: by slug; age: 1 is the
    oldest, 0 the newest.
    """

    slug: str
    gardener: Gardener
    pedigree: Pedigree
    genome: Genome
    title: str
    age: float
    parents: tuple["TunePlant", ...] = ()
    shares: dict[str, float] = field(default_factory=dict)
    novelty: float = 1.0
    depth: int = 0

    @property
    def style(self) -> str:
        return species(SPECIES).space.read(self.genome.genes).style

    @property
    def licence(self) -> Licence:
        """Licences that bind nobody but for a name, which is kept from any parent that asks for
        it.
        """
        wants_name = [*(parent.licence for parent in self.parents), self.gardener.licences[0]]
        return Licence.CC_BY if Licence.CC_BY in wants_name else Licence.CC0

    @property
    def tags(self) -> list[str]:
        """Its style, and its pace where that stands out."""
        bpm = species(SPECIES).space.read(self.genome.genes).bpm
        pace = ["slow"] if bpm < SLOW else ["fast"] if bpm > FAST else []
        return ["tune", STYLES[self.style].label.lower(), *pace]

    @property
    def description(self) -> str:
        """How it came about, in the gardener's words; founders say nothing."""
        names = " and ".join(f"“{parent.title}”" for parent in self.parents)
        if not self.parents:
            return ""
        return f"Bred from {names}." if len(self.parents) > 1 else f"What else was in {names}?"


def plan_tunes(seed: int) -> list[TunePlant]:
    """The tunes, parents before children: founders of every style, then broods within and across
    the styles.
    """
    rng = np.random.default_rng([seed, 21])
    titles = {style: list(rng.permutation(names)) for style, names in NAMES.items()}
    plants = list(_found(rng, titles))
    for depth, count in enumerate(BROODS, 1):
        elders = [plant for plant in plants if plant.depth == depth - 1]
        plants += [
            _breed(elders, plants, depth=depth, number=number, rng=rng, titles=titles)
            for number in range(count)
        ]
    return plants


def _found(rng: np.random.Generator, titles: dict[str, list[str]]) -> Iterator[TunePlant]:
    for number in range(FOUNDERS_A_STYLE * len(STYLES)):
        style = list(STYLES)[number % len(STYLES)]
        while True:
            chosen = int(rng.integers(0, 10**6))
            genome = sample(SPECIES, seed=chosen)
            if species(SPECIES).space.read(genome.genes).style == style:
                break
        pedigree = Pedigree((f"seed:{SPECIES}:{chosen}",), ())
        gardener = MUSICIANS[number % len(MUSICIANS)]
        yield TunePlant(_slug(rng), gardener, pedigree, genome, titles[style].pop(), _age(0, rng))


def _breed(
    elders: Sequence[TunePlant],
    plants: Sequence[TunePlant],
    *,
    depth: int,
    number: int,
    rng: np.random.Generator,
    titles: dict[str, list[str]],
) -> TunePlant:
    """A child of an elder and, mostly, of somebody else's older tune."""
    first = elders[number % len(elders)]
    others = [
        plant
        for plant in plants
        if plant is not first and plant.depth < depth and plant.gardener is not first.gardener
    ]
    parents = (first, others[int(rng.integers(len(others)))]) if rng.random() < 0.8 else (first,)
    weights = (0.55, 0.45) if len(parents) > 1 else (1.0,)
    operator = "crossover" if len(parents) > 1 and rng.random() < 0.5 else "blend"
    rate = round(float(rng.uniform(0.03, 0.1) if len(parents) > 1 else rng.uniform(0.15, 0.3)), 3)
    recipe = Recipe(operator, weights, mutation_rate=rate, seed=int(rng.integers(0, 10**9)))
    pedigree = Pedigree(
        tuple(parent.slug for parent in parents), (Step(tuple(range(len(parents))), recipe),)
    )
    genome = breed([parent.genome for parent in parents], recipe)
    shares, novelty = inheritance(pedigree)
    gardener = MUSICIANS[(number + depth) % len(MUSICIANS)]
    names = titles[species(SPECIES).space.read(genome.genes).style]
    title = names.pop() if names else f"{first.title}, Once More"
    return TunePlant(
        _slug(rng),
        gardener,
        pedigree,
        genome,
        title,
        _age(depth, rng),
        parents,
        shares,
        novelty,
        1 + max(parent.depth for parent in parents),
    )


def _age(depth: int, rng: np.random.Generator) -> float:
    """Children are younger than any parent: every generation has its own stretch of time."""
    stretch = 1 / (1 + len(BROODS))
    return float((len(BROODS) - depth + rng.random()) * stretch)


def _slug(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz23456789"), 12))
