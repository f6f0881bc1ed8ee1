"""The learner of a picture net: its settings, nets, optimisers, examples, averages and snapshots.

What one step learns is in autoencoding.py and adversarial.py. Every random choice of a step follows
from (seed, number of the step), so nothing random has to be saved for an exact resume.
"""

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from generation.data.relatives import held_out_of
from generation.nets.lite0 import Lite0, PerceptualDistance
from generation.nets.modules import channels_last
from generation.nets.style_vae import (
    DEFAULT_CHANNELS,
    LARGE_PATCH_WIDTHS,
    PATCH_WIDTHS,
    Discriminator,
    Encoder,
    Generator,
    StyleVaeConfig,
    from_bytes,
)
from generation.refusal import Refused
from generation.training.batches import Order, batches
from generation.training.parts import Part, Parts
from generation.training.pictures.variety import vary
from generation.training.runs import Run
from generation.training.team import Team

EMA_HALF_LIFE = 2_000  # In pictures; shorter at the beginning, where old weights are bad ones.
DISCRIMINATOR_LEARNING_RATE = 2e-3
LARGE = 256  # Pixels of pictures for which the discriminator looks at larger patches.
BANK_SIZE = 2_048  # Codes that are remembered to draw random ones like them.
NETS = ("generator", "encoder", "ema_generator", "ema_encoder", "discriminator")
OPTIMISERS = ("optimiser", "discriminator_optimiser")

M = TypeVar("M", bound=nn.Module)


@dataclass(frozen=True)
class PictureSettings:
    """What decides a run's result beside its data. `data` is the prepared set's name or folder.

    batch: pictures of a step, over all processes and parts. focus: the left, top, right and bottom
    edge, as shares of the picture's, of the part that counts most, such as the face of a portrait.
    focus_weight: what a difference inside it adds, beside the 1 that it counts anyway.
    """

    data: str
    channels: tuple[int, ...] = DEFAULT_CHANNELS[64]
    batch: int = 8
    learning_rate: float = 6e-3
    perceptual_weight: float = 1.5
    kl_weight: float = 2e-4
    adversarial_weight: float = 0.05
    r1_gamma: float = 0.2
    focus: tuple[float, float, float, float] | None = None
    focus_weight: float = 1.0
    has_flips: bool = False
    has_variety: bool = False
    seed: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "PictureSettings":
        focus = data.get("focus")
        return cls(
            **{
                **data,
                "channels": tuple(data["channels"]),
                "focus": None if focus is None else tuple(focus),
            }
        )

    @classmethod
    def of(cls, run: Run, data: dict[str, Any]) -> "PictureSettings":
        """`from_json` for what a run folder holds.

        Raises Refused when that is a run of another kind of net.
        """
        try:
            return cls.from_json(data)
        except (KeyError, TypeError) as error:
            raise Refused(
                "{run_folder} holds a run of another kind of net. Name another folder with --run.",
                run_folder=run.folder,
            ) from error


