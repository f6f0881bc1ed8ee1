import numpy as np
import torch

from generation.nets.lite0 import Lite0
from generation.training.pictures.adversarial import (
    adversarial_step,
    bred_codes,
    deceive,
    draw_augmentation,
    patch_weights,
    sample_codes,
)
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.learner import Learner, PictureSettings
from tests.generation.training.pictures.picture_examples import make_learner, make_pictures


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


def test_pictures_of_256_pixels_are_learnt_by_a_judge_of_larger_patches():
    settings = PictureSettings(data="discs", channels=(8, 8, 8, 8, 8, 4, 4), batch=2)
    pictures = make_pictures(16, size=256)
    learner = Learner(settings, pictures, Lite0(), device=torch.device("cpu"))
    learner.bank.normal_()
    for step in (autoencoding_step, adversarial_step):
        assert all(torch.isfinite(value) for value in step(learner).values())
    assert learner.generator(torch.randn(1, 7, 64)).shape == (1, 3, 256, 256)
    # A logit for every 16 pixels, instead of every 8.
    assert learner.discriminator(torch.zeros(1, 3, 256, 256)).shape == (1, 1, 16, 16)


def test_patches_in_the_focus_are_judged_more_strictly():
    learner = make_learner(focus=(0.5, 0.0, 1.0, 0.5), focus_weight=3.0)
    weights = patch_weights(learner, torch.zeros(4, 1, 2, 2))
    expected = torch.tensor([[[[4 / 7, 16 / 7], [4 / 7, 4 / 7]]]])  # 1 on average.
    torch.testing.assert_close(weights, expected)
    pictures, how = learner.next_batch(), draw_augmentation(learner, 4)
    plain = make_learner()  # The same nets, for both begin with one seed.
    assert deceive(learner, pictures, how) != deceive(plain, pictures, how)
    learner.fill_bank()
    assert all(torch.isfinite(value) for value in adversarial_step(learner).values())
