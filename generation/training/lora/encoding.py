"""Pictures as a diffusion pipeline's net knows them."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.nets.style_vae import from_bytes


def encode_pictures(pipeline: Any, pictures: np.ndarray, *, size: int) -> Tensor:
    """The latents of pictures, float32 [count, channels, height, width], on the pipeline's device.

    pictures: uint8 [count, edge, edge, 3]; larger ones than `size` are made smaller.
    """
    vae, found = pipeline.vae, []
    dtype = vae.dtype
    vae.to(torch.float32)  # All that follows is learnt from these numbers.
    for picture in pictures:
        pixels = from_bytes(picture[None], device=pipeline.device)
        if pixels.shape[-1] != size:
            pixels = F.interpolate(pixels, size=(size, size), mode="bicubic", antialias=True)
        latents = vae.encode(pixels.clamp(-1, 1)).latent_dist.mean
        shift = vae.config.shift_factor or 0.0
        found.append((latents - shift) * vae.config.scaling_factor)
    vae.to(dtype)
    return torch.cat(found)