@dataclass(frozen=True)
class Focus:
    """The part of all pictures that counts most: whole pixels, a multiple of 8 along each edge."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, shares: tuple[float, float, float, float], size: int) -> "Focus":
        """Widen shares of the edge outwards to multiples of 8 px, within the picture."""
        left, top, right, bottom = (share * size / 8 for share in shares)
        return cls(8 * int(left), 8 * int(top), 8 * math.ceil(right), 8 * math.ceil(bottom))

    def of_pictures(self, pictures: Tensor) -> Tensor:
        """Cut it out of pictures [batch, 3, height, width] of the full size."""
        return pictures[:, :, self.top : self.bottom, self.left : self.right]

    def weights(self, logits: Tensor, *, size: int, weight: float) -> Tensor:
        """Return what each judged patch counts, [1, 1, height, width], 1 on average.

        logits: [batch, 1, height, width], one for a patch. Patches inside count 1 + weight times
        as much as others.
        """
        edge = size // logits.shape[-1]
        inside = torch.zeros_like(logits[:1])
        inside[
            :, :, self.top // edge : self.bottom // edge, self.left // edge : self.right // edge
        ] = 1
        weights = 1 + weight * inside
        return weights / weights.mean()


class Examples:
    """Training pictures, shuffled anew in every pass.

    Their order follows from the seed alone.
    """

    def __init__(self, pictures: np.ndarray, *, seed: int, held_out: int | None = None) -> None:
        """Hold out the last pictures.

        pictures: uint8 [count, size, size, 3], usually memory-mapped. held_out: how many, as the
        set's card says; sets that were prepared earlier do not say it.
        """
        held_out = held_out_of(len(pictures)) if held_out is None else held_out
        self.held_out = pictures[len(pictures) - held_out :]
        self.pictures = pictures[: len(pictures) - held_out]
        self.order = Order(len(self.pictures), seed=seed)

    def __len__(self) -> int:
        return len(self.pictures)

    def at(self, positions: Sequence[int]) -> np.ndarray:
        """Return the pictures at some positions, uint8 [count, size, size, 3]."""
        return np.stack([self.pictures[self.order.index(position)] for position in positions])


class Learner:
    """The nets in training and their averaged (EMA) twins, which are what ships.

    seen: how many pictures they have learnt from. steps: how many batches. parts: how a batch is
    divided to fit into memory. has_bfloat16: whether most of a step is computed with such numbers.
    """

    def __init__(
        self,
        settings: PictureSettings,
        pictures: np.ndarray,
        features: Lite0,
        *,
        device: torch.device,
        team: Team | None = None,
        workers: int = 0,
        held_out: int | None = None,
    ) -> None:
        """Make the nets, with random weights.

        pictures: uint8 [count, size, size, 3]. workers: processes that fetch them ahead. held_out:
        see `Examples`.
        """
        self.settings, self.device = settings, device
        self.team, self.workers = team or Team(), workers
        rows = self.team.rows(settings.batch)
        if not rows:
            raise Refused(
                "A batch of {batch} leaves nothing for some of {processes} processes. Start a run"
                " with a larger --batch, or fewer processes.",
                batch=settings.batch,
                processes=self.team.size,
            )
        self.parts = Parts(rows, count=settings.batch)
        self.has_bfloat16 = (
            device.type == "cuda" and torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        )
        self.config = StyleVaeConfig(channels=settings.channels)
        self.examples = Examples(pictures, seed=settings.seed, held_out=held_out)
        torch.manual_seed(settings.seed)
        self.generator = self._place(Generator(self.config))
        self.encoder = self._place(Encoder(self.config))
        self.ema_generator = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.ema_encoder = copy.deepcopy(self.encoder).eval().requires_grad_(False)
        self.optimiser = torch.optim.Adam(
            self.parameters(), settings.learning_rate, betas=(0.5, 0.99), fused=True
        )
        widths = LARGE_PATCH_WIDTHS if self.config.size >= LARGE else PATCH_WIDTHS
        self.discriminator = self._place(Discriminator(widths))
        self.discriminator_optimiser = torch.optim.Adam(
            self.discriminator.parameters(),
            DISCRIMINATOR_LEARNING_RATE,
            betas=(0.0, 0.99),
            fused=True,
        )
        self.bank = torch.zeros(
            BANK_SIZE, self.config.n_genes * self.config.gene_size, device=device
        )
        first = [self.examples.order.index(i) for i in range(min(64, len(self.examples)))]
        self.distance = PerceptualDistance(
            features.to(device), self.tensor(pictures[np.sort(first)])
        )
        self.focus = None if settings.focus is None else Focus.of(settings.focus, self.config.size)
        self.seen = self.steps = 0
        self.rng = torch.Generator()
        self._fetched: tuple[int, Iterator[Tensor]] | None = None

    def _place(self, net: M) -> M:
        # Channels last makes a CPU step 1.35 to 1.5 times faster.
        return channels_last(net.to(self.device))

    def parameters(self) -> list[nn.Parameter]:
        return [*self.generator.parameters(), *self.encoder.parameters()]

    def tensor(self, pictures: np.ndarray) -> Tensor:
        return from_bytes(pictures, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        """Draw standard normal numbers of this step's own random stream.

        They are drawn on the CPU, so every device sees the same, and for the whole batch, so every
        process does.
        """
        return self._send(torch.randn(shape, generator=self.rng, pin_memory=self._is_pinned))

    def uniform(self, *shape: int) -> Tensor:
        return self._send(torch.rand(shape, generator=self.rng, pin_memory=self._is_pinned))

    @property
    def _is_pinned(self) -> bool:
        """Whether there is a card that copies from pinned memory while the CPU goes on."""
        return self.device.type == "cuda" and torch.cuda.is_available()

    def _send(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.device, non_blocking=True)

    def _fetch(self) -> Tensor:
        """Return this process's rows of the next batch, uint8 [rows, size, size, 3]."""
        if self._fetched is None or self._fetched[0] != self.seen:
            stream = batches(
                self.examples,
                self.seen,
                self.parts.rows,
                count=self.settings.batch,
                workers=self.workers,
                is_pinned=self._is_pinned,
            )
        else:
            stream = self._fetched[1]
        self._fetched = self.seen + self.settings.batch, stream
        return next(stream)

    def next_batch(self) -> Tensor:
        """Begin a step: seed its random stream and fetch this process's rows of its pictures."""
        self.rng.manual_seed(self.settings.seed * 1_000_003 + self.steps)
        pictures = from_bytes(self._fetch(), device=self.device)
        if self.settings.has_variety:
            pictures = vary(pictures, self._own_uniform)
        if not self.settings.has_flips:
            return pictures
        is_flipped = self._own_uniform(len(pictures), 1, 1, 1) < 0.5
        return torch.where(is_flipped, pictures.flip(3), pictures).contiguous(
            memory_format=torch.channels_last
        )

    def _own_uniform(self, count: int, *shape: int) -> Tensor:
        """Draw for the whole batch, and return what belongs to this process's rows."""
        rows = self.parts.rows
        return self.uniform(self.settings.batch, *shape)[rows.start : rows.stop]

    def learn(
        self, optimiser: torch.optim.Optimizer, work: Callable[[Part], dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Add up the gradients that the work leaves for every part, over all processes.

        work: computes gradients of a part, and returns its share of the figures. Returns the
        figures of this process's rows.
        """
        figures = self.parts.each(work, begin=optimiser.zero_grad)
        self.team.add(
            [
                parameter.grad
                for group in optimiser.param_groups
                for parameter in group["params"]
                if parameter.grad is not None
            ]
        )
        return {name: _total([one[name].detach() for one in figures]) for name in figures[0]}

    def end_step(self) -> None:
        """Count the batch and let the averaged nets follow."""
        self.steps += 1
        self.seen += self.settings.batch
        half_life = max(1e-8, min(EMA_HALF_LIFE, 0.05 * self.seen))
        share = 1 - 0.5 ** (self.settings.batch / half_life)
        averaged = [*self.ema_generator.parameters(), *self.ema_encoder.parameters()]
        with torch.no_grad():
            torch._foreach_lerp_(
                [p.data for p in averaged], [p.data for p in self.parameters()], share
            )

    def set_learning_rate(self, share: float) -> None:
        """Set both optimisers to this share of their full learning rates."""
        full_rates = (
            (self.optimiser, self.settings.learning_rate),
            (self.discriminator_optimiser, DISCRIMINATOR_LEARNING_RATE),
        )
        for optimiser, full_rate in full_rates:
            for group in optimiser.param_groups:
                group["lr"] = full_rate * share

    @torch.no_grad()
    def fill_bank(self) -> None:
        """Encode as many pictures as the bank holds.

        That is done before the first step that draws random codes.
        """
        for start in range(0, BANK_SIZE, 64):
            mean, _ = self.encoder(self.tensor(self.examples.at(range(start, start + 64))))
            self.bank[start : start + 64] = mean.flatten(1)

    def remember(self, codes: Tensor) -> None:
        """Replace the oldest codes of the bank by these, [batch, n_genes, gene_size]."""
        places = (torch.arange(len(codes), device=self.device) + self.seen) % BANK_SIZE
        self.bank[places] = codes.detach().flatten(1)

    def precision(self) -> AbstractContextManager[object]:
        """Compute in bfloat16 on cards that can; in full precision on a CPU, where it is slow."""
        if not self.has_bfloat16:
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def state(self) -> dict[str, Any]:
        """Return everything a snapshot needs, as tensors and plain values."""
        nets = {name: getattr(self, name).state_dict() for name in NETS}
        optimisers = {name: getattr(self, name).state_dict() for name in OPTIMISERS}
        return {**nets, **optimisers, "bank": self.bank, "seen": self.seen, "steps": self.steps}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a snapshot's state, exactly."""
        for name in (*NETS, *OPTIMISERS):
            getattr(self, name).load_state_dict(state[name])
        self.bank = state["bank"].to(self.device)
        self.seen, self.steps = state["seen"], state["steps"]


def _total(values: list[Tensor]) -> Tensor:
    return values[0] if len(values) == 1 else torch.stack(values).sum()
