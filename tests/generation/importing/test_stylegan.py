"""Networks read from pickles compute what the papers' formulas say, in ten configurations."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from generation.genespaces.stylegan_mapping import MappingNetwork
from generation.importing.modules import NAMES
from generation.importing.pickle_data import read_pickle
from generation.importing.stylegan import Network, read_network
from generation.nets.stylegan import NETS
from tests.generation.importing import literal_stylegan
from tests.generation.importing.official_pickles import (
    Persistent,
    make_second,
    make_third,
    snapshot,
    write_pickle,
)

CLOSE = 1e-5  # Of the range of the picture, or of w.
CONFIGURATIONS: dict[str, Any] = {
    "skip": lambda: make_second(),
    "residual": lambda: make_second(architecture="resnet", seed=1),
    "neither": lambda: make_second(architecture="orig", seed=2),
    "conditional": lambda: make_second(c_dim=3, seed=3),
    "half precision with a clamp": lambda: make_second(
        clamp=0.9, architecture="resnet", layers=8, seed=4
    ),
    "grey": lambda: make_second(channels=1, resolution=32, widths=(9, 8, 7, 6), seed=5),
    "transparent, without noise": lambda: make_second(channels=4, has_noise=False, seed=6),
    "translation": lambda: make_third(seed=7),
    "rotation": lambda: make_third(is_rotation=True, seed=8),
    "conditional translation with a clamp": lambda: make_third(
        c_dim=3, clamp=0.8, resolution=32, count=5, critical=2, seed=9
    ),
}


def read(path: Path, generator: Persistent, **options: int) -> Network:
    file = write_pickle(path / "network.pkl", snapshot(generator), **options)
    return read_network(read_pickle(io.BytesIO(file.read_bytes()), may_name=NAMES))


def synthesis_of(network: Network) -> torch.nn.Module:
    net = NETS[network.architecture](network.net)
    net.load_state_dict(
        {name: torch.from_numpy(value) for name, value in network.synthesis.items()}
    )
    return net.eval().requires_grad_(False)


def literal(generator: Persistent, ws: np.ndarray, **options: bool) -> np.ndarray:
    synthesis = generator["synthesis"]
    is_third = "input" in synthesis.modules
    return (literal_stylegan.third if is_third else literal_stylegan.second)(
        synthesis, ws, **options
    )


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_pictures_and_w_agree_with_the_formulas_of_the_papers(tmp_path: Path, configuration: str):
    generator = CONFIGURATIONS[configuration]()
    network = read(tmp_path, generator)
    mapping, net = MappingNetwork(network.mapping), synthesis_of(network)
    rng = np.random.default_rng(1)
    facts = generator["mapping"].fields
    z = rng.standard_normal((2, facts["z_dim"]))
    kinds = [1, 2] if facts["c_dim"] else [0, 0]
    ws = []
    for one, kind in zip(z, kinds, strict=True):
        exact = literal_stylegan.mapping(
            generator["mapping"], one, np.eye(max(1, facts["c_dim"]))[kind], psi=0.7
        )
        w = mapping(one[None], kind=kind)[0]
        w = mapping.average + np.float32(0.7) * (w - mapping.average)
        assert np.abs(w - exact).max() < CLOSE * np.ptp(exact)
        ws.append(exact)
    # Style mixing: the first layers of one work and the last ones of another.
    mixed = np.stack([ws[0]] * 3 + [ws[1]] * (facts["num_ws"] - 3))
    for chosen in (np.stack([ws[0]] * facts["num_ws"]), mixed):
        expected = literal(generator, chosen)
        painted = net(torch.from_numpy(chosen.astype(np.float32))[None])[0].numpy()
        assert painted.shape == expected.shape
        assert np.abs(painted - expected).max() < CLOSE * np.ptp(expected)
