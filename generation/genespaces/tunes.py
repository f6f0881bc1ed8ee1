"""The gene space of tunes: two phrases as points in the net's latent space, and how to play them.

Genes, in this order: z of phrase a, z of phrase b, a score for each style (the highest wins), key,
tempo, lead, and the four sliders of expression. Phrases blend and mutate where the codes of real
tunes are a round Gaussian; styles, keys and leads come whole from one parent.
"""

from collections.abc import Sequence

import numpy as np

from generation.checkpoints import Checkpoint
from generation.finishing.latents import Latents, read_latents
from generation.finishing.music import HIGHEST_BPM, LOWEST_BPM, TuneGenes
from generation.finishing.styles import STYLES
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.melodies.measures import ATTRIBUTES
from generation.refusal import Refused
from generation.words import word

TEMPO_UNIT = 0.25  # One unit of the tempo gene is a quarter of an octave: 19 % faster.
SLIDER_TEMPO = 2.0  # Units that the tempo slider moves to each side.
SLIDER_KEY = 5  # Semitones that the key slider moves to each side.
FRESH = 0.08  # Mutation rate of a phrase from the bank, so that no two tunes share one.
STYLE_CLEARANCE = 1.0  # Score of a sampled tune's style above the others.

STYLE_KEYS = tuple(STYLES)
# Every style has so many instruments for its melody.
LEAD_NAMES = (
    ("1", word("Lead 1")),
    ("2", word("Lead 2")),
    ("3", word("Lead 3")),
    ("4", word("Lead 4")),
)
LEADS = len(LEAD_NAMES)
TAIL = (*(f"style.{key}" for key in STYLE_KEYS), "key", "tempo", "lead", *ATTRIBUTES)


