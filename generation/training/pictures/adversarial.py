"""The adversarial phases of a picture net.

A discriminator learns to tell drawn pictures from made ones, and the generator to pass for drawn.
In the phase after autoencoding it sees reconstructions, random samples *and bred codes* (midpoints
and crosses), because a child must look like a work too, not like a double exposure. Reconstruction
goes on, so that breeding keeps its meaning. Losses: softplus (Goodfellow et al. 2014, non-
saturating) with R1 (Mescheder et al. 2018) every few steps; the augmentation of both sides follows
Zhao et al. 2020, "Differentiable Augmentation".
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from generation.training.pictures.autoencoding import (
    finish_step,
    out_of_range,
    reconstruction_loss,
)
from generation.training.pictures.learner import Learner

R1_EVERY = 16
# Random codes for the discriminator are drawn like random works.
COARSE_GENES, NEIGHBOURS, SPREAD = 2, 8, 0.9


def bred_codes(learner: Learner, codes: Tensor) -> Tensor:
    """Return as many bred codes as there are codes.

    Each is a midpoint, a cross or a random sample, one third of the time each.
    """
    count, n_genes, _ = codes.shape
    other = codes.roll(1, 0)
    share = 0.3 + 0.4 * learner.uniform(count, 1, 1)
    midpoints = share * codes + (1 - share) * other
    cut = 1 + (learner.uniform(count, 1, 1) * (n_genes - 1)).floor()
    is_coarse = torch.arange(n_genes, device=codes.device)[None, :, None] < cut
    crosses = torch.where(is_coarse, codes, other)
    choice = learner.uniform(count, 1, 1)
    bred = torch.where(choice < 1 / 3, midpoints, crosses)
    return torch.where(choice > 2 / 3, sample_codes(learner, count), bred)


def sample_codes(learner: Learner, count: int) -> Tensor:
    """Draw random codes, as `GeneStatistics.sample` does.

    Coarse genes lie near one code of the bank, fine genes near another.
    """
    split = COARSE_GENES * learner.config.gene_size
    coarse = _draw_near(learner, learner.bank[:, :split], count)
    fine = _draw_near(learner, learner.bank[:, split:], count)
    return torch.cat([coarse, fine], 1).view(
        count, learner.config.n_genes, learner.config.gene_size
    )


def _draw_near(learner: Learner, part: Tensor, count: int) -> Tensor:
    """Draw from the Gaussians of the codes nearest to random ones.

    A normal mix of their deviations has their covariance.
    """
    places = (learner.uniform(count) * len(part)).long()
    near = torch.cdist(part[places], part).topk(NEIGHBOURS, largest=False).indices
    around = part[near]  # [count, NEIGHBOURS, genes]
    middle = around.mean(1)
    weights = learner.normal(count, 1, NEIGHBOURS) * (SPREAD / NEIGHBOURS**0.5)
    return middle + (weights @ (around - middle[:, None]))[:, 0]


def augment(learner: Learner, pictures: Tensor) -> Tensor:
    """Change brightness, contrast and place of pictures at random, by up to an eighth.

    All of it is mild: strong colour changes would hide faults.
    """
    count, _, height, width = pictures.shape
    pictures = pictures + 0.4 * (learner.uniform(count, 1, 1, 1) - 0.5)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = (pictures - mean) * (0.7 + 0.6 * learner.uniform(count, 1, 1, 1)) + mean
    reach = height // 8
    padded = F.pad(pictures, (reach,) * 4, mode="replicate")
    shifts = (learner.uniform(count, 2) * (2 * reach + 1)).long().tolist()
    shifted = [
        padded[i, :, down : down + height, right : right + width]
        for i, (down, right) in enumerate(shifts)
    ]
    return torch.stack(shifted).contiguous(memory_format=torch.channels_last)


def discriminator_step(learner: Learner, real: Tensor, made: Tensor) -> dict[str, Tensor]:
    """Let the discriminator learn from one batch. `made` carries no gradient."""
    discriminator, settings = learner.discriminator, learner.settings
    real, made = augment(learner, real), augment(learner, made)
    is_r1_step = learner.steps % R1_EVERY == 0
    real.requires_grad_(is_r1_step)
    with learner.precision():
        real_logits, made_logits = discriminator(real), discriminator(made)
    loss = F.softplus(-real_logits.float()).mean() + F.softplus(made_logits.float()).mean()
    figures = {
        "discriminator": loss,
        "real_logit": real_logits.mean(),
        "made_logit": made_logits.mean(),
    }
    if is_r1_step:
        (slope,) = torch.autograd.grad(real_logits.mean((1, 2, 3)).sum(), real, create_graph=True)
        figures["r1"] = slope.square().sum((1, 2, 3)).mean()
        loss = loss + figures["r1"] * settings.r1_gamma / 2 * R1_EVERY
    learner.discriminator_optimiser.zero_grad()
    loss.backward()
    learner.discriminator_optimiser.step()
    return figures


def deceive(learner: Learner, made: Tensor) -> Tensor:
    """Return the generator's adversarial loss; the discriminator is held still."""
    learner.discriminator.requires_grad_(False)
    with learner.precision():
        logits = learner.discriminator(augment(learner, made))
    learner.discriminator.requires_grad_(True)
    return F.softplus(-logits.float()).mean()


def adversarial_step(learner: Learner) -> dict[str, float]:
    """Take one step of the second phase; returns figures for the log.

    It reconstructs, breeds, and teaches the discriminator, then both nets of the autoencoder.
    """
    real = learner.next_batch()
    loss, codes, reconstructed, figures = reconstruction_loss(learner, real)
    learner.remember(codes)
    # Only the generator answers for bred pictures: the encoder must not bend its codes to make
    # breeding easy.
    with learner.precision():
        bred = learner.generator(bred_codes(learner, codes.detach()))
    made = torch.cat([reconstructed[: len(real) // 4], bred]).float()
    figures |= discriminator_step(learner, real, made.detach())
    figures["deceive"] = deceive(learner, made)
    loss = loss + learner.settings.adversarial_weight * figures["deceive"] + out_of_range(bred)
    return finish_step(learner, loss, figures)


def plain_step(learner: Learner) -> dict[str, float]:
    """Take one step of a plain GAN; returns figures for the log.

    Genes are standard normal noise, and there is no encoder. It needs a GPU and patience.
    """
    real = learner.next_batch()
    genes = learner.normal(len(real), learner.config.n_genes, learner.config.gene_size)
    with learner.precision():
        made = learner.generator(genes).float()
    figures = discriminator_step(learner, real, made.detach())
    figures["deceive"] = deceive(learner, made)
    return finish_step(learner, figures["deceive"] + out_of_range(made), figures)
