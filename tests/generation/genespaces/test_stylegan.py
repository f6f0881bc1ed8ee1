"""The gene space of imported networks, on a small made-up one."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from generation.checkpoints import Checkpoint
from generation.genespaces.stylegan import StyleGanSpace, stylegan_space
from generation.refusal import Refused

LAYERS, W_DIM, Z_DIM, CLASSES = 6, 5, 4, 3
GROUPS = [
    {"key": "shape", "label": "Shape", "layers": [0, 1]},
    {"key": "features", "label": "Features", "layers": [2, 3]},
    {"key": "colour", "label": "Colour and detail", "layers": [4, 5]},
]
SLIDER = {"key": "warmth", "label": "Warmth", "group": "colour"}
SLIDER |= {"low_label": "cooler", "high_label": "warmer"}


def write(folder: Path, **changes: Any) -> Checkpoint:
    """A checkpoint with three classes. changes: tensors to replace; None leaves one out."""
    rng = np.random.default_rng(0)
    direction = np.zeros(W_DIM)
    direction[2] = 0.5
    tensors = {
        "average": np.full(W_DIM, 0.3),
        "embedding.weight": rng.standard_normal((W_DIM, CLASSES)),
        "embedding.bias": np.zeros(W_DIM),
        "layers.0.weight": rng.standard_normal((W_DIM, Z_DIM + W_DIM)) / 3,
        "layers.0.bias": np.zeros(W_DIM),
        "centres": 4 * np.eye(CLASSES, W_DIM),
        "slider.warmth": direction,
    }
    tensors = {
        name: value.astype(np.float32)
        for name, value in (tensors | changes).items()
        if value is not None
    }
    save_file(tensors, folder / "mapping.safetensors")
    card = {
        "net": {"num_ws": LAYERS, "w_dim": W_DIM},
        "sampling": {"psi": 0.7},
        "gene_groups": GROUPS,
        "sliders": [SLIDER],
        "kinds": ["cat", "wild dog", "fox"],
    }
    (folder / "card.json").write_text(json.dumps(card))
    return Checkpoint("toy", folder, card, "d" * 64)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> StyleGanSpace:
    return stylegan_space(write(tmp_path_factory.mktemp("toy")))


@pytest.fixture(scope="module")
def parents(space: StyleGanSpace) -> list[np.ndarray]:
    return [space.sample(np.random.default_rng(seed)) for seed in range(3)]


def test_samples_follow_from_the_seed_and_have_one_w_in_all_layers(space, parents):
    assert np.array_equal(parents[0], space.sample(np.random.default_rng(0)))
    assert not np.array_equal(parents[0], parents[1])
    for genes in parents:
        assert genes.dtype == np.float32 and genes.shape == (space.size,) == (LAYERS * W_DIM,)
        assert (genes.reshape(LAYERS, W_DIM) == genes[:W_DIM]).all()


def test_a_blend_is_linear_and_a_weight_of_one_gives_the_parent(space, parents):
    for version in (1, 2):
        assert np.array_equal(space.blend(parents, [0, 1, 0], version=version), parents[1])
        middle = space.blend(parents, [0.25, 0.25, 0.5], version=version)
        assert np.allclose(middle, parents[0] / 4 + parents[1] / 4 + parents[2] / 2, atol=1e-6)


def test_crossover_takes_whole_groups_from_at_least_two_parents(space, parents):
    seen = set()
    for seed in range(30):
        child = space.crossover(parents, [0.6, 0.4, 0], np.random.default_rng(seed))
        sources = tuple(
            next(
                index
                for index in (0, 1)
                if np.array_equal(part(child, group), part(parents[index], group))
            )
            for group in GROUPS
        )
        assert len(set(sources)) == 2
        seen.add(sources)
    assert len(seen) > 3


def part(genes: np.ndarray, group: dict[str, Any]) -> np.ndarray:
    return genes.reshape(LAYERS, W_DIM)[group["layers"]]


def test_a_group_can_come_from_another_parent(space, parents):
    child = space.take_group(parents[0], parents[1], "features")
    assert np.array_equal(part(child, GROUPS[1]), part(parents[1], GROUPS[1]))
    for group in (GROUPS[0], GROUPS[2]):
        assert np.array_equal(part(child, group), part(parents[0], group))


def test_a_mutation_goes_further_with_its_rate_and_not_at_all_at_none(space, parents):
    gaps = [
        np.abs(space.mutate(parents[0], rate, np.random.default_rng(5)) - parents[0]).mean()
        for rate in (0, 0.08, 0.2, 0.4, 1)
    ]
    assert gaps[0] == 0 and sorted(set(gaps)) == gaps


def test_a_slider_moves_the_layers_of_its_group_alone(space, parents):
    assert np.array_equal(space.edit(parents[0], "warmth", 0), parents[0])
    change = (space.edit(parents[0], "warmth", -0.5) - parents[0]).reshape(LAYERS, W_DIM)
    expected = np.zeros((LAYERS, W_DIM))
    expected[4:, 2] = -0.5 * 2 * 0.5
    assert np.allclose(change, expected, atol=1e-6)


def test_a_work_becomes_another_class_and_says_so(space, parents):
    (choice,) = space.choices
    assert [value for value, _ in choice.options] == ["cat", "wild-dog", "fox"]
    # One that is so far out that the difference of the centres alone would not be enough.
    far = np.tile(np.array([40, 0, 0, 1, 2], np.float32), LAYERS)
    for genes in (*parents, far):
        assert np.array_equal(space.choose(genes, "kind", space.chosen(genes, "kind")), genes)
        for value, _ in choice.options:
            assert space.chosen(space.choose(genes, "kind", value), "kind") == value


def test_psi_leads_to_the_average_work(space, parents):
    assert np.array_equal(space.truncate(parents[0], 1), parents[0])
    assert np.allclose(space.truncate(parents[0], 0), 0.3)
    assert np.allclose(space.truncate(parents[0], 0.5), (parents[0] + 0.3) / 2, atol=1e-6)


def test_genes_of_another_length_are_refused(space):
    with pytest.raises(Refused, match="don't belong to this species: it has 30 of them, not 8"):
        space.truncate(np.zeros(8, np.float32), 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"average": None},
        {"centres": None},
        {"slider.warmth": None},
        {"slider.warmth": np.zeros(3)},
        {"layers.0.bias": np.array([np.nan] * W_DIM)},
        {"layers.0.weight": np.zeros((W_DIM, 2))},
        {"average": np.zeros(W_DIM + 1)},
    ],
    ids=str,
)
def test_a_mapping_network_that_does_not_fit_its_card_is_refused(tmp_path: Path, changes):
    with pytest.raises(Refused, match="unavailable: its mapping network is missing or does not"):
        stylegan_space(write(tmp_path, **changes))


def test_a_missing_or_damaged_mapping_network_is_refused(tmp_path: Path):
    checkpoint = write(tmp_path)
    for damage in (lambda path: path.write_bytes(b"no tensors"), lambda path: path.unlink()):
        damage(tmp_path / "mapping.safetensors")
        with pytest.raises(Refused, match="unavailable"):
            stylegan_space(checkpoint)
