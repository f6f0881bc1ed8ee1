"""Blend and mutation of cloths."""

from collections.abc import Sequence

import numpy as np

from generation.genespaces.base import contributors, mean_of
from generation.genespaces.cloth.layout import (
    BACKDROP,
    LAYOUT,
    PALETTE,
    PLACES,
    WORN,
    pack,
    unpack,
)
from generation.genespaces.cloth.sampling import sample
from generation.genespaces.patterns.palette import blend_palettes
from generation.genespaces.scores import wander
from generation.genespaces.units import stray_colours

_REACH = {"textile": 0.3, "weave": 0.6}
# How often a wholly new cloth takes a part from a stranger.
_LEAPS = {"textile": 0.6, PALETTE: 0.4}
_HARDLY_WORN = 1e-6  # Such a cloth counts only where there is no other.


def blend(cloths: Sequence[np.ndarray | None], shares: np.ndarray) -> np.ndarray | None:
    """The cloth between those of parents, some of whom have none; None where nobody has any.

    How much it is worn is the mean. A cloth counts as much as it is worn, so that one who has none
    does not change the colours of those who have. The order does not matter.
    """
    there = [(one, share) for one, share in zip(cloths, shares, strict=True) if one is not None]
    if not any(share > 0 for _, share in there):
        return None
    genes = [one for one, _ in there]
    worn = np.clip([float(one[WORN]) for one in genes], 0, 1)
    weights = np.array([share for _, share in there]) * np.maximum(worn, _HARDLY_WORN)
    kept, parts = contributors(genes, weights)
    child = kept[0].copy()
    if len(kept) > 1:
        mean = unpack(mean_of(kept, parts))
        colours = np.stack([_colours(one) for one in kept])
        _set_colours(mean, blend_palettes(colours, parts))
        child = pack(mean)
    # Summed in an order of its own, too.
    child[WORN] = sum(
        sorted(share * float(amount) for (_, share), amount in zip(there, worn, strict=True))
    )
    return child


def mutate(genes: np.ndarray, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Random change by `rate` in [0, 1]; how much the cloth is worn stays."""
    stranger = sample(rng)
    units = {name: PLACES[name] for name in _REACH}
    parts = unpack(wander(genes.astype(np.float64), units, rate, rng, reach=_REACH))
    _set_colours(parts, stray_colours(_colours(genes).astype(np.float64), rate, rng))
    child = pack(parts)
    leap = min(1.0, max(0.0, (rate - 0.25) / 0.6))
    for name, chance in _LEAPS.items():
        if rng.random() < chance * leap:
            child[PLACES[name]] = stranger[PLACES[name]]
            if name == PALETTE:
                child[PLACES[BACKDROP]] = stranger[PLACES[BACKDROP]]
    return child


def _colours(genes: np.ndarray) -> np.ndarray:
    """The palette and the backdrop, which must suit each other, [4, 3]."""
    parts = LAYOUT.unpack(genes)
    return np.concatenate([parts[PALETTE], parts[BACKDROP][None]])


def _set_colours(parts: dict[str, np.ndarray], colours: np.ndarray) -> None:
    parts[PALETTE], parts[BACKDROP] = colours[:-1], colours[-1]
