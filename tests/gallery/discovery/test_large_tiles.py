"""Which works of a wall are large, and that the rows of a page are complete."""

import random
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from gallery.core.pagination import Page
from gallery.discovery.large_tiles import SQUARES, lay_out

WALL = Path(__file__).parents[3] / "static" / "css" / "wall.css"
COLUMNS = [int(count) for count in re.findall(r"--columns: (\d+)", WALL.read_text())]


def page_of(*presences: float, has_more: bool = False) -> Page:
    works = [SimpleNamespace(pk=place, presence=each) for place, each in enumerate(presences)]
    return lay_out(Page(works, "more" if has_more else ""), lambda work: f"after {work.pk}")


def large(page: Page) -> list[int]:
    return [work.pk for work in page.items if work.is_large]


def rows_of(page: Page, columns: int) -> list[list[bool]]:
    """Which squares a browser fills: each work in the first place it fits ("dense")."""
    grid: list[list[bool]] = []
    for work in page.items:
        edge = 2 if work.is_large and columns > 2 else 1
        row = column = 0
        while True:
            while len(grid) < row + edge:
                grid.append([False] * columns)
            squares = [
                (row + down, column + along) for down in range(edge) for along in range(edge)
            ]
            if column + edge <= columns and not any(grid[y][x] for y, x in squares):
                break
            row, column = (row, column + 1) if column + 1 < columns else (row + 1, 0)
        for y, x in squares:
            grid[y][x] = True
    while grid and not any(grid[-1]):
        grid.pop()
    return grid


def test_the_columns_of_the_style_sheet_divide_a_page():
    assert COLUMNS == [2, 3, 4, 5, 6, 10]
    assert all(SQUARES % columns == 0 for columns in COLUMNS)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("seed", range(40))
def test_a_page_ends_with_a_complete_row(columns: int, seed: int):
    chance = random.Random(seed)
    page = page_of(*(chance.random() ** 0.5 for _ in range(SQUARES)), has_more=True)
    assert all(map(all, rows_of(page, columns)))
    assert page.next_cursor == (f"after {len(page.items) - 1}" if large(page) else "more")


def test_the_best_of_every_seven_is_large():
    page = page_of(*([0.3, 0.6, 0.9] + [0.5] * 57), has_more=True)
    assert large(page) == [2, 7, 14, 21]
    assert len(page.items) == SQUARES - 3 * 4


def test_the_number_of_large_tiles_is_even_so_that_two_columns_end_even_too():
    presences = [0.2] * 40
    presences[1], presences[9], presences[19] = 0.7, 0.6, 0.8
    assert large(page_of(*presences)) == [1, 19]
    assert large(page_of(*([0.9] + [0.2] * 39))) == []


def test_works_that_carry_no_large_tile_get_none():
    page = page_of(*[0.2] * SQUARES)
    assert large(page) == [] and len(page.items) == SQUARES


def test_short_walls_have_only_even_tiles():
    assert large(page_of(*[0.9] * 8)) == []


def test_a_wall_that_fits_into_its_page_has_no_further_one():
    page = page_of(*[0.9] * 30)
    assert len(large(page)) == 4 and len(page.items) == 30 and page.next_cursor == ""


def test_what_does_not_fit_comes_on_the_next_page():
    page = page_of(*[0.9] * 55)
    assert len(page.items) == 48 and page.next_cursor == "after 47"
