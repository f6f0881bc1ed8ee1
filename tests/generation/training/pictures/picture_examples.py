"""Small pictures and learners for the tests of training."""

import numpy as np
import torch

from generation.nets.lite0 import Lite0
from generation.training.pictures.learner import Learner, PictureSettings


def make_pictures(count=96, size=16):
    """Coloured discs on coloured grounds."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:size, :size]
    pictures = np.zeros((count, size, size, 3), np.uint8)
    for picture in pictures:
        centre, radius = rng.uniform(5, size - 5, 2), rng.uniform(2, 5)
        is_inside = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 < radius**2
        picture[:] = np.where(
            is_inside[..., None], rng.integers(0, 128, 3), rng.integers(128, 256, 3)
        )
    return pictures


def make_learner(kind=Learner, *, device="cpu", team=None, workers=0, **changes):
    settings = PictureSettings(data="discs", channels=(16, 16, 8), batch=4, **changes)
    torch.manual_seed(0)
    return kind(
        settings,
        make_pictures(),
        Lite0(),
        device=torch.device(device),
        team=team,
        workers=workers,
    )


def weights_of(learner):
    nets = (
        learner.generator,
        learner.encoder,
        learner.ema_generator,
        learner.ema_encoder,
        learner.discriminator,
    )
    return torch.cat(
        [parameter.detach().flatten() for net in nets for parameter in net.parameters()]
    )


def gradients_of(learner):
    nets = (learner.generator, learner.encoder, learner.discriminator)
    return torch.cat(
        [
            parameter.grad.flatten()
            for net in nets
            for parameter in net.parameters()
            if parameter.grad is not None
        ]
    )
