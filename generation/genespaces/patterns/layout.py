"""The place of every gene of the Patterns species in its vector of 1,642 float32, and its group.

The hidden neurons have a fixed activation each (see `formula`), so any two genomes can be mixed
neuron by neuron: the third sine of one picture always meets the third sine of the other. Older
works have 1,633 genes; what they lack is at rest in them, so they look as they always did.
"""

import numpy as np

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
# What a picture is made of, in the order of the material gate: see `materials`.
MATERIALS = ("silk", "paper", "line", "halftone", "stitch", "glass")
SILK = np.eye(len(MATERIALS), dtype=np.float32)[0]

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
    "order": ((), "symmetry"),  # 1 keeps one parent's symmetry in a blend; 0 mixes all of them.
    "material": ((len(MATERIALS),), "surface"),  # Soft choice between the materials.
    "grain": ((), "surface"),  # How fine dots, stitches, lines and panes are, 0 to 1.
    "edge": ((), "surface"),  # 1 gives poster bands hard edges instead of soft ones.
}
# The values of what older genes lack.
AT_REST = {"order": 0.0, "material": SILK, "grain": 0.5, "edge": 0.0}

GROUPS = (
    GeneGroup("symmetry", word("Shape")),
    GeneGroup("warp", word("Flow")),
    GeneGroup("pattern", word("Pattern")),
    GeneGroup("palette", word("Colour")),
    GeneGroup("surface", word("Surface")),
)

_layout = Layout("Patterns", LAYOUT, GROUPS, added=AT_REST)
PLACES, SIZE, GROUP_PLACES = _layout.places, _layout.size, _layout.groups
OLD_SIZE = _layout.old_size
unpack, pack, complete = _layout.unpack, _layout.pack, _layout.complete


def take_group(child: np.ndarray, parent: np.ndarray, group: str) -> np.ndarray:
    """The child with one gene group from the parent; two of the older kind have such a child."""
    taken = _layout.take_group(complete(child), complete(parent), group)
    return taken if SIZE in (len(child), len(parent)) else taken[:OLD_SIZE]
