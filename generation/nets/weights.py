"""The one loader of nets from checkpoint folders.

A folder's card.json describes the net; its weights.safetensors holds the net's tensors, and others
(gene statistics, the map of a latent space), which this module leaves alone.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from generation.card import WEIGHTS
from generation.checkpoints import place_of

N = TypeVar("N", bound=nn.Module)


class WeightsError(Exception):
    """A checkpoint from which no net can be made. The text says why, as a part of a sentence."""


def load_net(folder: Path, build: Callable[[Mapping[str, Any]], N], *, prefix: str = "") -> N:
    """Load the net of a checkpoint folder, on the CPU, in float32 and evaluation mode.

    build: makes the net from the card. prefix: what the names of its tensors in the file begin
    with. Raises WeightsError when the card describes no such net, and when the weights are missing,
    damaged, not finite, or of other names or shapes.
    """
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        net = build(card)
    except (OSError, KeyError, TypeError, ValueError, IndexError, RuntimeError) as error:
        raise WeightsError("its card.json does not describe a net of this kind") from error
    try:
        tensors = load_file(place_of(folder, card, WEIGHTS))
    except (OSError, SafetensorError) as error:
        raise WeightsError("its weights.safetensors is missing or damaged") from error
    weights = _weights_of(net, tensors, prefix=prefix)
    for name, value in weights.items():
        if not value.isfinite().all():
            raise WeightsError(f"the weights “{name}” hold numbers that are not finite")
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        raise WeightsError("its weights do not have the shapes that its card.json names") from error
    return net.eval().requires_grad_(False)


def _weights_of(net: nn.Module, tensors: Mapping[str, Tensor], *, prefix: str) -> dict[str, Tensor]:
    """The tensors under the names of the net's own parts, in float32; others are left out."""
    parts = {name.split(".")[0] for name in net.state_dict()}
    stripped = {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
    return {name: value.float() for name, value in stripped.items() if name.split(".")[0] in parts}
