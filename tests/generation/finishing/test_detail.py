"""Detail: sharpness without halos, local contrast without glow, textures at every size."""

import numpy as np
import pytest

from generation.finishing import detail
from generation.finishing.steps import STEPS
from tests.generation.finishing.picture_examples import make_figure

DEFAULTS = {setting.key: setting.default for setting in STEPS["detail"].settings}
FIGURE = make_figure(128)


def test_at_rest_nothing_changes():
    assert detail.refine(FIGURE, DEFAULTS) is FIGURE


def test_sharpening_makes_edges_steeper_and_stays_within_the_surroundings():
    soft = np.repeat(1 / (1 + np.exp(-np.linspace(-96, 96, 256)))[None], 256, 0)
    soft = (60 + 120 * soft[..., None] * np.ones(3)).round().astype(np.uint8)
    sharp = detail.refine(soft, DEFAULTS | {"sharpness": 1})
    assert (
        np.abs(np.diff(sharp[128, :, 0].astype(int))).max()
        > np.abs(np.diff(soft[128, :, 0].astype(int))).max()
    )
    assert sharp.min() >= 59
    assert sharp.max() <= 181


def test_local_contrast_strengthens_faint_texture_and_leaves_flat_ground_beside_an_edge():
    faint = np.full((128, 128, 3), 120, np.uint8)
    faint[:, :64:4] = 132
    faint[:, 64:] = 230
    clear = detail.refine(faint, DEFAULTS | {"clarity": 1}).astype(int)
    assert np.ptp(clear[64, 20:40, 0]) > 1.4 * np.ptp(faint[64, 20:40, 0].astype(int))
    assert np.abs(clear[:, 72:] - 230).max() < 14


@pytest.mark.parametrize("kind", ["grain", "paper", "canvas"])
def test_a_texture_is_about_zero_and_calmer_from_afar(kind):
    near, far = detail.texture(kind, 1024), detail.texture(kind, 256)
    assert near.shape == (1024, 1024)
    assert abs(near.mean()) < 0.1
    assert 0.3 < near.std() < 1.6
    assert 0.05 < far.std() < near.std()


def test_every_seed_has_its_own_grain_and_a_preview_shows_the_prints():
    settings = DEFAULTS | {"grain": 1.0}
    grey = np.full((256, 256, 3), 128, np.uint8)
    one, same, other = (detail.refine(grey, settings, seed=seed).astype(int) for seed in (7, 7, 8))
    assert np.array_equal(one, same)
    assert abs(np.corrcoef(one[..., 0].ravel(), other[..., 0].ravel())[0, 1]) < 0.1
    print_of_it = detail.refine(np.full((1024, 1024, 3), 128, np.uint8), settings, seed=7).astype(
        float
    )
    shrunk = print_of_it[..., 0].reshape(256, 4, 256, 4).mean((1, 3))
    assert np.corrcoef(one[..., 0].ravel(), shrunk.ravel())[0, 1] > 0.8


def test_relief_shows_only_on_a_surface():
    assert detail.refine(FIGURE, DEFAULTS | {"relief": 1.0}) is FIGURE
    paper = detail.refine(FIGURE, DEFAULTS | {"surface": "paper", "relief": 1.0}).astype(int)
    assert 2 < np.abs(paper - FIGURE).mean() < 20
