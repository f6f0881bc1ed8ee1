"""The blend of two to four works of a learnt species, as recipes of versions 3 and 4 mean it.

Every set of parents has a node, the child of equals of version 2 (`generation.genespaces.chain`).
Between a parent and a node, version 2 draws a straight line, half
of which is a double exposure, and what is on it changes now slowly, now fast. Here the way leads
from anchor to anchor instead, so that nearly everything on it is one clean thing; and it is walked
at an even pace: equal moves of the slider give about equal changes of the picture. From the
heaviest parent the way leads to the node of the two heaviest, from the place reached there to the
node of the three heaviest, and so on. The result is continuous in the weights, does not depend on
the order in which parents are named, and a weight of 1 gives that parent's own bytes.

A node is mostly like the parent that leads it, so the ways to it from two parents are of different
lengths. In version 3 each takes half of the slider, and one is walked in larger steps. In version 4
the longer one takes more of the slider, and the child lingers less near the node; half of each of
two parents is then a place near their node. Thirds and quarters still have the nodes themselves.

The constants were chosen with the figures of `manage.py evaluate NAME --blends`, and `python -m
benchmarks blends` prints what they give with other works (docs/blending.md lists them).
"""

from dataclasses import dataclass

import numpy as np

from generation.gene_statistics import GeneStatistics
from generation.genespaces.chain import FORM, GROUND, Chain

ANCHORS = 2_000  # That ways lead by, of the several thousand; more cost time, not quality.
STOPS = 15  # Of a way, both ends included; between two stops it is straight.
TAPER = 0.15  # The share of a way on which it leaves the straight line, and comes back to it.
# How wide anchors are mixed, in typical gaps between those nearest to a mean.
GROUND_SOFTNESS, FORM_SOFTNESS = 0.5, 0.5
PROBES = 100  # Means of two anchors at which those gaps are measured.
CUT = 6.0  # Anchors whose part in a mix is below exp(-CUT) of the nearest one's are left out.
FORM_PACE, OTHER_PACE = 1.0, 0.15  # How much a change of the form counts, and of other genes.
HURDLE = 3.0  # How much more a long step between stops counts: it is the way to another anchor.
# Between two thirds of one parent and two thirds of the other the child of two lingers near their
# node: at two thirds so much of the way to the node is done. That is version 3; from version 4 on
# every species says how much itself (`GeneStatistics.done`).
MIDDLE, DONE = 2 / 3, 0.92
# From version 4 on, the longer of the two ways to a node has a longer part of the slider: 0 would
# be half of it for each, 1 as much as its share of the length.
BALANCE = 0.4


