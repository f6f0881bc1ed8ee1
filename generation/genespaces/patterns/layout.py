"""The place of every gene of the Patterns species in its vector of 1,633 float32, and its group.

The hidden neurons have a fixed activation each (see `formula`), so any two genomes can be mixed
neuron by neuron: the third sine of one picture always meets the third sine of the other.
"""

from generation.genespaces.base import GeneGroup
from generation.genespaces.layout import Layout
from generation.words import word

HIDDEN = 24
FEATURES = 9
OUTPUTS = 4
WARPS = 8
ANCHORS = 6
FOLDS = (3, 4, 5, 6, 8, 12)  # Mirror sectors of the kaleidoscopes.
PLAIN, MIRROR, TILE, FIRST_FOLD = 0, 1, 2, 3  # Places in the symmetry gate; the folds follow.

# Name -> (shape, gene group). The order is the order in the vector.
LAYOUT: dict[str, tuple[tuple[int, ...], str]] = {
    "gate": ((FIRST_FOLD + len(FOLDS),), "symmetry"),  # Soft choice between the symmetries.
    "repeats": ((), "symmetry"),  # How often a tile repeats across the picture, 1 to 4, soft.
    "twist": ((), "symmetry"),  # Spiral turn, radians per e-fold of the radius.
    "view": ((4,), "symmetry"),  # Scale, rotation (radians), offset x, offset y.
    "warp": ((WARPS, 6), "warp"),  # Frequency x, y; phase; second phase; amplitude x, y.
    "w0": ((HIDDEN, FEATURES), "pattern"),
    "b0": ((HIDDEN,), "pattern"),
    "w1": ((HIDDEN, HIDDEN), "pattern"),
    "b1": ((HIDDEN,), "pattern"),
    "w2": ((HIDDEN, HIDDEN), "pattern"),
    "b2": ((HIDDEN,), "pattern"),
    "wo": ((OUTPUTS, HIDDEN), "pattern"),  # Outputs: colour, height, colour detail, accent.
    "palette": ((ANCHORS, 3), "palette"),  # OKLab anchors from dark to light.
    "phase": ((), "palette"),  # Mean place on the ramp: -.5 is the dark end, .5 the light one.
    "contrast": ((), "palette"),  # How far along the ramp the pattern reaches.
    "detail": ((), "palette"),  # How much the third output stirs the colour.
    "bands": ((), "palette"),  # Soft poster bands; below 2.5 they fade out.
    "accent": ((), "palette"),  # Extra chroma where the fourth output is high.
    "iridescence": ((), "palette"),  # How far the hue turns with the slope, as on pearl.
    "light": ((), "surface"),  # Strength of the relief.
    "light_angle": ((), "surface"),
    "gloss": ((), "surface"),  # Above zero highlights, below zero the rim light of velvet.
    "vignette": ((), "surface"),
    "line": ((), "surface"),  # Strength of lines along the bands, as of lead; none below .4.
    "line_width": ((), "surface"),  # 1 is a hundred and twenty-fifth of the picture.
    "emblem": ((), "surface"),  # 1 cuts the picture to a badge on a calm ground.
    "emblem_radius": ((), "surface"),
    "petals": ((), "surface"),  # Lobes of the badge's outline, soft.
    "petal_depth": ((), "surface"),
}

GROUPS = (
    GeneGroup("symmetry", word("Shape")),
    GeneGroup("warp", word("Flow")),
    GeneGroup("pattern", word("Pattern")),
    GeneGroup("palette", word("Colour")),
    GeneGroup("surface", word("Surface")),
)

_layout = Layout("Patterns", LAYOUT, GROUPS)
PLACES, SIZE, GROUP_PLACES = _layout.places, _layout.size, _layout.groups
take_group = _layout.take_group
unpack, pack = _layout.unpack, _layout.pack
