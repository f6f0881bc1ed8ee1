"""The gene space of Sculptures: what every operator promises, for any parents and settings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from generation.genespaces.sculptures.field import NUMPY
from generation.genespaces.sculptures.layout import GROUP_PLACES, MATERIALS, PLACES, SIZE
from generation.genespaces.sculptures.plan import read_plan
from generation.genespaces.sculptures.sampling import LOOSE, draw_genes, looseness, score
from generation.genespaces.sculptures.space import SculpturesSpace
from generation.genespaces.sculptures.tracing import scene_of
from generation.refusal import Refused
from tests.generation.genespaces.families import families_of

SPACE = SculpturesSpace()
POOL = [draw_genes(np.random.default_rng(seed)) for seed in range(12)]
SLIDERS = [slider.key for slider in SPACE.sliders]

seeds = st.integers(0, 2**32)


def is_sound(genes: np.ndarray) -> bool:
    return genes.shape == (SIZE,) and genes.dtype == np.float32 and bool(np.isfinite(genes).all())


def test_the_vector_has_68_genes_and_every_gene_one_group():
    assert SIZE == SPACE.size == 68
    assert sorted(np.concatenate(list(GROUP_PLACES.values()))) == list(range(SIZE))
    assert {slider.group for slider in SPACE.sliders} <= set(GROUP_PLACES)


def test_a_blend_of_two_keeps_more_spread_than_their_mean():
    mean = (POOL[0] + POOL[1]) / 2
    child = SPACE.blend(POOL[:2], [0.5, 0.5])
    assert 1.1 < np.linalg.norm(child) / np.linalg.norm(mean) < 1.4


@given(families_of(POOL), seeds)
@settings(max_examples=30, deadline=None)
def test_a_crossover_takes_every_fold_part_and_light_whole(family, seed):
    parents, weights = family
    child = SPACE.crossover(parents, weights, np.random.default_rng(seed))
    assert is_sound(child)
    for place in PLACES.values():
        assert any(np.array_equal(child[place], parent[place]) for parent in parents)


def test_a_higher_rate_leads_further_away_on_one_path_and_rate_zero_nowhere():
    def mutant(rate: float, seed: int) -> np.ndarray:
        return SPACE.mutate(POOL[0], rate, np.random.default_rng(seed))

    def distance(rate: float) -> float:
        return float(np.mean([np.linalg.norm(mutant(rate, seed) - POOL[0]) for seed in range(8)]))

    assert np.array_equal(mutant(0, 1), POOL[0])
    distances = [distance(rate) for rate in (0.02, 0.08, 0.2, 0.4, 0.8)]
    assert distances == sorted(distances)
    path = [mutant(rate, 5) for rate in np.linspace(0, 1, 201)]
    assert max(np.linalg.norm(b - a) for a, b in zip(path, path[1:], strict=False)) < 1.2


def test_from_version_4_on_a_sculpture_in_pieces_is_joined_and_others_are_as_they_were():
    for genes, is_apart in ((POOL[6], True), (POOL[0], False)):
        first, third, fourth = (
            SPACE.mutate(genes, 0.02, np.random.default_rng(3), version=version)
            for version in (1, 3, 4)
        )
        assert np.array_equal(first, third) and np.array_equal(first, fourth) != is_apart
        assert (looseness(first) > LOOSE) == is_apart and looseness(fourth) <= LOOSE


def test_fifty_mutations_stay_in_range():
    rng, genes = np.random.default_rng(3), POOL[0]
    for _ in range(50):
        genes = SPACE.mutate(genes, 0.6, rng)
    assert is_sound(genes) and np.abs(genes).max() <= max(3.0, float(np.abs(POOL[0]).max()))


@pytest.mark.parametrize("slider", SLIDERS)
def test_a_slider_at_zero_changes_nothing_and_moves_the_plan_elsewhere(slider: str):
    for genes in POOL[:4]:
        assert np.array_equal(SPACE.edit(genes, slider, 0), genes)
        plans = {amount: read_plan(SPACE.edit(genes, slider, amount)) for amount in (-1, 0, 1)}
        assert plans[0] == read_plan(genes)
        assert {plans[-1], plans[1]} != {plans[0]}  # Some are at one end already.


@pytest.mark.parametrize("material", MATERIALS)
def test_a_chosen_material_is_the_chief_one_and_choosing_it_again_changes_nothing(material: str):
    for genes in POOL[:4]:
        changed = SPACE.choose(genes, "material", material)
        assert SPACE.chosen(changed, "material") == material
        assert np.argmax(read_plan(changed).materials) == MATERIALS.index(material)
        assert np.array_equal(SPACE.choose(changed, "material", material), changed)
        assert sorted(changed) == sorted(genes)


def test_unknown_choices_and_materials_are_refused():
    with pytest.raises(Refused, match="no gene choice “kind”"):
        SPACE.chosen(POOL[0], "kind")
    with pytest.raises(Refused, match="no material “butter”"):
        SPACE.choose(POOL[0], "material", "butter")


def test_a_sample_follows_from_its_generator_beats_a_plain_draw_and_is_in_one_piece():
    one, two = (SPACE.sample(np.random.default_rng(5)) for _ in range(2))
    assert is_sound(one) and np.array_equal(one, two)
    assert score(one) > np.median([score(genes) for genes in POOL[:6]])
    scene = scene_of(one, NUMPY)
    edge = np.linspace(-1, 1, 40, dtype=np.float32) * scene.frame.radius
    p = np.stack([axis.ravel() for axis in np.meshgrid(edge, edge, edge)])
    inside = scene.distance(p + np.array(scene.frame.centre, np.float32)[:, None]) < 0.01
    pieces, _ = label(inside.reshape(40, 40, 40))
    assert np.bincount(pieces.ravel())[1:].max() > 0.97 * inside.sum()