class TunesSpace(WithoutChoices):
    """The operators of a music species (see base.GeneSpace)."""

    groups: tuple[GeneGroup, ...] = (
        GeneGroup("phrase_a", word("First phrase")),
        GeneGroup("phrase_b", word("Second phrase")),
        GeneGroup("style", word("Style and band")),
        GeneGroup("key", word("Key")),
        GeneGroup("tempo", word("Tempo")),
        GeneGroup("expression", word("Expression")),
    )
    sliders: tuple[GeneSlider, ...] = (
        GeneSlider("density", word("Density"), "expression", word("few notes"), word("many notes")),
        GeneSlider(
            "syncopation",
            word("Syncopation"),
            "expression",
            word("on the beat"),
            word("off the beat"),
        ),
        GeneSlider("height", word("Pitch"), "expression", word("low"), word("high")),
        GeneSlider("range", word("Range"), "expression", word("narrow"), word("wide")),
        GeneSlider("tempo", word("Tempo"), "tempo", word("slow"), word("fast")),
        GeneSlider("key", word("Key"), "key", word("lower"), word("higher")),
    )
    choices: tuple[GeneChoice, ...] = (
        GeneChoice(
            "style", word("Style"), tuple((style.key, style.label) for style in STYLES.values())
        ),
        # Which instruments these are depends on the style, so they have numbers.
        GeneChoice("lead", word("Lead instrument"), LEAD_NAMES),
    )

    def __init__(self, latents: Latents) -> None:
        self.latents = latents
        z = latents.size
        self.size = 2 * z + len(TAIL)
        self._place = {name: 2 * z + index for index, name in enumerate(TAIL)}
        styles = slice(self._place[TAIL[0]], self._place["key"])
        expression = slice(self._place[ATTRIBUTES[0]], self.size)
        self._places: dict[str, list[slice]] = {
            "phrase_a": [slice(0, z)],
            "phrase_b": [slice(z, 2 * z)],
            "style": [styles, self._one("lead")],
            "key": [self._one("key")],
            "tempo": [self._one("tempo")],
            "expression": [expression],
        }

    def _one(self, name: str) -> slice:
        return slice(self._place[name], self._place[name] + 1)

    def read(self, genes: np.ndarray) -> TuneGenes:
        """What the genes mean, with every value in its range.

        Raises Refused when they are of another species.
        """
        if len(genes) != self.size:
            raise Refused("These genes belong to another kind of species.")
        z = self.latents.size
        scores = genes[self._places["style"][0]]
        style = STYLE_KEYS[int(np.argmax(scores))]
        bpm = STYLES[style].bpm * 2 ** (
            TEMPO_UNIT * float(np.clip(genes[self._place["tempo"]], -8, 8))
        )
        return TuneGenes(
            a=genes[:z],
            b=genes[z : 2 * z],
            style=style,
            key=int(np.round(np.clip(genes[self._place["key"]], -600, 600))),
            bpm=float(np.clip(bpm, LOWEST_BPM, HIGHEST_BPM)),
            lead=int(
                np.floor(np.clip(genes[self._place["lead"]], 0, 0.999) * len(STYLES[style].leads))
            ),
            sliders={name: float(np.clip(genes[self._place[name]], -1, 1)) for name in ATTRIBUTES},
        ).checked()

    def write(
        self,
        a: np.ndarray,
        b: np.ndarray,
        *,
        style: str,
        key: int = 0,
        bpm: float | None = None,
        lead: float = 0.0,
    ) -> np.ndarray:
        """Genes from their parts, for example from the phrases of an upload.

        lead: 0 to 1, along the style's instruments. Raises Refused for an unknown style.
        """
        if style not in STYLES:
            raise Refused(
                "There is no style “{style}”; choose from {styles}.",
                style=style[:40],
                styles=", ".join(STYLES),
            )
        genes = np.zeros(self.size, dtype=np.float32)
        genes[: len(a)], genes[len(a) : 2 * len(a)] = a, b
        genes[self._place[f"style.{style}"]] = STYLE_CLEARANCE
        genes[self._place["key"]], genes[self._place["lead"]] = key, lead
        genes[self._place["tempo"]] = (
            np.log2((bpm or STYLES[style].bpm) / STYLES[style].bpm) / TEMPO_UNIT
        )
        return genes

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A fresh tune: two phrases of the bank, slightly mutated, in any style and key."""
        a, b = (self.latents.mutate(z, FRESH, rng=rng) for z in self.latents.fresh(2, rng=rng))
        style = STYLE_KEYS[rng.integers(len(STYLE_KEYS))]
        genes = self.write(
            a, b, style=style, key=int(rng.integers(-6, 6)), lead=float(rng.random())
        )
        genes[self._place["tempo"]] = np.clip(rng.normal(0, 0.35), -0.8, 0.8)
        return genes

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """Phrases by slerp, tempo and expression by weighted mean; the same in all versions.

        Key and lead come from the heaviest parent, the style by vote.
        """
        shares = np.asarray(weights, dtype=np.float64)
        heaviest = parents[int(np.argmax(shares))]
        if shares.max() >= 1 - 1e-9:
            return heaviest.copy()
        child = np.tensordot(shares, np.stack(parents), axes=1).astype(np.float32)
        for group in ("phrase_a", "phrase_b"):
            (place,) = self._places[group]
            child[place] = self.latents.blend(
                np.stack([parent[place] for parent in parents]), shares
            )
        for name in ("key", "lead"):
            child[self._place[name]] = heaviest[self._place[name]]
        return child

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """Every group whole from one parent."""
        shares = np.asarray(weights, dtype=np.float64)
        child = parents[int(np.argmax(shares))].copy()
        chosen = rng.choice(len(parents), size=len(self.groups), p=shares / shares.sum())
        if len(set(chosen.tolist())) == 1 and (shares > 0).sum() > 1:
            # A child should take after several parents: one phrase comes from another one.
            others = np.flatnonzero((shares > 0) & (np.arange(len(parents)) != chosen[0]))
            chosen[rng.integers(2)] = rng.choice(others)
        for group, index in zip(self.groups, chosen, strict=True):
            child = self.take_group(child, parents[index], group.key)
        return child

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with one group replaced by the parent's."""
        taken = child.copy()
        for place in self._places[group]:
            taken[place] = parent[place]
        return taken

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Both phrases turn, tempo and expression drift.

        With a growing rate, key, lead and style jump more often.
        """
        mutated = genes.copy()
        if rate <= 0:
            return mutated
        for group in ("phrase_a", "phrase_b"):
            (place,) = self._places[group]
            mutated[place] = self.latents.mutate(genes[place], rate, rng=rng)
        mutated[self._place["tempo"]] += rng.normal(0, 0.6 * rate)
        mutated[self._places["expression"][0]] += rng.normal(0, 0.35 * rate, len(ATTRIBUTES))
        jumps = rng.random(3)
        if jumps[0] < 0.8 * rate:
            mutated[self._place["lead"]] = rng.random()
        if jumps[1] < 0.6 * rate:
            mutated[self._place["key"]] += rng.choice((-5, -3, -2, 2, 3, 5))
        if jumps[2] < 0.5 * rate:
            mutated[self._places["style"][0]] = 0.0
            mutated[self._place[f"style.{STYLE_KEYS[rng.integers(len(STYLE_KEYS))]}"]] = (
                STYLE_CLEARANCE
            )
        return mutated

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """Move one named slider."""
        reach = {"tempo": SLIDER_TEMPO, "key": SLIDER_KEY}.get(slider, 1.0)
        edited = genes.copy()
        edited[self._place[slider]] += reach * amount
        if slider in ATTRIBUTES:
            edited[self._place[slider]] = np.clip(edited[self._place[slider]], -1, 1)
        return edited

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        """Another style, or another lead instrument of it; the phrases stay."""
        chosen = genes.copy()
        if self.chosen(genes, choice) == value:
            return chosen
        if choice == "style":
            chosen[self._places["style"][0]] = 0.0
            chosen[self._place[f"style.{value}"]] = STYLE_CLEARANCE
        else:
            chosen[self._place["lead"]] = (int(value) - 0.5) / LEADS
        return chosen

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        """The style, or the number of the lead instrument."""
        tune = self.read(genes)
        return {"style": tune.style, "lead": str(tune.lead + 1)}[choice]


def tunes_space(checkpoint: Checkpoint) -> TunesSpace:
    """The gene space of a music species.

    Raises Refused when its checkpoint lacks the map of its latent space.
    """
    return TunesSpace(read_latents(checkpoint.weights))
