import pytest
import torch

from generation.training.music.rnn import MusicRnnLearner, MusicRnnSettings
from generation.training.music.vae import MusicVaeLearner
from tests.generation.training.music.music_examples import make_segments, make_settings
from tests.generation.training.reads import counted_reads

RNN = MusicRnnSettings(data="tiny", steps=32, hidden=16, layers=2, embedding=8, place=4, batch=16)
# From its first step on, the VAE draws some of the decoder's inputs.
VAE = make_settings(sampling_from=-1, sampling_ramp=1)
LEARNERS = pytest.mark.parametrize(
    ("kind", "sizes"), [(MusicVaeLearner, VAE), (MusicRnnLearner, RNN)], ids=["vae", "rnn"]
)


@LEARNERS
def test_a_step_reads_no_number_back_from_its_device(kind, sizes):
    learner = kind(sizes, make_segments())
    learner.step()
    with counted_reads() as reads:
        learner.step()
    assert reads == []


@LEARNERS
def test_a_step_leaves_nothing_on_another_device_and_needs_no_value_to_go_on(kind, sizes):
    # Tensors of this device have shapes and no values: what asks for one, or mixes devices, fails.
    learner = kind(sizes, make_segments(), device=torch.device("meta"))
    learner.optimiser = torch.optim.AdamW(learner.net.parameters(), fused=False)
    figures = [learner.step() for _ in range(2)]
    assert {value.device.type for each in figures for value in each.values()} == {"meta"}


@LEARNERS
def test_a_resumed_run_goes_on_exactly_with_worker_processes_too(kind, sizes):
    straight, first = kind(sizes, make_segments()), kind(sizes, make_segments())
    for _ in range(3):
        straight.step()
    first.step()
    second = kind(sizes, make_segments(), workers=1)
    second.restore(first.state())
    for _ in range(2):
        second.step()
    for one, other in zip(straight.ema.parameters(), second.ema.parameters(), strict=True):
        assert torch.equal(one, other)
