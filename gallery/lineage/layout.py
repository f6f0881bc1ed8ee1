"""Layered drawing of a small acyclic graph: a column for each generation, and few crossings.

The method of Sugiyama, Tagawa and Toda (1981): long edges get a bend in every column they cross,
columns are ordered by the mean position of their neighbours in sweeps back and forth, and the order
with the fewest crossings wins. Pure functions on hashable keys.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[Hashable, Hashable]
# A point of a long edge in a column that it crosses: start, end, column.
Bend = tuple[Hashable, Hashable, int]
Neighbours = dict[Hashable, list[Hashable]]
SWEEPS = 8
SETTLING_ROUNDS = 6


@dataclass(frozen=True)
class Drawing:
    """The positions of a graph.

    columns: node -> 0, 1, ... rows: node -> its row, at least 1 apart within a column; the smallest
    is 0. routes: edge -> its points (column, row) from start to end, one in every column.
    """

    columns: dict[Hashable, int]
    rows: dict[Hashable, float]
    routes: dict[Edge, tuple[tuple[int, float], ...]]


def draw(nodes: Sequence[Hashable], edges: Sequence[Edge], *, centre: Hashable) -> Drawing:
    """Lay out a graph whose edges lead from the older to the younger node.

    centre: the node that all others descend from or lead to; they are placed as close to it as
    their edges allow. Raises ValueError for a graph with a cycle.
    """
    columns = _columns(nodes, edges, centre)
    bends, short_edges = _bend(edges, columns)
    places = columns | {bend: bend[2] for chain in bends.values() for bend in chain}
    order = _order(places, short_edges)
    rows = _settle(order, short_edges)
    routes = {
        edge: tuple((places[point], rows[point]) for point in (edge[0], *chain, edge[1]))
        for edge, chain in bends.items()
    }
    return Drawing(columns, {node: rows[node] for node in nodes}, routes)


def _columns(
    nodes: Sequence[Hashable], edges: Sequence[Edge], centre: Hashable
) -> dict[Hashable, int]:
    """The column of each node: its longest path to the centre or from it."""
    children: Neighbours = {node: [] for node in nodes}
    parents: Neighbours = {node: [] for node in nodes}
    for parent, child in edges:
        children[parent].append(child)
        parents[child].append(parent)
    order = _topological(nodes, parents, children)
    before, after = {centre}, {centre}
    for node in reversed(order):
        if before & set(children[node]):
            before.add(node)
    for node in order:
        if after & set(parents[node]):
            after.add(node)
    columns = {centre: 0}
    for node in reversed(order):
        if node in before and node != centre:
            columns[node] = min(columns[child] for child in children[node] if child in before) - 1
    for node in order:
        if node not in columns:
            columns[node] = (
                max((columns[parent] for parent in parents[node] if parent in after), default=0) + 1
            )
    first = min(columns.values())
    return {node: column - first for node, column in columns.items()}


def _topological(
    nodes: Sequence[Hashable], parents: Neighbours, children: Neighbours
) -> list[Hashable]:
    """The nodes in an order in which parents come before their children."""
    waiting = {node: len(parents[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    if len(ready) < len(nodes):
        raise ValueError("The graph has a cycle.")
    return ready


def _bend(
    edges: Sequence[Edge], columns: Mapping[Hashable, int]
) -> tuple[dict[Edge, list[Bend]], list[Edge]]:
    """The bends of every edge, and all edges cut into pieces between neighbouring columns."""
    bends = {
        edge: [(*edge, column) for column in range(columns[edge[0]] + 1, columns[edge[1]])]
        for edge in edges
    }
    short = [
        pair for (start, end), chain in bends.items() for pair in pairwise((start, *chain, end))
    ]
    return bends, short


def _order(places: Mapping[Hashable, int], edges: Sequence[Edge]) -> list[list[Hashable]]:
    """The points of each column, in the order with the fewest crossings that was found."""
    layers: list[list[Hashable]] = [[] for _ in range(max(places.values()) + 1)]
    for point, column in places.items():
        layers[column].append(point)
    left, right = _neighbours(places, edges)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, right)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        neighbours = left if forwards else right
        for layer in layers[1:] if forwards else reversed(layers[:-1]):
            column = places[layer[0]] + (-1 if forwards else 1)
            rank = {point: index for index, point in enumerate(layers[column])}
            here = {point: index for index, point in enumerate(layer)}
            layer.sort(
                key=lambda point: _mean([rank[other] for other in neighbours[point]], here[point])
            )
        crossings = _crossings(layers, right)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _neighbours(points: Iterable[Hashable], edges: Sequence[Edge]) -> tuple[Neighbours, Neighbours]:
    """The neighbours of each point in the column before it, and in the column after it."""
    left: Neighbours = {point: [] for point in points}
    right: Neighbours = {point: [] for point in left}
    for start, end in edges:
        right[start].append(end)
        left[end].append(start)
    return left, right


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(layers: Sequence[Sequence[Hashable]], right: Neighbours) -> int:
    """How many pairs of edges cross."""
    total = 0
    for here, there in pairwise(layers):
        rank = {point: index for index, point in enumerate(there)}
        ends = [rank[end] for start in here for end in sorted(right[start], key=rank.__getitem__)]
        total += sum(ends[i] > ends[j] for i in range(len(ends)) for j in range(i + 1, len(ends)))
    return total


def _settle(layers: Sequence[Sequence[Hashable]], edges: Sequence[Edge]) -> dict[Hashable, float]:
    """The row of each point: near the mean of its neighbours, in the given order, 1 apart."""
    rows = {
        point: index - (len(layer) - 1) / 2 for layer in layers for index, point in enumerate(layer)
    }
    left, right = _neighbours(rows, edges)
    for _ in range(SETTLING_ROUNDS):
        for layer in layers:
            wanted = [
                _mean([rows[other] for other in (*left[point], *right[point])], rows[point])
                for point in layer
            ]
            rows.update(zip(layer, _spread(wanted), strict=True))
    top = min(rows.values())
    return {point: round(row - top, 4) for point, row in rows.items()}


def _spread(wanted: Sequence[float]) -> list[float]:
    """The positions nearest to the wanted ones (least squares) that are at least 1 apart.

    By pooling adjacent violators.
    """
    blocks: list[list[float]] = []  # Mean of (wanted - index), and how many points share it.
    for index, row in enumerate(wanted):
        blocks.append([row - index, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, count = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + mean * count) / (blocks[-1][1] + count),
                blocks[-1][1] + count,
            ]
    offsets = [mean for mean, count in blocks for _ in range(int(count))]
    return [offset + index for index, offset in enumerate(offsets)]
