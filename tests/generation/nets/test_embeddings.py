"""Mixtures of texts: one stays what it is, and tokens that some lack come in gradually."""

import importlib
from typing import Any

import pytest
import torch

from tests.generation.conftest import HAS_DIFFUSERS

pytestmark = pytest.mark.skipif(not HAS_DIFFUSERS, reason="requirements-diffusion.txt is missing")


@pytest.fixture
def embeddings() -> Any:
    return importlib.import_module("generation.nets.embeddings")


def text(*tokens: float, length: int = 4) -> dict[str, torch.Tensor]:
    """A text of these tokens, filled up with tokens of 99, which are not there."""
    filled = torch.tensor([*tokens, *[99.0] * (length - len(tokens))])
    there = torch.tensor([[1] * len(tokens) + [0] * (length - len(tokens))])
    return {"prompt_embeds": filled[None, :, None], "prompt_attention_mask": there}


def test_tokens_count_as_much_as_the_texts_that_have_them(embeddings):
    mixed = embeddings.mix([text(1.0), text(3.0, 5.0, 7.0)], [0.25, 0.75])
    assert mixed["prompt_attention_mask"].tolist() == [[1.0, 0.75, 0.75, 0.0]]
    # A text without tokens is all that no text has.
    assert mixed["prompt_embeds"][0, :, 0].tolist() == [2.5, 5.0, 7.0, 99.0]


def test_the_order_of_texts_means_nothing_and_one_text_stays_what_it_is(embeddings):
    one, other = text(1.0), text(3.0, 5.0)
    there = embeddings.mix([one, other], [0.3, 0.7])
    back = embeddings.mix([other, one], [0.7, 0.3])
    assert all(torch.equal(there[name], back[name]) for name in there)
    alone = embeddings.mix([one], [1.0])
    assert all(alone[name] is one[name] for name in one)


def test_a_net_attends_to_a_token_as_much_as_it_is_there(embeddings):
    class Net(torch.nn.Module):
        dtype = torch.float32

        def forward(self, *, encoder_attention_mask: torch.Tensor) -> torch.Tensor:
            return encoder_attention_mask

    net = Net()
    embeddings.read_presence(net)
    bias = net(encoder_attention_mask=torch.tensor([[1.0, 0.5, 0.0]]))
    assert bias.shape == (1, 1, 3)
    weights = bias.softmax(-1)[0, 0]
    assert torch.allclose(weights, torch.tensor([2 / 3, 1 / 3, 0.0]))
    assert net(encoder_attention_mask=torch.tensor([[1, 0]])).tolist() == [[[0.0, -10_000.0]]]


def test_answers_to_several_texts_are_mixed_beside_those_to_one(embeddings):
    class Net(torch.nn.Module):
        def forward(self, pictures: Any, times: torch.Tensor, texts: Any) -> Any:
            rows = zip(pictures, times, texts, strict=True)
            return ([picture * time + words.sum() for picture, time, words in rows],)

    net = Net()
    embeddings.answer_for_each_text(net)
    both = embeddings.Texts((torch.ones(1, 1), torch.ones(3, 1)), (0.25, 0.75))
    pictures, times = [torch.tensor(2.0), torch.tensor(3.0)], torch.tensor([1.0, 10.0])
    (answers,) = net(pictures, times, [torch.ones(5, 1), both])
    assert [float(answer) for answer in answers] == [2 + 5, 30 + 0.25 * 1 + 0.75 * 3]
