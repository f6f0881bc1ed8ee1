"""What is planted in the demo garden: its gardeners, and how many works of each species, from which
broods. Data only.
"""

from dataclasses import dataclass

from gallery.models import Licence
from generation.finishing.steps import PALETTES, Finishing


@dataclass(frozen=True)
class Gardener:
    """A person of the demo garden. taste: forms, tones and surfaces they like; licences: theirs,
    most used first.
    """

    username: str
    name: str
    bio: str
    taste: tuple[str, ...]
    licences: tuple[Licence, ...]


GARDENERS = (
    Gardener(
        "marlow",
        "Ines Marlow",
        "Rosettes and enamel. I keep whatever could be a brooch.",
        ("fold", "glossy", "emblem"),
        (Licence.CC_BY, Licence.CC0),
    ),
    Gardener(
        "kestrel",
        "Kestrel",
        "Currents, smoke, dunes. Symmetry makes me restless.",
        ("plain", "velvet", "iridescent"),
        (Licence.CC0,),
    ),
    Gardener(
        "juniper",
        "Juniper Hale",
        "I weave. Everything here repeats without a seam and would like to be cloth.",
        ("tile", "lined", "banded"),
        (Licence.CC_BY, Licence.CC_BY_SA),
    ),
    Gardener(
        "brook",
        "Halden Brook",
        "Faces, moths and masks: the eye finds them wherever left meets right.",
        ("mirror", "relief", "dark"),
        (Licence.CC0, Licence.CC0, Licence.CC_BY),
    ),
    Gardener(
        "saffi",
        "Saffi Linden",
        "Pale colours, early mornings, a lot of peach.",
        ("light", "fold", "iridescent"),
        (Licence.CC_BY_NC, Licence.CC_BY_NC, Licence.CC_BY),
    ),
    Gardener(
        "umbra",
        "Umbra",
        "Night garden. Neon, ink, stained glass.",
        ("dark", "lined", "fold"),
        (Licence.CC0, Licence.CC_BY_SA),
    ),
)


@dataclass(frozen=True)
class Bed:
    """The works of one species.

    founders: fresh seeds. broods: works of each later generation. seeds, matches: looked at for one
    work. finished: the share of bred works that get one of `finishings` on top of what the species
    always gets. psi: how close to the typical they stay.
    """

    species: str
    founders: int
    broods: tuple[int, ...]
    seeds: int = 12
    matches: int = 2
    finished: float = 0.0
    finishings: tuple[Finishing, ...] = ()
    psi: float | None = None

    @property
    def works(self) -> int:
        return self.founders + sum(self.broods)


def _inks(dark: str, light: str) -> Finishing:
    return (("duotone", {"dark": dark, "light": light}),)


def _palette(name: str) -> Finishing:
    return (("palette", {"colours": list(PALETTES[name])}),)


def _style(name: str, *, colours: str = "style") -> Finishing:
    return (("style", {"style": name, "colours": colours}),)


def _cloth(layout: str, count: int) -> Finishing:
    return (("pattern", {"layout": layout, "count": count}),)


_PRINTS = (
    _palette("riso"),
    _palette("dusk"),
    _inks("#1b2a49", "#f6ead2"),
    _inks("#5a1a3b", "#ffd9c7"),
)
BEDS = (
    Bed("patterns", 14, (8, 7, 5, 4, 3), seeds=24, matches=3, finished=0.12, finishings=_PRINTS),
    Bed(
        "people",
        14,
        (9, 7, 4),
        finished=0.35,
        finishings=(
            *_PRINTS,
            _palette("bauhaus"),
            _palette("blossom"),
            _palette("desert"),
            _style("woodcut"),
            _style("candy", colours="own"),
            _cloth("brick", 4),
        ),
    ),
    Bed(
        "garments",
        12,
        (8, 6, 4),
        matches=1,
        finished=0.4,
        finishings=(
            _cloth("half-drop", 4),
            _cloth("brick", 4),
            _palette("sea"),
            _palette("riso"),
            _inks("#13241c", "#f2ead2"),
            _cloth("half-drop", 6),
        ),
    ),
    Bed(
        "creatures",
        12,
        (8, 6, 4),
        finished=0.4,
        finishings=(
            _cloth("half-drop", 4),
            _cloth("half-drop", 6),
            _cloth("brick", 6),
            _palette("dusk"),
            _palette("forest"),
            _inks("#2b1055", "#f7d9a3"),
        ),
    ),
    Bed(
        "things",
        14,
        (6, 4, 3),
        finished=0.4,
        finishings=(
            _cloth("half-drop", 4),
            _cloth("brick", 6),
            _palette("riso"),
            _palette("blossom"),
            _inks("#0b3d4a", "#ffe9c9"),
            _style("candy", colours="own"),
        ),
    ),
)
