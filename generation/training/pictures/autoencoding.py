"""The first phase of a picture net: learning to reconstruct pictures.

The loss is a perceptual distance, a pyramid of pixel distances and a small KL divergence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.training.parts import Part
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


def focus_distance(learner: Learner, made: Tensor, real: Tensor) -> Tensor | float:
    """Return what differences in the focus add to the perceptual distance, 0 without a focus.

    The feature net sees it enlarged to twice its size: an eye of 6 px is less than the net can tell
    apart otherwise, and a smeared one costs next to nothing.
    """
    if learner.focus is None:
        return 0.0
    near_made, near_real = (
        F.interpolate(
            learner.focus.of_pictures(pictures), scale_factor=2, mode="bilinear"
        ).contiguous(memory_format=torch.channels_last)
        for pictures in (made, real)
    )
    return learner.settings.focus_weight * learner.distance(near_made, near_real)


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of the codes from N(0, I).

    It is summed over a genome and averaged over the batch.
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum((1, 2)).mean()


@dataclass(frozen=True)
class Reconstruction:
    """What came of a part of a batch: its loss, codes, pictures, and figures for the log."""

    loss: Tensor
    codes: Tensor
    made: Tensor
    figures: dict[str, Tensor]


def draw_noise(learner: Learner) -> Tensor:
    """Draw the noise of a batch's codes, [batch, n_genes, gene_size]."""
    config = learner.config
    return learner.normal(learner.settings.batch, config.n_genes, config.gene_size)


def reconstruct(learner: Learner, real: Tensor, noise: Tensor) -> Reconstruction:
    """Encode with noise and decode."""
    settings = learner.settings
    with learner.precision():
        mean, log_variance = learner.encoder(real)
        mean, log_variance = mean.float(), log_variance.float()
        codes = mean + noise * (log_variance / 2).exp()
        made = learner.generator(codes)
        perceptual = learner.distance(made, real) + focus_distance(learner, made, real)
    pixels, kl = pyramid_distance(made, real), kl_divergence(mean, log_variance)
    loss = (
        settings.perceptual_weight * perceptual
        + pixels
        + settings.kl_weight * kl
        + out_of_range(made)
    )
    return Reconstruction(loss, codes, made, {"perceptual": perceptual, "pixels": pixels, "kl": kl})


def autoencoding_step(learner: Learner) -> dict[str, Tensor]:
    """Take one step of the first phase; returns figures for the log."""
    real, noise = learner.next_batch(), draw_noise(learner)

    def work(part: Part) -> dict[str, Tensor]:
        pictures = part.of(real, first=learner.parts.rows.start)
        one = reconstruct(learner, pictures, part.of(noise))
        (one.loss * part.share).backward()
        return weighed(one.figures, part.share)

    return finish_step(learner, learner.learn(learner.optimiser, work))


def weighed(figures: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return what the figures of a part add to those of the batch."""
    return {name: value * share for name, value in figures.items()}


def finish_step(learner: Learner, figures: dict[str, Tensor]) -> dict[str, Tensor]:
    """Let generator and encoder follow their gradients; returns figures for the log."""
    norm = nn.utils.clip_grad_norm_(learner.parameters(), GRADIENT_CLIP)
    learner.optimiser.step()
    learner.end_step()
    # Every process knows the whole norm, and the log adds up what they tell.
    return {**figures, "gradient": norm / learner.team.size}
