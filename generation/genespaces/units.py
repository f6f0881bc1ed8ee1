"""Crossover, mutation and edits of species whose genes are units of scores, and a palette.

A unit is what a child inherits whole, such as a figure or the brush. The palette is the part
"palette" of the layout, OKLab rows.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from generation.genespaces.base import Weights
from generation.genespaces.layout import Layout
from generation.genespaces.patterns.palette import rotate_hue
from generation.genespaces.scores import move_genes, wander

PALETTE = "palette"
_COLOUR_NOISE = (0.1, 0.08, 0.08)  # Standard deviations of OKLab at rate 1.
_HUE_NOISE = 0.9  # Radians.


def move_units(
    place_of: Callable[[str, str], int], units: Sequence[str] | str, name: str, reach: float = 1
) -> Callable[[np.ndarray, float], None]:
    """An edit of the same gene of one or several units; a negative reach moves it the other way.

    place_of: where a gene stands, by its unit and its name.
    """
    several = (units,) if isinstance(units, str) else units
    return move_genes([place_of(unit, name) for unit in several], reach)


def inherit(
    layout: Layout,
    parents: Sequence[np.ndarray],
    weights: Weights,
    rng: np.random.Generator,
    *,
    figures: Sequence[str],
    together: float,
) -> np.ndarray:
    """A child that takes each group of genes whole from one parent.

    figures: units of one group that may come from others one by one; each stays with those of its
    group with the chance `together`.
    """
    shares = np.asarray(weights, dtype=np.float64)
    shares = shares / shares.sum()

    def choose() -> np.ndarray:
        return parents[int(rng.choice(len(parents), p=shares))]

    child = parents[0].copy()
    for group in layout.groups:
        child = layout.take_group(child, choose(), group)
    for figure in figures:
        giver = choose()
        if rng.random() >= together:
            child[layout.places[figure]] = giver[layout.places[figure]]
    return child


def stray(
    layout: Layout,
    genes: np.ndarray,
    rate: float,
    rng: np.random.Generator,
    *,
    draw: Callable[[np.random.Generator], np.ndarray],
    reach: Mapping[str, float],
    leaps: Mapping[str, float],
) -> np.ndarray:
    """Random change by `rate` in [0, 1].

    The random numbers do not depend on the rate, so a rising rate moves along one path. From .3 on
    it may also take whole groups from a stranger, so that no lineage is stuck with one motif.
    draw: the genes of a stranger. reach: see `scores.wander`. leaps: how often, at the highest
    rate, each group is a stranger's.
    """
    if rate <= 0:
        return genes.copy()
    layout.check(genes)
    stranger = draw(rng)
    units = {unit: place for unit, place in layout.places.items() if unit != PALETTE}
    child = wander(genes.astype(np.float64), units, rate, rng, reach=reach)
    colours = child[layout.places[PALETTE]].reshape(-1, 3)
    child[layout.places[PALETTE]] = stray_colours(colours, rate, rng).reshape(-1)
    child = child.astype(np.float32)
    leap = min(1.0, max(0.0, (rate - 0.25) / 0.6))
    for group, chance in leaps.items():
        if rng.random() < chance * leap:
            child = layout.take_group(child, stranger, group)
    return child


def stray_colours(palette: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Colours [count, 3] with their hues turned together, and some noise on each."""
    changed = rotate_hue(palette, rate * float(rng.normal(0, _HUE_NOISE)))
    return changed + rate * rng.normal(0, _COLOUR_NOISE, changed.shape)
