import numpy as np
import pytest
import torch

from generation.nets.lite0 import Lite0
from generation.training.pictures.adversarial import (
    adversarial_step,
    bred_codes,
    plain_step,
    sample_codes,
)
from generation.training.pictures.autoencoding import (
    Examples,
    Learner,
    PictureSettings,
    autoencoding_step,
    kl_divergence,
)


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


def make_learner(kind=Learner, **changes):
    settings = PictureSettings(data="discs", channels=(16, 16, 8), batch=4, **changes)
    torch.manual_seed(0)
    return kind(settings, make_pictures(), Lite0(), device=torch.device("cpu"))


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


def test_reconstruction_gets_better():
    learner = make_learner()
    pixels = [autoencoding_step(learner)["pixels"] for _ in range(40)]
    assert np.mean(pixels[-8:]) < 0.8 * np.mean(pixels[:8])


@pytest.mark.parametrize("step", [autoencoding_step, adversarial_step, plain_step])
def test_a_resumed_run_goes_on_exactly(step):
    straight, first, second = (
        make_learner(has_flips=True),
        make_learner(has_flips=True),
        make_learner(has_flips=True),
    )
    for _ in range(4):
        step(straight)
    for _ in range(2):
        step(first)
    second.restore(first.state())
    for _ in range(2):
        step(second)
    assert second.seen == straight.seen == 16
    assert torch.equal(weights_of(straight), weights_of(second))


def test_adversarial_training_changes_generator_encoder_and_discriminator():
    learner = make_learner()
    learner.fill_bank()
    before = [parameter.detach().clone() for parameter in learner.discriminator.parameters()]
    figures = [adversarial_step(learner) for _ in range(3)]
    assert any(
        not torch.equal(a, b)
        for a, b in zip(before, learner.discriminator.parameters(), strict=True)
    )
    assert all(np.isfinite(list(f.values())).all() for f in figures)
    assert "r1" in figures[0]


def test_the_averaged_nets_follow_slowly():
    learner = make_learner()
    learner.seen = 100_000  # Past the beginning, where the average is short.
    before = learner.ema_generator.constant.clone()
    target_before = learner.generator.constant.detach().clone()
    autoencoding_step(learner)
    moved = (learner.ema_generator.constant - before).abs().max()
    assert 0 < moved < 0.1 * (learner.generator.constant - target_before).abs().max()


def test_every_pass_shows_every_picture_once_in_a_new_order():
    examples = Examples(np.arange(40).reshape(40, 1, 1, 1).astype(np.uint8), seed=3)
    passes = [
        [examples.index(number * len(examples) + i) for i in range(len(examples))]
        for number in range(2)
    ]
    assert sorted(passes[0]) == sorted(passes[1]) == list(range(35))
    assert passes[0] != passes[1]


def test_held_out_pictures_are_never_learnt_from():
    pictures = np.arange(40, dtype=np.uint8).reshape(40, 1, 1, 1)
    examples = Examples(pictures, seed=0)
    learnt = set(examples.batch(0, 200).flatten().tolist())
    assert learnt.isdisjoint(examples.held_out.flatten().tolist())


def test_the_divergence_is_zero_for_a_standard_normal_code():
    zero = torch.zeros(2, 3, 4)
    assert kl_divergence(zero, zero).item() == 0
    assert kl_divergence(zero + 1, zero).item() == pytest.approx(6.0)


def test_random_codes_stay_near_the_codes_of_the_bank():
    learner = make_learner()
    learner.bank = torch.where(
        torch.arange(len(learner.bank))[:, None] % 2 == 0, 5.0, -5.0
    ) + torch.randn(learner.bank.shape)
    codes = sample_codes(learner, 200).mean(2)  # [batch, n_genes]
    assert (codes.abs() > 4).all()
    is_mixed = codes[:, 0].sign() != codes[:, -1].sign()
    assert 60 < is_mixed.sum() < 140


def test_bred_codes_are_midpoints_crosses_or_samples():
    learner = make_learner()
    codes = torch.stack([torch.zeros(3, 64), torch.ones(3, 64)]).repeat(50, 1, 1)
    learner.bank = torch.full_like(learner.bank, 7.0)
    bred = bred_codes(learner, codes).mean(2)  # [batch, n_genes]
    is_sample = (bred == 7).all(1)
    is_cross = (bred[:, 0] != bred[:, -1]) & ((bred == 0) | (bred == 1)).all(1)
    is_midpoint = ((bred > 0.29) & (bred < 0.71)).all(1)
    assert (is_sample | is_cross | is_midpoint).all()
    assert min(is_sample.sum(), is_cross.sum(), is_midpoint.sum()) > 15
