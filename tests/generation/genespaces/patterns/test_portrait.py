"""Portraits of Patterns: forms, colours and surfaces that are in the genes, and distances that mean
something.
"""

import numpy as np
import pytest

from generation.breeding import sample
from generation.genespaces.patterns.layout import FOLDS, LAYOUT, pack, unpack
from generation.genespaces.patterns.portrait import FAMILIES, difference, portray, to_oklab
from generation.genespaces.patterns.sliders import edit
from generation.refusal import Refused


@pytest.fixture(scope="module")
def genes() -> np.ndarray:
    return sample("patterns", seed=3).genes


def with_parts(genes: np.ndarray, **parts) -> np.ndarray:
    return pack(unpack(genes) | parts)


@pytest.mark.parametrize(
    ("place", "form", "folds"),
    [
        (0, "plain", 0),
        (1, "mirror", 0),
        (2, "tile", 0),
        *[(3 + index, "fold", fold) for index, fold in enumerate(FOLDS)],
    ],
)
def test_the_form_is_the_strongest_symmetry(genes, place, form, folds):
    gate = np.zeros(LAYOUT["gate"][0])
    gate[place] = 1
    portrait = portray(with_parts(genes, gate=gate))
    assert (portrait.form, portrait.folds) == (form, folds)


@pytest.mark.parametrize(
    ("rgb", "family"),
    [
        ((1, 0, 0), "red"),
        ((1, 0.5, 0), "orange"),
        ((1, 1, 0), "yellow"),
        ((0, 0.8, 0), "green"),
        ((0, 0.8, 0.8), "teal"),
        ((0, 0, 1), "blue"),
        ((0.5, 0, 1), "violet"),
        ((1, 0, 0.8), "pink"),
    ],
)
def test_hue_families_hold_the_colours_of_their_names(rgb, family):
    _, a, b = to_oklab(np.array(rgb, dtype=float).reshape(3, 1))[:, 0]
    hue = np.degrees(np.arctan2(b, a)) % 360
    starts = list(FAMILIES.values())
    assert list(FAMILIES)[(np.searchsorted(starts, hue, side="right") - 1) % len(starts)] == family


def test_white_has_lightness_one_and_no_colour():
    assert to_oklab(np.ones((3, 1)))[:, 0] == pytest.approx([1, 0, 0], abs=1e-4)


def test_surfaces_are_told_from_their_genes(genes):
    bare = with_parts(genes, gloss=0.0, light=0.3, bands=0.0, line=0.0, emblem=0.0, iridescence=0.0)
    assert portray(bare).surface == ()
    dressed = with_parts(
        genes, gloss=0.5, light=0.9, bands=5.0, line=1.0, emblem=1.0, iridescence=0.5
    )
    assert set(portray(dressed).surface) >= {"glossy", "relief", "banded", "lined", "iridescent"}


def test_lightness_follows_the_slider(genes):
    darker, same, lighter = (
        portray(edit(genes, "lightness", amount)).lightness for amount in (-0.8, 0, 0.8)
    )
    assert darker < same < lighter


def test_alike_pictures_are_nearer_than_others(genes):
    here, near = portray(genes), portray(edit(genes, "hue", 0.05))
    assert difference(here, here) == 0
    others = [portray(sample("patterns", seed=seed).genes) for seed in range(10, 18)]
    assert all(difference(here, near) < difference(here, other) for other in others)
    assert all(
        difference(here, other) == pytest.approx(difference(other, here)) for other in others
    )


def test_genes_of_another_species_are_refused():
    with pytest.raises(Refused, match="don't belong to the Patterns species"):
        portray(np.zeros(7, np.float32))
