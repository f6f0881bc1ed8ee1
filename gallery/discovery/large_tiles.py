"""Which works of a wall get a large tile, and how many works fill its rows to the end.

A large tile takes four squares, in windows that show more than two columns. The style sheet
(css/wall.css) lays walls out in 2, 3, 4, 5, 6 or 10 columns, all of which divide SQUARES.
"""

from collections.abc import Callable
from dataclasses import replace

from gallery.core.pagination import Page
from gallery.models import Artwork

SQUARES = 60  # Of a page of a wall, and so the most works that it has.
LEAST_WORKS = 12  # Shorter walls have no large tiles.
WORKS_A_TILE = 7
ENOUGH = 0.5  # The least presence of a large picture.
LAST_LARGE = 28  # From here on all are small: of ten columns they fill the last two rows.
LEFT_AT_THE_END = 4  # The same for walls that are shorter than a page.


def lay_out(page: Page, cursor_of: Callable[[Artwork], str]) -> Page:
    """The works of a page that fill complete rows, of which some are marked `is_large`.

    page: at most SQUARES works. cursor_of: the cursor behind a work; what does not fit comes on the
    next page. The last page ends where it ends.
    """
    works = page.items
    chosen = _choose(works)
    fitting = works[: SQUARES - 3 * len(chosen)]
    for place, work in enumerate(fitting):
        work.is_large = place in chosen
    if len(fitting) == len(works):
        return page
    return replace(page, items=fitting, next_cursor=cursor_of(fitting[-1]))


def _choose(works: list[Artwork]) -> set[int]:
    """The places of the large ones: the best of every seven, if it is good.

    Their number is even, so that a phone, on which all tiles are alike, has complete rows too.
    """
    if len(works) < LEAST_WORKS:
        return set()
    end = min(LAST_LARGE, len(works) - LEFT_AT_THE_END)
    windows = (
        range(start, min(start + WORKS_A_TILE - 1, end)) for start in range(0, end, WORKS_A_TILE)
    )
    best = [max(window, key=lambda place: works[place].presence) for window in windows if window]
    good = sorted(
        (place for place in best if works[place].presence >= ENOUGH),
        key=lambda place: -works[place].presence,
    )
    return set(good[: len(good) // 2 * 2])
