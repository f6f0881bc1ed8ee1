import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generation.nets.music_rnn import MusicRnn, MusicRnnConfig, load
from generation.nets.music_vae import token_before
from generation.refusal import Refused

TINY = MusicRnnConfig(embedding=6, place=4, hidden=10, layers=2)
PHRASE = np.array([62, 0, 64, 0, 66, 0, 67, 0])


def make_net(seed=0):
    torch.manual_seed(seed)
    return MusicRnn(TINY).eval()


def test_going_on_step_by_step_gives_the_numbers_of_all_steps_at_once():
    net = make_net()
    written = net.continue_phrase(PHRASE, steps=24, temperature=0)[0]
    whole = torch.from_numpy(np.concatenate([PHRASE, written]))[None]
    with torch.no_grad():
        scores, _ = net(token_before(whole))
    assert np.array_equal(scores.argmax(2)[0, len(PHRASE) :].numpy(), written)


def test_continuations_follow_the_seed():
    net = make_net()
    first, again, other = (
        net.continue_phrase(PHRASE, steps=40, seed=seed, count=3) for seed in (1, 1, 2)
    )
    assert (
        first.shape == (3, 40) and np.array_equal(first, again) and not np.array_equal(first, other)
    )


def test_a_checkpoint_loads_and_a_damaged_one_is_refused(tmp_path):
    net = make_net()
    save_file(
        {name: tensor.half() for name, tensor in net.state_dict().items()},
        tmp_path / "weights.safetensors",
    )
    (tmp_path / "card.json").write_text(json.dumps({"config": TINY.to_json()}), encoding="utf-8")
    assert load(tmp_path).continue_phrase(PHRASE, steps=4).shape == (1, 4)
    (tmp_path / "weights.safetensors").write_bytes(b"no")
    with pytest.raises(Refused):
        load(tmp_path)
