"""Blends of version 2 on a made-up species with far-apart kinds, and of 2 to 4 on shipped ones."""

from itertools import permutations

import numpy as np
import pytest

from generation.gene_statistics import GeneStatistics, fit_statistics
from generation.genespaces import species
from generation.genespaces.chain import Chain

SIZE, GENES = 8, 4
LEARNT = ("people", "creatures", "garments", "things")


@pytest.fixture(scope="module")
def statistics() -> GeneStatistics:
    """Works of four kinds, each a tight cluster far from the others."""
    rng = np.random.default_rng(0)
    kinds = np.arange(400) % 4
    centres = 6 * rng.standard_normal((4, SIZE * GENES))
    codes = (centres[kinds] + 0.4 * rng.standard_normal((400, SIZE * GENES))).astype(np.float32)
    return fit_statistics(codes, kinds, gene_size=SIZE, anchors=400)


@pytest.fixture(scope="module")
def works(statistics) -> np.ndarray:
    """One work of each kind."""
    return statistics.anchors[:4].copy()


def gap_to_anchors(statistics: GeneStatistics, genes: np.ndarray, gene: int) -> float:
    part = slice(gene * SIZE, (gene + 1) * SIZE)
    return float(((statistics.anchors[:, part] - genes[part]) ** 2).sum(1).min() ** 0.5)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_the_form_of_equals_is_one_thing_and_not_a_multiple_exposure(statistics, works, count):
    equal = np.full(count, 1 / count)
    child = Chain(statistics).blend(works[:count], equal)
    for gene in (0, 2):
        exposed = gap_to_anchors(statistics, equal @ works[:count], gene)
        assert gap_to_anchors(statistics, child, gene) < 0.2 * exposed


def test_the_boldest_parent_leads_the_form_and_the_next_one_the_colours(statistics, works):
    form = slice(2 * SIZE, 3 * SIZE)
    spread = statistics.anchors[:, form].std(0)
    boldness = (((works[:, form] - statistics.mean[form]) / spread) ** 2).sum(1)
    first, second = np.argsort(-boldness)[:2]
    pair = works[[second, first]]
    child = Chain(statistics).blend(pair, np.array([0.5, 0.5]))
    colour = slice(3 * SIZE, None)
    assert np.allclose(
        child[colour], 0.65 * works[second][colour] + 0.35 * works[first][colour], atol=1e-5
    )
    to_first, to_second = (np.linalg.norm(child[form] - works[i][form]) for i in (first, second))
    assert to_first < to_second


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("key", LEARNT)
def test_corners_are_exact_the_order_does_not_matter_and_nothing_jumps(key, version):
    space = species(key).space
    parents = [space.sample(np.random.default_rng(seed)) for seed in range(4)]

    def blend(*weights: float) -> np.ndarray:
        return space.blend(parents, weights, version=version)

    for parent, weights in zip(parents, np.eye(4), strict=True):
        assert np.array_equal(blend(*weights), parent)
    weights = (0.4, 0.3, 0.2, 0.1)
    child = blend(*weights)
    for order in permutations(range(4)):
        turned = space.blend(
            [parents[i] for i in order], [weights[i] for i in order], version=version
        )
        assert np.array_equal(turned, child)
    tie = blend(0.3 + 1e-6, 0.3 - 1e-6, 0.2, 0.2) - blend(0.3 - 1e-6, 0.3 + 1e-6, 0.2, 0.2)
    assert np.abs(tie).max() < 1e-4
    faint = blend(1 - 3e-6, 1e-6, 1e-6, 1e-6) - parents[0]
    assert np.abs(faint).max() < 1e-4
    without, with_a_trace = blend(0.6, 0.4, 0, 0), blend(0.6 - 1e-6, 0.4, 1e-6, 0)
    assert np.abs(without - with_a_trace).max() < 1e-4


def test_equal_parents_give_themselves_nearly(statistics, works):
    twins = np.stack([works[0]] * 3)
    child = Chain(statistics).blend(twins, np.full(3, 1 / 3))
    assert np.linalg.norm(child - works[0]) < 0.5 * np.linalg.norm(works[1] - works[0])
