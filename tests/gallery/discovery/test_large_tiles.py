"""Which works of a wall are large."""

from types import SimpleNamespace

from gallery.discovery.large_tiles import choose_large


def works(*presences: float) -> list[SimpleNamespace]:
    return [SimpleNamespace(presence=presence) for presence in presences]


def large(row: list[SimpleNamespace]) -> list[int]:
    return [place for place, work in enumerate(choose_large(row)) if work.is_large]


def test_the_best_of_every_ten_is_large_and_a_page_has_three():
    row = works(*([0.3, 0.6, 0.9] + [0.5] * 28))
    assert large(row) == [2, 10, 20]


def test_works_that_carry_no_large_tile_get_none():
    assert large(works(*[0.2] * 31)) == []


def test_short_walls_have_only_even_tiles():
    assert large(works(*[0.9] * 8)) == []
