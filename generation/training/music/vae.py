"""How the music VAE learns: reconstruction + KL above a budget of free bits, scheduled sampling,
averaged weights.

Objective after MusicVAE (Roberts et al. 2018): cross entropy of the tokens plus beta times the part
of the KL divergence that exceeds the free bits (Kingma et al. 2016). Scheduled sampling (Bengio et
al. 2015) replaces a growing share of the decoder's inputs by its own draws, so that it learns to go
on after its own mistakes. A share of the examples is moved along the scale, put together from two,
or varied as a musician would, so that the code learns music and not only these tunes.

Every random choice of a step follows from (seed, number of the step), so nothing random has to be
saved for an exact resume.
"""

import copy
import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.finishing.latents import fit_latents
from generation.melodies.tokens import (
    BAR_STEPS,
    FIRST_PITCH,
    HIGHEST,
    LOWEST,
    VOCABULARY,
    is_presentable,
    scale_shifts,
)
from generation.melodies.variations import KINDS, vary
from generation.nets.music_vae import (
    START,
    MusicVae,
    MusicVaeConfig,
    draw,
    kl_divergence,
    token_before,
)
from generation.training.music.evaluation import reconstruction_figures

SHIFT_REACH = 5  # Steps along the scale by which examples are moved at most.
WARMUP_STEPS = 150
GRADIENT_CLIP = 1.0
LOWEST_RATE = 0.03  # The share of the full learning rate at the end of the decay.


@dataclass(frozen=True)
class MusicSettings:
    """What decides a run's result beside its data; the ramps count in steps."""

    data: str
    beats: int = 8
    z: int = 128
    embedding: int = 48
    encoder: int = 256
    conductor: int = 256
    plan: int = 96
    decoder: int = 320
    dropout: float = 0.1
    batch: int = 96
    learning_rate: float = 2e-3
    free_bits: float = 64.0
    beta: float = 0.2
    beta_ramp: int = 1_500
    sampling: float = (
        0.35  # The share of inputs that the decoder wrote itself, at the end of its ramp.
    )
    sampling_from: int = 800
    sampling_ramp: int = 3_000
    hidden: float = 0.15  # The share of inputs that the decoder does not get to see.
    shifted: float = 0.5  # The share of examples that are moved along the scale.
    recombined: float = 0.15  # The share of examples that get their second half from another one.
    varied: float = 0.15  # The share of examples that are varied before they are encoded.
    varied_from: int = 2_500  # The step from which on they are.
    ema_half_life: float = 400.0
    seed: int = 0

    def config(self) -> MusicVaeConfig:
        names = MusicVaeConfig.__dataclass_fields__
        return MusicVaeConfig(
            **{name: value for name, value in asdict(self).items() if name in names}
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, **values: Any) -> "MusicSettings":
        return replace(self, **values)


