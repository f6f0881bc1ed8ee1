"""The gene space of a species that another server paints: two seeds, how much of the second one,
how closely the words are followed, and how much of a grafted picture stays.

A server takes whole numbers as seeds, and between two of them lies nothing. Web UIs know a
variation seed: the picture begins with the noise on the arc from that of the seed to that of the
variation seed, as far along as the strength says. So a child of two founders is a point on the arc
between them, and moves steadily. What would need more than two seeds keeps the two that count most;
there, moving a weight can change the picture at once. Servers without a variation seed know only
pictures of one seed each: a child has the seed of its heaviest parent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from generation.checkpoints import Checkpoint
from generation.codecs.comfy_graph import NEGATIVE, PICTURE, Place
from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.diffusion import (
    CLOSENESS,
    COMPOSITION,
    GUIDANCE,
    GUIDANCE_REACH,
    STYLE,
    WORDS,
    closeness_at,
    closeness_slider,
)
from generation.genespaces.settings_file import SETTINGS, are_positive, read_settings_file
from generation.words import word

WORKFLOW = "workflow.json"
COMFYUI, WEBUI = APIS = ("comfyui", "webui")
SEEDS = 2**24  # Float32, which genes are, holds every whole number up to it.
SEED, VARIATION, STRENGTH, GUIDED, KEPT = range(5)  # The genes.


class RemoteSpace(WithoutChoices):
    """Operators on float32 [4]: a seed, a variation seed, how much of it, 0 to 1, and guidance.

    Where pictures can be painted over, there is a fifth gene, closeness to the graft. It is read as
    0 where it is missing, as in genomes from before there were grafts.

    Where pictures can be painted over, there is a fifth gene, closeness to the graft; it is read as
    0 where it is missing, as in genomes from before there were grafts.

    guidance: that of founders; 1 for none, which has no slider. has_variation: whether the server
    takes a variation seed. can_avoid: whether works can be told what to keep away from, if there is
    guidance. can_graft: whether it paints over other pictures.
    """

    def __init__(
        self,
        *,
        guidance: float = 1.0,
        has_variation: bool = True,
        can_avoid: bool = True,
        can_graft: bool = False,
    ) -> None:
        self._guidance, self._has_variation = guidance, has_variation
        self.can_graft, self.size = can_graft, 5 if can_graft else 4
        self.can_avoid = can_avoid and guidance > 1
        self.groups: tuple[GeneGroup, ...] = (
            GeneGroup(WORDS, word("Words")),
            GeneGroup(COMPOSITION, word("Composition")),
        )
        self.sliders: tuple[GeneSlider, ...] = ()
        if guidance > 1:
            self.groups += (GeneGroup(STYLE, word("Style")),)
            self.sliders = (
                GeneSlider(
                    GUIDANCE, word("Closeness to the words"), STYLE, word("Freer"), word("Closer")
                ),
            )
        if can_graft:
            self.sliders = (closeness_slider(), *self.sliders)

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A seed alone."""
        return self._whole(np.array([rng.integers(SEEDS)], np.float32))

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The two seeds of the parents that count most, and the mean of their guidance."""
        shares = np.asarray(weights, np.float64)
        heaviest = parents[int(shares.argmax())]
        if shares.max() >= 1:
            return np.array(heaviest, np.float32)
        child = self._whole(heaviest)
        child[GUIDED:] = shares @ np.stack([self._whole(one) for one in parents])[:, GUIDED:]
        if self._has_variation:
            counts: dict[float, float] = {}
            for parent, share in zip(parents, shares, strict=True):
                for seed, part in _seeds(parent):
                    counts[seed] = counts.get(seed, 0.0) + float(share) * part
            _put_seeds(child, counts)
        return child

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """All genes of one parent; breeding takes the words of another."""
        chosen = int(rng.choice(len(parents), p=np.asarray(weights, np.float64)))
        return np.array(parents[chosen], np.float32)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with the seeds or the guidance of a parent; its words are no genes."""
        taken, giver = self._whole(child), self._whole(parent)
        if group == COMPOSITION:
            taken[:GUIDED], taken[KEPT:] = giver[:GUIDED], giver[KEPT:]
        elif group == STYLE:
            taken[GUIDED] = giver[GUIDED]
        return taken

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Towards another seed; a rate of 1 forgets the own one.

        A work between two seeds moves on the arc between them, and the higher the rate, the
        likelier its lighter seed becomes another one. Without a variation seed, any rate takes
        another seed.
        """
        mutated = np.array(genes, np.float32)
        other, shift, chance = float(rng.integers(SEEDS)), rng.standard_normal(), rng.random()
        if rate <= 0:
            return mutated
        if rate >= 1 or not self._has_variation:
            mutated[:GUIDED] = other, 0, 0
            return mutated
        seeds = _seeds(genes)
        if len(seeds) == 1:
            mutated[:GUIDED] = seeds[0][0], other, rate
            return mutated
        strength = float(np.clip(genes[STRENGTH] + rate * shift, 0.0, 1.0))
        mutated[STRENGTH] = strength
        if chance < rate:
            mutated[VARIATION if strength <= 0.5 else SEED] = other
        return mutated

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """More or less guidance, in doublings, or of a graft, from little to nearly all."""
        edited = self._whole(genes)
        edited[KEPT if slider == CLOSENESS else GUIDED] += amount
        return edited

    def guidance(self, genes: np.ndarray) -> float:
        """The guidance scale that the server is asked for; 1 for none."""
        reach = float(np.clip(genes[GUIDED], -GUIDANCE_REACH, GUIDANCE_REACH))
        return 1 + (self._guidance - 1) * 2**reach

    def closeness(self, genes: np.ndarray) -> float:
        """How much of a grafted picture stays, from .05 to .95; nothing where none can be."""
        return closeness_at(self._whole(genes)[KEPT]) if self.can_graft else 0.0

    def _whole(self, genes: np.ndarray) -> np.ndarray:
        """A copy with all genes."""
        return np.pad(np.array(genes, np.float32), (0, max(0, self.size - len(genes))))


def _seeds(genes: np.ndarray) -> list[tuple[float, float]]:
    """The seeds that count, each with its part; the parts sum to 1."""
    strength = float(np.clip(genes[STRENGTH], 0.0, 1.0))
    pairs = [(float(genes[SEED]), 1 - strength), (float(genes[VARIATION]), strength)]
    return [(seed, part) for seed, part in pairs if part > 0]


def _put_seeds(genes: np.ndarray, counts: Mapping[float, float]) -> None:
    """Write the two heaviest seeds, in the order of the parents, so that the arc has one way."""
    heaviest = sorted(counts, key=lambda seed: -counts[seed])[:2]
    first, *rest = [seed for seed in counts if seed in heaviest]
    second = rest[0] if rest else 0.0
    share = counts[second] if rest else 0.0
    genes[:GUIDED] = first, second, share / (counts[first] + share)


@dataclass(frozen=True)
class RemoteSettings:
    """What determines the pictures of a species besides its server; the digest covers it.

    api: one of APIS. steps, size: of a picture, and live_steps, live_size of a live frame, 0 for
    the same. edge, live_edge: pixels of what the server then paints, which may enlarge. guidance:
    as in `RemoteSpace`. negative: what all pictures keep away from. sampler: empty for the server's
    own. model: what a web UI calls the model, and model_name what it says in answers. places: where
    the workflow of ComfyUI takes each value, see `generation.codecs.comfy_graph.find_places`.
    """

    api: str
    steps: int
    size: int
    edge: int
    guidance: float = 1.0
    negative: str = ""
    sampler: str = ""
    model: str = ""
    model_name: str = ""
    live_steps: int = 0
    live_size: int = 0
    live_edge: int = 0
    has_variation: bool = True
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)


def read_settings(checkpoint: Checkpoint) -> RemoteSettings:
    """The settings of a remote species. Raises Refused when they are missing or damaged."""
    return read_settings_file(checkpoint, _settings_of)


def _settings_of(data: Mapping[str, Any]) -> RemoteSettings:
    settings = RemoteSettings(**data)
    is_sound = are_positive(settings.steps, settings.size, settings.edge, settings.guidance)
    if not is_sound or settings.api not in APIS:
        raise ValueError(SETTINGS)
    return settings


def remote_space(checkpoint: Checkpoint) -> RemoteSpace:
    """The gene space of a remote species. Raises Refused for damaged settings."""
    settings = read_settings(checkpoint)
    return RemoteSpace(
        guidance=float(settings.guidance),
        has_variation=settings.has_variation,
        can_avoid=settings.api == WEBUI or bool(settings.places.get(NEGATIVE)),
        can_graft=settings.api == WEBUI or bool(settings.places.get(PICTURE)),
    )
