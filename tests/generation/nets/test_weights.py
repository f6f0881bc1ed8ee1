import json

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from generation.nets.weights import WeightsError, load_net


def build(card):
    return nn.ModuleDict({"body": nn.Linear(card["size"], 2)})


def write(folder, tensors, *, card=None):
    save_file(tensors, folder / "weights.safetensors")
    (folder / "card.json").write_text(json.dumps(card or {"size": 3}), encoding="utf-8")


def make_tensors(prefix="", **changes):
    net = build({"size": 3})
    own = {f"{prefix}{name}": value.half() for name, value in net.state_dict().items()}
    return own | {f"{prefix}{name}": value for name, value in changes.items()}


@pytest.mark.parametrize("prefix", ["", "net."])
def test_a_net_is_loaded_beside_tensors_of_others(tmp_path, prefix):
    tensors = make_tensors(prefix) | {"genes.mean": torch.zeros(4, dtype=torch.float64)}
    write(tmp_path, tensors)
    net = load_net(tmp_path, build, prefix=prefix)
    assert torch.equal(net["body"].weight, tensors[f"{prefix}body.weight"].float())
    assert not net.training and not net["body"].weight.requires_grad


@pytest.mark.parametrize(
    ("changes", "card", "reason"),
    [
        ({"body.bias": torch.zeros(3)}, None, "do not have the shapes"),
        ({"body.more": torch.zeros(3)}, None, "do not have the shapes"),
        ({}, {"size": 4}, "do not have the shapes"),
        ({}, {"colour": 3}, "does not describe a net"),
        ({"body.bias": torch.tensor([0, torch.inf])}, None, "“body.bias” hold numbers"),
    ],
)
def test_weights_that_do_not_fit_are_refused_with_the_reason(tmp_path, changes, card, reason):
    write(tmp_path, make_tensors(**changes), card=card)
    with pytest.raises(WeightsError, match=reason):
        load_net(tmp_path, build)


def test_a_missing_tensor_is_refused(tmp_path):
    tensors = make_tensors()
    del tensors["body.bias"]
    write(tmp_path, tensors)
    with pytest.raises(WeightsError, match="do not have the shapes"):
        load_net(tmp_path, build)
