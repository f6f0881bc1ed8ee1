import numpy as np
import pytest
import torch

from generation.training.pictures.adversarial import adversarial_step, plain_step
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.learner import Examples
from tests.generation.training.pictures.picture_examples import make_learner, weights_of


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
