"""Names of colours."""

import pytest

from gallery.discovery.colours import NAMES, SWATCHES, name_of, to_oklch
from gallery.models import Artwork


@pytest.mark.parametrize(
    ("accent", "name"),
    [
        ("#ff0000", "red"),
        ("#ffa500", "orange"),
        ("#6b4423", "brown"),
        ("#ffdd00", "yellow"),
        ("#23744a", "green"),
        ("#008080", "teal"),
        ("#1e40ff", "blue"),
        ("#8000c0", "violet"),
        ("#ff69b4", "pink"),
        ("#ffffff", "white"),
        ("#808080", "grey"),
        ("#000000", "black"),
        ("#0e1210", "black"),
        ("#8A8F86", "grey"),
    ],
)
def test_colours_have_the_names_that_people_use(accent: str, name: str):
    assert name_of(accent) == name


@pytest.mark.parametrize("accent", ["", "red", "#12345", "#gggggg", "#123456; x", "#１２３４５６"])
def test_what_is_no_colour_has_no_name(accent: str):
    assert name_of(accent) == ""


def test_every_swatch_bears_its_own_name():
    assert {name: name_of(swatch) for name, swatch in SWATCHES.items()} == {
        name: name for name in NAMES
    }


def test_names_fit_the_column():
    assert max(map(len, NAMES)) <= Artwork._meta.get_field("colour").max_length


def test_lightness_chroma_and_hue_are_those_of_the_source():
    lightness, chroma, hue = to_oklch("#ff0000")
    assert (round(lightness, 3), round(chroma, 3), round(hue, 1)) == (0.628, 0.258, 29.2)
