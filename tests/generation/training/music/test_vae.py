import numpy as np
import pytest
import torch

from generation.melodies.tokens import DIATONIC, FIRST_PITCH
from generation.nets.music_vae import START
from generation.training.music.vae import Examples, Learner, Schedule
from generation.training.runs import Run
from tests.generation.training.music.music_examples import make_segments, make_settings


def test_the_loss_falls():
    learner = Learner(make_settings(varied=0.0, recombined=0.0, shifted=0.0), make_segments(16))
    first = np.mean([learner.step()["reconstruction"] for _ in range(5)])
    for _ in range(60):
        learner.step()
    last = np.mean([learner.step()["reconstruction"] for _ in range(5)])
    assert last < 0.6 * first


def test_a_restored_learner_goes_on_exactly(tmp_path):
    segments = make_segments()
    learner = Learner(make_settings(sampling_from=0, sampling_ramp=2), segments)
    for _ in range(4):
        learner.step()
    run = Run(tmp_path)
    run.save(learner.state())
    twin = Learner(make_settings(sampling_from=0, sampling_ramp=2), segments)
    twin.restore(run.load())
    assert [learner.step() for _ in range(3)] == [twin.step() for _ in range(3)]
    for ours, theirs in zip(learner.ema.parameters(), twin.ema.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_every_example_comes_once_a_pass():
    settings = make_settings(batch=8, shifted=0.0, recombined=0.0, varied=0.0)
    segments = make_segments(32)
    examples = Examples(segments, settings)
    seen = np.concatenate([examples.batch(step) for step in range(4)])
    assert sorted(map(tuple, seen)) == sorted(map(tuple, segments))


def test_augmented_examples_stay_in_the_scale():
    examples = Examples(
        make_segments(), make_settings(shifted=1.0, recombined=0.5, varied=0.5, varied_from=0)
    )
    batch = np.concatenate([examples.batch(step) for step in range(6)])
    pitches = batch[batch >= FIRST_PITCH] - FIRST_PITCH
    assert np.isin(pitches % 12, DIATONIC).all()
    assert not np.array_equal(examples.batch(0), examples.batch(1))
    assert np.array_equal(examples.batch(3), examples.batch(3))


def test_hidden_and_own_inputs_take_their_share():
    learner = Learner(make_settings(hidden=1.0), make_segments())
    tokens = torch.from_numpy(make_segments(4))
    plans, first = learner.net.decoder.plans(torch.zeros(4, 8))
    assert (learner.decoder_inputs(tokens, plans, first) == START).all()


@pytest.mark.parametrize(
    ("step", "share"),
    [(0, 1 / 150), (149, 1.0), (1_000, 1.0), (1_500, 0.5), (1_990, 0.03), (5_000, 0.03)],
)
def test_the_learning_rate_warms_up_stays_and_falls(step, share):
    assert Schedule(decay_from=1_000, ends=2_000).share(step) == pytest.approx(share)
