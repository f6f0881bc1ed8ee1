import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generation.nets.music_vae import (
    START,
    MusicVae,
    MusicVaeConfig,
    draw,
    kl_divergence,
    load,
    token_before,
)
from generation.refusal import Refused

TINY = MusicVaeConfig(z=6, embedding=4, encoder=8, conductor=8, plan=5, decoder=9)


def make_net(seed=0):
    torch.manual_seed(seed)
    return MusicVae(TINY).eval()


def make_tokens(count=3, seed=1):
    return torch.randint(0, 130, (count, 32), generator=torch.Generator().manual_seed(seed))


def test_shapes():
    net = make_net()
    scores, mean, log_variance = net(make_tokens(), token_before(make_tokens()), torch.zeros(3, 6))
    assert scores.shape == (3, 32, 130) and mean.shape == log_variance.shape == (3, 6)
    assert net.encode(make_tokens()).shape == (3, 6)
    assert net.decode(torch.zeros(2, 6)).shape == (2, 32)


def test_writing_step_by_step_gives_the_numbers_of_all_steps_at_once():
    net = make_net()
    z = torch.randn(5, 6, generator=torch.Generator().manual_seed(2))
    written = net.decode(z)
    with torch.no_grad():
        scores = net.decoder.logits(*net.decoder.plans(z), token_before(written))
    assert torch.equal(scores.argmax(2), written)


def test_decoding_is_deterministic_and_does_not_depend_on_the_batch():
    net = make_net()
    z = torch.randn(4, 6, generator=torch.Generator().manual_seed(3))
    assert torch.equal(net.decode(z), net.decode(z))
    assert torch.equal(net.decode(z)[1:2], net.decode(z[1:2]))
    assert np.array_equal(net.write(z.numpy()), net.decode(z).numpy())


def test_sampling_follows_its_generator():
    net = make_net()
    z = torch.zeros(8, 6)
    first = net.decode(z, temperature=1.0, generator=torch.Generator().manual_seed(4))
    again = net.decode(z, temperature=1.0, generator=torch.Generator().manual_seed(4))
    other = net.decode(z, temperature=1.0, generator=torch.Generator().manual_seed(5))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_drawing_follows_the_scores():
    scores = torch.log(torch.tensor([0.7, 0.2, 0.1])).expand(20_000, 3)
    shares = torch.bincount(draw(scores, torch.Generator().manual_seed(0)), minlength=3) / 20_000
    assert torch.allclose(shares, torch.tensor([0.7, 0.2, 0.1]), atol=0.02)


def test_the_token_before_the_first_is_the_start():
    assert token_before(torch.tensor([[5, 6, 7]])).tolist() == [[START, 5, 6]]


def test_the_divergence_of_the_standard_normal_is_zero():
    assert float(kl_divergence(torch.zeros(2, 3), torch.zeros(2, 3))) == 0
    assert float(kl_divergence(torch.ones(2, 3), torch.zeros(2, 3))) == pytest.approx(1.5)


def make_checkpoint(folder):
    net = make_net()
    save_file(
        {name: tensor.half().contiguous() for name, tensor in net.state_dict().items()},
        folder / "weights.safetensors",
    )
    (folder / "card.json").write_text(json.dumps({"config": TINY.to_json()}), encoding="utf-8")
    return net


def test_a_checkpoint_loads_as_it_was_saved(tmp_path):
    net = make_checkpoint(tmp_path)
    again = load(tmp_path)
    difference = (again.encode(make_tokens()) - net.encode(make_tokens())).abs().max()
    assert difference < 0.01 and not any(
        parameter.requires_grad for parameter in again.parameters()
    )


@pytest.mark.parametrize("damage", ["card.json", "weights.safetensors"])
def test_a_damaged_checkpoint_is_refused(tmp_path, damage):
    make_checkpoint(tmp_path)
    (tmp_path / damage).write_bytes(b"\x00broken")
    with pytest.raises(Refused, match="cannot be loaded"):
        load(tmp_path)


def test_weights_of_another_size_are_refused(tmp_path):
    make_checkpoint(tmp_path)
    (tmp_path / "card.json").write_text(
        json.dumps({"config": TINY.to_json() | {"z": 7}}), encoding="utf-8"
    )
    with pytest.raises(Refused):
        load(tmp_path)
