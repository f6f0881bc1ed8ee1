"""The order of the mixed shelf."""

import numpy as np

from gallery.discovery.mixed_shelf import (
    FIRST_SCREEN,
    OF_A_MAKER,
    PATTERN,
    SPAN,
    arrange,
    mix_numbers,
    near_kin,
)


def test_every_work_hangs_once():
    order = arrange(
        {"fresh": [5, 4, 3], "loved": [0, 5], "rare": [0, 1]}, makers=range(6), species=range(6)
    )
    assert sorted(order) == [0, 1, 3, 4, 5]


def test_the_best_of_other_shelves_hang_between_fresh_works():
    fresh, loved = list(range(100, 150)), list(range(10))
    order = arrange({"fresh": fresh, "loved": loved}, makers=range(150), species=range(150))
    first = order[: len(PATTERN)]
    assert 0 in first[:4]
    assert first[0] == 100
    assert any(work in loved for work in order[10:24])


def test_a_maker_of_everything_new_does_not_flood_a_page():
    makers = [0] * 60 + list(range(1, 41))
    order = arrange({"fresh": list(range(100))}, makers=makers, species=range(100))
    for start in range(20):
        near = [makers[work] for work in order[start : start + SPAN]]
        assert near.count(0) <= OF_A_MAKER


def test_a_garden_of_one_maker_still_hangs_everything():
    order = arrange({"fresh": list(range(50))}, makers=[0] * 50, species=["patterns"] * 50)
    assert order == list(range(50))


def test_numbers_fall_along_the_order():
    published = np.array([10.0, 500.0, 400.0, 20.0, 300.0])
    numbers = mix_numbers([1, 0, 3, 2, 4], published)
    assert (np.diff(numbers) < 0).all()
    assert numbers[0] == 500.0
    assert 400 < numbers[2] < numbers[1] < 500


def test_fresh_works_keep_their_own_moment():
    published = np.array([10.0, 500.0, 400.0, 300.0])
    numbers = mix_numbers([1, 0, 2, 3], published)
    assert numbers[[0, 2, 3]].tolist() == [500.0, 400.0, 300.0]


def test_a_work_that_had_to_wait_hangs_below_the_one_before():
    numbers = mix_numbers([1, 0], np.array([500.0, 400.0]))
    assert numbers[1] < numbers[0]


def test_an_empty_shelf_has_no_numbers():
    assert len(mix_numbers([], np.array([1.0]))) == 0


def test_near_kin_are_parents_children_siblings_and_their_next():
    # 0 -> 1, 0 -> 2, 1 -> 3, 4 alone.
    kin = near_kin([0, 1, 4], parents=np.array([0, 0, 1]), children=np.array([1, 2, 3]))
    assert kin == {0: {1, 2, 3}, 1: {0, 2, 3}, 4: frozenset()}


def test_the_first_screen_has_no_two_of_a_family_and_no_two_that_look_alike():
    count = 80
    kin = {work: frozenset({work ^ 1}) for work in range(20)}  # Pairs of relatives.
    looks = {
        work: ("picture", np.eye(60)[work // 2 if 20 <= work < 40 else work % 60])
        for work in range(20, count)
    }
    order = arrange(
        {"fresh": list(range(count))},
        makers=range(count),
        species=[f"kind{work % 6}" for work in range(count)],
        kin=kin,
        looks=looks,
    )
    assert sorted(order) == list(range(count))
    first = order[:FIRST_SCREEN]
    assert not any(work ^ 1 in first for work in first if work < 20)
    assert all(
        float(looks[one][1] @ looks[other][1]) < 0.86
        for one in first
        for other in first
        if one < other and one in looks and other in looks
    )
    assert all(one % 6 != other % 6 for one, other in zip(first, first[1:], strict=False))


def test_faint_works_wait_until_after_the_first_screen():
    presence = [0.1 if work % 2 else 0.8 for work in range(60)]
    order = arrange(
        {"fresh": list(range(60))},
        makers=range(60),
        species=[f"kind{work // 2 % 7}" for work in range(60)],
        presence=presence,
    )
    assert all(presence[work] == 0.8 for work in order[:FIRST_SCREEN])
    assert sorted(order) == list(range(60))
