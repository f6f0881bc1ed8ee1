"""Pictures and words as a diffusion pipeline's net knows them."""

import inspect
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generation.nets.pipelines import KINDS
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


def encode_words(pipeline: Any, words: str, *, is_guided: bool = False) -> dict[str, Tensor]:
    """The embeddings of a text, as the pipeline's call names them; is_guided: of none, too."""
    wanted = {
        "prompt": words,
        "prompt_2": None,
        "prompt_3": None,
        "device": pipeline.device,
        "num_images_per_prompt": 1,
        "do_classifier_free_guidance": is_guided,
    }
    known = inspect.signature(pipeline.encode_prompt).parameters
    found = pipeline.encode_prompt(
        **{name: value for name, value in wanted.items() if name in known}
    )
    names = KINDS[type(pipeline).__name__].encoded
    return {
        name: value
        for name, value in zip(names, found, strict=False)
        if is_guided or "negative" not in name
    }
