"""How the melody RNN learns to continue a phrase: the cross entropy of every next token."""

from dataclasses import dataclass

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from generation.melodies.tokens import VOCABULARY
from generation.nets.music_rnn import MusicRnn, MusicRnnConfig
from generation.nets.music_vae import token_before
from generation.training.music.learner import Learner, Settings
from generation.training.music.metrics import prediction_figures
from generation.training.plan import Need

SAMPLES = 6


@dataclass(frozen=True)
class MusicRnnSettings(Settings):
    """Settings of the melody RNN. `steps` is the length of a segment in sixteenths."""

    steps: int = 64
    place: int = 16
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.25
    batch: int = 48
    shifted: float = 0.3
    ema_half_life: float = 300.0

    def config(self) -> MusicRnnConfig:
        return self.pick(MusicRnnConfig)

    @property
    def segment_steps(self) -> int:
        return self.steps


class MusicRnnLearner(Learner[MusicRnnSettings, MusicRnn]):
    """The melody RNN in training."""

    NEED = Need("segments", 80_000, "random notes", "continuations that lose their way")
    BETAS = (0.9, 0.999)
    WEIGHT_DECAY = 0.01

    def make_net(self) -> MusicRnn:
        return MusicRnn(self.settings.config())

    def loss(self, tokens: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        scores, _ = self.net(token_before(tokens))
        return F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1)), {}

    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        return prediction_figures(self.shipped(), held_out)

    def samples(self) -> np.ndarray:
        """Continue the first halves of a few training segments."""
        half = self.settings.steps // 2
        phrases = self.examples.segments[:SAMPLES, :half]
        net = self.shipped()
        written = [
            net.continue_phrase(phrase, steps=half, seed=index)
            for index, phrase in enumerate(phrases)
        ]
        return np.concatenate([phrases, np.concatenate(written)], axis=1)
