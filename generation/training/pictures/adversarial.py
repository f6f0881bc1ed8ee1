"""The adversarial phases of a picture net.

A discriminator learns to tell drawn pictures from made ones, and the generator to pass for drawn.
In the phase after autoencoding it sees reconstructions, random samples *and bred codes* (midpoints
and crosses), because a child must look like a work too, not like a double exposure. Reconstruction
goes on, so that breeding keeps its meaning. Losses: softplus (Goodfellow et al. 2014, non-
saturating) with R1 (Mescheder et al. 2018) every few steps; the augmentation of both sides follows
Zhao et al. 2020, "Differentiable Augmentation".
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from generation.training.parts import Part
from generation.training.pictures.autoencoding import (
    Reconstruction,
    draw_noise,
    finish_step,
    out_of_range,
    reconstruct,
    weighed,
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


@dataclass(frozen=True)
class Augmentation:
    """How each picture is changed: brightness, contrast [count, 1, 1, 1], shifts [count, 2]."""

    brightness: Tensor
    contrast: Tensor
    shifts: Tensor

    def of(self, rows: Callable[[Tensor], Tensor]) -> "Augmentation":
        return Augmentation(rows(self.brightness), rows(self.contrast), rows(self.shifts))


def draw_augmentation(learner: Learner, count: int) -> Augmentation:
    reach = learner.config.size // 8
    return Augmentation(
        learner.uniform(count, 1, 1, 1),
        learner.uniform(count, 1, 1, 1),
        (learner.uniform(count, 2) * (2 * reach + 1)).long() - reach,
    )


def augment(pictures: Tensor, how: Augmentation) -> Tensor:
    """Change brightness, contrast and place of pictures at random, by up to an eighth.

    All of it is mild: strong colour changes would hide faults.
    """
    count, _, height, width = pictures.shape
    pictures = pictures + 0.4 * (how.brightness - 0.5)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = (pictures - mean) * (0.7 + 0.6 * how.contrast) + mean
    # What comes in at the edges repeats the edge.
    device = pictures.device
    rows = (how.shifts[:, :1] + torch.arange(height, device=device)).clamp(0, height - 1)
    columns = (how.shifts[:, 1:] + torch.arange(width, device=device)).clamp(0, width - 1)
    which = torch.arange(count, device=device)[:, None, None]
    shifted = pictures.permute(0, 2, 3, 1)[which, rows[:, :, None], columns[:, None, :]]
    return shifted.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Made:
    """This process's pictures for the discriminator: reconstructions, if any, and drawn ones.

    n_reconstructed: how many reconstructions the whole batch has; they are those of its first rows.
    count: how many pictures of both kinds it has.
    """

    reconstructed: Tensor | None
    drawn: Tensor
    n_reconstructed: int
    count: int

    def of(self, part: Part, *, first: int) -> Tensor:
        drawn = part.of(self.drawn, first=first)
        if self.reconstructed is None:
            return drawn
        return torch.cat([part.of(self.reconstructed, first=first), drawn])

    def rows(self, part: Part) -> Callable[[Tensor], Tensor]:
        """Return what picks a part's rows of something that was drawn for all these pictures."""
        n = self.n_reconstructed
        return lambda values: torch.cat([part.of(values[:n]), part.of(values[n:])])

    def share(self, part: Part) -> float:
        """The share of a part in all these pictures."""
        mine = min(part.stop, self.n_reconstructed) - min(part.start, self.n_reconstructed)
        return (mine + part.stop - part.start) / self.count


def discriminator_step(learner: Learner, real: Tensor, made: Made) -> dict[str, Tensor]:
    """Let the discriminator learn from one batch. `made` carries no gradient."""
    discriminator, gamma = learner.discriminator, learner.settings.r1_gamma
    how_real = draw_augmentation(learner, learner.settings.batch)
    how_made = draw_augmentation(learner, made.count)
    is_r1_step, first = learner.steps % R1_EVERY == 0, learner.parts.rows.start

    def work(part: Part) -> dict[str, Tensor]:
        drawn = augment(part.of(real, first=first), how_real.of(part.of))
        fakes = augment(made.of(part, first=first), how_made.of(made.rows(part)))
        drawn.requires_grad_(is_r1_step)
        # A slope of a slope in bfloat16 would be mostly rounding.
        with nullcontext() if is_r1_step else learner.precision():
            real_logits, made_logits = discriminator(drawn), discriminator(fakes)
        weights = patch_weights(learner, real_logits)
        real_logits, made_logits = real_logits.float(), made_logits.float()
        share, made_share = part.share, made.share(part)
        loss = (F.softplus(-real_logits) * weights).mean() * share + (
            F.softplus(made_logits) * weights
        ).mean() * made_share
        figures = {
            "discriminator": loss,
            "real_logit": real_logits.mean() * share,
            "made_logit": made_logits.mean() * made_share,
        }
        if is_r1_step:
            (slope,) = torch.autograd.grad(
                real_logits.mean((1, 2, 3)).sum(), drawn, create_graph=True
            )
            figures["r1"] = slope.square().sum((1, 2, 3)).mean() * share
            loss = loss + figures["r1"] * gamma / 2 * R1_EVERY
        loss.backward()
        return figures

    figures = learner.learn(learner.discriminator_optimiser, work)
    learner.discriminator_optimiser.step()
    return figures


