"""The gene space of a diffusion net: where its noise begins, how closely it follows the words, how
much of each LoRA it takes, and how much of a grafted picture stays.

A picture begins as noise, a weighted sum of NOISES fixed fields of normal noise. The weights are
the genes, a vector of length 1, so that every sum has the variance of noise: a plain mean of noises
has less, and paints mud. So a blend of two parents lies on the arc between them, as with spherical
interpolation (Shoemake 1985). The words and the grafted pictures are no genes; they are fields of
the genome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from generation.checkpoints import Checkpoint
from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.genespaces.settings_file import SETTINGS, are_positive, read_settings_file
from generation.words import word

NOISES = 64
GUIDANCE, CLOSENESS = "guidance", "graft"
WORDS, COMPOSITION, STYLE = "words", "composition", "style"  # The gene groups.
MAX_LORAS = 8
LORA_WEIGHT = 1.0  # Of a founder; what makers of LoRAs train for.
LORA_REACH = (-0.5, 2.0)
GUIDANCE_REACH = 1.5  # Doublings and halvings.
# How much of a grafted picture stays: of founders, and how far its slider goes.
CLOSENESS_MIDDLE, CLOSENESS_REACH = 0.5, 0.45
MIN_LENGTH = 1e-3  # Opposite noises that cancel each other have no direction between them.
# Their guidance is a number that the net has learnt to read. It steers away from nothing.
WITHOUT_COMPARISON = frozenset({"FluxPipeline"})


class DiffusionSpace(WithoutChoices):
    """Operators on float32 genes: NOISES weights of noise, one of guidance, one of each LoRA, and
    one of closeness to the graft.

    The last one is read as 0 where it is missing, as in genomes from before there were grafts.

    guidance: that of founders; 1 for nets that were distilled to need none, which have no slider.
    is_compared: whether guidance compares the picture with one of other words (Ho & Salimans 2022),
    so that there can be words to keep away from. loras: key and name of each.
    """

    can_graft = True

    def __init__(
        self,
        *,
        guidance: float = 1.0,
        is_compared: bool = True,
        loras: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._guidance = guidance
        self.can_avoid = guidance > 1 and is_compared
        self._loras = tuple(key for key, _name in loras)
        self.size = NOISES + 2 + len(loras)
        has_guidance = guidance > 1
        self.groups: tuple[GeneGroup, ...] = (
            GeneGroup(WORDS, word("Words")),
            GeneGroup(COMPOSITION, word("Composition")),
        )
        if has_guidance or loras:
            self.groups += (GeneGroup(STYLE, word("Style")),)
        self.sliders: tuple[GeneSlider, ...] = tuple(
            GeneSlider(f"lora-{key}", name, STYLE, word("Without it"), word("Stronger"))
            for key, name in loras
        )
        if has_guidance:
            closeness = GeneSlider(
                GUIDANCE, word("Closeness to the words"), STYLE, word("Freer"), word("Closer")
            )
            self.sliders = (closeness, *self.sliders)
        self.sliders = (closeness_slider(), *self.sliders)
        self._place = {GUIDANCE: NOISES, CLOSENESS: self.size - 1} | {
            f"lora-{key}": NOISES + 1 + number for number, (key, _name) in enumerate(loras)
        }

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """Noise from anywhere, the guidance of the card, all of every LoRA, half of a graft."""
        noise = _of_length_1(rng.standard_normal(NOISES))
        loras = [LORA_WEIGHT] * len(self._loras)
        return np.concatenate([noise, [0.0], loras, [0.0]]).astype(np.float32)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The direction between the noises of the parents, and the mean of their style.

        Between two parents the noise turns at a steady speed; a plain mean of noises, brought back
        to length 1, turns twice as fast in the middle as at the ends.
        """
        shares = np.asarray(weights, np.float64)
        heaviest = parents[int(shares.argmax())]
        if shares.max() >= 1:
            return np.array(heaviest, np.float32)
        stacked = np.stack([self._whole(one) for one in parents]).astype(np.float64)
        mean = shares @ stacked
        mean[:NOISES] = _arc_shares(stacked[:, :NOISES], shares) @ stacked[:, :NOISES]
        if np.linalg.norm(mean[:NOISES]) < MIN_LENGTH:
            mean[:NOISES] = heaviest[:NOISES]
        return _with_noise(mean, mean[:NOISES])

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """All genes of one parent; breeding takes the words of another."""
        return np.array(parents[choose_one(weights, rng)], np.float32)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with the noise or the style of a parent; its words are no genes."""
        taken, giver = self._whole(child), self._whole(parent)
        if group == COMPOSITION:
            taken[:NOISES], taken[-1] = giver[:NOISES], giver[-1]
        elif group == STYLE:
            taken[NOISES:-1] = giver[NOISES:-1]
        return taken

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Turn the noise towards another one; a rate of 1 forgets it."""
        if rate <= 0:
            return np.array(genes, np.float32)
        other = _of_length_1(rng.standard_normal(NOISES))
        return _with_noise(genes, (1 - rate) * genes[:NOISES] + rate * other)

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """More or less guidance, of a LoRA, or of a graft, from little to twice of the usual."""
        edited = self._whole(genes)
        edited[self._place[slider]] += amount
        return edited

    def guidance(self, genes: np.ndarray) -> float:
        """The guidance scale that the net is asked for (Ho & Salimans 2022); 1 for none."""
        reach = float(np.clip(genes[NOISES], -GUIDANCE_REACH, GUIDANCE_REACH))
        return 1 + (self._guidance - 1) * 2**reach

    def lora_weights(self, genes: np.ndarray) -> dict[str, float]:
        """The weight of each LoRA, by its key."""
        weights = np.clip(genes[NOISES + 1 : NOISES + 1 + len(self._loras)], *LORA_REACH)
        return {key: float(weight) for key, weight in zip(self._loras, weights, strict=True)}

    def closeness(self, genes: np.ndarray) -> float:
        """How much of a grafted picture stays, from .05 to .95."""
        return closeness_at(self._whole(genes)[-1])

    def _whole(self, genes: np.ndarray) -> np.ndarray:
        """A copy with all genes."""
        return np.pad(np.array(genes, np.float32), (0, self.size - len(genes)))


