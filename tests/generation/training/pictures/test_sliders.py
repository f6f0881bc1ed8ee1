from dataclasses import dataclass

import numpy as np
import pytest

from generation.gene_statistics import fit_statistics
from generation.training.pictures.sliders import (
    PROPERTIES,
    Directions,
    choose,
    find_sliders,
    gene_groups,
    measure,
    name_sliders,
)

GENE_SIZE, GENES = 8, 5


@dataclass
class Config:
    n_genes: int = GENES


class DiscPainter:
    """Draws a disc: the first number is its size, the first one of the last gene its warmth."""

    config = Config()

    def decode(self, genes):
        y, x = np.mgrid[:32, :32] - 15.5
        radius = np.clip(8 + genes[:, 0], 2, 14)[:, None, None]
        warmth = np.clip(30 * genes[:, 4 * GENE_SIZE], -90, 90)
        # Of constant lightness.
        colour = np.stack([100 + warmth, 100 - 0.315 * warmth, 100 - warmth], 1)
        is_inside = (x**2 + y**2)[None] < radius**2
        return np.where(is_inside[..., None], colour[:, None, None], 230).astype(np.uint8)


def make_statistics():
    codes = (
        np.random.default_rng(0).standard_normal((400, GENES * GENE_SIZE)).astype(np.float32) * 0.2
    )
    codes[:, 0] *= 10
    codes[:, 4 * GENE_SIZE] *= 7
    return fit_statistics(codes, np.zeros(400), gene_size=GENE_SIZE, anchors=400)


def test_sliders_are_named_by_what_they_change():
    cards, tensors = find_sliders(DiscPainter(), make_statistics(), groups=gene_groups(GENES))
    by_group = {card["group"]: card for card in reversed(cards)}  # The strongest of each group.
    assert by_group["shape"]["key"].split("-", 1)[1] in ("fullness", "width", "length")
    assert by_group["colour"]["key"] in ("colour-warmth", "colour-green", "colour-vividness")
    assert "features" not in by_group
    assert set(tensors) == {f"slider.{card['key']}" for card in cards}
    assert all(card["effect"] >= 0.2 for card in cards)


def test_a_slider_moves_its_property_upwards_and_stays_in_its_group():
    cards, tensors = find_sliders(DiscPainter(), make_statistics(), groups=gene_groups(GENES))
    for card in cards:
        direction = tensors[f"slider.{card['key']}"]
        place = list(PROPERTIES).index(card["key"].split("-", 1)[1])
        before, after = (
            measure(DiscPainter().decode(sign * direction[None]))[place, 0] for sign in (-1, 1)
        )
        assert after > before
        genes = next(
            group["genes"] for group in gene_groups(GENES) if group["key"] == card["group"]
        )
        assert set(np.flatnonzero(direction) // GENE_SIZE) <= set(genes)


@pytest.mark.parametrize("count", [4, 5, 6])
def test_every_gene_belongs_to_one_group(count):
    genes = sorted(gene for group in gene_groups(count) for gene in group["genes"])
    assert genes == list(range(count))


def test_directions_and_properties_are_used_once_and_faint_ones_never():
    effects = np.array([[0.9, 0.8, 0.0], [-0.7, 0.1, 0.0], [0.0, 0.0, 0.15]])
    assert choose([effects]) == [[(0, 0)]]
    assert choose([np.array([[0.9, 0.8], [-0.7, 0.6]])]) == [[(0, 0), (1, 1)]]


def test_a_property_that_two_groups_move_names_a_slider_of_the_stronger_one():
    weak, strong = np.array([[0.5, 0.3], [0.4, 0.25]]), np.array([[0.9, 0.1], [0.1, 0.1]])
    assert choose([weak, strong]) == [[(0, 1)], [(0, 0)]]
    assert choose([strong, strong]) == [[(0, 0)], []]
    assert choose([]) == []


def test_no_two_sliders_of_a_species_have_one_name():
    # Every group moves every property, most of all the first ones.
    effects = np.linspace(0.9, 0.3, 8)[:, None] * np.linspace(1, 0.7, len(PROPERTIES))
    found = [Directions(group, np.eye(8), effects) for group in ("shape", "features", "colour")]
    cards, tensors = name_sliders(found)
    assert len(cards) == len(tensors) == 9
    assert len({card["label"] for card in cards}) == len(cards)


def test_properties_see_what_they_are_named_after():
    pictures = np.full((2, 32, 32, 3), 240, np.uint8)
    pictures[0, 4:14, 4:14] = (200, 40, 40)
    pictures[1, 12:30, 8:30] = (40, 40, 200)
    measured = dict(zip(PROPERTIES, measure(pictures), strict=True))
    assert measured["warmth"][0] > measured["warmth"][1]
    assert measured["fullness"][0] < measured["fullness"][1]
    assert measured["height"][0] < measured["height"][1]
    assert measured["side"][0] < measured["side"][1]
    assert measured["width"].tolist() == [10 / 32, 22 / 32]
