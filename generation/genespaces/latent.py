"""The gene space of a learnt net: genes are the net's latents, one gene for each resolution.

A blend is led back to where the codes of the training pictures are dense, so that what lies between
works looks like a work and not like a double exposure: by `Passages.blend`, or in the versions 2
and 1 of breeding, which older works keep, by `Chain.blend` and `GeneStatistics.blend`. Crossover
takes whole genes: the first ones draw the shape, the middle ones the features, the last ones colour
and fine detail (Karras et al. 2019, "A Style-Based Generator Architecture for Generative
Adversarial Networks", style mixing).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from generation.checkpoints import Checkpoint
from generation.gene_statistics import GeneStatistics
from generation.genespaces.base import GeneChoice, GeneGroup, GeneSlider, Weights
from generation.genespaces.chain import Chain
from generation.genespaces.looks import NEAR
from generation.genespaces.passages import Passages
from generation.refusal import Refused
from generation.words import word

# Versions of breeding that blend forms each in its own way; later ones do as the last.
BLENDS = (1, 2, 3)
EDIT_REACH = 2.0  # A slider at its end moves so many standard deviations along its direction.
NEAR_GENES = 0.36  # Of the usual distance of two works; nearer founders are too much alike.
WANDER_REACH = 0.8
MUTATION_REACH = 1.3  # A mutation of rate .8 nearly forgets the parent.


class LatentSpace:
    """Operators on float32 genes [n_genes * gene_size] by the statistics of the training codes."""

    has_psi: bool = True

    def __init__(
        self,
        *,
        statistics: GeneStatistics,
        directions: Mapping[str, np.ndarray],
        groups: Sequence[Mapping[str, Any]],
        sliders: Sequence[Mapping[str, Any]],
        kinds: Sequence[str] = (),
    ) -> None:
        """Groups with `is_whole` come from one parent together, as where genes share a colour.

        kinds: the names of the things the species learnt, numbered as in `statistics.kinds`.
        """
        self.size = len(statistics.mean)
        self.groups = tuple(GeneGroup(group["key"], group["label"]) for group in groups)
        self.sliders = tuple(
            GeneSlider(one["key"], one["label"], one["group"], one["low_label"], one["high_label"])
            for one in sliders
        )
        self._kinds = [slug_of(name) for name in kinds]
        options = tuple(zip(self._kinds, (name.capitalize() for name in kinds), strict=True))
        kind = GeneChoice("kind", word("Kind"), options)
        self.choices: tuple[GeneChoice, ...] = (kind,) if len(options) > 1 else ()
        self._statistics = statistics
        self._chain = Chain(statistics)
        self._passages = Passages(statistics, self._chain)
        self._directions = directions
        self._genes_of = {group["key"]: tuple(group["genes"]) for group in groups}
        whole = [tuple(group["genes"]) for group in groups if group.get("is_whole")]
        grouped = {gene for genes in whole for gene in genes}
        count = self.size // statistics.gene_size
        self._crossed = sorted(whole + [(gene,) for gene in range(count) if gene not in grouped])

    def sample(self, rng: np.random.Generator, *, version: int = 1) -> np.ndarray:
        """A random genome near codes of training pictures, never from N(0, I)."""
        draw = self._statistics.sample if version < 4 else self._statistics.found
        return draw(rng, 1)[0]

    def look(self, genes: np.ndarray) -> np.ndarray:
        """The genes themselves, measured by the usual distance of two works.

        Of two hundred garments or creatures, one in ten has another nearer than NEAR_GENES.
        """
        usual = math.sqrt(2) * float(np.linalg.norm(self._statistics.factor))
        return (genes * (NEAR / (NEAR_GENES * usual))).astype(np.float32)

    def blend(
        self, parents: Sequence[np.ndarray], weights: Weights, *, version: int = 1
    ) -> np.ndarray:
        """The tidied point between the parents; a weight of 1 returns exactly that parent."""
        shares = np.asarray(weights, np.float64)
        if version > 2:
            return self._passages.blend(np.stack(parents), shares, version=version)
        if version == 2:
            return self._chain.blend(np.stack(parents), shares)
        if shares.max() == 1.0:
            return np.array(parents[int(shares.argmax())], np.float32)
        return self._statistics.blend(np.stack(parents), shares.astype(np.float32)).astype(
            np.float32
        )

    def crossover(
        self, parents: Sequence[np.ndarray], weights: Weights, rng: np.random.Generator
    ) -> np.ndarray:
        """Each gene, or each group that is whole, from one parent.

        With several weighted parents, at least two of them give something.
        """
        shares = np.asarray(weights, np.float64)
        shaped = [self._shaped(parent) for parent in parents]
        chosen = rng.choice(len(parents), size=len(self._crossed), p=shares)
        others = np.flatnonzero(shares > 0)
        if len(others) > 1 and len(set(chosen)) == 1 and len(chosen) > 1:
            chosen[int(rng.integers(1, len(chosen))) :] = rng.choice(others[others != chosen[0]])
        child = np.empty_like(shaped[0], np.float32)
        for genes, parent in zip(self._crossed, chosen, strict=True):
            child[list(genes)] = shaped[parent][list(genes)]
        return child.reshape(-1)

    def take_group(self, child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
        """The child with the genes of one group from the parent."""
        mixed = self._shaped(np.array(child, np.float32))
        for gene in self._genes_of[group]:
            mixed[gene] = self._shaped(parent)[gene]
        return mixed.reshape(-1)

    def mutate(
        self, genes: np.ndarray, rate: float, rng: np.random.Generator, *, version: int = 1
    ) -> np.ndarray:
        """Mix the deviation from the mean with a random one of the same covariance.

        That keeps the spread of works. Where things are so different that random directions lead to
        none, a mutation goes towards a random work instead.
        """
        if rate <= 0:
            return np.array(genes, np.float32)
        if self._statistics.is_tidied_whole:
            share = min(1.0, WANDER_REACH * rate)
            towards = self.sample(rng, version=version)
            return self._statistics.blend(
                np.stack([genes, towards]), np.array([1 - share, share], np.float32)
            )
        step = self._statistics.factor @ rng.standard_normal(self.size)
        angle = min(1.0, MUTATION_REACH * rate) * np.pi / 2
        moved = (
            self._statistics.mean
            + np.cos(angle) * (genes - self._statistics.mean)
            + np.sin(angle) * step
        )
        return self._statistics.tidy(moved.astype(np.float32), min(1.0, rate))

    def edit(self, genes: np.ndarray, slider: str, amount: float) -> np.ndarray:
        """Move along the slider's direction.

        Its length is one standard deviation of the property it changes.
        """
        if amount == 0:
            return np.array(genes, np.float32)
        return (genes + amount * EDIT_REACH * self._directions[slider]).astype(np.float32)

    def choose(self, genes: np.ndarray, choice: str, value: str) -> np.ndarray:
        """The work as another kind of thing, in the same colours."""
        return self._statistics.turn_into(genes, self._kinds.index(value))

    def chosen(self, genes: np.ndarray, choice: str) -> str:
        """The kind of the works most similar to this one."""
        return self._kinds[self._statistics.kind_of(genes)]

    def truncate(self, genes: np.ndarray, psi: float) -> np.ndarray:
        """The genes that the net draws; psi 1 returns them unchanged."""
        return self._statistics.truncate(genes, psi)

    def _shaped(self, vector: np.ndarray) -> np.ndarray:
        return np.reshape(vector, (-1, self._statistics.gene_size))


def slug_of(name: str) -> str:
    """The name of a kind as recipes spell it: lower case, hyphens for spaces."""
    return "-".join(name.lower().split())


class InvalidCheckpoint(Exception):
    """A sentence about what is wrong with the tensors of a checkpoint."""


def _check(tensors: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
    """Check the tensors of a checkpoint.

    Raises InvalidCheckpoint for numbers that are not finite, and for statistics whose lengths do
    not fit together.
    """
    for name, tensor in tensors.items():
        if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
            raise InvalidCheckpoint(f"its weights “{name[:60]}” hold numbers that are not finite.")
    length = tensors["gaussian.mean"].size
    count = len(tensors["anchors"])
    shapes = {"gaussian.factor": (length, length), "anchors": (count, length), "kinds": (count,)}
    shapes |= {f"slider.{one['key']}": (length,) for one in card["sliders"]}
    for name, shape in shapes.items():
        if tensors[name].shape != shape:
            raise InvalidCheckpoint(
                f"its weights “{name[:60]}” have the shape {tensors[name].shape} instead of"
                f" {shape}."
            )
    n_genes = length // card["net"]["gene_size"]
    for group in card["gene_groups"]:
        if not all(gene in range(n_genes) for gene in group["genes"]):
            raise InvalidCheckpoint(
                f"its group “{group['key'][:60]}” names genes that it has not; there are {n_genes}."
            )


def latent_space(checkpoint: Checkpoint) -> LatentSpace:
    """The gene space of a learnt species.

    Raises Refused when its checkpoint lacks statistics, groups or directions.
    """
    card = checkpoint.card
    try:
        tensors = load_file(checkpoint.weights)
        _check(tensors, card)
        return LatentSpace(
            statistics=GeneStatistics.from_checkpoint(tensors, card),
            directions={
                one["key"]: tensors[f"slider.{one['key']}"].astype(np.float32)
                for one in card["sliders"]
            },
            groups=card["gene_groups"],
            sliders=card["sliders"],
            kinds=card.get("kinds", ()),
        )
    except SafetensorError as error:
        problem = InvalidCheckpoint("its weights file is damaged.")
        raise Refused(
            "The species “{key}” is unavailable: {problem}",
            key=checkpoint.key[:40],
            problem=problem,
        ) from error
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise Refused(
            "The species “{key}” is unavailable: its checkpoint lacks {error}.",
            key=checkpoint.key[:40],
            error=error,
        ) from error
    except InvalidCheckpoint as problem:
        raise Refused(
            "The species “{key}” is unavailable: {problem}",
            key=checkpoint.key[:40],
            problem=problem,
        ) from problem
