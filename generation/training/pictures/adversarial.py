"""The adversarial phases: a discriminator learns to tell drawn pictures from made ones, the
generator learns to pass.

In the phase after autoencoding it sees reconstructions, random samples *and bred codes* (midpoints
and crosses), because a child must look like a work too, not like a double exposure. Reconstruction
goes on, so that breeding keeps its meaning. Losses: softplus (Goodfellow et al. 2014,
non-saturating) with R1 (Mescheder et al. 2018) every few steps; the augmentation of both sides
follows Zhao et al. 2020, "Differentiable Augmentation".
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generation.training.pictures.autoencoding import (
    GRADIENT_CLIP,
    Learner,
    out_of_range,
    reconstruction_loss,
)

R1_EVERY = 16
COARSE_GENES, NEIGHBOURS, SPREAD = (
    2,
    8,
    0.9,
)  # Random codes for the discriminator are drawn like random works.


def bred_codes(learner: Learner, codes: Tensor) -> Tensor:
    """As many bred codes as codes came: each is a midpoint, a cross or a random sample, one third
    of the time each.
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
    """Draw as `GeneStatistics.sample` does: coarse genes near one code of the bank, fine genes near
    another.
    """
    split = COARSE_GENES * learner.config.gene_size
    coarse = _draw_near(learner, learner.bank[:, :split], count)
    fine = _draw_near(learner, learner.bank[:, split:], count)
    return torch.cat([coarse, fine], 1).view(
        count, learner.config.n_genes, learner.config.gene_size
    )


def _draw_near(learner: Learner, part: Tensor, count: int) -> Tensor:
    """Draws from the Gaussians of the codes nearest to random ones; a normal mix of deviations has
    their covariance.
    """
    places = (learner.uniform(count) * len(part)).long()
    near = torch.cdist(part[places], part).topk(NEIGHBOURS, largest=False).indices
    around = part[near]  # [count, NEIGHBOURS, genes]
    middle = around.mean(1)
    weights = learner.normal(count, 1, NEIGHBOURS) * (SPREAD / NEIGHBOURS**0.5)
    return middle + (weights @ (around - middle[:, None]))[:, 0]


def augment(learner: Learner, pictures: Tensor) -> Tensor:
    """Random brightness, contrast and shift by up to an eighth. Mild: strong colour changes would
    hide faults.
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
    """Teach the discriminator one batch. `made` carries no gradient."""
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
    """The generator's adversarial loss; the discriminator is held still."""
    learner.discriminator.requires_grad_(False)
    with learner.precision():
        logits = learner.discriminator(augment(learner, made))
    learner.discriminator.requires_grad_(True)
    return F.softplus(-logits.float()).mean()


def adversarial_step(learner: Learner) -> dict[str, float]:
    """One step of the second phase: reconstruct, breed, teach the discriminator, then both nets of
    the autoencoder.
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
    """One step of a plain GAN: genes are standard normal noise, and there is no encoder. It wants a
    GPU and patience.
    """
    real = learner.next_batch()
    genes = learner.normal(len(real), learner.config.n_genes, learner.config.gene_size)
    with learner.precision():
        made = learner.generator(genes).float()
    figures = discriminator_step(learner, real, made.detach())
    figures["deceive"] = deceive(learner, made)
    return finish_step(learner, figures["deceive"] + out_of_range(made), figures)


def finish_step(learner: Learner, loss: Tensor, figures: dict[str, Tensor]) -> dict[str, float]:
    learner.optimiser.zero_grad()
    loss.backward()
    figures["gradient"] = nn.utils.clip_grad_norm_(learner.parameters(), GRADIENT_CLIP)
    learner.optimiser.step()
    learner.end_step()
    return {name: float(value.detach()) for name, value in figures.items()}
