"""How the live net learns to enlarge as its teacher does (Hinton et al. 2015, distillation).

A step looks at patches. The loss is the absolute error of colours and of their differences between
neighbours, so that edges are as sharp as the teacher's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from generation.finishing import superres
from generation.finishing.superres import SCALE, LiveNet
from generation.training.enlarging.pictures import Lesson
from generation.training.learner import Learner
from generation.training.pictures.sheets import contact_sheet
from generation.training.plan import Need

PATCH = 32  # Pixels of an edge before enlarging.
# At a patch's edge the net does not see what the teacher saw, unless the picture ends there.
MARGIN = 4
EDGE_WEIGHT = 0.5
JUDGED = 24  # Pictures of each lesson by which it is weighed.
SHOWN = 4  # Pictures of each lesson on a sheet.

Batch = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class LiveNetSettings:
    """What decides a run's result beside its species.

    count: pictures of each species. width, depth, fine: see LiveNet. batch: patches of a step.
    ema_half_life: in steps.
    """

    species: tuple[str, ...]
    count: int = 600
    width: int = 64
    depth: int = 6
    fine: int = 32
    batch: int = 8
    learning_rate: float = 2e-3
    ema_half_life: float = 400.0
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "LiveNetSettings":
        return cls(**{**data, "species": tuple(data["species"])})

    def sizes(self) -> dict[str, int]:
        """What LiveNet is made with."""
        return {"width": self.width, "depth": self.depth, "fine": self.fine}

    def make_net(self) -> LiveNet:
        return LiveNet(**self.sizes())


class LiveNetLearner(Learner[LiveNetSettings, LiveNet, Batch]):
    """The live net in training."""

    NEED = Need(
        "patches", 100_000, "edges that are no sharper than interpolated ones", "soft edges"
    )
    BETAS = (0.9, 0.99)
    WEIGHT_DECAY = 0.0

    def __init__(
        self,
        settings: LiveNetSettings,
        lessons: Sequence[Lesson],
        *,
        device: torch.device | None = None,
    ) -> None:
        super().__init__(settings, device=device)
        self.lessons = list(lessons)
        errors = np.array([rms_of_interpolation(lesson) for lesson in lessons])
        self.shares = errors / errors.sum()

    def make_net(self) -> LiveNet:
        return self.settings.make_net()

    def fetch(self) -> Batch:
        """Return patches, what the teacher made of them, and where they count.

        [batch, 3, PATCH, PATCH] and [batch, 3, 4 PATCH, 4 PATCH] in 0..1, and [batch, 1, 4 PATCH, 4
        PATCH], which is 1 or 0.
        """
        rng = np.random.default_rng([self.settings.seed, self.steps])
        rows = [
            self._patch(self.lessons[int(rng.choice(len(self.lessons), p=self.shares))], rng)
            for _ in range(self.settings.batch)
        ]
        small, large, counts = (
            torch.from_numpy(np.stack(part)).to(self.device, non_blocking=True)
            for part in zip(*rows, strict=True)
        )
        return _planes(small), _planes(large), counts[:, None].float()

    def _patch(
        self, lesson: Lesson, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        index, edge = int(rng.integers(len(lesson.small))), lesson.small.shape[1]
        top, left = (int(place) for place in rng.integers(0, edge - PATCH + 1, 2))
        counts = np.zeros((PATCH, PATCH), np.uint8)
        rows, columns = (
            slice(MARGIN if start else 0, PATCH - MARGIN if start + PATCH < edge else PATCH)
            for start in (top, left)
        )
        counts[rows, columns] = 1
        return (
            lesson.small[index, top : top + PATCH, left : left + PATCH],
            lesson.large[
                index,
                SCALE * top : SCALE * (top + PATCH),
                SCALE * left : SCALE * (left + PATCH),
            ],
            counts.repeat(SCALE, axis=0).repeat(SCALE, axis=1),
        )

    def loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        small, large, counts = batch
        error = (self.net(small) - large) * counts
        colours = error.abs().mean()
        edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
        return colours + EDGE_WEIGHT * edges, {"colours": colours}

    def figures(self, held_out: Sequence[Lesson]) -> dict[str, float]:
        """The distance to the teacher on held-out pictures of each lesson, PSNR in dB."""
        return distances(self.shipped(), held_out)

    def write_sheet(self, held_out: Sequence[Lesson], path: Path) -> None:
        """Draw rows of three: interpolated, by the net, by the teacher."""
        net, rows = self.shipped(), []
        for lesson in held_out:
            small, large = lesson.small[:SHOWN], lesson.large[:SHOWN]
            if large.shape[1] <= 256:
                drawn = np.stack([superres.enlarge(net, one) for one in small])
                rows.append([_as_wide(part) for part in (interpolated(small), drawn, large)])
        pictures = np.concatenate([part for row in rows for part in row])
        contact_sheet(pictures, columns=SHOWN, gap=2).save(path.with_suffix(".png"))


def distances(net: LiveNet, lessons: Sequence[Lesson]) -> dict[str, float]:
    """How near a net comes to the teacher, PSNR in dB by the name of each lesson."""
    return {
        lesson.name: round(
            psnr(np.stack([superres.enlarge(net, one) for one in lesson.small]), lesson.large), 2
        )
        for lesson in lessons
    }


def psnr(made: np.ndarray, wanted: np.ndarray) -> float:
    """The mean over pictures of the PSNR in dB, of uint8 pictures."""
    error = (made.astype(np.float32) - wanted).reshape(len(made), -1)
    return float((10 * np.log10(255**2 / np.square(error).mean(1).clip(1e-6))).mean())


def interpolated(small: np.ndarray) -> np.ndarray:
    """Pictures enlarged by bicubic interpolation, as a measure of what the net adds."""
    edge = SCALE * small.shape[1]
    return np.stack(
        [
            np.asarray(Image.fromarray(one).resize((edge, edge), Image.Resampling.BICUBIC))
            for one in small
        ]
    )


def rms_of_interpolation(lesson: Lesson) -> float:
    """What interpolation gets wrong in a lesson: so often it is learnt from, beside others."""
    small, large = lesson.small[:JUDGED], lesson.large[:JUDGED]
    return float(np.square(interpolated(small).astype(np.float32) - large).mean() ** 0.5)


def _as_wide(pictures: np.ndarray) -> np.ndarray:
    """Pictures at 256 px, whatever their edge."""
    times = 256 // pictures.shape[1]
    return pictures.repeat(times, axis=1).repeat(times, axis=2)


def _planes(pictures: Tensor) -> Tensor:
    """uint8 [batch, height, width, 3] -> 0..1 [batch, 3, height, width], channels last."""
    return pictures.permute(0, 3, 1, 2).float().div(255)