def closeness_slider() -> GeneSlider:
    """The slider of how much of a grafted picture stays."""
    return GeneSlider(
        CLOSENESS, word("Closeness to the graft"), COMPOSITION, word("Freer"), word("Closer")
    )


def closeness_at(gene: float) -> float:
    """How much of a grafted picture stays at this gene, from .05 to .95."""
    return CLOSENESS_MIDDLE + CLOSENESS_REACH * float(np.clip(gene, -1, 1))


def choose_one(weights: Weights, rng: np.random.Generator) -> int:
    """The number of a parent, the heavier ones more often."""
    return int(rng.choice(len(weights), p=np.asarray(weights, np.float64)))


def _arc_shares(noises: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """How much of each noise [parents, NOISES] makes a mixture that turns with the shares.

    Of two noises at an angle, the sines of its parts, which is spherical interpolation; of more, of
    the mean angle between them.
    """
    both = np.outer(shares, shares)
    np.fill_diagonal(both, 0)
    angle = np.sum(both * np.arccos(np.clip(noises @ noises.T, -1, 1))) / both.sum()
    return np.sin(shares * angle) if angle > MIN_LENGTH else shares


def _of_length_1(noise: np.ndarray) -> np.ndarray:
    return noise / np.linalg.norm(noise)


def _with_noise(genes: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The genes with another noise, float32."""
    return np.concatenate([_of_length_1(noise), genes[NOISES:]]).astype(np.float32)


@dataclass(frozen=True)
class Lora:
    """A LoRA of a species. file: its name in the checkpoint."""

    key: str
    name: str
    file: str


@dataclass(frozen=True)
class DiffusionSettings:
    """What besides the weights determines the pictures of a species; the digest covers it.

    pipeline: the name of the class that paints, in the library diffusers. steps: of the sampler.
    size: pixels of an edge. guidance: as in `DiffusionSpace`. variant: of the weight files,
    such as fp16. single_file: the name of the one file that holds all nets, or empty. tiny_vae:
    the folder of a small decoder for live frames, or empty.
    """

    pipeline: str
    steps: int
    size: int
    guidance: float
    loras: tuple[Lora, ...] = ()
    variant: str = ""
    single_file: str = ""
    tiny_vae: str = ""


def read_settings(checkpoint: Checkpoint) -> DiffusionSettings:
    """The settings of a diffusion species. Raises Refused when they are missing or damaged."""
    return read_settings_file(checkpoint, _settings_of)


def _settings_of(data: Mapping[str, Any]) -> DiffusionSettings:
    settings = DiffusionSettings(
        **dict(data) | {"loras": tuple(Lora(**lora) for lora in data.get("loras", ()))}
    )
    if not are_positive(settings.steps, settings.size, settings.guidance):
        raise ValueError(SETTINGS)
    return settings


def diffusion_space(checkpoint: Checkpoint) -> DiffusionSpace:
    """The gene space of a diffusion species. Raises Refused for damaged settings."""
    settings = read_settings(checkpoint)
    return DiffusionSpace(
        guidance=float(settings.guidance),
        is_compared=settings.pipeline not in WITHOUT_COMPARISON,
        loras=[(one.key, one.name) for one in settings.loras],
    )


@cache
def concepts() -> tuple[str, ...]:
    """The words of founders that nobody wrote words for."""
    text = Path(__file__).with_name("concepts.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def concept(seed: int) -> str:
    """The words of the founder with this seed."""
    return concepts()[seed % len(concepts())]
