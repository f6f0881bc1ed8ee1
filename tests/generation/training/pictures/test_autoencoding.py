import numpy as np
import pytest
import torch

from generation.training.pictures.autoencoding import autoencoding_step, kl_divergence
from tests.generation.training.pictures.picture_examples import make_learner


def test_reconstruction_gets_better():
    learner = make_learner()
    pixels = [autoencoding_step(learner)["pixels"] for _ in range(40)]
    assert np.mean(pixels[-8:]) < 0.8 * np.mean(pixels[:8])


def test_the_divergence_is_zero_for_a_standard_normal_code():
    zero = torch.zeros(2, 3, 4)
    assert kl_divergence(zero, zero).item() == 0
    assert kl_divergence(zero + 1, zero).item() == pytest.approx(6.0)
