"""Garments in cloth: bred with each other, and with older ones that have none."""

from typing import cast

import numpy as np
import pytest

from generation.checkpoints import find
from generation.genespaces import learnt_space
from generation.genespaces.cloth import operators
from generation.genespaces.cloth.layout import PLACES, SIZE, TEXTILES, WORN
from generation.genespaces.cloth.plan import read_plan
from generation.genespaces.cloth.sliders import DYED
from generation.genespaces.cloth.space import ClothedSpace
from generation.genespaces.latent import latent_space
from generation.refusal import Refused

FORM = latent_space(find("garments"))
SPACE = cast(ClothedSpace, learnt_space(find("garments")))
CUT = len(FORM.sample(np.random.default_rng(0)))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


OLD = [SPACE.sample(rng(seed), version=3) for seed in range(3)]
NEW = [SPACE.sample(rng(seed), version=4) for seed in range(10, 16)]
THREE = (0.5, 0.3, 0.2)
CLOTH_SLIDERS = [one.key for one in SPACE.sliders if one not in FORM.sliders]


def test_works_without_cloth_are_bred_as_they_always_were():
    assert all(np.array_equal(OLD[seed], FORM.sample(rng(seed))) for seed in range(3))
    pairs = [
        (SPACE.blend(OLD, THREE, version=version), FORM.blend(OLD, THREE, version=version))
        for version in (1, 2, 3, 4)
    ]
    pairs.append((SPACE.crossover(OLD, THREE, rng(1)), FORM.crossover(OLD, THREE, rng(1))))
    pairs.append((SPACE.mutate(OLD[0], 0.4, rng(1)), FORM.mutate(OLD[0], 0.4, rng(1))))
    pairs += [
        (SPACE.take_group(*OLD[:2], group.key), FORM.take_group(*OLD[:2], group.key))
        for group in FORM.groups
    ]
    pairs += [
        (SPACE.edit(OLD[0], one.key, 0.6), FORM.edit(OLD[0], one.key, 0.6)) for one in FORM.sliders
    ]
    pairs.append((SPACE.choose(OLD[0], "kind", "bag"), FORM.choose(OLD[0], "kind", "bag")))
    pairs.append((SPACE.truncate(OLD[0], 0.7), FORM.truncate(OLD[0], 0.7)))
    for found, expected in pairs:
        assert found.tobytes() == expected.tobytes()


def test_founders_of_version_4_wear_cloth_that_can_be_told_from_its_backdrop():
    for seed in range(60):
        genes = SPACE.sample(rng(seed), version=4)
        assert genes.shape == (SPACE.size,) and genes[CUT + WORN] == 1
        cloth = read_plan(genes[CUT:])
        assert cloth.light[0] - cloth.dark[0] > 0.29
        share = cloth.weave["balance"]
        woven = (1 - share) * cloth.dark[0] + share * cloth.light[0]
        is_plain = SPACE.chosen(genes, "textile") == "plain"
        assert cloth.backdrop[0] - (cloth.accent[0] if is_plain else woven) > 0.13
    textiles = {SPACE.chosen(SPACE.sample(rng(seed), version=4), "textile") for seed in range(60)}
    assert textiles == set(TEXTILES)


@pytest.mark.parametrize("parents", [NEW[:2], NEW[:3], NEW[:4], [OLD[0], *NEW[:3]]], ids=len)
def test_a_blend_has_exact_corners_and_no_order(parents):
    weights = np.arange(1, len(parents) + 1) / sum(range(1, len(parents) + 1))
    child = SPACE.blend(parents, weights, version=4)
    turned = SPACE.blend(parents[::-1], weights[::-1], version=4)
    assert child.tobytes() == turned.tobytes()
    for place, parent in enumerate(parents):
        corner = np.eye(len(parents))[place]
        assert SPACE.blend(parents, corner, version=4).tobytes() == parent.tobytes()


@pytest.mark.parametrize("parents", [NEW[:2], NEW[2:4], [OLD[0], NEW[0]]], ids=["a", "b", "old"])
def test_what_is_worn_changes_without_jumps(parents):
    """Every number of the plan, and every share of a textile, in many steps between parents."""
    cloths = [SPACE.split(parent)[1] for parent in parents]
    seen = []
    for way in np.linspace(0.001, 0.999, 800):
        blended = operators.blend(cloths, np.array([1 - way, way]))
        assert blended is not None
        cloth = read_plan(blended)
        textiles = dict(cloth.textiles)
        seen.append(
            [
                cloth.worn,
                *(textiles.get(name, 0.0) for name in TEXTILES),
                *cloth.weave.values(),
                *np.concatenate([cloth.dark, cloth.light, cloth.accent, cloth.backdrop]),
            ]
        )
    assert np.abs(np.diff(seen, axis=0)).max() < 0.06


def test_a_blend_with_an_older_work_fades_to_its_dye_in_the_colours_of_the_other():
    child = SPACE.blend([OLD[0], NEW[0]], (0.75, 0.25), version=4)
    assert child[CUT + WORN] == pytest.approx(0.25)
    kept = [place for place in range(SIZE) if place != WORN]
    assert np.array_equal(child[CUT:][kept], NEW[0][CUT:][kept])


