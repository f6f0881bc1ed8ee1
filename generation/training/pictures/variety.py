"""Variety for small data sets.

Every time a picture is learnt from, it has other hues and slightly other proportions. With a
thousand pictures a net learns each by heart, form and colours as one. Seen in many colours and
proportions, form and colour come apart in the genes, so that a cross can take them from two works,
and random works are no copies.
"""

import math
from collections.abc import Callable
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

# Shares of the pictures that are changed; the others keep the real colours and shapes known.
RECOLOURED, RESHAPED = 0.6, 0.7
SATURATIONS = 0.75, 1.15
SCALES = 0.86, 1.04  # Of each axis by itself, so proportions change too.
TURN = math.radians(12)
# Luminance and the two chroma axes (NTSC's YIQ): turning the chroma plane changes hues and leaves
# greys and white alone.
TO_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
# Inverted here: a graphics card would stop at every step to ask whether that is possible.
FROM_YIQ = torch.linalg.inv(TO_YIQ)

Uniform = Callable[..., Tensor]


def vary(pictures: Tensor, uniform: Uniform) -> Tensor:
    """Recolour or reshape most of the pictures, [batch, 3, height, width] in -1..1.

    uniform(*shape): numbers in 0..1 of the step's own random stream.
    """
    return reshape(recolour(pictures, uniform), uniform).contiguous(
        memory_format=torch.channels_last
    )


def recolour(pictures: Tensor, uniform: Uniform) -> Tensor:
    """Turn all hues of a picture by one random angle, and change its saturation a little."""
    count = len(pictures)
    is_changed = (uniform(count) < RECOLOURED).float()
    angle = is_changed * 2 * math.pi * uniform(count)
    low, high = SATURATIONS
    saturation = 1 + is_changed * (low - 1 + (high - low) * uniform(count))
    turn = torch.zeros(count, 3, 3, device=pictures.device)
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * angle.cos()
    turn[:, 1, 2], turn[:, 2, 1] = -saturation * angle.sin(), saturation * angle.sin()
    to_yiq, from_yiq = _both(pictures.device)
    matrix = from_yiq @ turn @ to_yiq
    return torch.einsum("bij,bjhw->bihw", matrix, pictures).clamp(-1, 1)


@cache
def _both(device: torch.device) -> tuple[Tensor, Tensor]:
    return TO_YIQ.to(device), FROM_YIQ.to(device)


def reshape(pictures: Tensor, uniform: Uniform) -> Tensor:
    """Turn by up to 12 degrees and stretch each axis a little.

    What comes in at the edges continues the edge.
    """
    count = len(pictures)
    is_changed = (uniform(count) < RESHAPED).float()
    angle = is_changed * TURN * (2 * uniform(count) - 1)
    low, high = SCALES
    scales = 1 + is_changed[:, None] * (low - 1 + (high - low) * uniform(count, 2))
    # affine_grid asks from where each point is fetched, hence the inverse of the scales.
    where = torch.zeros(count, 2, 3, device=pictures.device)
    where[:, 0, 0], where[:, 0, 1] = angle.cos() / scales[:, 0], -angle.sin() / scales[:, 0]
    where[:, 1, 0], where[:, 1, 1] = angle.sin() / scales[:, 1], angle.cos() / scales[:, 1]
    grid = F.affine_grid(where, list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
