"""Where the named parts of a gene vector stand, one after the other, and which group has which."""

from collections.abc import Iterable, Mapping

import numpy as np

from generation.genespaces.base import GeneGroup


def places_of(counts: Mapping[str, int]) -> dict[str, slice]:
    """The place of each part, from its number of genes."""
    places, start = {}, 0
    for name, count in counts.items():
        places[name] = slice(start, start + count)
        start += count
    return places


def places_of_groups(
    groups: Iterable[GeneGroup], places: Mapping[str, slice], *, group_of: Mapping[str, str]
) -> dict[str, np.ndarray]:
    """The positions of all genes of each group, by its key. group_of: the group of each part."""
    return {
        group.key: np.concatenate(
            [
                np.arange(place.start, place.stop)
                for name, place in places.items()
                if group_of[name] == group.key
            ]
        )
        for group in groups
    }
