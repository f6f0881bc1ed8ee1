"""What a learnt species knows about good genes: a Gaussian and a few thousand anchors.

Anchors are codes of pictures that the species learnt from. One Gaussian over all codes would also
draw what lies between two kinds of things, half plait and half bald. Random works are therefore
drawn near anchors, every group of genes near another one; and blends of two works are led back to
where anchors are dense, so that a midpoint looks like a work and not like a double exposure. Numpy
only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

RIDGE = 1e-4


@dataclass(frozen=True)
class GeneStatistics:
    """The distribution of a species' genes.

    A genome is `genes` numbers, `gene_size` for each resolution.

    - mean [genes], factor [genes, genes]: of all codes; factor is the lower Cholesky factor.
    - stored [count, genes], kinds [count]: the anchors, codes of training pictures, as float16 to
      save memory, and the kind of thing each shows.
    - neighbours: how many anchors around one are mixed for a random genome.
    - splits: numbers of genes at which a random genome changes over to another anchor of the
      same kind.
    - founder_splits: the same for founders since version 4 of breeding; None: as in splits. What
      was drawn before stays as it was, so a better choice gets a place of its own.
    - is_tidied_whole: the genes of a blend are led together towards one anchor between its
      parents, instead of each gene by itself; for species whose things are so different that
      genes of several of them make none.
    - led_genes: with is_tidied_whole, only this many genes, those of the form, are led; the
      others, colour and detail, come from the bolder parent, so that the child is not simply
      that anchor.
    - done: how much of the way to the child of equals a blend of two has gone at two thirds of
      that way's part of the slider; more than two thirds, if what lies on the way is less clean.
      It stays what it is once works were bred, because stored recipes follow it.
    """

    mean: np.ndarray
    factor: np.ndarray
    stored: np.ndarray
    kinds: np.ndarray
    gene_size: int
    neighbours: int = 8
    splits: tuple[int, ...] = (2,)
    is_tidied_whole: bool = False
    led_genes: int | None = None
    founder_splits: tuple[int, ...] | None = None
    done: float = 0.75

    @property
    def anchors(self) -> np.ndarray:
        """The anchors, float32 [count, genes], unpacked anew each time."""
        return self.stored.astype(np.float32)

    def sample(
        self, rng: np.random.Generator, count: int, *, spread: float = 0.9, kind: int | None = None
    ) -> np.ndarray:
        """Random genes, float32 [count, genes], of one kind or any.

        spread: 0 gives the means of neighbourhoods, 1 their full variety.
        """
        return self._drawn(rng, count, self.splits, spread=spread, kind=kind)

    def found(
        self, rng: np.random.Generator, count: int, *, spread: float = 0.9, kind: int | None = None
    ) -> np.ndarray:
        """Random genes as founders have them since version 4 of breeding; see `sample`."""
        splits = self.splits if self.founder_splits is None else self.founder_splits
        return self._drawn(rng, count, splits, spread=spread, kind=kind)

    def _drawn(
        self,
        rng: np.random.Generator,
        count: int,
        splits: Sequence[int],
        *,
        spread: float,
        kind: int | None,
    ) -> np.ndarray:
        members = (
            np.arange(len(self.stored)) if kind is None else np.flatnonzero(self.kinds == kind)
        )
        edges = [0, *(split * self.gene_size for split in splits), self.stored.shape[1]]
        drawn = np.empty((count, edges[-1]), dtype=np.float32)
        for row in drawn:
            # All parts must be of the same kind: a shoe with the fine genes of a coat is neither.
            first = rng.choice(members)
            same_kind = self.stored[self.kinds == self.kinds[first]].astype(np.float32)
            for start, end in zip(edges[:-1], edges[1:], strict=True):
                row[start:end] = self._near(
                    same_kind[:, start:end],
                    int(rng.integers(len(same_kind))),
                    spread=spread,
                    rng=rng,
                )
        return drawn

    def _near(
        self, part: np.ndarray, place: int, *, spread: float, rng: np.random.Generator
    ) -> np.ndarray:
        """A draw from the Gaussian of the anchors nearest to the anchor at `place`.

        A normally distributed mix of their deviations has their covariance.
        """
        gaps = ((part - part[place]) ** 2).sum(1)
        around = part[np.argpartition(gaps, min(self.neighbours, len(part) - 1))[: self.neighbours]]
        middle = around.mean(0)
        return middle + spread / np.sqrt(len(around)) * rng.standard_normal(len(around)) @ (
            around - middle
        )

    def kind_of(self, genes: np.ndarray) -> int:
        """The kind of most of the anchors nearest to the genes [genes]."""
        gaps = ((self.stored - genes) ** 2).sum(1)
        near = np.argpartition(gaps, min(VOTERS, len(gaps) - 1))[:VOTERS]
        return int(np.bincount(self.kinds[near]).argmax())

    def centre(self, kind: int) -> np.ndarray:
        """The mean of the anchors of a kind, float32 [genes]."""
        return self.stored[self.kinds == kind].astype(np.float32).mean(0)

    def turn_into(self, genes: np.ndarray, kind: int) -> np.ndarray:
        """The genes [genes] as another kind of thing.

        They are moved by the difference of the kinds' centres, then led to the new kind's anchors.
        All genes but the last draw the shape; they follow whole anchors, because the sole of one
        shoe and the straps of another make neither. The last one, colour, follows by itself, so
        that more of the work's own colour is kept.
        """
        now = self.kind_of(genes)
        if now == kind:
            return genes.astype(np.float32, copy=True)
        moved = (genes + self.centre(kind) - self.centre(now)).astype(np.float32)
        shape = slice(0, max(self.gene_size, moved.size - self.gene_size))
        anchors = self.stored[self.kinds == kind, shape].astype(np.float32)
        near = np.argsort(((anchors - moved[shape]) ** 2).sum(1), kind="stable")[:TIDY_NEIGHBOURS]
        led = self.tidy(moved, COLOUR_TURNING, kind=kind)
        led[shape] = moved[shape] + TURNING * (anchors[near].mean(0) - moved[shape])
        return led

    def truncate(self, genes: np.ndarray, psi: float) -> np.ndarray:
        """Draw genes [genes] in to the centre of their kind.

        psi: 0 is the most typical work, 1 changes nothing, more is bolder. The truncation trick of
        Karras et al. 2019 (StyleGAN), appendix B.
        """
        if psi == 1:
            return genes.astype(np.float32, copy=True)
        centre = self.centre(self.kind_of(genes))
        return (centre + psi * (genes - centre)).astype(np.float32)

    def tidy(self, genes: np.ndarray, strength: float, *, kind: int | None = None) -> np.ndarray:
        """Lead genes [genes] towards the anchors near them, each resolution by itself.

        strength: 0 returns them unchanged. kind: only anchors of this kind count. The weights fall
        to zero at the first anchor that is left out, so the result changes continuously.
        """
        if strength <= 0:
            return genes.astype(np.float32, copy=True)
        anchors = self.anchors if kind is None else self.anchors[self.kinds == kind]
        tidied = genes.astype(np.float32, copy=True)
        for start in range(0, genes.size, self.gene_size):
            part, own = (
                anchors[:, start : start + self.gene_size],
                genes[start : start + self.gene_size],
            )
            gaps = ((part - own) ** 2).sum(1)
            count = min(TIDY_NEIGHBOURS, len(part) - 1)
            near = np.argpartition(gaps, count)[: count + 1]
            weights = np.maximum(1 - gaps[near] / max(float(gaps[near].max()), 1e-12), 0)
            middle = (
                weights @ part[near] / max(float(weights.sum()), 1e-12)
                if weights.sum() > 0
                else own
            )
            tidied[start : start + self.gene_size] += min(strength, 1.0) * (middle - own)
        return tidied

    def blend(self, parents: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The point between parents [count, genes] by weights that sum to 1.

        A weight of 1 gives exactly that parent. For every pair the straight line is bent to a
        parabola through its tidied midpoint: tidying every point of the line would jump from anchor
        to anchor, while a parabola is as smooth as the line and meets a clean work in the middle.
        """
        blended = weights @ parents
        for first, second in combinations(np.flatnonzero(weights > 0), 2):
            middle = (parents[first] + parents[second]) / 2
            tidied = (
                self._near_both(parents[first], parents[second])
                if self.is_tidied_whole
                else self.tidy(middle, 1.0)
            )
            blended = blended + 4 * weights[first] * weights[second] * (tidied - middle)
        return blended.astype(np.float32)

    def _near_both(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """The midpoint of two genomes [genes], led most of the way to one anchor.

        It is the anchor most similar to both: genes are similar that deviate from the mean in the
        same direction. By distance the choice would always fall on the plainest anchors, near the
        mean of all, or on a copy of a parent.
        """
        likeness = np.minimum(
            *(self._directions @ _direction(parent - self.mean) for parent in (first, second))
        )
        middle = (first + second) / 2
        led = middle + WHOLE_TIDYING * (self.stored[likeness.argmax()].astype(np.float32) - middle)
        if self.led_genes is not None:
            rest = slice(self.led_genes * self.gene_size, None)
            # Colours half way between two works are grey, so they come from one parent: the one
            # further from the mean, whatever the order of the parents.
            led[rest] = max(
                first[rest],
                second[rest],
                key=lambda genes: float(np.linalg.norm(genes - self.mean[rest])),
            )
        return led

    @cached_property
    def _directions(self) -> np.ndarray:
        """The anchors' deviations from the mean, each of length 1, [count, genes]."""
        return _direction(self.anchors - self.mean)

    def to_tensors(self) -> dict[str, np.ndarray]:
        """The statistics as the tensors of a checkpoint.

        Anchors are stored as float16: they are many, and works do not show the difference.
        """
        return {
            "gaussian.mean": self.mean.astype(np.float32),
            "gaussian.factor": self.factor.astype(np.float32),
            "anchors": self.stored,
            "kinds": self.kinds.astype(np.uint8),
        }

    @classmethod
    def from_checkpoint(
        cls, tensors: Mapping[str, np.ndarray], card: Mapping[str, Any]
    ) -> "GeneStatistics":
        """The statistics in the tensors and the card of a checkpoint.

        Of the card, `net.gene_size` and `sampling` are read.
        """
        return cls(
            tensors["gaussian.mean"],
            tensors["gaussian.factor"],
            tensors["anchors"].astype(np.float16),
            tensors["kinds"],
            card["net"]["gene_size"],
            card["sampling"]["neighbours"],
            tuple(card["sampling"]["splits"]),
            card["sampling"].get("is_tidied_whole", False),
            card["sampling"].get("led_genes"),
            _splits_of(card["sampling"].get("founder_splits")),
            card["sampling"].get("done", cls.done),
        )


TIDY_NEIGHBOURS = 4
WHOLE_TIDYING = 0.7  # The rest stays the parents' own: at 1 the midpoint would be that anchor.
VOTERS = 9  # Anchors that say of which kind a work is.
TURNING = 0.8  # How strongly a work that turns into another kind is led to works of that kind.
COLOUR_TURNING = 0.5


def _splits_of(listed: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if listed is None else tuple(listed)


def _direction(deviations: np.ndarray) -> np.ndarray:
    return deviations / np.maximum(np.linalg.norm(deviations, axis=-1, keepdims=True), 1e-12)


def fit_statistics(
    genes: np.ndarray,
    kinds: np.ndarray,
    *,
    gene_size: int,
    anchors: int,
    neighbours: int = 8,
    splits: Sequence[int] = (2,),
    is_tidied_whole: bool = False,
    led_genes: int | None = None,
    founder_splits: Sequence[int] | None = None,
    done: float = GeneStatistics.done,
) -> GeneStatistics:
    """Fit to the codes, float32 [count, genes], of the training pictures.

    Evenly spaced codes become the anchors.
    """
    centred = genes.astype(np.float64) - genes.astype(np.float64).mean(0)
    covariance = centred.T @ centred / len(genes) + RIDGE * np.eye(genes.shape[1])
    places = np.linspace(0, len(genes) - 1, min(anchors, len(genes))).astype(np.int64)
    return GeneStatistics(
        mean=genes.mean(0).astype(np.float32),
        factor=np.linalg.cholesky(covariance).astype(np.float32),
        # Rounded as they will be on disk, so that evaluations measure what ships.
        stored=genes[places].astype(np.float16),
        kinds=kinds[places].astype(np.uint8),
        gene_size=gene_size,
        neighbours=neighbours,
        splits=tuple(splits),
        is_tidied_whole=is_tidied_whole,
        led_genes=led_genes,
        founder_splits=_splits_of(founder_splits),
        done=done,
    )
