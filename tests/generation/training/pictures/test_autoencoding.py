import numpy as np
import pytest
import torch

from generation.training.pictures.autoencoding import (
    autoencoding_step,
    focus_distance,
    kl_divergence,
)
from tests.generation.training.pictures.picture_examples import make_learner


def test_reconstruction_gets_better():
    learner = make_learner()
    pixels = [autoencoding_step(learner)["pixels"] for _ in range(40)]
    assert np.mean(pixels[-8:]) < 0.8 * np.mean(pixels[:8])


def test_the_divergence_is_zero_for_a_standard_normal_code():
    zero = torch.zeros(2, 3, 4)
    assert kl_divergence(zero, zero).item() == 0
    assert kl_divergence(zero + 1, zero).item() == pytest.approx(6.0)


def test_only_differences_in_the_focus_cost_extra():
    learner = make_learner(focus=(0.5, 0.0, 1.0, 0.4), focus_weight=2.0)
    real = learner.next_batch()
    inside, outside = real.clone(), real.clone()
    inside[:, :, :8, 8:] *= -1
    outside[:, :, 8:] *= -1
    outside[:, :, :, :8] *= -1
    cost = focus_distance(learner, inside, real).item()
    assert cost > 0 == focus_distance(learner, outside, real).item()
    lighter = make_learner(focus=(0.5, 0.0, 1.0, 0.4), focus_weight=1.0)
    assert focus_distance(lighter, inside, real).item() == pytest.approx(cost / 2)
    assert focus_distance(make_learner(), inside, real) == 0
