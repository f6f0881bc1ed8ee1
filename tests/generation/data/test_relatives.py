import io

import numpy as np
import pytest
from PIL import Image

from generation.data.relatives import (
    Relatives,
    arrange,
    difference_hash,
    held_out_of,
    interleave_classes,
)
from tests.generation.data.test_picture_cleaning import encode, make_picture


def families_of(pictures, names=None):
    relatives = Relatives()
    for number, picture in enumerate(pictures):
        assert relatives.add(picture, names[number] if names else f"{number} of many") is None
    return relatives.families().tolist()


def test_the_same_picture_in_another_file_format_is_a_copy_of_it_by_name():
    picture = make_picture(size=64)
    jpeg = encode(Image.fromarray(picture), "JPEG", quality=90)
    again = np.asarray(Image.open(io.BytesIO(jpeg)))
    relatives = Relatives()
    assert relatives.add(make_picture(1, size=64), "other.png") is None
    assert relatives.add(picture, "first.png") is None
    assert relatives.add(again, "second.jpg") == "first.png"


def test_pictures_of_one_family_belong_together_however_different_they_look():
    relatives = Relatives()
    for seed in range(6):
        name, family = f"picture of seed {seed}, no more", ("apple", "pear", "")[seed % 3]
        assert relatives.add(make_picture(seed), name, family=family) is None
    apple, pear, other, *again = relatives.families().tolist()
    assert again[:2] == [apple, pear]
    assert len({apple, pear, other, again[2]}) == 4


def test_of_pictures_with_fine_differences_only_the_same_are_copies():
    picture = make_picture(size=64)
    other = picture.copy()
    other[30, 30] ^= 1
    relatives = Relatives(has_fine_differences=True)
    assert [relatives.add(one, name) for one, name in ((picture, "a"), (other, "b"))] == [None] * 2
    assert relatives.add(picture.copy(), "c") == "a"


def test_the_same_shape_in_another_colour_is_no_copy():
    relatives = Relatives()
    picture = make_picture()
    assert relatives.add(picture, "one") is None
    assert relatives.add(np.ascontiguousarray(picture // 2 + 100), "two") is None


@pytest.mark.parametrize("has_families", [True, False])
def test_thousands_of_different_pictures_are_all_new_and_strangers(has_families):
    relatives = Relatives(has_families=has_families)
    for seed in range(1_500):
        assert relatives.add(make_picture(seed), f"picture of seed {seed}, no more") is None
    assert relatives.add(make_picture(700), "again") == "picture of seed 700, no more"
    assert len(set(relatives.families().tolist())) == 1_500


def test_hashes_of_a_flat_picture_are_empty():
    assert difference_hash(np.full((32, 32, 3), 90, np.uint8)).tolist() == [0, 0, 0, 0]


def test_nearly_equal_pictures_are_one_family_also_through_one_between_them():
    first, stranger = make_picture(size=64), make_picture(9, size=64)
    steps = [first.copy() for _ in range(3)]
    steps[1][:20, :20] = 255 - steps[1][:20, :20] // 2
    steps[2][:20, :44] = 255 - steps[2][:20, :44] // 2
    families = families_of([steps[0], stranger, steps[2], steps[1]])
    assert families[0] == families[2] == families[3] != families[1]


def test_frames_with_numbers_behind_one_name_are_one_family_if_their_colours_are_alike():
    rng = np.random.default_rng(0)
    dark = [rng.integers(0, 90, (16, 16, 3), dtype=np.uint8) for _ in range(5)]
    light = 255 - dark[0]
    names = ["a/walk_f0.png", "a/walk_f1.png", "b/walk_f0.png", "a/walk_f2.png", "a/walk (3).png"]
    others = [make_picture(seed, size=16) for seed in range(3)]
    pictures = [dark[0], dark[1], dark[2], light, dark[3], *others]
    families = families_of(pictures, [*names, "cup.png", "jug.png", "pot.png"])
    assert families[0] == families[1]
    assert len({families[0], families[2], families[3], families[4]}) == 4


def test_numbers_that_all_pictures_have_make_no_family():
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 90, (16, 16, 3), dtype=np.uint8) for _ in range(5)]
    assert len(set(families_of(pictures, [f"img_{i:03d}.png" for i in range(5)]))) == 5


def test_no_family_stands_on_both_sides_and_classes_keep_their_shares():
    labels = np.repeat([0, 1], [600, 200])
    families = np.arange(800) // np.where(np.arange(800) % 16 < 8, 4, 1)
    order, held_out = arrange(labels, families)
    assert sorted(order.tolist()) == list(range(800))
    assert held_out == held_out_of(800) == 100
    learnt, kept = families[order[:-held_out]], families[order[-held_out:]]
    assert not set(learnt.tolist()) & set(kept.tolist())
    assert 10 <= labels[order[-held_out:]].sum() <= 40


def test_families_that_are_all_too_large_leave_nothing_to_hold_out():
    order, held_out = arrange(np.zeros(80, int), np.zeros(80, int))
    assert (len(order), held_out) == (80, 0)


def test_a_large_family_is_held_out_where_there_is_no_smaller_one():
    _, held_out = arrange(np.zeros(100, int), np.arange(100) // 10)
    assert held_out == 10


def test_every_stretch_has_its_share_of_every_class():
    labels = np.repeat([0, 1, 2], [800, 160, 40])
    ordered = labels[interleave_classes(labels)]
    for start in range(0, 1000, 100):
        counts = np.bincount(ordered[start : start + 100], minlength=3)
        assert np.abs(counts - (80, 16, 4)).max() <= 2
