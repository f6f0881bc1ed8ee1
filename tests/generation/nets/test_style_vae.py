import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generation.nets.style_vae import (
    DEFAULT_CHANNELS,
    Discriminator,
    Encoder,
    Generator,
    StyleVaeConfig,
    from_bytes,
    load,
    to_bytes,
)
from generation.refusal import Refused

TINY = StyleVaeConfig(channels=(16, 16, 12, 8))


def make_species(config=TINY, seed=0):
    torch.manual_seed(seed)
    return Generator(config).eval()


def make_genes(count, config=TINY, seed=0):
    return (
        np.random.default_rng(seed)
        .standard_normal((count, config.n_genes * config.gene_size))
        .astype(np.float32)
    )


@pytest.mark.parametrize("size", DEFAULT_CHANNELS)
def test_every_default_size_draws_pictures_of_that_size(size):
    config = StyleVaeConfig(channels=DEFAULT_CHANNELS[size])
    assert config.size == size
    assert make_species(config).decode(make_genes(2, config)).shape == (2, size, size, 3)


def test_the_same_genes_give_the_same_bytes():
    genes = make_genes(3)
    assert np.array_equal(make_species().decode(genes), make_species().decode(genes))


def test_a_picture_does_not_depend_on_its_batch():
    net, genes = make_species(), make_genes(5)
    together = net.decode(genes).astype(int)
    alone = np.concatenate([net.decode(genes[i : i + 1]) for i in range(5)]).astype(int)
    assert np.abs(together - alone).max() <= 1


def test_every_gene_changes_the_picture():
    net, genes = make_species(), make_genes(1)
    before = net.decode(genes).astype(int)
    for gene in range(TINY.n_genes):
        changed = genes.copy()
        changed[:, gene * 64 : (gene + 1) * 64] += 1
        assert np.abs(net.decode(changed) - before).max() > 2


def test_the_encoder_gives_a_mean_and_a_small_variance_for_every_gene():
    pictures = from_bytes(np.random.default_rng(0).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8))
    mean, log_variance = Encoder(TINY)(pictures)
    assert mean.shape == log_variance.shape == (4, 4, 64)
    assert log_variance.max() < 0


def test_the_discriminator_judges_patches():
    assert Discriminator()(torch.zeros(2, 3, 64, 64)).shape == (2, 1, 8, 8)


def test_bytes_survive_the_way_through_a_tensor():
    pictures = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 16, 16, 3)
    assert np.array_equal(to_bytes(from_bytes(pictures)), pictures)


def write_checkpoint(folder, net, *, card=None, **changed):
    tensors = {f"generator.{name}": value.half() for name, value in net.state_dict().items()}
    save_file({**tensors, **changed}, folder / "weights.safetensors")
    (folder / "card.json").write_text(json.dumps(card or {"net": net.config.to_json()}))


def test_a_checkpoint_folder_decodes_like_the_net_it_was_made_from(tmp_path):
    net = make_species()
    net.load_state_dict({name: value.half().float() for name, value in net.state_dict().items()})
    write_checkpoint(tmp_path, net)
    loaded = load(tmp_path)
    assert not loaded.training
    assert np.array_equal(loaded.decode(make_genes(3)), net.decode(make_genes(3)))


def test_weights_that_are_not_numbers_are_refused(tmp_path):
    net = make_species()
    bias = torch.zeros(16, dtype=torch.half)
    bias[3] = float("nan")
    write_checkpoint(tmp_path, net, **{"generator.layers.0.first.bias": bias})
    with pytest.raises(Refused, match=r"“layers\.0\.first\.bias” hold numbers that are not finite"):
        load(tmp_path)


def test_weights_of_another_shape_are_refused(tmp_path):
    net = make_species()
    write_checkpoint(tmp_path, net, **{"generator.layers.0.first.bias": torch.zeros(17)})
    with pytest.raises(Refused, match="do not have the shapes"):
        load(tmp_path)
    write_checkpoint(tmp_path, net, card={"net": {"channels": [16, 16, 12], "gene_size": 64}})
    with pytest.raises(Refused, match="do not have the shapes"):
        load(tmp_path)


@pytest.mark.parametrize(
    "described", [{}, {"net": {"channels": "wide", "gene_size": 64}}, {"net": {"channels": [16]}}]
)
def test_a_card_that_describes_no_net_is_refused(tmp_path, described):
    write_checkpoint(tmp_path, make_species(), card=described or {"name": "nothing"})
    with pytest.raises(Refused, match="does not describe a net"):
        load(tmp_path)


def test_weights_that_are_cut_or_missing_are_refused(tmp_path):
    write_checkpoint(tmp_path, make_species())
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(Refused, match="missing or damaged"):
        load(tmp_path)
    weights.unlink()
    with pytest.raises(Refused, match="missing or damaged"):
        load(tmp_path)


def test_a_config_survives_json():
    assert StyleVaeConfig.from_json(json.loads(json.dumps(TINY.to_json()))) == TINY
