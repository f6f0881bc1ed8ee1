"""Painting by imported networks: sizes, grey and transparent pictures, and steadiness.

That the nets compute what the papers say is tested beside their reader, in
`tests/generation/importing/test_stylegan.py`.
"""

import numpy as np
import pytest
import torch

from generation.genome import Genome
from generation.nets import stylegan2
from generation.nets.stylegan import LIVE_EDGE, StyleGanNet, to_bytes
from generation.yielding import Abandoned, ignore_progress

W_DIM = 6


def make_net(*, architecture: str = "skip", widths: tuple[int, ...] = (4,) * 8) -> StyleGanNet:
    """A random network of 512 px with very few channels."""
    config = {
        "resolution": 4 * 2 ** (len(widths) - 1),
        "channels": 3,
        "architecture": architecture,
        "widths": list(widths),
        "w_dim": W_DIM,
        "clamp": None,
        "taps": 4,
    }
    net = stylegan2.Synthesis(config)
    torch.manual_seed(0)
    for name, value in net.named_parameters():
        torch.nn.init.normal_(value, std=0.3 if "noise" not in name else 0.1)
    with torch.no_grad():
        net.filter.copy_(torch.outer(*[torch.tensor([1.0, 3, 3, 1]) / 8] * 2))
    return StyleGanNet(
        net.eval().requires_grad_(False),
        w_dim=W_DIM,
        truncate=lambda genes, psi: (genes * psi).astype(np.float32),
    )


def make_genome(layers: int = 16) -> Genome:
    return Genome("toy", "", np.random.default_rng(0).standard_normal(layers * W_DIM))


def paint(net: StyleGanNet, genome: Genome, size: int) -> np.ndarray:
    return net.render(genome, size=size, supersample=1, yield_point=ignore_progress)


def test_a_live_frame_stops_early_and_a_print_is_whole():
    net, genome = make_net(), make_genome()
    assert paint(net, genome, LIVE_EDGE).shape == (256, 256, 3)
    assert paint(net, genome, 64).shape == (256, 256, 3)
    assert paint(net, genome, 300).shape == paint(net, genome, 2048).shape == (512, 512, 3)


def test_a_live_frame_is_the_print_without_its_finest_layers():
    net, genome = make_net(), make_genome()
    live, whole = (paint(net, genome, size).astype(float) for size in (256, 512))
    smaller = whole.reshape(256, 2, 256, 2, 3).mean((1, 3))
    assert np.corrcoef(live.ravel(), smaller.ravel())[0, 1] > 0.5


def test_a_network_that_paints_in_its_last_layer_alone_is_always_whole():
    assert paint(make_net(architecture="resnet"), make_genome(), 64).shape == (512, 512, 3)


def test_the_same_genome_gives_the_same_bytes_and_psi_changes_them():
    net, genome = make_net(widths=(4,) * 4), make_genome(8)
    assert np.array_equal(paint(net, genome, 32), paint(net, genome, 32))
    other = Genome("toy", "", genome.genes, psi=0.3)
    assert not np.array_equal(paint(net, genome, 32), paint(net, other, 32))


def test_work_that_nobody_waits_for_ends_between_two_blocks():
    reached = []

    def abandon(progress: float) -> None:
        reached.append(progress)
        if len(reached) == 3:
            raise Abandoned

    with pytest.raises(Abandoned):
        make_net().render(make_genome(), size=512, supersample=1, yield_point=abandon)
    assert reached == sorted(reached) and reached[-1] < 0.1


def test_values_become_bytes_as_the_papers_do_it():
    values = torch.tensor([-1.5, -1, 0, 1, 1.5]).view(1, 1, 1, 5)
    grey = to_bytes(values)
    assert grey.shape == (1, 1, 5, 3)
    assert grey[0, 0].tolist() == [[0] * 3, [0] * 3, [128] * 3, [255] * 3, [255] * 3]


def test_a_transparent_picture_lies_on_white():
    black = torch.full((1, 3, 1, 3), -1.0)
    opaque = torch.tensor([-1.1, 0.0, 1.1]).view(1, 1, 1, 3)
    picture = to_bytes(torch.cat([black, opaque], dim=1))
    assert picture[0, 0, :, 0].tolist() == [255, 127, 0] and picture.shape == (1, 1, 3, 3)
