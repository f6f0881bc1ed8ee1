"""The gene space of a diffusion net: where its noise begins, how closely it follows the words, and
how much of each LoRA it takes.

A picture begins as noise, a weighted sum of NOISES fixed fields of normal noise. The weights are
the genes, a vector of length 1, so that every sum has the variance of noise: a plain mean of noises
has less, and paints mud. So a blend of two parents lies on the arc between them, as with spherical
interpolation (Shoemake 1985). The words are no genes; they are the prompts of the genome.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from generation.checkpoints import Checkpoint
from generation.genespaces.base import GeneGroup, GeneSlider, Weights, WithoutChoices
from generation.refusal import Refused
from generation.words import word

SETTINGS = "settings.json"
NOISES = 64
GUIDANCE = "guidance"
WORDS, COMPOSITION, STYLE = "words", "composition", "style"  # The gene groups.
MAX_LORAS = 8
LORA_WEIGHT = 1.0  # Of a founder; what makers of LoRAs train for.
LORA_REACH = (-0.5, 2.0)
GUIDANCE_REACH = 1.5  # Doublings and halvings.
MIN_LENGTH = 1e-3  # Opposite noises that cancel each other have no direction between them.


class DiffusionSpace(WithoutChoices):
    """Operators on float32 genes: NOISES weights of noise, one of guidance, one of each LoRA.

    guidance: that of founders; 1 for nets that were distilled to need none, which have no slider.
    loras: key and name of each.
    """

    def __init__(self, *, guidance: float = 1.0, loras: Sequence[tuple[str, str]] = ()) -> None:
        self._guidance = guidance
        self._loras = tuple(key for key, _name in loras)
        self.size = NOISES + 1 + len(loras)
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
        self._place = {GUIDANCE: NOISES} | {
            f"lora-{key}": NOISES + 1 + number for number, (key, _name) in enumerate(loras)
        }

    def sample(self, rng: np.random.Generator) -> np.ndarray:
        """Noise from anywhere, the guidance of the card, and all of every LoRA."""
        return np.concatenate(
            [_of_length_1(rng.standard_normal(NOISES)), [0.0], [LORA_WEIGHT] * len(self._loras)]
        ).astype(np.float32)

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
        stacked = np.stack(parents).astype(np.float64)
        mean = shares @ stacked
        mean[:NOISES] = _arc_shares(stacked[:, :NOISES], shares) @ stacked[:, :NOISES]
        if np.linalg.norm(mean[:NOISES]) < MIN_LENGTH:
            mean[:NOISES] = heaviest[:NOISES]
        return _with_noise(mean, mean[:NOISES])

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """All genes of one parent; breeding takes the words of another."""
        chosen = int(rng.choice(len(parents), p=np.asarray(weights, np.float64)))
        return np.array(parents[chosen], np.float32)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with the noise or the style of a parent; its words are no genes."""
        taken = np.array(child, np.float32)
        if group == COMPOSITION:
            taken[:NOISES] = parent[:NOISES]
        elif group == STYLE:
            taken[NOISES:] = parent[NOISES:]
        return taken

    def mutate(self, genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
        """Turn the noise towards another one; a rate of 1 forgets it."""
        if rate <= 0:
            return np.array(genes, np.float32)
        other = _of_length_1(rng.standard_normal(NOISES))
        return _with_noise(genes, (1 - rate) * genes[:NOISES] + rate * other)

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """More or less guidance, or of a LoRA, from nothing to twice of what founders have."""
        edited = np.array(genes, np.float32)
        edited[self._place[slider]] += amount
        return edited

    def guidance(self, genes: np.ndarray) -> float:
        """The guidance scale that the net is asked for (Ho & Salimans 2022); 1 for none."""
        reach = float(np.clip(genes[NOISES], -GUIDANCE_REACH, GUIDANCE_REACH))
        return 1 + (self._guidance - 1) * 2**reach

    def lora_weights(self, genes: np.ndarray) -> dict[str, float]:
        """The weight of each LoRA, by its key."""
        weights = np.clip(genes[NOISES + 1 :], *LORA_REACH)
        return {key: float(weight) for key, weight in zip(self._loras, weights, strict=True)}


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
    try:
        data = json.loads(checkpoint.path(SETTINGS).read_text(encoding="utf-8"))
        settings = DiffusionSettings(
            **data | {"loras": tuple(Lora(**lora) for lora in data.get("loras", ()))}
        )
        numbers: list[Any] = [settings.steps, settings.size, settings.guidance]
        if not all(isinstance(number, int | float) and number > 0 for number in numbers):
            raise ValueError(SETTINGS)
        return settings
    except (OSError, AttributeError, TypeError, ValueError) as error:
        raise Refused(
            "The settings of the species “{key}” ({file}) are missing or damaged.",
            key=checkpoint.key,
            file=SETTINGS,
        ) from error


def diffusion_space(checkpoint: Checkpoint) -> DiffusionSpace:
    """The gene space of a diffusion species. Raises Refused for damaged settings."""
    settings = read_settings(checkpoint)
    return DiffusionSpace(
        guidance=float(settings.guidance), loras=[(one.key, one.name) for one in settings.loras]
    )


@cache
def concepts() -> tuple[str, ...]:
    """The words of founders that nobody wrote words for."""
    text = Path(__file__).with_name("concepts.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def concept(seed: int) -> str:
    """The words of the founder with this seed."""
    return concepts()[seed % len(concepts())]
