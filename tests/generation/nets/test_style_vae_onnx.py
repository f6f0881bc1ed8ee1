"""The fast path of learnt pictures: the picture that torch paints, the same bytes in any batch."""

import numpy as np
import pytest
import torch

from generation.breeding import sample
from generation.checkpoints import catalogue
from generation.nets import style_vae, style_vae_onnx
from generation.nets.style_vae import DEFAULT_CHANNELS, Generator, StyleVaeConfig

SPECIES = [
    key
    for key, one in catalogue().items()
    if one.is_available and one.card["architecture"] == "style-vae"
]


def make_net(size: int) -> Generator:
    torch.manual_seed(0)
    net = Generator(StyleVaeConfig(channels=DEFAULT_CHANNELS[size])).eval().requires_grad_(False)
    for maps in net.gene_maps:  # They start at zero, where a mistake in them would not show.
        torch.nn.init.normal_(maps.mixing, std=0.3)
    return net


def make_genes(net: Generator, count: int) -> np.ndarray:
    return (
        np.random.default_rng(1)
        .standard_normal((count, net.config.n_genes * net.config.gene_size))
        .astype(np.float32)
    )


def assert_nearly_equal(one: np.ndarray, other: np.ndarray) -> None:
    assert one.shape == other.shape and one.dtype == other.dtype == np.uint8
    assert np.abs(one.astype(int) - other).max() <= 1


def test_there_are_learnt_species():
    assert len(SPECIES) >= 3


@pytest.mark.parametrize("key", SPECIES)
def test_every_shipped_net_paints_what_torch_paints(key):
    net = style_vae.load(catalogue()[key].folder)
    genes = np.array([sample(key, seed=seed).genes for seed in range(100)], np.float32)
    served = style_vae_onnx.OnnxDecoder(net, threads=1)
    painted = served.decode(genes)
    assert_nearly_equal(painted, net.decode(genes))
    assert np.array_equal(painted, served.decode(genes))


@pytest.mark.parametrize("size", DEFAULT_CHANNELS)
def test_every_size_of_net_can_be_served(size):
    net = make_net(size)
    genes = make_genes(net, 3)
    assert_nearly_equal(style_vae_onnx.OnnxDecoder(net, threads=1).decode(genes), net.decode(genes))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_picture_has_the_same_bytes_in_every_batch_and_in_another_session(threads):
    net = make_net(32)
    genes = make_genes(net, 11)
    together = style_vae_onnx.OnnxDecoder(net, threads=threads).decode(genes)
    other = style_vae_onnx.OnnxDecoder(net, threads=threads)
    for first, count in ((0, 1), (3, 2), (2, 7), (10, 1)):
        assert np.array_equal(
            other.decode(genes[first : first + count]), together[first : first + count]
        )


def test_where_batches_change_bytes_pictures_are_painted_one_by_one():
    class Unsteady(style_vae_onnx.OnnxDecoder):
        def _run(self, genes):
            return super()._run(genes) + np.float32(1e-6 * len(genes))

    assert Unsteady(make_net(16), threads=1).batch == 1
    steady = style_vae_onnx.OnnxDecoder(make_net(16), threads=1)
    assert steady.batch in (1, style_vae_onnx.MAX_BATCH)


def test_a_net_that_onnx_cannot_run_is_served_by_torch(caplog):
    net = make_net(16)
    wrong = torch.zeros(2, 7, 1, 1)  # Not its input's shape.
    net.layers[0].to_rgb.weight = torch.nn.Parameter(wrong, requires_grad=False)
    served = style_vae_onnx.serve(net)
    assert isinstance(served, style_vae_onnx.TorchDecoder)
    assert "torch" in caplog.text


@pytest.mark.parametrize("batch", [1, style_vae_onnx.MAX_BATCH])
def test_torch_paints_a_picture_the_same_in_any_company(batch: int):
    net = make_net(16)
    genes = make_genes(net, 11)
    served = style_vae_onnx.TorchDecoder(net, batch=batch)
    together = served.decode(genes)
    assert len(together) == 11
    for some in (slice(4, 5), slice(3, 6), slice(0, 8), slice(2, 11)):
        assert np.array_equal(served.decode(genes[some]), together[some])


def test_a_session_takes_the_threads_torch_has():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        served = style_vae_onnx.serve(make_net(16))
    finally:
        torch.set_num_threads(before)
    assert served._session.get_session_options().intra_op_num_threads == 1
