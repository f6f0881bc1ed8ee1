import pytest

from generation.training.music.learner import Schedule


@pytest.mark.parametrize(
    ("step", "share"),
    [(0, 1 / 150), (149, 1.0), (1_000, 1.0), (1_500, 0.5), (1_990, 0.03), (5_000, 0.03)],
)
def test_the_learning_rate_warms_up_stays_and_falls(step, share):
    assert Schedule(decay_from=1_000, ends=2_000).share(step) == pytest.approx(share)
