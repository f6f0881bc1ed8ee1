"""The genes of a garment's cloth, which follow those of its form in one vector of float32.

All of them but the colours are scores: any number is fit, and the plan squeezes it into its range.
Works from before there was cloth lack these genes; see `space`.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.layout import Layout
from generation.words import word

TEXTILES = (
    "plain",
    "stripes",
    "tartan",
    "dots",
    "herringbone",
    "houndstooth",
    "argyle",
    "flowers",
    "marbled",
)
# The colours, OKLab, of the cloth; the backdrop is a colour too.
COLOURS = ("dark", "light", "accent")
WEAVE = ("scale", "angle", "balance", "contrast", "accent", "drape", "sheen", "across", "down")
CLOTH, GROUND = "cloth", "ground"
PALETTE, BACKDROP = "palette", "backdrop"

GROUPS = (GeneGroup(CLOTH, word("Cloth")), GeneGroup(GROUND, word("Background")))
LAYOUT = Layout(
    "Garments",
    {
        # How much of the cloth shows over the colour that the net gave the garment, 0 to 1.
        "worn": ((), CLOTH),
        "textile": ((len(TEXTILES),), CLOTH),
        "weave": ((len(WEAVE),), CLOTH),
        PALETTE: ((len(COLOURS), 3), CLOTH),
        BACKDROP: ((3,), GROUND),
    },
    GROUPS,
)
PLACES, SIZE, GROUP_PLACES = LAYOUT.places, LAYOUT.size, LAYOUT.groups
unpack, pack = LAYOUT.unpack, LAYOUT.pack
WORN = PLACES["worn"].start


def place_of(name: str) -> int:
    """Where one number of the weave stands in the genes of the cloth."""
    return PLACES["weave"].start + WEAVE.index(name)
