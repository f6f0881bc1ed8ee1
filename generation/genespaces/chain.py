"""The blend of two to four works of a learnt species, as recipes of version 2 mean it.

A mean of several codes is a multiple exposure: half a beard, confetti for a coat. So nobody is
drawn at a mean. For every set of parents there is one clean child, the node of that set, and a
blend lies on the straight lines between nodes: from the heaviest parent to the node of the two
heaviest, on to the node of the three heaviest, and so on. Each node has a leader, who gives most of
the form, and another one who gives most of the colours; both follow from the works themselves, so
that the order in which parents are named does not matter. The result is continuous and piecewise
linear in the weights, and a weight of 1 gives that parent's own bytes.

The constants are those with the best balance of clean pictures, resemblance to a parent and even
steps among the ones that were measured (`manage.py evaluate NAME --blends` prints the figures).
"""

import numpy as np

from generation.gene_statistics import GeneStatistics

# The leader's share in a node of so many parents; the others share the rest evenly.
FORM_LEAD = {2: 0.7, 3: 0.6, 4: 0.55}
COLOUR_LEAD = {2: 0.65, 3: 0.5, 4: 0.4}
GROUND, FORM = 0, 2  # The genes that are led to anchors; a mean of the others is clean.
NEIGHBOURS = 4  # Anchors that are mixed at a node.


class Chain:
    """Blends of float32 genes [n_genes * gene_size] by the anchors of a species."""

    def __init__(self, statistics: GeneStatistics) -> None:
        self._size = statistics.gene_size
        n_genes = len(statistics.mean) // self._size
        form = self._gene(min(FORM, n_genes - 1))
        self._tidied = {place for place in (GROUND, FORM) if place < n_genes}
        self._form, self._form_mean = form, statistics.mean[form]
        self._form_spread = statistics.anchors[:, form].std(0) + 1e-6
        self._anchors = {
            place: np.ascontiguousarray(statistics.anchors[:, self._gene(place)])
            for place in self._tidied
        }
        self._squares = {place: (part * part).sum(1) for place, part in self._anchors.items()}

    def blend(self, parents: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The child of parents [count, genes] by weights that sum to 1, float32 [genes]."""
        if weights.max() >= 1:
            return parents[int(weights.argmax())].astype(np.float32, copy=True)
        parents, heaviest, of_node = self._ordered(parents, weights)
        form = _node_shares(heaviest, FORM_LEAD, leader=0)
        colour = of_node @ _node_shares(heaviest, COLOUR_LEAD, leader=1)
        strength = _strength(form)
        child = np.empty(parents.shape[1], np.float32)
        for place in range(len(child) // self._size):
            gene = self._gene(place)
            child[gene] = (
                of_node @ self._nodes(place, (form @ parents[:, gene]).astype(np.float32), strength)
                if place in self._tidied
                else colour @ parents[:, gene]
            )
        return child

    def nodes(
        self, parents: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The heaviest parent, the node of the two heaviest, and so on, and how much of each.

        parents [count, genes], weights that sum to 1. Returns the parents that have a weight,
        heaviest first, and the nodes, both [n, genes], and shares [n] that sum to 1.
        """
        parents, heaviest, of_node = self._ordered(parents, weights)
        form = _node_shares(heaviest, FORM_LEAD, leader=0)
        nodes = (_node_shares(heaviest, COLOUR_LEAD, leader=1) @ parents).astype(np.float32)
        for place in self._tidied:
            gene = self._gene(place)
            means = (form @ parents[:, gene]).astype(np.float32)
            nodes[:, gene] = self._nodes(place, means, _strength(form))
        return parents[heaviest], nodes, of_node

    def _ordered(
        self, parents: np.ndarray, weights: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The parents with a weight, boldest first; their places, heaviest first; shares of nodes.

        The k-th share is how much of the node of the k heaviest; they sum to 1, and each is 0 where
        the k-th and the next weigh the same, so that nothing jumps when they change places.
        """
        parents, weights = parents[weights > 0], weights[weights > 0]
        order = self._boldest_first(parents)
        parents, weights = parents[order], weights[order]
        heaviest = np.argsort(-weights, kind="stable")
        falling = np.append(weights[heaviest], 0.0)
        return parents, heaviest, np.arange(1, len(weights) + 1) * (falling[:-1] - falling[1:])

    def _gene(self, place: int) -> slice:
        return slice(place * self._size, (place + 1) * self._size)

    def _boldest_first(self, parents: np.ndarray) -> np.ndarray:
        """The order of parents by how far their form is from the mean; by their genes if equal."""
        deviations = (parents[:, self._form] - self._form_mean) / self._form_spread
        boldness = (deviations**2).sum(1)
        return np.lexsort((*parents.T[:4], -boldness))

    def _nodes(self, place: int, means: np.ndarray, strength: np.ndarray) -> np.ndarray:
        """One gene of the nodes: means [count, gene_size], led to the anchors near them."""
        anchors, squares = self._anchors[place], self._squares[place]
        gaps = squares - 2 * means @ anchors.T + (means * means).sum(1)[:, None]
        nodes = means.copy()
        for row, mean, gap, share in zip(nodes, means, gaps, strength, strict=True):
            if share <= 0:
                continue
            near = np.argpartition(gap, min(NEIGHBOURS, len(gap) - 1))[: NEIGHBOURS + 1]
            # The weights fall to zero at the first anchor that is left out.
            nearness = np.maximum(1 - gap[near] / max(float(gap[near].max()), 1e-12), 0)
            if nearness.sum() > 1e-12:
                row += share * (nearness @ anchors[near] / nearness.sum() - mean)
        return nodes


def _strength(form: np.ndarray) -> np.ndarray:
    """How far each node is led to anchors, by the shares of the parents in it [nodes, parents].

    The more parents have a say, the further; a mean of two equals is led all the way.
    """
    return np.minimum(1, 2 * (1 - (form**2).sum(1)))


def _node_shares(heaviest: np.ndarray, lead: dict[int, float], *, leader: int) -> np.ndarray:
    """Row k - 1: the shares of the parents in the node of the k heaviest, [count, count].

    heaviest: places of the parents, heaviest first; places are ranks of boldness. leader: the rank
    among the k of the one who leads.
    """
    shares = np.zeros((len(heaviest), len(heaviest)))
    shares[0, heaviest[0]] = 1
    for count in range(2, len(heaviest) + 1):
        among = np.sort(heaviest[:count])
        shares[count - 1, among] = (1 - lead[count]) / (count - 1)
        shares[count - 1, among[leader]] = lead[count]
    return shares
