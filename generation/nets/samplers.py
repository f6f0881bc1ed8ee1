"""Samplers that start from a picture under some noise instead of from noise alone (SDEdit, Meng et
al. 2022).

The library diffusers leaves out the first of a number of equal steps. With two or four steps a
slider would jump between two or four pictures, so the noise that is left is what is divided here.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Start:
    """A sampler of its own, and what a call of an image-to-image pipeline is told about it."""

    sampler: Any
    options: dict[str, Any]


def begin_later(sampler: Any, *, steps: int, share: float) -> Start:
    """A sampler that takes `steps` steps over the last part of the way from noise to a picture.

    sampler: one of the library. share: how much of that way is left, above 0 to 1; it changes
    what comes out without jumps.
    """
    if "trained_betas" in sampler.config and not sampler.config.get("use_flow_sigmas"):
        return Start(
            _with_less_noise(sampler, steps=steps, share=share),
            {"num_inference_steps": steps, "strength": 1.0},
        )
    own = type(sampler).from_config(sampler.config)
    if hasattr(own, "scale_noise"):
        # Flow matching: the amount of noise is the time itself.
        sigmas = share * np.linspace(1.0, 1 / steps, steps)
        return Start(own, {"num_inference_steps": steps, "sigmas": sigmas, "strength": 1.0})
    if sampler.config.get("use_flow_sigmas"):
        _scale_noise_levels(own, share)
        return Start(own, {"num_inference_steps": steps, "strength": 1.0})
    # Half a step more, because the library rounds what it leaves down.
    whole = max(steps, round(steps / share))
    return Start(own, {"num_inference_steps": whole, "strength": min(1.0, (steps + 0.5) / whole)})


def _scale_noise_levels(sampler: Any, share: float) -> None:
    """Let a sampler for flow matching that is told the number of its steps start with less noise.

    For these nets the amount of noise is the time itself, too, but their calls name no levels.
    """
    library = sampler.set_timesteps

    def set_timesteps(*given: Any, **options: Any) -> None:
        library(*given, **options)
        sampler.sigmas = sampler.sigmas * share
        sampler.timesteps = (sampler.timesteps * share).round().to(sampler.timesteps.dtype)
        # Near the picture two steps may be told the same rounded time.
        sampler.set_begin_index(0)

    sampler.set_timesteps = set_timesteps


def _with_less_noise(sampler: Any, *, steps: int, share: float) -> Any:
    """A sampler as if its net had been trained on the first part of its levels of noise only."""
    config = sampler.config
    levels = config.num_train_timesteps
    # Nets that were distilled for few steps know only every so many levels (Luo et al. 2023).
    known = config.get("original_inference_steps") or levels
    stride = levels // known
    # Some samplers start one level above a multiple of their step.
    left = stride * min(known, max(2 * steps, round(share * known)))
    if left == levels:
        return type(sampler).from_config(config)
    changed: dict[str, Any] = {
        "num_train_timesteps": left,
        "trained_betas": sampler.betas[:left].tolist(),
        # They are scaled already.
        "rescale_betas_zero_snr": False,
        "original_inference_steps": left // stride,
    }
    return type(sampler).from_config(
        config, **{name: value for name, value in changed.items() if name in config}
    )