class Examples:
    """Training segments in an order that is shuffled anew in every pass, moved along the scale and
    recombined at random.
    """

    def __init__(self, segments: np.ndarray, settings: MusicSettings) -> None:
        """segments: int64 [count, steps]."""
        self.segments, self.settings = segments, settings
        self.table = scale_shifts(SHIFT_REACH)
        self._pass, self._order = -1, np.zeros(0, dtype=np.int64)

    def batch(self, step: int) -> np.ndarray:
        """The examples of one step, int64 [batch, steps]."""
        settings = self.settings
        rng = np.random.default_rng([settings.seed, step, 1])
        places = [self._index(step * settings.batch + offset) for offset in range(settings.batch)]
        tokens = self.segments[places].copy()
        half = tokens.shape[1] // 2
        is_recombined = rng.random(len(tokens)) < settings.recombined
        others = self.segments[rng.integers(0, len(self.segments), len(tokens))]
        tokens[is_recombined, half:] = others[is_recombined, half:]
        is_shifted = rng.random(len(tokens)) < settings.shifted
        shifts = np.where(is_shifted, rng.integers(-SHIFT_REACH, SHIFT_REACH + 1, len(tokens)), 0)
        moved = self.table[SHIFT_REACH + shifts[:, None], tokens]
        share = settings.varied if step >= settings.varied_from else 0.0
        return self.variations(np.where(self._fits(moved)[:, None], moved, tokens), share, rng=rng)

    def variations(
        self, tokens: np.ndarray, share: float, *, rng: np.random.Generator
    ) -> np.ndarray:
        """The segments with a share of them varied, wherever the variation is still a melody."""
        result = tokens.copy()
        for index in np.flatnonzero(rng.random(len(tokens)) < share):
            varied = vary(tokens[index], KINDS[rng.integers(len(KINDS))], rng=rng)
            if is_presentable(varied, bars=tokens.shape[1] // BAR_STEPS):
                result[index] = varied
        return result

    def _fits(self, tokens: np.ndarray) -> np.ndarray:
        is_pitch = tokens >= FIRST_PITCH
        low = np.where(is_pitch, tokens, 999).min(1) - FIRST_PITCH
        high = np.where(is_pitch, tokens, 0).max(1) - FIRST_PITCH
        return (low >= LOWEST) & (high <= HIGHEST)

    def _index(self, position: int) -> int:
        number, place = divmod(position, len(self.segments))
        if number != self._pass:
            order = np.random.default_rng([self.settings.seed, number, 2]).permutation(
                len(self.segments)
            )
            self._pass, self._order = number, order
        return int(self._order[place])


def ramp(step: int, *, begins: int, length: int) -> float:
    """0 until a step, then rising evenly to 1."""
    return min(1.0, max(0.0, (step - begins) / max(1, length)))


@dataclass
class Schedule:
    """Constant learning rate, then a linear decay; once `decay_from` is known, all follows from
    counted steps.
    """

    decay_from: int = 0
    ends: int = 0

    def share(self, step: int) -> float:
        """The share of the full learning rate at a step."""
        warm = min(1.0, (step + 1) / WARMUP_STEPS)
        if not self.ends or step <= self.decay_from:
            return warm
        return max(LOWEST_RATE, (self.ends - step) / max(1, self.ends - self.decay_from))

    def begin_decay(self, step: int, *, taken: int, share: float) -> None:
        """From now on slow down, for so long that the decay is its share of the steps of this
        call.
        """
        self.decay_from = step
        self.ends = step + max(1, round(taken * share / (1 - share)))


class Learner:
    """The net in training, its averaged (EMA) twin, which is what ships, and how many steps it
    took.
    """

    def __init__(self, settings: MusicSettings, segments: np.ndarray) -> None:
        self.settings, self.batch = settings, settings.batch
        self.examples = Examples(segments, settings)
        torch.manual_seed(settings.seed)
        self.net = MusicVae(settings.config())
        self.ema = copy.deepcopy(self.net).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(),
            settings.learning_rate,
            betas=(0.9, 0.98),
            weight_decay=1e-3,
            fused=True,
        )
        self.schedule = Schedule()
        self.steps = 0

    def step(self) -> dict[str, float]:
        """Learn from one batch; returns figures for the log."""
        settings = self.settings
        torch.manual_seed(settings.seed * 1_000_003 + self.steps)
        tokens = torch.from_numpy(self.examples.batch(self.steps))
        mean, log_variance = self.net.encoder(tokens)
        z = mean + torch.randn(mean.shape) * (log_variance / 2).exp()
        plans, first = self.net.decoder.plans(z)
        previous = self.decoder_inputs(tokens, plans, first)
        scores = self.net.decoder.logits(plans, first, previous)
        reconstruction = (
            F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1)) * tokens.shape[1]
        )
        kl = kl_divergence(mean, log_variance)
        beta = settings.beta * ramp(self.steps, begins=0, length=settings.beta_ramp)
        loss = reconstruction + beta * F.relu(kl - settings.free_bits * math.log(2))
        for group in self.optimiser.param_groups:
            group["lr"] = settings.learning_rate * self.schedule.share(self.steps)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_CLIP)
        self.optimiser.step()
        self.end_step()
        figures = {
            "loss": loss,
            "reconstruction": reconstruction,
            "kl_bits": kl / math.log(2),
            "gradient": norm,
        }
        return {name: float(value.detach()) for name, value in figures.items()}

    def decoder_inputs(self, tokens: Tensor, plans: Tensor, first: Tensor) -> Tensor:
        """The true token before each step; a share is replaced by what the decoder would draw,
        another share is hidden.
        """
        settings = self.settings
        previous = token_before(tokens)
        share = settings.sampling * ramp(
            self.steps, begins=settings.sampling_from, length=settings.sampling_ramp
        )
        if share > 0:
            with torch.no_grad():
                drawn = draw(
                    self.net.decoder.logits(plans.detach(), first.detach(), previous), None
                )
            is_own = torch.rand(previous.shape) < share
            is_own[:, 0] = False
            previous = torch.where(is_own, token_before(drawn), previous)
        return torch.where(torch.rand(previous.shape) < settings.hidden, START, previous)

    def end_step(self) -> None:
        """Count the step and let the averaged net follow."""
        self.steps += 1
        half_life = max(1e-8, min(self.settings.ema_half_life, 0.1 * self.steps))
        averaged = [parameter.data for parameter in self.ema.parameters()]
        torch._foreach_lerp_(
            averaged,
            [parameter.data for parameter in self.net.parameters()],
            1 - 0.5 ** (1 / half_life),
        )

    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        """The averaged net's figures on held-out segments."""
        return reconstruction_figures(self.ema, held_out)

    def samples(self) -> np.ndarray:
        """Melodies from the Gaussian around the codes of some training segments: what new tunes
        will be made of.
        """
        codes = self.ema.read(self.examples.segments[:1_000])
        return self.ema.write(fit_latents(codes).sample(6, rng=np.random.default_rng(0)))

    def state(self) -> dict[str, Any]:
        """Everything a snapshot needs, as tensors and plain values."""
        return {
            "net": self.net.state_dict(),
            "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
            "schedule": asdict(self.schedule),
            "settings": self.settings.to_json(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps, self.schedule = state["steps"], Schedule(**state["schedule"])
