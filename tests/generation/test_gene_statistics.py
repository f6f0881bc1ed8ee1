import numpy as np
import pytest

from generation.gene_statistics import GeneStatistics, fit_statistics

GENE_SIZE, GENES = 4, 3


def make_codes(count=300, seed=0):
    """Two kinds far apart, each with a spread of its own."""
    rng = np.random.default_rng(seed)
    kinds = np.arange(count) % 2
    codes = (
        rng.standard_normal((count, GENE_SIZE * GENES)) * 0.5
        + np.where(kinds, 10.0, -10.0)[:, None]
    )
    return codes.astype(np.float32), kinds


def make_statistics(**changes):
    codes, kinds = make_codes()
    return fit_statistics(
        codes, kinds, gene_size=GENE_SIZE, **{"anchors": 200, "splits": (1,), **changes}
    )


def test_mean_and_factor_describe_the_codes():
    codes, _ = make_codes()
    statistics = make_statistics()
    assert np.allclose(statistics.mean, codes.mean(0), atol=1e-5)
    assert np.allclose(
        statistics.factor @ statistics.factor.T, np.cov(codes.T, bias=True), rtol=1e-3, atol=1e-2
    )
    assert len(statistics.anchors) == 200


def test_samples_are_of_one_kind_never_between_two():
    drawn = make_statistics().sample(np.random.default_rng(0), 100)
    assert drawn.dtype == np.float32
    signs = np.sign(drawn)
    assert (signs == signs[:, :1]).all()
    assert (np.abs(drawn) > 7).all()
    assert 30 < (signs[:, 0] > 0).sum() < 70


def test_a_kind_can_be_asked_for():
    statistics = make_statistics()
    assert (statistics.sample(np.random.default_rng(0), 20, kind=1) > 0).all()
    assert (statistics.sample(np.random.default_rng(0), 20, kind=0) < 0).all()