class Passages:
    """Blends of float32 genes [n_genes * gene_size] by the anchors of a species."""

    def __init__(self, statistics: GeneStatistics, chain: Chain) -> None:
        self._size, self._chain, self._done = statistics.gene_size, chain, statistics.done
        n_genes = len(statistics.mean) // self._size
        form = min(FORM, n_genes - 1)
        variance = statistics.anchors.var(0).reshape(n_genes, self._size).sum(1) + 1e-12
        counted = np.where(np.arange(n_genes) == form, FORM_PACE, OTHER_PACE)
        self._pace = (counted / variance).astype(np.float64)
        self._anchors = {}
        for place, softness in {GROUND: GROUND_SOFTNESS, form: FORM_SOFTNESS}.items():
            gene = slice(place * self._size, (place + 1) * self._size)
            every = -(-len(statistics.anchors) // ANCHORS)
            anchors = np.ascontiguousarray(statistics.anchors[::every, gene])
            width = np.float32(softness * _gap_at_means(anchors))
            scaled = np.ascontiguousarray(2 * anchors.T / width)
            self._anchors[place] = anchors, scaled, (anchors * anchors).sum(1) / width

    def blend(self, parents: np.ndarray, weights: np.ndarray, *, version: int) -> np.ndarray:
        """The child of parents [count, genes] by weights that sum to 1, float32 [genes].

        version: of breeding, 3 or more.
        """
        if weights.max() >= 1:
            return parents[int(weights.argmax())].astype(np.float32, copy=True)
        heaviest, nodes, of_node = self._chain.nodes(parents, weights)
        place, walked = nodes[0], of_node[0]
        for count, (node, share) in enumerate(zip(nodes[1:], of_node[1:], strict=True), start=2):
            walked += share
            if share <= 0:
                continue
            part = float(share / walked)
            if count > 2:
                place = self._way(place, node).at(part)
            elif version == 3:
                place = self._way(place, node).at(_lingering(part, DONE))
            else:
                place = self._between_two(heaviest[0], heaviest[1], node, part / 2)
        return place.astype(np.float32)

    def _between_two(
        self, first: np.ndarray, second: np.ndarray, node: np.ndarray, share: float
    ) -> np.ndarray:
        """The genes at a share of the way from the first [genes] by the node to the second."""
        ways = self._way(first, node), self._way(second, node)
        length = ways[0].length + ways[1].length
        if length <= 0:
            return node
        turn = 0.5 + BALANCE * (ways[0].length / length - 0.5)
        if share <= turn:
            return ways[0].at(_lingering(share / turn, self._done))
        return ways[1].at(_lingering((1 - share) / (1 - turn), self._done))

    def _way(self, start: np.ndarray, end: np.ndarray) -> "_Way":
        """The way from start to end [genes] by the anchors between them."""
        along = np.linspace(0, 1, STOPS)[:, None]
        stops = (1 - along) * start + along * end
        leaving = np.minimum(1, np.minimum(along, 1 - along) / TAPER)
        # How near each anchor is to each point of the straight line, up to what all have in common.
        # It is linear along the line, so one product gives it for all stops.
        mixed = np.hstack([1 - along, along, -np.ones_like(along)]).astype(np.float32)
        for place, (anchors, scaled, squares) in self._anchors.items():
            gene = slice(place * self._size, (place + 1) * self._size)
            ends = np.stack([start[gene], end[gene]]).astype(np.float32) @ scaled
            near = mixed @ np.vstack([ends, squares])
            near -= near.max(1, keepdims=True)
            takes_part = np.flatnonzero(near.max(0) > -CUT)
            # The parts fall to zero at the first anchor that is left out.
            mix = np.maximum(np.exp(near[:, takes_part]) - np.float32(np.exp(-CUT)), 0)
            led = mix @ anchors[takes_part] / mix.sum(1, keepdims=True)
            stops[:, gene] += leaving * (led - stops[:, gene])
        changes = np.diff(stops, axis=0).reshape(STOPS - 1, -1, self._size)
        lengths = np.sqrt((changes * changes).sum(2) @ self._pace)
        reached = np.concatenate([[0], np.cumsum(lengths + HURDLE * lengths * lengths)])
        return _Way(stops, reached)


@dataclass(frozen=True)
class _Way:
    """Genes of stops [STOPS, genes], and how far it is to each from the first one [STOPS]."""

    stops: np.ndarray
    reached: np.ndarray

    @property
    def length(self) -> float:
        return float(self.reached[-1])

    def at(self, share: float) -> np.ndarray:
        """The genes at a share, 0 to 1, of the way."""
        if share >= 1 or self.length <= 0:
            return self.stops[-1]
        wanted = share * self.length
        stop = min(int(np.searchsorted(self.reached, wanted, side="right")) - 1, STOPS - 2)
        part = (wanted - self.reached[stop]) / (self.reached[stop + 1] - self.reached[stop])
        return (1 - part) * self.stops[stop] + part * self.stops[stop + 1]


def _lingering(share: float, done: float) -> float:
    """A share of the way from a parent to a node, walked more slowly from MIDDLE on."""
    return float(np.interp(share, (0, MIDDLE, 1), (0, done, 1)))


def _gap_at_means(anchors: np.ndarray) -> float:
    """By how much the fifth anchor is typically farther than the first from a mean of two.

    In squared distances.
    """
    some = anchors[:: max(1, len(anchors) // PROBES)]
    means = (some + np.roll(some, 1, axis=0)) / 2
    squares = (anchors * anchors).sum(1) - 2 * means @ anchors.T + (means * means).sum(1)[:, None]
    nearest = np.partition(squares, min(4, len(anchors) - 1), axis=1)[:, :5]
    return float(np.median(nearest.max(1) - nearest.min(1))) + 1e-12
