"""The Patterns renderer, which evaluates the species' formula with torch, band by band.

The formula is in `generation.genespaces.patterns.formula`. A band goes from coordinates to final
bytes before the next begins, so a print of 4096 px needs little memory. The field is defined
everywhere: the light's gradient reads one sample beyond every border, tiles meet exactly, and the
bytes do not depend on the height of the bands.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial

import numpy as np
import torch

from generation import devices
from generation.checkpoints import Checkpoint
from generation.genespaces.patterns.formula import Kit, centres, field, prepare
from generation.genespaces.patterns.layout import OUTPUTS
from generation.genespaces.patterns.plan import Plan
from generation.genespaces.patterns.shading import shade, to_srgb
from generation.genome import Genome

CHUNK = 8192  # Points evaluated at once: the hidden layer (800 kB) stays in the second-level cache.
CHUNK_ON_A_CARD = 1 << 20  # A graphics card needs many points at once to be busy.
BAND = 1 << 15  # Pixels between two calls of `yield_point`.
BLOCK = 8  # Edge of the squares that are supersampled or not.
BEND = 0.05  # Second difference of neighbours, about in sRGB, from which a square is supersampled.
STEP = 0.1  # The same for a plain step, on the rows where a square has only one neighbour.
BLOCKS_AT_ONCE = 128


def _lookup(table: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    index = place.to(torch.int32).bitwise_and_(len(table) - 1)
    return torch.index_select(table, 0, index.view(-1)).view(place.shape)


def _array(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(values).to(devices.device())


TORCH = Kit(xp=torch, array=_array, empty=torch.empty, lookup=_lookup)


class PatternsNet:
    """Paints genomes of the Patterns species. It holds nothing: the whole net is in the genome."""

    @torch.inference_mode()
    def render(
        self,
        genome: Genome,
        *,
        size: int,
        supersample: int = 1,
        yield_point: Callable[[float], None] = lambda progress: None,
    ) -> np.ndarray:
        """Paint the picture of a genome, uint8 [size, size, 3] sRGB.

        supersample: 2 averages four samples a pixel, in linear light, wherever neighbouring pixels
        differ visibly. yield_point: called with the progress, 0 to 1, several times a band.
        """
        device = devices.device()
        # New tensors are made on the device. On a CPU they are anyway, and asking costs time.
        with nullcontext() if device.type == "cpu" else device:
            return self._render(genome, size, supersample, yield_point)

    def _render(
        self,
        genome: Genome,
        size: int,
        supersample: int,
        yield_point: Callable[[float], None],
    ) -> np.ndarray:
        plan = prepare(TORCH, genome.genes)
        picture = np.empty((size, size, 3), np.uint8)
        rows = max(BLOCK, BAND // size // BLOCK * BLOCK)
        for top, linear in _bands(plan, size, rows):
            bottom = top + linear.shape[1]
            if supersample > 1:
                _refine(
                    plan,
                    linear,
                    top=top,
                    size=size,
                    yield_point=partial(yield_point, top / size),
                )
            coded = to_srgb(TORCH, linear).mul_(255).add_(0.5).to(torch.uint8)
            picture[top:bottom] = coded.permute(1, 2, 0).cpu().numpy()
            yield_point(bottom / size)
        return picture


def load(checkpoint: Checkpoint) -> PatternsNet:
    """The net of a checkpoint of this architecture, which has no weights of its own."""
    return PatternsNet()


def _bands(plan: Plan, size: int, rows: int) -> Iterator[tuple[int, torch.Tensor]]:
    """Yield the top row and the linear light [3, rows, size] of each band.

    The field of the two rows on a seam is evaluated only once.
    """
    xs = ys = _array(centres(size, start=-1, stop=size + 1))
    overlap = torch.empty((OUTPUTS, 0, size + 2))
    for top in range(0, size, rows):
        bottom = min(size, top + rows)
        o = torch.empty((OUTPUTS, bottom - top + 2, size + 2))
        o[:, : overlap.shape[1]] = overlap
        _evaluate(plan, xs, ys[top + overlap.shape[1] : bottom + 2], o[:, overlap.shape[1] :])
        overlap = o[:, -2:]
        x, y = xs[None, 1:-1], ys[top + 1 : bottom + 1, None]
        yield top, torch.stack(shade(TORCH, plan, o, x=x, y=y, step=2 / size))


def _chunk(points: torch.Tensor) -> int:
    return CHUNK if points.device.type == "cpu" else CHUNK_ON_A_CARD


def _evaluate(plan: Plan, xs: torch.Tensor, ys: torch.Tensor, into: torch.Tensor) -> None:
    """Evaluate the field on a grid, in chunks of whole rows."""
    step = max(1, _chunk(xs) // len(xs))
    for start in range(0, len(ys), step):
        some = ys[start : start + step]
        x = xs.repeat(len(some))
        y = some.repeat_interleave(len(xs))
        into[:, start : start + step] = field(TORCH, plan, x, y).view(OUTPUTS, len(some), len(xs))


def _refine(
    plan: Plan, linear: torch.Tensor, *, top: int, size: int, yield_point: Callable[[], None]
) -> None:
    """Render the squares of visible contrast again at twice the density and store their mean."""
    chosen = _busy_blocks(linear)
    for some in chosen.split(BLOCKS_AT_ONCE) if len(chosen) else ():
        # A busy band costs up to four plain ones; live frames must not wait for all of it.
        yield_point()
        lefts, tops = some[:, 1] * BLOCK, some[:, 0] * BLOCK
        fine = _fine_blocks(plan, lefts=lefts, tops=tops + top, size=size)
        mean = torch.nn.functional.avg_pool2d(fine, 2)  # [3, blocks, 8, 8]
        for index, (left, first) in enumerate(zip(lefts.tolist(), tops.tolist(), strict=True)):
            target = linear[:, first : first + BLOCK, left : left + BLOCK]
            target.copy_(mean[:, index, : target.shape[1], : target.shape[2]])


def _busy_blocks(linear: torch.Tensor) -> torch.Tensor:
    """Return row and column of each square where neighbouring pixels bend, int64 [squares, 2].

    They bend where they leave the straight slope from one neighbour to the other.
    """
    seen = linear.sqrt()  # Near enough to how the eye, and sRGB, space the light.
    height, width = linear.shape[1:]
    busy = torch.zeros((-(-height // BLOCK) * BLOCK, -(-width // BLOCK) * BLOCK))
    busy[:height, 1 : width - 1] = _bend(seen[:, :, :-2], seen[:, :, 1:-1], seen[:, :, 2:])
    down = torch.zeros((height, width))
    down[1:-1] = _bend(seen[:, :-2], seen[:, 1:-1], seen[:, 2:])
    # A square judges by its own rows alone, so that bands of any height choose the same squares.
    # Its first and last row have only one neighbour; there a plain step counts.
    steps = (seen[:, 1:] - seen[:, :-1]).abs_().amax(0).mul_(BEND / STEP)
    below, above = steps[0::BLOCK], steps[BLOCK - 2 :: BLOCK]
    down[0::BLOCK][: len(below)] = below
    down[BLOCK - 1 :: BLOCK][: len(above)] = above[: len(down[BLOCK - 1 :: BLOCK])]
    busy[:height, :width] = torch.maximum(busy[:height, :width], down)
    return (torch.nn.functional.max_pool2d(busy[None], BLOCK)[0] > BEND).nonzero()


def _bend(before: torch.Tensor, here: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    return (before + after).sub_(here, alpha=2).abs_().amax(0)


def _fine_blocks(plan: Plan, *, lefts: torch.Tensor, tops: torch.Tensor, size: int) -> torch.Tensor:
    """Linear light of squares at double density, [3, squares, 16, 16]."""
    edge = 2 * BLOCK + 2
    # Twice the pixel coordinate of each sample, from one sample before the square.
    line = torch.arange(edge) - 0.5
    xs = (lefts[:, None] * 2 + line - size) * (1 / size)
    ys = (tops[:, None] * 2 + line - size) * (1 / size)
    x = xs[:, None, :].expand(-1, edge, -1)
    y = ys[:, :, None].expand(-1, -1, edge)
    o = torch.empty((OUTPUTS, len(xs), edge, edge))
    per = max(1, _chunk(xs) // (edge * edge))
    for start in range(0, len(xs), per):
        part = slice(start, start + per)
        o[:, part] = field(TORCH, plan, x[part].reshape(-1), y[part].reshape(-1)).view(
            OUTPUTS, -1, edge, edge
        )
    return torch.stack(
        shade(TORCH, plan, o, x=xs[:, None, 1:-1], y=ys[:, 1:-1, None], step=1 / size)
    )
