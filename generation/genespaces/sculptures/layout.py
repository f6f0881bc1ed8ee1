"""The place of every gene of the Sculptures species in its vector of 68 float32, and its group.

Every gene is a standard score: founders draw most of them from the normal distribution, and the
plan squeezes each into its range. So sums, means and noise of genes stay presentable.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.layout import Layout
from generation.words import word

FOLDS = ("fold1", "fold2", "fold3")
PARTS = ("core", "limb", "leaf")
MATERIALS = ("clay", "glaze", "bronze", "glass", "pearl")

# Unit -> (number of genes, gene group). A unit is what a crossover inherits whole. The order is the
# order in the vector.
UNITS: dict[str, tuple[int, str]] = {
    # Sectors, twist, melt, shrink, lattice, its frequency, ripple, its frequency.
    "body": (8, "body"),
    # Of each fold: offset x, y, z; rotation vector x, y, z; on.
    **dict.fromkeys(FOLDS, (7, "folds")),
    # Of each part: half size x, y, z; round; hollow; on.
    **dict.fromkeys(PARTS, (6, "parts")),
    "camera": (3, "camera"),  # Yaw, pitch, zoom.
    "light": (2, "light"),  # Side, height.
    "colour": (
        9,
        "colour",
    ),  # Three times L, a and b of OKLab: hues have no seam.
    "bands": (1, "colour"),  # How often the colours alternate.
    "material": (len(MATERIALS), "material"),
    "backdrop": (1, "backdrop"),
}
GROUPS = (
    GeneGroup("body", word("Body")),
    GeneGroup("folds", word("Folds")),
    GeneGroup("parts", word("Parts")),
    GeneGroup("material", word("Material")),
    GeneGroup("colour", word("Colour")),
    GeneGroup("camera", word("Camera")),
    GeneGroup("light", word("Light")),
    GeneGroup("backdrop", word("Backdrop")),
)

_layout = Layout(
    "Sculptures", {name: ((count,), group) for name, (count, group) in UNITS.items()}, GROUPS
)
PLACES, SIZE, GROUP_PLACES = _layout.places, _layout.size, _layout.groups
take_group = _layout.take_group
check = _layout.check
