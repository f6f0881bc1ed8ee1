"""A melody net that continues a phrase: a stack of gated recurrent units over the same tokens as
the music VAE.

Each step sees the token before it and its place in the bar, so that it knows where the beat is (Eck
and Schmidhuber 2002 for melodies by recurrent nets; GRU by Cho et al. 2014).
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from generation.nets.music_vae import START, VOCABULARY, draw, token_before
from generation.refusal import Refused

PLACES = 64  # Steps after which the places repeat: four bars.


@dataclass(frozen=True)
class MusicRnnConfig:
    """Sizes of the net."""

    embedding: int = 48
    place: int = 16
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.25

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class MusicRnn(nn.Module):
    """Tokens so far -> scores of the next one."""

    def __init__(self, config: MusicRnnConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(VOCABULARY + 1, config.embedding)
        self.place = nn.Embedding(PLACES, config.place)
        self.recurrent = nn.GRU(
            config.embedding + config.place,
            config.hidden,
            config.layers,
            batch_first=True,
            dropout=config.dropout if config.layers > 1 else 0.0,
        )
        self.dropout = nn.Dropout(config.dropout)
        self.to_token = nn.Linear(config.hidden, VOCABULARY)

    def forward(
        self, previous: Tensor, state: Tensor | None = None, *, start: int = 0
    ) -> tuple[Tensor, Tensor]:
        """previous: the token before each step, int64 [batch, steps]; start: the first step's
        number.

        Returns scores [batch, steps, VOCABULARY] and the state after the last step.
        """
        places = torch.arange(start, start + previous.shape[1], device=previous.device) % PLACES
        inputs = torch.cat(
            [self.embedding(previous), self.place(places).expand(len(previous), -1, -1)], dim=2
        )
        states, state = self.recurrent(inputs, state)
        return self.to_token(self.dropout(states)), state

    @torch.no_grad()
    def continue_phrase(
        self,
        phrase: np.ndarray,
        *,
        steps: int,
        temperature: float = 0.8,
        seed: int = 0,
        count: int = 1,
    ) -> np.ndarray:
        """Write `count` continuations of a phrase [steps so far] -> int64 [count, steps].
        Temperature 0 takes the likeliest.
        """
        generator = torch.Generator().manual_seed(seed)
        known = torch.from_numpy(np.asarray(phrase, dtype=np.int64)).expand(count, -1)
        scores, state = self(torch.cat([torch.full((count, 1), START), known], dim=1))
        written = []
        for step in range(steps):
            last = scores[:, -1]
            token = last.argmax(1) if temperature <= 0 else draw(last / temperature, generator)
            written.append(token)
            scores, state = self(token[:, None], state, start=known.shape[1] + step + 1)
        return torch.stack(written, dim=1).numpy()


def surprise(net: MusicRnn, tokens: Tensor) -> Tensor:
    """How unexpected each token of a melody is to the net, in bits [batch, steps]."""
    with torch.no_grad():
        scores, _ = net(token_before(tokens))
    return -scores.log_softmax(2).gather(2, tokens[:, :, None])[:, :, 0] / np.log(2)


def load(folder: Path) -> MusicRnn:
    """The net of a checkpoint folder, ready to use. Raises Refused when card and weights do not
    fit.
    """
    try:
        config = MusicRnnConfig(
            **json.loads((folder / "card.json").read_text(encoding="utf-8"))["config"]
        )
        net = MusicRnn(config)
        net.load_state_dict(
            {
                name: tensor.float()
                for name, tensor in load_file(folder / "weights.safetensors").items()
            }
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise Refused(
            "The checkpoint {folder} cannot be loaded. Fetch the repository's copy of it again.",
            folder=folder.name,
        ) from error
    return net.eval().requires_grad_(False)
