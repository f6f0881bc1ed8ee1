"""The figures of shelves."""

from datetime import timedelta

import numpy as np
import pytest

from gallery.discovery.ranking import (
    EPOCH,
    HALF_LIFE,
    PASSED_ON,
    love_of,
    loves_of,
    ranks_within,
    rarity_of,
    stepping_of,
)

LATER = EPOCH + 100 * HALF_LIFE


def test_love_of_one_like_is_its_age_in_half_lives():
    assert love_of([LATER]) == pytest.approx(100)


def test_two_likes_a_half_life_ago_weigh_as_much_as_one_now():
    before = LATER - HALF_LIFE
    assert love_of([before, before]) == pytest.approx(love_of([LATER]))


def test_nobody_loves_a_work_without_likes():
    assert love_of([]) == 0.0


def test_many_old_likes_lose_against_a_few_new_ones():
    assert love_of([LATER - 10 * HALF_LIFE] * 500) < love_of([LATER])


def test_loves_of_all_works_are_those_of_each():
    moments = {0: [LATER, LATER - timedelta(days=3)], 2: [LATER - timedelta(days=300)]}
    works = np.array([work for work, times in moments.items() for _ in times])
    days = np.array(
        [(time - EPOCH) / timedelta(days=1) for times in moments.values() for time in times]
    )
    assert loves_of(works, days, count=3) == pytest.approx(
        [love_of(moments.get(work, [])) for work in range(3)]
    )


def test_love_is_passed_up_by_share_and_fades_with_each_generation():
    # 0 and 1 are parents of 2, which is the only parent of 3; only 3 is loved.
    love = np.array([0.0, 0.0, 0.0, 50.0])
    stepping = stepping_of(
        love, np.array([0, 1, 2]), np.array([2, 2, 3]), np.array([0.75, 0.25, 1.0])
    )
    assert stepping[3] == 0.0
    assert stepping[2] == pytest.approx(50 + np.log2(PASSED_ON))
    assert stepping[0] == pytest.approx(50 + np.log2(PASSED_ON**2 * 0.75))
    assert stepping[1] < stepping[0] < stepping[2]


def test_a_loop_in_damaged_edges_ends():
    stepping = stepping_of(
        np.array([10.0, 10.0]), np.array([0, 1]), np.array([1, 0]), np.array([1.0, 1.0])
    )
    assert np.isfinite(stepping).all()


def test_long_lines_of_small_families_are_rarer_than_crowded_ones():
    # Works 0-1-2 are a line; 3 has five children.
    parents, children = np.array([0, 1, 3, 3, 3, 3, 3]), np.array([1, 2, 4, 5, 6, 7, 8])
    rarity = rarity_of(np.array([0, 1, 2, 0, 1, 1, 1, 1, 1], float), parents, children)
    assert rarity.argmax() == 2
    assert rarity[0] == rarity[3] == 0.0
    assert rarity[2] > rarity[4:].max() > 0


def test_no_family_fills_the_shelf_of_rare_lineage():
    parents, children = np.array([0, 0, 0, 4]), np.array([1, 2, 3, 5])
    rarity = rarity_of(np.array([0, 1, 1, 1, 0, 1], float), parents, children)
    assert sorted(rarity[1:4]) == pytest.approx([1 / 3, 1 / 2, 1.0])


def test_ranks_begin_anew_in_every_group_and_prefer_the_later_of_equals():
    ranks = ranks_within(np.array([7, 7, 1, 7]), np.array([2.0, 5.0, 1.0, 5.0]))
    assert ranks.tolist() == [2, 1, 0, 0]


def test_an_empty_garden_has_no_figures():
    nothing = np.array([], int)
    assert len(rarity_of(np.array([]), nothing, nothing)) == 0
    assert len(stepping_of(np.array([]), nothing, nothing, np.array([]))) == 0
