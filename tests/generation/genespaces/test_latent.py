"""The gene space of learnt species, on a small made-up species whose codes are known."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generation.checkpoints import Checkpoint
from generation.gene_statistics import fit_statistics
from generation.genespaces.latent import LatentSpace, latent_space
from generation.refusal import Refused

GENES, GENE_SIZE = 4, 8
GROUPS = [
    {"key": "shape", "label": "Shape", "genes": [0, 1]},
    {"key": "colour", "label": "Colour", "genes": [2, 3]},
]
SLIDERS = [
    {
        "key": "warmth",
        "label": "Warmth",
        "group": "colour",
        "low_label": "cooler",
        "high_label": "warmer",
    }
]


def write(folder: Path, *, has_direction: bool = True) -> Checkpoint:
    rng = np.random.default_rng(0)
    codes = (rng.standard_normal((400, GENES * GENE_SIZE)) * 0.5 + 1).astype(np.float32)
    statistics = fit_statistics(codes, np.zeros(400, np.int64), gene_size=GENE_SIZE, anchors=200)
    direction = np.zeros(GENES * GENE_SIZE, np.float32)
    direction[-1] = 0.5
    tensors = statistics.to_tensors() | ({"slider.warmth": direction} if has_direction else {})
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "weights.safetensors")
    card = {
        "net": {"gene_size": GENE_SIZE},
        "sampling": {"neighbours": 8, "splits": [2]},
        "gene_groups": GROUPS,
        "sliders": SLIDERS,
    }
    (folder / "card.json").write_text(json.dumps(card))
    return Checkpoint("toy", folder, card, "d" * 64)


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> LatentSpace:
    return latent_space(write(tmp_path_factory.mktemp("toy")))


@pytest.fixture(scope="module")
def parents(space) -> list[np.ndarray]:
    return [space.sample(np.random.default_rng(seed)) for seed in range(3)]


def test_samples_follow_from_the_seed_and_lie_among_the_codes(space):
    one, again = (space.sample(np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one, again)
    many = np.stack([space.sample(np.random.default_rng(seed)) for seed in range(60)])
    assert many.shape == (60, GENES * GENE_SIZE)
    assert abs(many.mean() - 1) < 0.15


def test_the_ends_of_a_blend_are_the_parents(space, parents):
    assert np.array_equal(space.blend(parents, (0, 1, 0)), parents[1])


def test_a_blend_does_not_depend_on_the_order(space, parents):
    one = space.blend(parents, (0.2, 0.3, 0.5))
    other = space.blend(parents[::-1], (0.5, 0.3, 0.2))
    assert np.allclose(one, other, atol=1e-5)


def test_a_blend_moves_without_jumps(space, parents):
    path = np.stack([space.blend(parents[:2], (1 - t, t)) for t in np.linspace(0.01, 0.99, 99)])
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.max() < 0.25 * np.linalg.norm(parents[0] - parents[1])


def test_mutants_of_a_species_of_many_things_go_towards_one_that_is_drawn_as_founders_are(tmp_path):
    folder = write(tmp_path / "things").folder
    card = json.loads((folder / "card.json").read_text())
    card["sampling"] |= {"is_tidied_whole": True, "founder_splits": [1]}
    space = latent_space(Checkpoint("toy", folder, card, ""))
    work = space.sample(np.random.default_rng(0))
    for version in (1, 4):
        random = space.sample(np.random.default_rng(1), version=version)
        gaps = [
            np.linalg.norm(
                space.mutate(work, rate, np.random.default_rng(1), version=version) - work
            )
            for rate in (0.0, 0.05, 0.4)
        ]
        assert 0 == gaps[0] < gaps[1] < gaps[2]
        # WANDER_REACH of 0.8 at the full rate, then whole: a rate of 1.25 is there.
        there = space.mutate(work, 1.25, np.random.default_rng(1), version=version)
        assert np.allclose(there, random, atol=1e-6)
    assert not np.array_equal(
        space.sample(np.random.default_rng(1), version=1),
        space.sample(np.random.default_rng(1), version=4),
    )


def test_genes_of_a_whole_group_come_from_one_parent(tmp_path, parents):
    checkpoint = write(tmp_path / "whole")
    groups = [GROUPS[0], {**GROUPS[1], "genes": [0, 3], "is_whole": True}]
    checkpoint = Checkpoint(
        "toy", checkpoint.folder, {**checkpoint.card, "gene_groups": groups}, ""
    )
    whole = latent_space(checkpoint)
    mixtures = set()
    for seed in range(30):
        child = whole.crossover(parents[:2], (0.5, 0.5), np.random.default_rng(seed))
        genes = child.reshape(GENES, GENE_SIZE)
        first = parents[0].reshape(GENES, GENE_SIZE)
        came = tuple(np.array_equal(gene, other) for gene, other in zip(genes, first, strict=True))
        assert came[0] == came[3]
        mixtures.add(came)
    assert len(mixtures) == 6  # Three units of two parents, without the parents themselves.


def test_crossover_takes_whole_genes_and_from_more_than_one_parent(space, parents):
    for seed in range(40):
        child = space.crossover(parents[:2], (0.9, 0.1), np.random.default_rng(seed)).reshape(
            GENES, GENE_SIZE
        )
        given = [
            [
                np.array_equal(gene, parent.reshape(GENES, GENE_SIZE)[place])
                for parent in parents[:2]
            ]
            for place, gene in enumerate(child)
        ]
        assert all(any(row) for row in given)
        assert {row.index(True) for row in given} == {0, 1}


def test_a_group_comes_whole_from_its_parent(space, parents):
    child = space.take_group(parents[0], parents[1], "colour")
    half = 2 * GENE_SIZE
    assert np.array_equal(child[:half], parents[0][:half])
    assert np.array_equal(child[half:], parents[1][half:])


def test_mutation_grows_with_its_rate_and_keeps_the_spread(space, parents):
    def distance(rate: float) -> float:
        moved = [space.mutate(parents[0], rate, np.random.default_rng(seed)) for seed in range(30)]
        return float(np.mean([np.linalg.norm(one - parents[0]) for one in moved]))

    assert np.array_equal(space.mutate(parents[0], 0, np.random.default_rng(0)), parents[0])
    assert distance(0.08) < distance(0.2) < distance(0.8)
    far = np.stack(
        [space.mutate(parents[0], 1.0, np.random.default_rng(seed)) for seed in range(60)]
    )
    assert abs(far.mean() - 1) < 0.3 and far.std() < 1


def test_a_slider_moves_along_its_direction_both_ways(space, parents):
    up, down = (space.edit(parents[0], "warmth", amount) for amount in (1, -1))
    assert up[-1] - parents[0][-1] == pytest.approx(1.0)
    assert down[-1] - parents[0][-1] == pytest.approx(-1.0)
    assert np.array_equal(up[:-1], parents[0][:-1])
    assert np.array_equal(space.edit(parents[0], "warmth", 0), parents[0])


def test_a_group_of_genes_that_are_not_there_is_refused(tmp_path):
    checkpoint = write(tmp_path)
    checkpoint.card["gene_groups"] = [{**GROUPS[0], "genes": [0, 99]}]
    with pytest.raises(Refused, match="its group “shape” names genes that it has not; there are 4"):
        latent_space(checkpoint)


def test_kinds_that_are_fewer_than_the_anchors_are_refused(tmp_path):
    checkpoint = write(tmp_path)
    save_file({**load_file(checkpoint.weights), "kinds": np.zeros(5, np.uint8)}, checkpoint.weights)
    with pytest.raises(Refused, match=r"“kinds” have the shape \(5,\) instead of \(200,\)"):
        latent_space(checkpoint)


def test_weights_that_were_cut_are_refused(tmp_path):
    checkpoint = write(tmp_path)
    checkpoint.weights.write_bytes(checkpoint.weights.read_bytes()[:200])
    with pytest.raises(Refused, match="The species “toy” is unavailable"):
        latent_space(checkpoint)


def test_a_checkpoint_without_its_directions_is_refused(tmp_path):
    with pytest.raises(Refused, match="lacks 'slider.warmth'"):
        latent_space(write(tmp_path / "bare", has_direction=False))