def deceive(learner: Learner, made: Tensor, how: Augmentation) -> Tensor:
    """Return the generator's adversarial loss; the discriminator is held still."""
    learner.discriminator.requires_grad_(False)
    try:
        with learner.precision():
            logits = learner.discriminator(augment(made, how))
    finally:
        learner.discriminator.requires_grad_(True)
    return (F.softplus(-logits.float()) * patch_weights(learner, logits)).mean()


def patch_weights(learner: Learner, logits: Tensor) -> Tensor | float:
    """Return what each patch counts: those in the focus, if there is one, more than others.

    logits: [batch, 1, height, width] of whole pictures.
    """
    if learner.focus is None:
        return 1.0
    return learner.focus.weights(
        logits.detach().float(), size=learner.config.size, weight=learner.settings.focus_weight
    )


def adversarial_step(learner: Learner) -> dict[str, Tensor]:
    """Take one step of the second phase; returns figures for the log.

    It reconstructs, breeds, and teaches the discriminator, then both nets of the autoencoder.
    """
    real, noise = learner.next_batch(), draw_noise(learner)
    batch, parts, first = learner.settings.batch, learner.parts, learner.parts.rows.start

    def reconstruct_part(part: Part) -> Reconstruction:
        return reconstruct(learner, part.of(real, first=first), part.of(noise))

    looks = parts.each(
        lambda part: _still(parts.first("reconstruction", lambda: reconstruct_part(part)))
    )
    codes = learner.team.gather(torch.cat([codes for codes, _ in looks]), batch)
    learner.remember(codes)
    # Only the generator answers for bred pictures: the encoder must not bend its codes to make
    # breeding easy.
    bred_genes = bred_codes(learner, codes)

    def breed_part(part: Part) -> Tensor:
        with learner.precision():
            return learner.generator(part.of(bred_genes))

    bred = parts.each(lambda part: parts.first("bred", lambda: breed_part(part)).detach())
    quarter = batch // 4
    reconstructed = torch.cat([pictures for _, pictures in looks])[: max(0, quarter - first)]
    made = Made(reconstructed, torch.cat(bred), quarter, quarter + batch)
    figures = discriminator_step(learner, real, made)
    how = draw_augmentation(learner, made.count)

    def work(part: Part) -> dict[str, Tensor]:
        one = parts.again("reconstruction", lambda: reconstruct_part(part))
        bred = parts.again("bred", lambda: breed_part(part))
        fakes = torch.cat([one.made[: max(0, quarter - part.start)], bred])
        deceived = deceive(learner, fakes, how.of(made.rows(part))) * made.share(part)
        loss = (
            one.loss * part.share
            + learner.settings.adversarial_weight * deceived
            + out_of_range(bred) * part.share
        )
        loss.backward()
        return {**weighed(one.figures, part.share), "deceive": deceived}

    return finish_step(learner, {**figures, **learner.learn(learner.optimiser, work)})


def _still(one: Reconstruction) -> tuple[Tensor, Tensor]:
    """Codes and pictures without their gradients."""
    return one.codes.detach(), one.made.detach()


def plain_step(learner: Learner) -> dict[str, Tensor]:
    """Take one step of a plain GAN; returns figures for the log.

    Genes are standard normal noise, and there is no encoder. It needs a GPU and patience.
    """
    real, genes = learner.next_batch(), draw_noise(learner)
    batch, parts = learner.settings.batch, learner.parts

    def draw_part(part: Part) -> Tensor:
        with learner.precision():
            return learner.generator(part.of(genes))

    drawn = parts.each(lambda part: parts.first("drawn", lambda: draw_part(part)).detach())
    made = Made(None, torch.cat(drawn), 0, batch)
    figures = discriminator_step(learner, real, made)
    how = draw_augmentation(learner, batch)

    def work(part: Part) -> dict[str, Tensor]:
        pictures = parts.again("drawn", lambda: draw_part(part))
        deceived = deceive(learner, pictures, how.of(part.of)) * part.share
        (deceived + out_of_range(pictures) * part.share).backward()
        return {"deceive": deceived}

    return finish_step(learner, {**figures, **learner.learn(learner.optimiser, work)})