def test_half_way_one_textile_shows_nearly_alone():
    pairs = [(NEW[a], NEW[b]) for a in range(6) for b in range(a)]
    shares = [
        max(share for _, share in read_plan(SPACE.blend(pair, (0.5, 0.5))[CUT:]).textiles)
        for pair in pairs
    ]
    assert np.median(shares) == 1 and np.mean(np.array(shares) > 0.9) > 0.7


def test_a_crossover_takes_the_cloth_as_one():
    cloths = {parent[CUT:][: PLACES["backdrop"].start].tobytes() for parent in NEW[:2]}
    found = [SPACE.crossover(NEW[:2], (0.5, 0.5), rng(seed)) for seed in range(12)]
    assert {child[CUT:][: PLACES["backdrop"].start].tobytes() for child in found} == cloths
    with_old = [SPACE.crossover([OLD[0], NEW[0]], (0.5, 0.5), rng(seed)) for seed in range(12)]
    assert {len(child) for child in with_old} == {CUT, SPACE.size}


def test_the_cut_of_one_and_the_cloth_of_another():
    first, second = NEW[:2]
    child = SPACE.take_group(first, second, "cloth")
    assert np.array_equal(child[:CUT], FORM.take_group(first[:CUT], second[:CUT], "cloth"))
    backdrop = PLACES["backdrop"]
    assert np.array_equal(child[CUT:][: backdrop.start], second[CUT:][: backdrop.start])
    assert np.array_equal(child[CUT:][backdrop], first[CUT:][backdrop])
    assert np.array_equal(SPACE.take_group(first, second, "cut")[CUT:], first[CUT:])
    assert np.array_equal(SPACE.take_group(OLD[0], second, "cloth")[CUT:], second[CUT:])
    assert len(SPACE.take_group(first, OLD[0], "cloth")) == CUT


def test_mutation_follows_one_path_and_strangers_come_late():
    near, far = (SPACE.mutate(NEW[0], rate, rng(3)) for rate in (0.01, 0.02))
    moved, moved_on = near[CUT:] - NEW[0][CUT:], far[CUT:] - NEW[0][CUT:]
    assert 0 < np.abs(moved).max() < 0.1 and moved @ moved_on > 0
    assert np.array_equal(SPACE.mutate(NEW[0], 0, rng(3)), NEW[0])
    textiles = {SPACE.chosen(SPACE.mutate(NEW[0], 0.9, rng(seed)), "textile") for seed in range(20)}
    assert len(textiles) > 4


@pytest.mark.parametrize("slider", CLOTH_SLIDERS)
def test_a_slider_of_cloth_changes_the_cloth_alone_and_dresses_who_has_none(slider: str):
    for amount in (-1.0, 1.0):
        edited = SPACE.edit(NEW[0], slider, amount)
        assert np.array_equal(edited[:CUT], NEW[0][:CUT])
        assert not np.allclose(edited[CUT:], NEW[0][CUT:])
        dressed = SPACE.edit(OLD[0], slider, amount)
        assert np.array_equal(dressed[:CUT], OLD[0]) and dressed[CUT + WORN] == 1
    assert SPACE.edit(OLD[0], slider, 0.01)[CUT + WORN] == pytest.approx(0.04)
    assert np.array_equal(SPACE.edit(OLD[0], slider, 0), OLD[0])


def test_dyes_of_the_net_dye_the_cloth_as_far_as_it_covers():
    dyed = SPACE.edit(NEW[0], "cut-warmth", 1.0)
    assert np.array_equal(dyed[:CUT], NEW[0][:CUT])
    assert (read_plan(dyed[CUT:]).accent != read_plan(NEW[0][CUT:]).accent).any()
    bare = NEW[0].copy()
    bare[CUT + WORN] = 0
    assert np.array_equal(
        SPACE.edit(bare, "cut-warmth", 1.0)[:CUT], FORM.edit(bare[:CUT], "cut-warmth", 1.0)
    )


def test_a_textile_is_chosen_and_taken_off_again():
    for genes in (OLD[0], NEW[0]):
        for value, _ in SPACE.choices[-1].options:
            chosen = SPACE.choose(genes, "textile", value)
            assert SPACE.chosen(chosen, "textile") == value
            assert np.array_equal(SPACE.choose(chosen, "textile", value), chosen)
            assert np.array_equal(chosen[:CUT], genes[:CUT])
    assert SPACE.chosen(OLD[0], "textile") == DYED


def test_looks_are_of_one_length_and_tell_cloths_apart():
    other = np.concatenate([NEW[0][:CUT], NEW[1][CUT:]])
    looks = [SPACE.look(genes) for genes in (NEW[0], other, OLD[0])]
    assert len({len(look) for look in looks}) == 1
    assert np.linalg.norm(looks[0] - looks[1]) > 0.3


def test_genes_of_another_length_are_refused():
    with pytest.raises(Refused, match="don't belong to the Garments species"):
        SPACE.split(NEW[0][:-1])
