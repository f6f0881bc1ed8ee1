"""The layered drawing: columns, distances, routes, few crossings."""

import random
from itertools import pairwise

import pytest

from gallery.lineage.layout import draw


def random_family(seed: int) -> tuple[list[int], list[tuple[int, int]], int]:
    """Twelve ancestors of node 12 and twelve descendants."""
    rng = random.Random(seed)
    edges = set()
    for node in range(12):
        edges.update((node, child) for child in rng.sample(range(node + 1, 13), min(2, 12 - node)))
    for node in range(13, 25):
        edges.update((parent, node) for parent in rng.sample(range(12, node), min(2, node - 12)))
    return list(range(25)), sorted(edges), 12


@pytest.mark.parametrize("seed", range(6))
def test_every_edge_leads_to_the_right_through_every_column(seed):
    nodes, edges, centre = random_family(seed)
    drawing = draw(nodes, edges, centre=centre)
    for (start, end), route in drawing.routes.items():
        assert [column for column, _ in route] == list(
            range(drawing.columns[start], drawing.columns[end] + 1)
        )
        assert route[0] == (drawing.columns[start], drawing.rows[start])
        assert route[-1] == (drawing.columns[end], drawing.rows[end])


@pytest.mark.parametrize("seed", range(6))
def test_works_of_a_column_are_at_least_one_row_apart(seed):
    nodes, edges, centre = random_family(seed)
    drawing = draw(nodes, edges, centre=centre)
    for column in set(drawing.columns.values()):
        rows = sorted(drawing.rows[node] for node in nodes if drawing.columns[node] == column)
        assert all(below - above >= 0.999 for above, below in pairwise(rows))
    assert min(row for route in drawing.routes.values() for _, row in route) == 0
    assert min(drawing.columns.values()) == 0


def test_crossings_that_can_be_avoided_are_avoided():
    drawing = draw(
        ["a", "b", "c", "d", "end"],
        [("a", "d"), ("b", "c"), ("c", "end"), ("d", "end")],
        centre="end",
    )
    assert (drawing.rows["a"] < drawing.rows["b"]) == (drawing.rows["d"] < drawing.rows["c"])


def test_a_single_node_has_a_place():
    drawing = draw(["alone"], [], centre="alone")
    assert drawing.columns == {"alone": 0} and drawing.rows == {"alone": 0} and drawing.routes == {}


def test_a_cycle_is_an_error():
    with pytest.raises(ValueError, match="cycle"):
        draw(["a", "b"], [("a", "b"), ("b", "a")], centre="a")
