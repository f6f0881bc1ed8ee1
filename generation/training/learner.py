"""What learners of small nets share: one step, averaging, snapshots.

Every random choice of a step follows from (seed, number of the step), so nothing random has to be
saved for an exact resume.
"""

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn

from generation.training.plan import Need

GRADIENT_CLIP = 1.0


class Settings(Protocol):
    """What decides a run's result beside its data. ema_half_life: in steps."""

    @property
    def batch(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def ema_half_life(self) -> float: ...
    @property
    def seed(self) -> int: ...
    def to_json(self) -> dict[str, Any]: ...


S = TypeVar("S", bound=Settings)
N = TypeVar("N", bound=nn.Module)
B = TypeVar("B")


class Learner(ABC, Generic[S, N, B]):
    """A net in training and its averaged (EMA) twin, which is what ships.

    `steps` counts the batches that were learnt from. `rate` is the share of the full learning rate
    that the next step has.
    """

    NEED: ClassVar[Need]
    BETAS: ClassVar[tuple[float, float]]  # Of AdamW.
    WEIGHT_DECAY: ClassVar[float]

    def __init__(self, settings: S, *, device: torch.device | None = None) -> None:
        self.settings, self.device = settings, device or torch.device("cpu")
        torch.manual_seed(settings.seed)
        self.net = self.make_net().to(self.device)
        self.ema = copy.deepcopy(self.net).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(),
            settings.learning_rate,
            betas=self.BETAS,
            weight_decay=self.WEIGHT_DECAY,
            fused=True,
        )
        self.rate = 1.0
        self.steps = 0

    @abstractmethod
    def make_net(self) -> N:
        """Make the net that `settings` describe, with random weights."""

    @abstractmethod
    def fetch(self) -> B:
        """Return the batch of this step on the device."""

    @abstractmethod
    def loss(self, batch: B) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss on a batch, and further figures for the log."""

    def shipped(self) -> N:
        """Return the averaged net on the CPU, where sites run it."""
        return self.ema if self.device.type == "cpu" else copy.deepcopy(self.ema).cpu()

    def step(self) -> dict[str, Tensor]:
        """Learn from one batch; returns figures for the log."""
        batch = self.fetch()
        torch.manual_seed(self.settings.seed * 1_000_003 + self.steps)
        loss, figures = self.loss(batch)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_CLIP)
        self.optimiser.step()
        self._end_step()
        figures = {"loss": loss, **figures, "gradient": norm}
        return {name: value.detach() for name, value in figures.items()}

    def _end_step(self) -> None:
        """Count the step and let the averaged net follow."""
        self.steps += 1
        half_life = max(1e-8, min(self.settings.ema_half_life, 0.1 * self.steps))
        averaged = [parameter.data for parameter in self.ema.parameters()]
        current = [parameter.data for parameter in self.net.parameters()]
        torch._foreach_lerp_(averaged, current, 1 - 0.5 ** (1 / half_life))

    def state(self) -> dict[str, Any]:
        """Return everything a snapshot needs, as tensors and plain values."""
        return {
            "net": self.net.state_dict(),
            "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
            "settings": self.settings.to_json(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a snapshot's state, exactly."""
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps = state["steps"]
