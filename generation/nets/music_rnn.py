"""A melody net that continues a phrase.

A stack of gated recurrent units over the same tokens as the music VAE. Each step sees the token
before it and its place in the bar, so that it knows where the beat is (Eck and Schmidhuber 2002 for
melodies by recurrent nets; GRU by Cho et al. 2014).
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generation.nets.music_vae import START, VOCABULARY, draw, load_music_net

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
        """Score the next token of every step.

        previous: the token before each step, int64 [batch, steps]. start: the number of the first
        step. Returns scores [batch, steps, VOCABULARY] and the state after the last step.
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
        """Write `count` continuations of a phrase, int64 [count, steps].

        phrase: int64 [steps so far]. Temperature 0 takes the likeliest token.
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


def load(folder: Path) -> MusicRnn:
    """Load the net of a checkpoint folder, ready to use. Raises Refused when it is damaged."""
    return load_music_net(folder, lambda card: MusicRnn(MusicRnnConfig(**card["config"])))
