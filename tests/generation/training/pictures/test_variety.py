import numpy as np
import torch

from generation.nets.style_vae import from_bytes
from generation.training.pictures.autoencoding import autoencoding_step
from generation.training.pictures.variety import recolour, reshape, vary
from tests.generation.training.pictures.picture_examples import (
    make_learner,
    make_pictures,
    weights_of,
)


def uniform_from(seed):
    rng = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.rand(shape, generator=rng)


def always(value):
    return lambda *shape: torch.full(shape, value)


def test_greys_and_white_keep_their_colour():
    grey = torch.linspace(-1, 1, 8)[:, None, None, None].expand(8, 3, 4, 4)
    assert torch.allclose(recolour(grey, uniform_from(0)), grey, atol=1e-3)


def test_other_hues_keep_the_luminance():
    pictures = 0.2 * torch.rand(16, 3, 4, 4)
    changed = recolour(pictures, uniform_from(0))
    weights = torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]
    assert torch.allclose((changed * weights).sum(1), (pictures * weights).sum(1), atol=1e-3)
    is_changed = (changed - pictures).abs().amax((1, 2, 3)) > 1e-3
    assert 4 < int(is_changed.sum()) < 16


def test_a_picture_that_is_not_reshaped_stays_as_it_is():
    pictures = torch.rand(4, 3, 8, 8)
    assert torch.allclose(reshape(pictures, always(1.0)), pictures, atol=1e-5)


def test_what_comes_in_at_the_edges_continues_the_ground():
    pictures = torch.ones(8, 3, 16, 16)
    pictures[:, :, 6:10, 6:10] = -1
    changed = reshape(pictures, uniform_from(1))
    assert torch.allclose(changed[:, :, 0], torch.ones(8, 3, 16))
    assert not torch.allclose(changed, pictures)


def test_pictures_stay_in_range_and_follow_from_the_stream():
    pictures = from_bytes(make_pictures(32))
    first, again, other = (vary(pictures, uniform_from(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert float(first.abs().max()) <= 1 and first.shape == pictures.shape


def test_a_run_with_variety_resumes_exactly():
    straight, first, second = (make_learner(has_variety=True, has_flips=True) for _ in range(3))
    for _ in range(4):
        autoencoding_step(straight)
    for _ in range(2):
        autoencoding_step(first)
    second.restore(first.state())
    for _ in range(2):
        autoencoding_step(second)
    assert torch.equal(weights_of(straight), weights_of(second))
    assert not np.array_equal(weights_of(straight).numpy(), weights_of(make_learner()).numpy())
