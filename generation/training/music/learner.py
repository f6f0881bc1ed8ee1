"""What the learners of both music nets share: settings, and batches of segments."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from generation.training import learner
from generation.training.batches import batches
from generation.training.music.examples import Augmentation, Examples

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

C = TypeVar("C", bound="DataclassInstance")


@dataclass(frozen=True)
class Settings(ABC):
    """What decides a run's result beside its data. `data` is the name of the data set."""

    data: str
    embedding: int = 48
    batch: int = 96
    learning_rate: float = 2e-3
    shifted: float = 0.5  # The share of examples that are moved along the scale.
    ema_half_life: float = 400.0  # In steps.
    seed: int = 0

    @property
    @abstractmethod
    def segment_steps(self) -> int:
        """The length of a segment in sixteenths."""

    @property
    def augmentation(self) -> Augmentation:
        return Augmentation(shifted=self.shifted)

    def pick(self, config: type[C]) -> C:
        """Make a net's config from the settings that have the names of its fields."""
        return config(**{field.name: getattr(self, field.name) for field in fields(config)})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, **values: Any) -> Self:
        return replace(self, **values)


S = TypeVar("S", bound=Settings)
N = TypeVar("N", bound=nn.Module)


class Learner(learner.Learner[S, N, Tensor]):
    """A music net in training. A batch is int64 [batch, steps]."""

    def __init__(
        self,
        settings: S,
        segments: np.ndarray,
        *,
        device: torch.device | None = None,
        workers: int = 0,
    ) -> None:
        """segments: the training segments, int64 [count, steps].

        workers: processes that fetch batches ahead.
        """
        super().__init__(settings, device=device)
        self.workers = workers
        self.examples = Examples(
            segments,
            batch=settings.batch,
            seed=settings.seed,
            augmentation=settings.augmentation,
        )
        self._fetched: tuple[int, Iterator[Tensor]] | None = None

    @abstractmethod
    def figures(self, held_out: np.ndarray) -> dict[str, float]:
        """Measure the averaged net on held-out segments."""

    @abstractmethod
    def samples(self) -> np.ndarray:
        """Write a few melodies with the averaged net, int64 [count, steps]."""

    def fetch(self) -> Tensor:
        if self._fetched is None or self._fetched[0] != self.steps:
            stream = batches(
                self.examples,
                self.steps,
                range(1),
                count=1,
                workers=self.workers,
                is_pinned=self.device.type == "cuda" and torch.cuda.is_available(),
            )
        else:
            stream = self._fetched[1]
        self._fetched = self.steps + 1, stream
        return next(stream).to(self.device, non_blocking=True)