def test_the_same_seed_draws_the_same_genes():
    first, second, other = (
        make_statistics().sample(np.random.default_rng(seed), 5) for seed in (7, 7, 8)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_samples_are_no_copies_of_anchors():
    statistics = make_statistics()
    drawn = statistics.sample(np.random.default_rng(0), 50)
    assert np.abs(drawn[:, None] - statistics.anchors[None]).max(2).min() > 0.01


def test_founders_change_over_where_their_own_splits_say():
    statistics = make_statistics(neighbours=1, splits=(1, 2), founder_splits=(2,))
    anchors = statistics.anchors.reshape(-1, GENES, GENE_SIZE)

    def sources(drawn):
        """Of each gene, the number of the anchor that it comes from, [count, GENES]."""
        genes = drawn.reshape(-1, GENES, GENE_SIZE)
        return (genes[:, None] == anchors[None]).all(3).argmax(1)

    found = sources(statistics.found(np.random.default_rng(0), 40))
    assert (found[:, 0] == found[:, 1]).all()
    assert (found[:, 1] != found[:, 2]).mean() > 0.9
    sampled = sources(statistics.sample(np.random.default_rng(0), 40))
    assert (sampled[:, 0] != sampled[:, 1]).mean() > 0.9


def test_without_splits_of_their_own_founders_are_drawn_like_all_random_genes():
    statistics = make_statistics()
    found, sampled = (
        draw(np.random.default_rng(0), 20, kind=1) for draw in (statistics.found, statistics.sample)
    )
    assert np.array_equal(found, sampled)


def test_spread_widens_a_neighbourhood():
    statistics = make_statistics(neighbours=60)
    narrow, wide = (
        statistics.sample(np.random.default_rng(0), 200, spread=spread, kind=0)
        for spread in (0.1, 1.0)
    )
    assert narrow.std(0).mean() < wide.std(0).mean()


def test_tidying_moves_a_midpoint_of_two_kinds_to_the_anchors():
    statistics = make_statistics()
    tidied = statistics.tidy(np.full(GENE_SIZE * GENES, 0.3, np.float32), 1.0)
    assert (np.abs(tidied) > 7).all()


def test_no_strength_changes_nothing():
    genes = np.linspace(-1, 1, GENE_SIZE * GENES).astype(np.float32)
    assert np.array_equal(make_statistics().tidy(genes, 0), genes)


def test_a_parent_alone_is_returned_exactly():
    parents = make_statistics().sample(np.random.default_rng(0), 2)
    assert np.array_equal(
        make_statistics().blend(parents, np.array([1.0, 0.0], np.float32)), parents[0]
    )


def test_a_blend_moves_smoothly():
    codes = np.random.default_rng(0).standard_normal((400, GENE_SIZE * GENES)).astype(np.float32)
    statistics = fit_statistics(codes, np.zeros(400), gene_size=GENE_SIZE, anchors=400)
    path = np.stack(
        [
            statistics.blend(codes[:2], np.array([1 - share, share]))
            for share in np.linspace(0, 1, 41)
        ]
    )
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() < 4 * np.median(steps)


def test_the_middle_of_two_parents_is_tidied():
    statistics = make_statistics()
    parents = np.stack(
        [statistics.sample(np.random.default_rng(0), 1, kind=kind)[0] for kind in (0, 1)]
    )
    halves = np.array([0.5, 0.5])
    assert np.allclose(
        statistics.blend(parents, halves), statistics.tidy(halves @ parents, 1.0), atol=1e-4
    )


def test_a_third_parent_enters_gradually():
    statistics = make_statistics()
    parents = statistics.sample(np.random.default_rng(0), 3)
    without, faint = (
        statistics.blend(parents, np.array([0.5 - w / 2, 0.5 - w / 2, w])) for w in (0, 1e-4)
    )
    assert np.abs(without - faint).max() < 0.05


def test_statistics_survive_a_checkpoint():
    statistics = make_statistics()
    card = {"net": {"gene_size": GENE_SIZE}, "sampling": {"neighbours": 8, "splits": [1]}}
    again = GeneStatistics.from_checkpoint(statistics.to_tensors(), card)
    first, second = (s.sample(np.random.default_rng(3), 10) for s in (statistics, again))
    assert np.array_equal(first, second)
    assert again.kinds.tolist() == pytest.approx(statistics.kinds.tolist())


def test_a_blend_of_very_different_things_is_led_to_one_thing_between_them():
    statistics = make_statistics(is_tidied_whole=True)
    first, second = statistics.sample(np.random.default_rng(0), 2, kind=1)
    middle = statistics.blend(np.stack([first, second]), np.array([0.5, 0.5]))
    straight = (first + second) / 2

    def to_an_anchor(genes):
        return float(((statistics.anchors - genes) ** 2).sum(1).min())

    assert to_an_anchor(middle) < to_an_anchor(straight)
    assert np.array_equal(statistics.blend(np.stack([first, second]), np.array([1.0, 0.0])), first)


def test_the_genes_that_are_not_led_come_from_the_bolder_parent_whatever_the_order():
    statistics = make_statistics(is_tidied_whole=True, led_genes=2)
    first, second = statistics.sample(np.random.default_rng(0), 2, kind=1)
    second[2 * GENE_SIZE :] = statistics.mean[2 * GENE_SIZE :] + 3
    halves = np.array([0.5, 0.5], np.float32)
    middle, turned = (
        statistics.blend(np.stack(pair), halves) for pair in ((first, second), (second, first))
    )
    assert np.allclose(middle, turned, atol=1e-5)
    bolder = max(
        first, second, key=lambda genes: np.linalg.norm((genes - statistics.mean)[2 * GENE_SIZE :])
    )
    assert np.allclose(middle[2 * GENE_SIZE :], bolder[2 * GENE_SIZE :], atol=1e-5)
    whole = make_statistics(is_tidied_whole=True).blend(np.stack([first, second]), halves)
    assert np.allclose(middle[: 2 * GENE_SIZE], whole[: 2 * GENE_SIZE], atol=1e-5)


def test_whole_tidying_survives_a_checkpoint():
    statistics = make_statistics(is_tidied_whole=True, led_genes=1)
    sampling = {
        "neighbours": 8,
        "splits": [1],
        "is_tidied_whole": True,
        "led_genes": 1,
        "done": 0.9,
    }
    again = GeneStatistics.from_checkpoint(
        statistics.to_tensors(), {"net": {"gene_size": GENE_SIZE}, "sampling": sampling}
    )
    assert again.is_tidied_whole and again.led_genes == 1 and again.done == 0.9
    parents = statistics.sample(np.random.default_rng(2), 2)
    halves = np.array([0.5, 0.5], np.float32)
    assert np.allclose(statistics.blend(parents, halves), again.blend(parents, halves), atol=1e-3)
