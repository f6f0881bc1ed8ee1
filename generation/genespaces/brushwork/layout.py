"""The place of every gene of the Brushwork species in its vector of float32, and its group.

All genes but the colours are scores: any number is fit, and the plan squeezes it into its range.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.layout import Layout
from generation.genespaces.units import PALETTE
from generation.words import word

# Unit -> names of its genes. A unit is what a crossover inherits whole.
_RIDGE = ("height", "swing", "length", "phase", "phase2", "blades")
_SWIRL = ("x", "y", "reach", "strength")
_MASS = ("x", "y", "size", "tall", "lean", "lobes", "tone", "grain", "eye", "shade")
RIDGES = ("ridge1", "ridge2", "ridge3")
SWIRLS = ("swirl1", "swirl2", "swirl3")
MASSES = tuple(f"mass{number}" for number in range(1, 11))
NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(RIDGES, _RIDGE),
    "water": ("amount", "level"),
    "disc": ("x", "y", "size", "halo"),
    "flow": ("angle", "wave", "length", "phase", "phase2", "phase3"),
    **dict.fromkeys(SWIRLS, _SWIRL),
    **dict.fromkeys(MASSES, _MASS),
    "light": ("side", "shadow", "glow"),
    "brush": ("width", "length", "streaks", "dryness", "relief", "disorder", "detail"),
    "mixing": ("variety", "accents"),
    "paper": ("margin", "grain", "bare"),
}
_GROUP_OF = {
    **dict.fromkeys((*RIDGES, "water", "disc"), "land"),
    **dict.fromkeys(MASSES, "figures"),
    **dict.fromkeys(("flow", *SWIRLS), "flow"),
    "light": "light",
    "brush": "brush",
    "mixing": "palette",
    "paper": "paper",
}
# The colours, OKLab: two of the sky, two of the land, two of the figures, the light, the paper.
COLOURS = ("top", "low", "far", "near", "figure", "figure2", "light", "paper")

GROUPS = (
    GeneGroup("land", word("Landscape")),
    GeneGroup("figures", word("Figures")),
    GeneGroup("flow", word("Flow")),
    GeneGroup("light", word("Light")),
    GeneGroup("palette", word("Colour")),
    GeneGroup("brush", word("Brush")),
    GeneGroup("paper", word("Paper")),
)

LAYOUT = Layout(
    "Brushwork",
    {
        **{unit: ((len(names),), _GROUP_OF[unit]) for unit, names in NAMES.items()},
        PALETTE: ((len(COLOURS), 3), "palette"),
    },
    GROUPS,
)
PLACES, SIZE, GROUP_PLACES = LAYOUT.places, LAYOUT.size, LAYOUT.groups
take_group = LAYOUT.take_group
unpack, pack = LAYOUT.unpack, LAYOUT.pack


def place_of(unit: str, name: str) -> int:
    """Where one gene stands in the vector."""
    return PLACES[unit].start + NAMES[unit].index(name)
