"""Words as nets read them, and mixtures of several texts.

Most nets read a fixed number of tokens, whose embeddings are mixed along straight lines. Others
leave out the tokens that a short text does not fill. Two ways around that, both without jumps:

- Nets with masks read each token of a mixture as strongly as the texts that have it weigh.
  Attention is a weighted mean over tokens; the weight of a token is multiplied by that presence.
- Nets that read as many tokens as there are are asked once for each text, and their answers are
  mixed, as in "Compositional Visual Generation with Composable Diffusion Models" (Liu et al. 2022).
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import torch
from torch import Tensor

from generation.nets.pipelines import KINDS

ABSENT = -10_000.0  # What the library adds to the attention to tokens that are not there.


def encode_words(
    pipeline: Any, words: str, *, avoided: str = "", is_guided: bool = False
) -> dict[str, Any]:
    """The embeddings of a text, as the pipeline's call names them.

    is_guided: also of the words that the picture keeps away from, which may be none.
    """
    known = inspect.signature(pipeline.encode_prompt).parameters
    called = inspect.signature(pipeline.__call__).parameters
    wanted = {
        "prompt": words,
        "prompt_2": None,
        "prompt_3": None,
        "device": pipeline.device,
        "num_images_per_prompt": 1,
        "do_classifier_free_guidance": is_guided,
    }
    if avoided:
        # Some pipelines treat none differently from empty words.
        wanted["negative_prompt"] = avoided
    instruction = "complex_human_instruction"
    if instruction in known:
        # Sana has learnt to read words after a text that asks for vivid descriptions.
        wanted[instruction] = called[instruction].default
    found = pipeline.encode_prompt(
        **{name: value for name, value in wanted.items() if name in known}
    )
    # Some return more: Flux, where the tokens stand.
    return {
        name: value
        for name, value in zip(KINDS[type(pipeline).__name__].encoded, found, strict=False)
        if is_guided or "negative" not in name
    }


@dataclass(frozen=True)
class Texts:
    """The embeddings of several texts, each [tokens, width], and their shares, which sum to 1."""

    parts: tuple[Tensor, ...]
    shares: tuple[float, ...]

    @property
    def dtype(self) -> torch.dtype:
        return self.parts[0].dtype


def mix(texts: Sequence[Mapping[str, Any]], shares: Sequence[float]) -> dict[str, Any]:
    """The embeddings of several texts, by name, mixed by their shares, which sum to 1.

    Tensors [1, tokens, width] or [1, width] become means. One with a mask [1, tokens], which has
    "attention_mask" instead of "embeds" in its name, becomes the mean of the tokens that are there,
    and its mask the sum of their shares, float32. A list of one tensor [tokens, width] becomes a
    list of one `Texts`. A single text stays exactly what it is.
    """
    if len(texts) == 1:
        return dict(texts[0])
    mixed: dict[str, Any] = {}
    for name, first in texts[0].items():
        parts = [text[name] for text in texts]
        mask = name.replace("embeds", "attention_mask")
        if isinstance(first, list):
            mixed[name] = [Texts(tuple(part[0] for part in parts), tuple(shares))]
        elif mask == name:
            mixed[name] = mean([part.float() for part in parts], shares)
        elif mask in texts[0]:
            mixed[name] = _mean_of_present(parts, [text[mask] for text in texts], shares)
        else:
            mixed[name] = mean(parts, shares)
    return mixed


def mean(tensors: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    """The weighted mean, in the precision of the tensors; shares sum to 1."""
    weights = torch.tensor(shares, dtype=torch.float32, device=tensors[0].device)
    stacked = torch.stack([tensor.float() for tensor in tensors], dim=-1)
    return (stacked @ weights).to(tensors[0].dtype)


def _mean_of_present(
    parts: Sequence[Tensor], masks: Sequence[Tensor], shares: Sequence[float]
) -> Tensor:
    """The weighted mean of each token over the texts that have it, [1, tokens, width]."""
    own = torch.tensor(shares, dtype=torch.float32, device=parts[0].device)[:, None, None]
    present = own * torch.stack([mask.float() for mask in masks])
    whole = present.sum(0)
    # What no text has is not looked at, but for a text without any token.
    weights = torch.where(whole > 0, present / torch.where(whole > 0, whole, 1.0), own)
    stacked = torch.stack([part.float() for part in parts])
    return (stacked * weights[..., None]).sum(0).to(parts[0].dtype)


def read_presence(net: torch.nn.Module) -> None:
    """Let a net of the library read masks as how strongly each token is there, from 0 to 1.

    A mask of zeros and ones means to it exactly what it meant before.
    """
    net.register_forward_pre_hook(_presence_as_bias, with_kwargs=True)


def _presence_as_bias(net: Any, given: tuple[Any, ...], options: dict[str, Any]) -> Any:
    presence = options["encoder_attention_mask"].float()
    bias = presence.log().clamp(min=ABSENT)[:, None].to(net.dtype)
    return given, options | {"encoder_attention_mask": bias}


def answer_for_each_text(net: torch.nn.Module) -> None:
    """Let a net that takes lists of texts take `Texts` among them, and mix its answers to them."""
    ask = net.forward

    def forward(
        pictures: list[Tensor], times: Tensor, texts: list[Tensor | Texts], **options: Any
    ) -> tuple[list[Tensor]]:
        rows = [
            list(zip(one.parts, one.shares, strict=True)) if isinstance(one, Texts) else [(one, 1)]
            for one in texts
        ]
        answers: list[Any] = [0.0] * len(rows)
        # The first texts of all pictures, then the second ones: a picture of one text, and the one
        # that it is compared with, are painted as by the library.
        for column in zip_longest(*rows):
            here = [number for number, pair in enumerate(column) if pair is not None]
            found = ask(
                [pictures[number] for number in here],
                times[here],
                [column[number][0] for number in here],
                **options,
            )[0]
            for number, answer in zip(here, found, strict=True):
                answers[number] = answers[number] + column[number][1] * answer.float()
        return (answers,)

    net.forward = forward
