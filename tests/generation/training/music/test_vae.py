import numpy as np
import torch

from generation.nets.music_vae import START
from generation.training.music.vae import MusicVaeLearner
from generation.training.runs import Run
from tests.generation.training.music.music_examples import make_segments, make_settings


def test_the_loss_falls():
    learner = MusicVaeLearner(
        make_settings(varied=0.0, recombined=0.0, shifted=0.0), make_segments(16)
    )
    first = np.mean([learner.step()["reconstruction"] for _ in range(5)])
    for _ in range(60):
        learner.step()
    last = np.mean([learner.step()["reconstruction"] for _ in range(5)])
    assert last < 0.6 * first


def test_a_restored_learner_goes_on_exactly(tmp_path):
    segments = make_segments()
    learner = MusicVaeLearner(make_settings(sampling_from=0, sampling_ramp=2), segments)
    for _ in range(4):
        learner.step()
    run = Run(tmp_path)
    run.save(learner.state())
    twin = MusicVaeLearner(make_settings(sampling_from=0, sampling_ramp=2), segments)
    twin.restore(run.load())
    assert [learner.step() for _ in range(3)] == [twin.step() for _ in range(3)]
    for ours, theirs in zip(learner.ema.parameters(), twin.ema.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_hidden_and_own_inputs_take_their_share():
    learner = MusicVaeLearner(make_settings(hidden=1.0), make_segments())
    tokens = torch.from_numpy(make_segments(4))
    plans, first = learner.net.decoder.plans(torch.zeros(4, 8))
    assert (learner.decoder_inputs(tokens, plans, first) == START).all()
