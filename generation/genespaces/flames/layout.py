"""The place of every gene of the Flames species in its vector of float32, and its group.

A flame has four maps in fixed slots, so that two flames can be mixed slot by slot.
"""

import math
from collections.abc import Mapping

import numpy as np

from generation.genespaces.base import GeneGroup
from generation.genespaces.flames.variations import LENSES, VARIATIONS
from generation.genespaces.places import places_of, places_of_groups
from generation.refusal import Refused
from generation.words import word

MAPS = 4
ANCHORS = 5
ORDERS = (1, 2, 3, 4, 5, 6, 8)  # How many times a flame repeats around its middle.

# Name -> (shape, gene group). The order is the order in the vector.
LAYOUT: dict[str, tuple[tuple[int, ...], str]] = {
    "share": ((MAPS,), "shape"),  # How often a map is applied, its square; none below 0.
    "turn": (
        (MAPS,),
        "shape",
    ),  # Radians; between two of them a blend turns straight, never across pi.
    "scale": ((MAPS,), "shape"),  # Natural logarithm of the mean factor of length.
    "stretch": ((MAPS,), "shape"),  # Logarithm by which one axis is longer, the other shorter.
    "shear": ((MAPS,), "shape"),
    "offset": ((MAPS, 2), "shape"),
    "variation": ((MAPS, len(VARIATIONS)), "shape"),  # Amounts; none below 0.
    "gate": ((len(ORDERS),), "symmetry"),  # Soft choice between the orders.
    "mirror": ((), "symmetry"),  # 1 mirrors half of all points.
    "lens": ((len(LENSES),), "view"),  # Amounts of what bends the finished flame.
    "lens_offset": ((2,), "view"),
    "lens_scale": ((), "view"),  # Natural logarithm.
    "roll": ((), "view"),  # Radians.
    "zoom": ((), "view"),  # Natural logarithm; 0 shows nearly the whole flame.
    "tint": ((MAPS,), "palette"),  # Place on the palette to which a map pulls.
    "palette": ((ANCHORS, 3), "palette"),  # OKLab.
    "ground": ((3,), "palette"),  # Below 0 dark, above 0 light; then OKLab a and b.
    "brightness": ((), "light"),  # Natural logarithm of a factor of the tones.
    "mist": ((), "light"),  # Gamma: above 0 faint parts show more, below 0 less.
    "vibrancy": ((), "light"),  # Factor of the chroma.
    "glow": ((), "light"),  # How far bright parts shine into what is around them.
}

GROUPS = (
    GeneGroup("shape", word("Shape")),
    GeneGroup("symmetry", word("Symmetry")),
    GeneGroup("view", word("View")),
    GeneGroup("palette", word("Colour")),
    GeneGroup("light", word("Light")),
)
# The parts of one map, which are inherited together.
MAP_PARTS = ("share", "turn", "scale", "stretch", "shear", "offset", "variation")


PLACES = places_of({name: math.prod(shape) for name, (shape, _) in LAYOUT.items()})
SIZE = max(place.stop for place in PLACES.values())
GROUP_PLACES = places_of_groups(
    GROUPS, PLACES, group_of={name: group for name, (_, group) in LAYOUT.items()}
)

Parts = dict[str, np.ndarray]  # Named float64 parts of a gene vector; numbers are arrays [].


def unpack(genes: np.ndarray) -> Parts:
    """Named float64 copies of the parts of a gene vector.

    Raises Refused when the vector is not of this species.
    """
    if genes.shape != (SIZE,):
        raise Refused(
            "These genes don't belong to the Flames species: it has {size:,} of them, not"
            " {size_2:,}.",
            size=SIZE,
            size_2=genes.size,
        )
    copy = genes.astype(np.float64)
    return {name: copy[PLACES[name]].reshape(shape) for name, (shape, _) in LAYOUT.items()}


def pack(parts: Mapping[str, np.ndarray | float]) -> np.ndarray:
    """The inverse of `unpack`: one float32 vector."""
    return np.concatenate(
        [np.asarray(parts[name], dtype=np.float32).reshape(-1) for name in LAYOUT]
    )
