"""The place of every gene of the Flames species in its vector of float32, and its group.

A flame has four maps in fixed slots, so that two flames can be mixed slot by slot.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.flames.variations import LENSES, VARIATIONS
from generation.genespaces.layout import Layout
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

_layout = Layout("Flames", LAYOUT, GROUPS)
PLACES, SIZE, GROUP_PLACES = _layout.places, _layout.size, _layout.groups
take_group = _layout.take_group
unpack, pack = _layout.unpack, _layout.pack
