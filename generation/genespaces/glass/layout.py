"""The place of every gene of the Glass species in its vector of float32, and its group.

All genes but the colours are scores: any number is fit, and the plan squeezes it into its range.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.layout import Layout
from generation.genespaces.units import PALETTE
from generation.words import word

ORDERS = ("rose6", "rose8", "rose12", "sunflower", "grid", "bricks", "rays", "shards", "columns")
DISCS = ("disc1", "disc2", "disc3", "disc4")
HILLS = ("hill1", "hill2")
# Unit -> names of its genes. A unit is what a crossover inherits whole.
NAMES: dict[str, tuple[str, ...]] = {
    "order": ORDERS,
    "spread": ("zoom", "jitter", "sizes", "stretch", "lean", "swirl", "x", "y"),
    "bend": ("amount", "length", "phase", "phase2"),
    "gaps": ("amount", "round", "phase"),
    **dict.fromkeys(DISCS, ("x", "y", "size", "tone", "whole")),
    **dict.fromkeys(HILLS, ("height", "swing", "length", "phase", "tone")),
    "tones": ("start", "radius", "height", "petals4", "petals6", "waves", "luck", "accents"),
    "glass": ("glow", "bevel", "streaks", "turn", "ripple", "cloud"),
    "lead": ("width", "corner", "shine"),
    "light": ("x", "y", "strength", "shadow"),
}
_GROUP_OF = {
    "order": "cells",
    "spread": "cells",
    "bend": "cells",
    "gaps": "gaps",
    **dict.fromkeys((*DISCS, *HILLS), "shapes"),
    "tones": "tones",
    "glass": "glass",
    "lead": "lead",
    "light": "light",
}
# OKLab: the colours of the glass, from one end of the tones to the other, the lead and the wall.
RAMP = 6
COLOURS = RAMP + 2

GROUPS = (
    GeneGroup("cells", word("Cells")),
    GeneGroup("gaps", word("Gaps")),
    GeneGroup("shapes", word("Shapes")),
    GeneGroup("tones", word("Tones")),
    GeneGroup("palette", word("Colour")),
    GeneGroup("glass", word("Glass")),
    GeneGroup("lead", word("Lead")),
    GeneGroup("light", word("Light")),
)

LAYOUT = Layout(
    "Glass",
    {
        **{unit: ((len(names),), _GROUP_OF[unit]) for unit, names in NAMES.items()},
        PALETTE: ((COLOURS, 3), "palette"),
    },
    GROUPS,
)
PLACES, SIZE, GROUP_PLACES = LAYOUT.places, LAYOUT.size, LAYOUT.groups
take_group = LAYOUT.take_group
unpack, pack = LAYOUT.unpack, LAYOUT.pack


def place_of(unit: str, name: str) -> int:
    """Where one gene stands in the vector."""
    return PLACES[unit].start + NAMES[unit].index(name)
