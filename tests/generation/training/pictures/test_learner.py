import numpy as np
import pytest
import torch

from generation.refusal import Refused
from generation.training.pictures.adversarial import adversarial_step, plain_step
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.learner import Examples
from tests.generation.training.pictures.picture_examples import (
    gradients_of,
    make_learner,
    weights_of,
)
from tests.generation.training.reads import counted_reads


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
        [examples.order.index(number * len(examples) + i) for i in range(len(examples))]
        for number in range(2)
    ]
    assert sorted(passes[0]) == sorted(passes[1]) == list(range(35))
    assert passes[0] != passes[1]


def test_held_out_pictures_are_never_learnt_from():
    pictures = np.arange(40, dtype=np.uint8).reshape(40, 1, 1, 1)
    examples = Examples(pictures, seed=0)
    learnt = set(examples.at(range(200)).flatten().tolist())
    assert learnt.isdisjoint(examples.held_out.flatten().tolist())


STEPS = pytest.mark.parametrize("step", [autoencoding_step, adversarial_step, plain_step])


@STEPS
def test_a_step_reads_no_number_back_from_its_device(step):
    learner = make_learner(has_flips=True, has_variety=True)
    step(learner)
    with counted_reads() as reads:
        step(learner)
    assert reads == []


@STEPS
def test_a_step_leaves_nothing_on_another_device_and_needs_no_value_to_go_on(step):
    # Tensors of this device have shapes and no values: what asks for one, or mixes devices, fails.
    learner = make_learner(has_flips=True, has_variety=True, device="meta")
    learner.optimiser = torch.optim.Adam(learner.parameters(), fused=False)
    learner.discriminator_optimiser = torch.optim.Adam(
        learner.discriminator.parameters(), fused=False
    )
    learner.fill_bank()
    figures = [step(learner) for _ in range(2)]
    assert {value.device.type for each in figures for value in each.values()} == {"meta"}


@STEPS
def test_a_batch_that_does_not_fit_is_learnt_from_in_parts_with_the_same_result(step):
    whole, tight = make_learner(seed=1), make_learner(seed=1)

    def refuse_more_than_one(net, inputs):
        if torch.is_grad_enabled() and len(inputs[0]) > 1:
            raise torch.OutOfMemoryError("this card is small")

    tight.generator.register_forward_pre_hook(refuse_more_than_one)
    expected, found = step(whole), step(tight)
    assert (whole.parts.size, tight.parts.size) == (4, 1)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(
        {name: float(value) for name, value in expected.items()}, rel=1e-3
    )
    # Not the weights: Adam's first step is as long for a gradient that is all rounding.
    one, other = gradients_of(whole), gradients_of(tight)
    assert (one - other).norm() < 1e-3 * one.norm()
    assert not tight.parts.kept


def test_one_picture_too_large_for_the_device_is_refused():
    learner = make_learner()

    def refuse(net, inputs):
        raise torch.OutOfMemoryError("this card is tiny")

    learner.encoder.register_forward_pre_hook(refuse)
    with pytest.raises(Refused, match="does not hold the net and one example"):
        autoencoding_step(learner)


def test_worker_processes_fetch_the_same_pictures_and_a_resumed_run_goes_on_with_them():
    alone, helped = make_learner(), make_learner(workers=2)
    for _ in range(3):
        assert torch.equal(alone.next_batch(), helped.next_batch())
        alone.end_step()
        helped.end_step()
    resumed = make_learner(workers=1)
    resumed.restore(alone.state())
    assert torch.equal(alone.next_batch(), resumed.next_batch())


def test_with_bfloat16_pictures_and_the_slope_penalty_stay_float32():
    learner = make_learner()
    learner.has_bfloat16 = True
    kinds = []
    learner.discriminator.stem.register_forward_hook(
        lambda net, inputs, output: kinds.append(output.dtype)
    )
    with learner.precision():
        made = learner.generator(torch.randn(4, 3, 64))
        features, _ = learner.generator.layers[0](torch.randn(4, 16, 4, 4), torch.randn(4, 64))
    assert (made.dtype, features.dtype) == (torch.float32, torch.bfloat16)
    assert len(made.unique()) > 0.9 * made.numel()
    exact = learner.generator(torch.randn(4, 3, 64, generator=torch.Generator().manual_seed(0)))
    with learner.precision():
        rounded = learner.generator(
            torch.randn(4, 3, 64, generator=torch.Generator().manual_seed(0))
        )
    assert (exact - rounded).abs().max() < 0.05 * exact.abs().max()
    figures = plain_step(learner)
    assert figures["r1"].dtype == torch.float32
    assert kinds == [torch.float32, torch.float32, torch.bfloat16]  # Real, made, deceiving.
    kinds.clear()
    plain_step(learner)
    assert set(kinds) == {torch.bfloat16}
