"""Which works of a wall get a large tile: those whose pictures fill it with colour and detail."""

from collections.abc import Sequence

from gallery.models import Artwork

LEAST_WORKS = 12  # Shorter walls have no large tiles.
WORKS_A_TILE = 10
ENOUGH = 0.5  # The least presence of a large picture.
LEFT_AT_THE_END = 4  # Of the last works none is large, or a row might stay incomplete.


def choose_large(works: Sequence[Artwork]) -> Sequence[Artwork]:
    """The same works, of which some are marked `is_large`: the best of every ten, if it is good.

    31 works with three large ones are 40 squares, which fill two, four, five or eight columns.
    """
    chosen: set[int] = set()
    if len(works) >= LEAST_WORKS:
        for start in range(0, len(works) - LEFT_AT_THE_END, WORKS_A_TILE):
            end = min(start + WORKS_A_TILE - 2, len(works) - LEFT_AT_THE_END)
            best = max(range(start, end), key=lambda place: works[place].presence, default=None)
            if best is not None and works[best].presence >= ENOUGH:
                chosen.add(best)
    for place, work in enumerate(works):
        work.is_large = place in chosen
    return works
