"""Cloth over a form: what shows where, at any size."""

from dataclasses import replace

import numpy as np
import pytest

from generation.genespaces.cloth.picture import dress
from generation.genespaces.cloth.plan import read_plan
from generation.genespaces.cloth.sampling import sample
from generation.genespaces.cloth.textiles import BY_NAME

CLOTH = read_plan(sample(np.random.default_rng(5)))
GROUND = (232, 228, 218)


def form(edge: int = 32, *, crumb: bool = False) -> np.ndarray:
    """A dyed square with a darker half before a pale ground."""
    drawn = np.full((edge, edge, 3), GROUND, np.uint8)
    inside = slice(edge // 4, 3 * edge // 4)
    drawn[inside, inside] = (60, 110, 180)
    drawn[inside, edge // 2 : 3 * edge // 4] = (45, 90, 160)
    if crumb:
        drawn[edge // 16 : edge // 8, edge // 16 : edge // 8] = (60, 110, 180)
    return drawn


def paint(cloth=CLOTH, *, size: int = 64, drawn: np.ndarray | None = None) -> np.ndarray:
    small = form() if drawn is None else drawn
    return dress(small, small, cloth, size=size).astype(int)


def test_the_garment_has_the_cloth_and_the_rest_the_backdrop():
    one, other = paint(), paint(replace(CLOTH, dark=CLOTH.light, light=CLOTH.dark))
    changed = np.abs(one - other).sum(axis=-1) > 0
    assert changed[18:46, 18:46].mean() > 0.9
    assert not changed[:13].any() and not changed[:, :13].any() and not changed[51:].any()


def test_folds_of_the_form_shade_the_cloth():
    plain = replace(CLOTH, textiles=(("plain", 1.0),))
    picture = paint(plain)
    assert picture[24:40, 26].mean() > picture[24:40, 38].mean() + 4


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_textile_is_the_same_picture_at_any_size(name: str):
    cloth = replace(CLOTH, textiles=((name, 1.0),))
    large, small = paint(cloth, size=512), paint(cloth, size=128)
    shrunk = large.reshape(128, 4, 128, 4, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - small).mean() < 4
    if name != "plain":
        assert small[40:88, 40:88].std(axis=(0, 1)).max() > 8


def test_bands_of_rows_do_not_show():
    assert np.array_equal(paint(size=300), paint(size=300))
    seen: list[float] = []
    dress(form(), form(), CLOTH, size=300, yield_point=seen.append)
    assert len(seen) > 1 and seen[-1] == 1


def test_crumbs_beside_the_garment_are_left_out():
    with_crumb, without = paint(drawn=form(crumb=True)), paint()
    assert np.abs(with_crumb - without)[:12, :12].max() < 8


def test_a_picture_without_any_garment_is_a_backdrop():
    empty = paint(drawn=np.full((32, 32, 3), GROUND, np.uint8))
    assert empty.std(axis=(0, 1)).max() < 1
