"""The genes of species that servers paint: whole seeds, and an arc between two of them."""

import numpy as np
import pytest

from generation.genespaces.remote import GUIDED, SEED, SEEDS, STRENGTH, VARIATION, RemoteSpace

SPACE, WITHOUT = RemoteSpace(guidance=7.0), RemoteSpace(guidance=7.0, has_variation=False)


def genes(seed: int, variation: int = 0, strength: float = 0.0, guidance: float = 0.0):
    return np.array([seed, variation, strength, guidance], np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


ONE, OTHER, THIRD = genes(11), genes(22, guidance=1.0), genes(33)


def test_every_seed_is_a_whole_number_that_genes_hold_exactly():
    drawn = [SPACE.sample(rng(seed)) for seed in range(50)]
    assert len({int(one[SEED]) for one in drawn}) == 50
    assert all(float(one[SEED]).is_integer() and 0 <= one[SEED] < SEEDS for one in drawn)
    assert int(np.float32(SEEDS - 1)) == SEEDS - 1


@pytest.mark.parametrize("space", [SPACE, WITHOUT])
def test_a_weight_of_one_is_that_parent(space):
    between = genes(1, 2, 0.5)
    assert np.array_equal(space.blend([ONE, between], [0.0, 1.0]), between)


def test_a_child_moves_steadily_along_the_arc_between_two_founders():
    walk = [SPACE.blend([ONE, OTHER], [1 - x, x]) for x in np.linspace(0.05, 0.95, 10)]
    assert {(one[SEED], one[VARIATION]) for one in walk} == {(11.0, 22.0)}
    assert np.allclose([one[STRENGTH] for one in walk], np.linspace(0.05, 0.95, 10))
    assert np.allclose([one[GUIDED] for one in walk], np.linspace(0.05, 0.95, 10))


def test_of_more_than_two_seeds_the_two_that_count_most_stay():
    child = SPACE.blend([ONE, OTHER, THIRD], [0.5, 0.2, 0.3])
    assert list(child[:GUIDED]) == pytest.approx([11, 33, 0.375])
    grandchild = SPACE.blend([genes(11, 22, 0.5), genes(22)], [0.5, 0.5])
    assert list(grandchild[:GUIDED]) == pytest.approx([11, 22, 0.75])
    assert list(SPACE.blend([ONE, genes(11)], [0.5, 0.5])[:GUIDED]) == [11, 0, 0]


def test_a_server_of_single_seeds_gives_the_heaviest_parents():
    assert list(WITHOUT.blend([ONE, OTHER], [0.4, 0.6])[:GUIDED]) == [22, 0, 0]
    assert WITHOUT.mutate(ONE, 0.1, rng())[SEED] != 11
    assert WITHOUT.mutate(ONE, 0.1, rng())[STRENGTH] == 0


def test_variations_of_a_founder_are_as_far_away_as_the_rate_says():
    for rate in (0.1, 0.4):
        child = SPACE.mutate(ONE, rate, rng())
        assert child[SEED] == 11 and child[VARIATION] != 11
        assert child[STRENGTH] == pytest.approx(rate)
    assert np.array_equal(SPACE.mutate(ONE, 0.0, rng()), ONE)
    forgotten = SPACE.mutate(genes(1, 2, 0.5), 1.0, rng())
    assert forgotten[SEED] not in (1, 2) and forgotten[STRENGTH] == 0


def test_variations_of_a_work_between_two_seeds_move_between_them_and_rarely_beyond():
    work = genes(11, 22, 0.4)
    children = [SPACE.mutate(work, 0.12, rng(seed)) for seed in range(200)]
    strengths = [float(one[STRENGTH]) for one in children]
    assert 0.05 < np.std(strengths) < 0.2 and min(strengths) >= 0 and max(strengths) <= 1
    strangers = sum((one[SEED], one[VARIATION]) != (11, 22) for one in children)
    assert 5 < strangers < 60


def test_parts_come_whole_from_a_parent():
    assert list(SPACE.take_group(ONE, OTHER, "composition")) == [22, 0, 0, 0]
    assert list(SPACE.take_group(ONE, OTHER, "style")) == [11, 0, 0, 1]
    assert list(SPACE.take_group(ONE, OTHER, "words")) == list(ONE)
    crossed = SPACE.crossover([ONE, OTHER], [0.5, 0.5], rng())
    assert any(np.array_equal(crossed, parent) for parent in (ONE, OTHER))


def test_guidance_doubles_and_halves_and_is_left_out_where_there_is_none():
    assert SPACE.guidance(ONE) == 7.0
    assert SPACE.guidance(SPACE.edit(ONE, "guidance", 1.0)) == 13.0
    assert SPACE.guidance(SPACE.edit(ONE, "guidance", -1.0)) == 4.0
    assert RemoteSpace().sliders == () and RemoteSpace().guidance(OTHER) == 1.0


def test_how_much_stays_of_a_graft_goes_with_the_composition_and_old_genomes_lack_it():
    space = RemoteSpace(guidance=7.0, can_graft=True)
    assert space.size == 5 and [slider.key for slider in space.sliders] == ["graft", "guidance"]
    closer = space.edit(ONE, "graft", 1.0)
    assert (space.closeness(ONE), space.closeness(closer)) == (0.5, pytest.approx(0.95))
    assert space.closeness(space.blend([ONE, closer], [0.5, 0.5])) == pytest.approx(0.725)
    assert space.closeness(space.take_group(OTHER, closer, "composition")) == pytest.approx(0.95)
    assert space.closeness(space.take_group(OTHER, closer, "style")) == 0.5
    assert SPACE.closeness(ONE) == 0 and SPACE.size == 4
