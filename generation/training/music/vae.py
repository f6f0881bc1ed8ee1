"""How the music VAE learns: reconstruction, KL above a budget of free bits, scheduled sampling.

Objective after MusicVAE (Roberts et al. 2018): cross entropy of the tokens plus beta times the part
of the KL divergence that exceeds the free bits (Kingma et al. 2016). Scheduled sampling (Bengio et
al. 2015) replaces a growing share of the decoder's inputs by its own draws, so that it learns to go
on after its own mistakes.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.finishing.latents import fit_latents
from generation.melodies.tokens import VOCABULARY
from generation.nets.music_vae import (
    START,
    MusicVae,
    MusicVaeConfig,
    draw,
    kl_divergence,
    token_before,
)
from generation.training.music.examples import Augmentation
from generation.training.music.learner import Learner, Settings
from generation.training.music.metrics import reconstruction_figures
from generation.training.plan import Need


@dataclass(frozen=True)
class MusicVaeSettings(Settings):
    """Settings of the music VAE; the ramps count in steps, the shares run from 0 to 1."""

    beats: int = 8
    z: int = 128
    encoder: int = 256
    conductor: int = 256
    plan: int = 96
    decoder: int = 320
    dropout: float = 0.1
    free_bits: float = 64.0
    beta: float = 0.2
    beta_ramp: int = 1_500
    sampling: float = 0.35  # The share of inputs that the decoder wrote itself, after the ramp.
    sampling_from: int = 800
    sampling_ramp: int = 3_000
    hidden: float = 0.15  # The share of inputs that the decoder does not get to see.
    recombined: float = 0.15  # The share of examples that get their second half from another one.
    varied: float = 0.15  # The share of examples that are varied before they are encoded.
    varied_from: int = 2_500  # The step from which on they are.

    def config(self) -> MusicVaeConfig:
        return self.pick(MusicVaeConfig)

    @property
    def segment_steps(self) -> int:
        return self.config().steps

    @property
    def augmentation(self) -> Augmentation:
        return Augmentation(self.shifted, self.recombined, self.varied, self.varied_from)


class MusicVaeLearner(Learner[MusicVaeSettings, MusicVae]):
    """The music VAE in training."""

    NEED = Need("segments", 300_000, "random notes", "phrases that seldom hold together")
    BETAS = (0.9, 0.98)
    WEIGHT_DECAY = 1e-3

    def make_net(self) -> MusicVae:
        return MusicVae(self.settings.config())

    def loss(self, tokens: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        settings = self.settings
        mean, log_variance = self.net.encoder(tokens)
        z = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        plans, first = self.net.decoder.plans(z)
        previous = self.decoder_inputs(tokens, plans, first)
        scores = self.net.decoder.logits(plans, first, previous)
        reconstruction = (
            F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1)) * tokens.shape[1]
        )
        kl = kl_divergence(mean, log_variance)
        beta = settings.beta * ramp(self.steps, begins=0, length=settings.beta_ramp)
        loss = reconstruction + beta * F.relu(kl - settings.free_bits * math.log(2))
        return loss, {"reconstruction": reconstruction, "kl_bits": kl / math.log(2)}

    def decoder_inputs(self, tokens: Tensor, plans: Tensor, first: Tensor) -> Tensor:
        """Return the token before each step as the decoder gets to see it, int64 [batch, steps].

        A share of the true tokens is replaced by what the decoder would draw, and another share is
        hidden. plans, first: what `Decoder.plans` returned.
        """
        settings = self.settings
        previous = token_before(tokens)
        share = settings.sampling * ramp(
            self.steps, begins=settings.sampling_from, length=settings.sampling_ramp
        )
        if share > 0:
            with torch.no_grad():
                scores = self.net.decoder.logits(plans.detach(), first.detach(), previous)
                drawn = draw(scores, None)
            is_own = torch.rand(previous.shape, device=previous.device) < share
            is_own[:, 0] = False
            previous = torch.where(is_own, token_before(drawn), previous)
        is_hidden = torch.rand(previous.shape, device=previous.device) < settings.hidden
        return torch.where(is_hidden, START, previous)

    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        return reconstruction_figures(self.shipped(), held_out)

    def samples(self) -> np.ndarray:
        """Write melodies from the Gaussian around the codes of some training segments.

        That is what random tunes of the species will be made of.
        """
        net = self.shipped()
        codes = net.read(self.examples.segments[:1_000])
        return net.write(fit_latents(codes).sample(6, rng=np.random.default_rng(0)))


def ramp(step: int, *, begins: int, length: int) -> float:
    """Return 0 until the step `begins`, then a number that rises evenly to 1 in `length` steps."""
    return min(1.0, max(0.0, (step - begins) / max(1, length)))
