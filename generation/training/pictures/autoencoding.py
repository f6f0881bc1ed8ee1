"""The first phase of a picture net: learning to reconstruct pictures.

The loss is a perceptual distance, a pyramid of pixel distances and a small KL divergence.
"""

import torch.nn.functional as F
from torch import Tensor, nn

from generation.training.pictures.learner import Learner

GRADIENT_CLIP = 5.0


def pyramid_distance(made: Tensor, real: Tensor, *, levels: int = 4) -> Tensor:
    """Sum the mean absolute differences at full, half, quarter, ... resolution.

    So colours and places count as much as pixels.
    """
    total = (made - real).abs().mean()
    for _ in range(levels - 1):
        made, real = F.avg_pool2d(made, 2), F.avg_pool2d(real, 2)
        total = total + (made - real).abs().mean()
    return total


def out_of_range(made: Tensor) -> Tensor:
    """Penalise values beyond -1..1; a tanh at the end would saturate instead."""
    return F.relu(made.abs() - 1).square().mean()


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of the codes from N(0, I).

    It is summed over a genome and averaged over the batch.
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum((1, 2)).mean()


def reconstruction_loss(
    learner: Learner, real: Tensor
) -> tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]:
    """Encode with noise and decode.

    Returns the loss, the codes, the reconstructions and the figures for the log.
    """
    settings = learner.settings
    with learner.precision():
        mean, log_variance = learner.encoder(real)
        mean, log_variance = mean.float(), log_variance.float()
        codes = mean + learner.normal(*mean.shape) * (log_variance / 2).exp()
        made = learner.generator(codes)
        perceptual = learner.distance(made, real)
    pixels, kl = pyramid_distance(made.float(), real), kl_divergence(mean, log_variance)
    loss = (
        settings.perceptual_weight * perceptual
        + pixels
        + settings.kl_weight * kl
        + out_of_range(made)
    )
    return loss, codes, made, {"perceptual": perceptual, "pixels": pixels, "kl": kl}


def autoencoding_step(learner: Learner) -> dict[str, float]:
    """Take one step of the first phase; returns figures for the log."""
    real = learner.next_batch()
    loss, _, _, figures = reconstruction_loss(learner, real)
    return finish_step(learner, loss, figures)


def finish_step(learner: Learner, loss: Tensor, figures: dict[str, Tensor]) -> dict[str, float]:
    """Let generator and encoder learn from a loss; returns figures for the log."""
    learner.optimiser.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(learner.parameters(), GRADIENT_CLIP)
    learner.optimiser.step()
    learner.end_step()
    return {name: float(value.detach()) for name, value in {**figures, "gradient": norm}.items()}
