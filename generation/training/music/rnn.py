"""How the melody RNN learns to continue a phrase: the cross entropy of every next token of four
bars, averaged weights.
"""

import copy
import math
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from generation.melodies.tokens import FIRST_PITCH, HOLD, VOCABULARY
from generation.nets.music_rnn import MusicRnn, MusicRnnConfig
from generation.nets.music_vae import token_before
from generation.training.music.vae import GRADIENT_CLIP, Examples, MusicSettings, Schedule

CHUNK = 256


@dataclass(frozen=True)
class MelodySettings:
    """What decides a run's result beside its data."""

    data: str
    steps: int = 64
    embedding: int = 48
    place: int = 16
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.25
    batch: int = 48
    learning_rate: float = 2e-3
    shifted: float = 0.3
    ema_half_life: float = 300.0
    seed: int = 0

    def config(self) -> MusicRnnConfig:
        names = MusicRnnConfig.__dataclass_fields__
        return MusicRnnConfig(
            **{name: value for name, value in asdict(self).items() if name in names}
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, **values: Any) -> "MelodySettings":
        return replace(self, **values)


class MelodyLearner:
    """The melody net in training and its averaged (EMA) twin, which is what ships."""

    def __init__(self, settings: MelodySettings, segments: np.ndarray) -> None:
        self.settings, self.batch = settings, settings.batch
        augmentation = MusicSettings(
            data=settings.data,
            batch=settings.batch,
            shifted=settings.shifted,
            recombined=0.0,
            varied=0.0,
            seed=settings.seed,
        )
        self.examples = Examples(segments, augmentation)
        self.phrases = segments[:6, : segments.shape[1] // 2]
        torch.manual_seed(settings.seed)
        self.net = MusicRnn(settings.config())
        self.ema = copy.deepcopy(self.net).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), settings.learning_rate, weight_decay=0.01, fused=True
        )
        self.schedule = Schedule()
        self.steps = 0

    def step(self) -> dict[str, float]:
        """Learn from one batch; returns figures for the log."""
        torch.manual_seed(self.settings.seed * 1_000_003 + self.steps)
        tokens = torch.from_numpy(self.examples.batch(self.steps))
        scores, _ = self.net(token_before(tokens))
        loss = F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1))
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.schedule.share(self.steps)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_CLIP)
        self.optimiser.step()
        self.steps += 1
        half_life = max(1e-8, min(self.settings.ema_half_life, 0.1 * self.steps))
        averaged = [parameter.data for parameter in self.ema.parameters()]
        torch._foreach_lerp_(
            averaged,
            [parameter.data for parameter in self.net.parameters()],
            1 - 0.5 ** (1 / half_life),
        )
        return {"loss": float(loss.detach()), "gradient": float(norm)}

    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        return prediction_figures(self.ema, held_out)

    def samples(self) -> np.ndarray:
        half = self.settings.steps // 2
        written = [
            self.ema.continue_phrase(phrase, steps=half, seed=index)
            for index, phrase in enumerate(self.phrases)
        ]
        return np.concatenate([self.phrases, np.concatenate(written)], axis=1)

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


def prediction_figures(net: MusicRnn, segments: np.ndarray) -> dict[str, float]:
    """How well the next token is foreseen on segments: accuracy, that of always holding, that on
    notes, and bits a token.
    """
    right = held = notes_right = notes = 0
    nats = 0.0
    for start in range(0, len(segments), CHUNK):
        tokens = torch.from_numpy(segments[start : start + CHUNK])
        with torch.no_grad():
            scores, _ = net(token_before(tokens))
        is_right, is_note = scores.argmax(2) == tokens, tokens >= FIRST_PITCH
        right += int(is_right.sum())
        held += int((tokens == HOLD).sum())
        notes_right += int(is_right[is_note].sum())
        notes += int(is_note.sum())
        nats += float(
            F.cross_entropy(scores.reshape(-1, VOCABULARY), tokens.reshape(-1), reduction="sum")
        )
    return {
        "next_token_accuracy": round(right / segments.size, 4),
        "always_hold_accuracy": round(held / segments.size, 4),
        "next_note_accuracy": round(notes_right / notes, 4),
        "bits_per_token": round(nats / segments.size / math.log(2), 4),
    }
