import numpy as np

from generation.melodies.tokens import DIATONIC, FIRST_PITCH
from generation.training.music.examples import Augmentation, Examples
from tests.generation.training.music.music_examples import make_segments


def test_every_example_comes_once_a_pass():
    segments = make_segments(32)
    examples = Examples(segments, batch=8, seed=0, augmentation=Augmentation())
    seen = np.concatenate([examples.batch(step) for step in range(4)])
    assert sorted(map(tuple, seen)) == sorted(map(tuple, segments))


def test_augmented_examples_stay_in_the_scale():
    augmentation = Augmentation(shifted=1.0, recombined=0.5, varied=0.5)
    examples = Examples(make_segments(), batch=16, seed=0, augmentation=augmentation)
    batch = np.concatenate([examples.batch(step) for step in range(6)])
    pitches = batch[batch >= FIRST_PITCH] - FIRST_PITCH
    assert np.isin(pitches % 12, DIATONIC).all()
    assert not np.array_equal(examples.batch(0), examples.batch(1))
    assert np.array_equal(examples.batch(3), examples.batch(3))
