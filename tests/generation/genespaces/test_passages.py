"""Blends of versions 3 and 4 between their nodes, on a made-up species with far-apart kinds."""

from functools import partial

import numpy as np
import pytest

from generation.gene_statistics import GeneStatistics, fit_statistics
from generation.genespaces.chain import Chain
from generation.genespaces.passages import Passages

SIZE, GENES = 8, 4
FORM = slice(2 * SIZE, 3 * SIZE)
SLIDER = [np.array([1 - share, share]) for share in np.linspace(0, 1, 61)]


@pytest.fixture(scope="module")
def statistics() -> GeneStatistics:
    """Works of forty kinds, each a tight cluster."""
    rng = np.random.default_rng(0)
    kinds = np.arange(400) % 40
    centres = 3 * rng.standard_normal((40, SIZE * GENES))
    codes = (centres[kinds] + 0.2 * rng.standard_normal((400, SIZE * GENES))).astype(np.float32)
    return fit_statistics(codes, kinds, gene_size=SIZE, anchors=400)


@pytest.fixture(scope="module")
def chain(statistics) -> Chain:
    return Chain(statistics)


@pytest.fixture(scope="module")
def passages(statistics, chain) -> Passages:
    return Passages(statistics, chain)


@pytest.mark.parametrize(("count", "version"), [(2, 3), (3, 3), (4, 3), (3, 4), (4, 4)])
def test_equals_have_the_child_of_version_2(statistics, chain, passages, count, version):
    works, equal = statistics.anchors[:count], np.full(count, 1 / count)
    child = passages.blend(works, equal, version=version)
    assert child.dtype == np.float32
    assert np.allclose(child, chain.blend(works, equal), atol=1e-5)


def test_the_form_is_one_thing_on_most_of_the_way(statistics, chain, passages):
    def far_from_anchors(blend) -> float:
        """The share of stops, over pairs of works, whose form is that of no anchor."""
        forms = np.stack(
            [
                blend(statistics.anchors[[i, i + 1]], weights)[FORM]
                for i in range(8)
                for weights in SLIDER
            ]
        )
        gaps = np.linalg.norm(forms[:, None] - statistics.anchors[:, FORM], axis=2).min(1)
        return float((gaps > 2.5).mean())

    straight = far_from_anchors(chain.blend)
    for version, at_most in ((3, 0.75), (4, 0.85)):  # Version 4 lingers less at the node.
        assert far_from_anchors(partial(passages.blend, version=version)) < at_most * straight


def unevenness(statistics, passages, version: int) -> list[float]:
    """The largest step of the form over the mean one, for eight pairs of works."""
    found = []
    for first in range(8):
        pair = statistics.anchors[[first, first + 1]]
        stops = [passages.blend(pair, one, version=version) for one in SLIDER]
        steps = np.linalg.norm(np.diff(np.stack(stops)[:, FORM], axis=0), axis=1)
        found.append(steps.max() / steps.mean())
    return found


def test_the_way_is_walked_at_an_even_pace(statistics, passages):
    """Without it, the form would leap from anchor to anchor, each time in one or two steps."""
    third, fourth = (unevenness(statistics, passages, version) for version in (3, 4))
    assert max(third) < 8
    assert np.mean(fourth) < 0.85 * np.mean(third)


def test_the_longer_way_to_the_node_has_more_of_the_slider(statistics, chain, passages):
    for first in range(8):
        pair = statistics.anchors[[first, first + 1]]
        node = chain.blend(pair, np.array([0.5, 0.5]))
        stops = np.stack([passages.blend(pair, one, version=4) for one in SLIDER])
        at_node = int(np.linalg.norm(stops - node, axis=1).argmin())
        to_first, to_second = np.linalg.norm(pair - node, axis=1)
        if max(to_first, to_second) > 1.2 * min(to_first, to_second):
            assert (at_node > len(SLIDER) // 2) == (to_first > to_second)


def test_a_way_between_equals_stays_where_it_is(statistics, passages):
    node = statistics.anchors[0].astype(np.float64)
    for share in (0.0, 0.5, 1.0):
        assert np.allclose(passages._between_two(node, node, node, share), node)
    twins = np.stack([statistics.anchors[0]] * 2)
    gap = np.linalg.norm(passages.blend(twins, np.array([0.8, 0.2]), version=4) - twins[0])
    assert gap < 0.5 * np.linalg.norm(statistics.anchors[1] - twins[0])
