"""Samplers that start later: how much noise they start with, and that it falls without jumps."""

import importlib
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.generation.conftest import HAS_DIFFUSERS

pytestmark = pytest.mark.skipif(not HAS_DIFFUSERS, reason="requirements-diffusion.txt is missing")
STEPS = 2
SHARES = np.linspace(1.0, 0.05, 39)
FLOW_BY_STEPS = "flows that are told the number of steps"
SAMPLERS = (
    "DDIMScheduler",
    "DDPMScheduler",
    "PNDMScheduler",
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "UniPCMultistepScheduler",
    "LCMScheduler",
    "TCDScheduler",
    "FlowMatchEulerDiscreteScheduler",
    FLOW_BY_STEPS,
)
FLOW = {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": 3.0}
each_sampler = pytest.mark.parametrize("name", SAMPLERS)


def make(name: str, **options: Any) -> Any:
    if name == "PNDMScheduler":
        options |= {"skip_prk_steps": True}  # As every Stable Diffusion has it.
    if name == FLOW_BY_STEPS:
        name, options = "DPMSolverMultistepScheduler", FLOW | options
    return getattr(importlib.import_module("diffusers"), name)(**options)


def start_of(sampler: Any, share: float) -> Any:
    samplers = importlib.import_module("generation.nets.samplers")
    start = samplers.begin_later(sampler, steps=STEPS, share=share)
    numbers = {name: start.options[name] for name in ("sigmas",) if name in start.options}
    start.sampler.set_timesteps(**numbers or {"num_inference_steps": STEPS})
    return start.sampler


def kept_at(sampler: Any, share: float) -> float:
    """How much of a picture of ones is left when it is put under the first noise, of 1."""
    torch = importlib.import_module("torch")
    own = start_of(sampler, share)
    ones, none, first = torch.ones(1, 1, 1, 1), torch.zeros(1, 1, 1, 1), own.timesteps[:1]
    if hasattr(own, "scale_noise"):
        return float(own.scale_noise(ones, first, none))
    picture, noise = own.add_noise(ones, none, first), own.add_noise(none, ones, first)
    return float(picture / torch.hypot(picture, noise))


@each_sampler
def test_the_less_is_left_of_the_way_the_more_stays_and_nothing_jumps(name):
    sampler = make(name)
    kept = [kept_at(sampler, share) for share in SHARES]
    assert kept[0] < 0.75 and kept[-1] > 0.9
    assert all(0 <= after - before < 0.15 for before, after in pairwise(kept))


@each_sampler
@pytest.mark.parametrize("share", [0.05, 0.4, 1.0])
def test_the_number_of_steps_stays(name, share):
    if name in ("PNDMScheduler", "UniPCMultistepScheduler"):
        pytest.skip("They take each step in parts.")
    assert len(start_of(make(name), share).timesteps) == STEPS


def test_the_original_sampler_is_left_as_it_was():
    sampler = make("DDIMScheduler")
    before = dict(sampler.config)
    start_of(sampler, 0.3)
    assert dict(sampler.config) == before
    assert len(sampler.betas) == 1000


def test_a_sampler_whose_last_level_is_noise_alone_starts_later_too():
    sampler = make(
        "EulerDiscreteScheduler", rescale_betas_zero_snr=True, timestep_spacing="trailing"
    )
    kept = [kept_at(sampler, share) for share in SHARES]
    assert np.isfinite(kept).all() and kept == sorted(kept)
