"""Resolution: every size by every method, previews and prints alike, no halos, pixel art."""

import numpy as np
import pytest
from PIL import Image

from generation.finishing import resolution
from generation.finishing.steps import STEPS
from generation.residency import nets


def settings(net: str, **others) -> dict:
    return (
        {setting.key: setting.default for setting in STEPS["resolution"].settings}
        | {"net": net}
        | others
    )


def calmly(progress: float) -> None:
    pass


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A dark ring around a warm disc on a pale ground, 32 px, soft like a net's picture."""
    y, x = np.mgrid[:128, :128]
    radius = np.hypot(x - 63.5, y - 63.5)[..., None]
    drawn = np.where(radius < 44, np.uint8([220, 120, 60]), np.uint8([200, 225, 235]))
    drawn = np.where(np.abs(radius - 44) < 4, np.uint8([30, 25, 40]), drawn)
    return np.asarray(Image.fromarray(drawn).resize((32, 32), Image.Resampling.BICUBIC))


@pytest.mark.parametrize(
    ("net", "is_live"),
    [
        ("animevideo", False),
        ("animevideo", True),
        ("anime", False),
        ("smooth", False),
        ("pixels", False),
        ("tidied", False),
    ],
)
@pytest.mark.parametrize("size", [16, 32, 100])
def test_every_way_gives_exactly_the_size_and_keeps_the_colours(picture, net, is_live, size):
    large = resolution.enlarge(picture, size, settings(net), is_live=is_live, yield_point=calmly)
    assert large.shape == (size, size, 3)
    assert large.dtype == np.uint8
    assert np.abs(large.mean((0, 1)) - picture.mean((0, 1))).max() < 9


def test_a_print_looks_like_its_preview(picture):
    preview = resolution.enlarge(picture, 256, settings("animevideo"), yield_point=calmly)
    large = resolution.enlarge(picture, 320, settings("animevideo"), yield_point=calmly)
    error = np.mean((resolution.resize(large, 256).astype(float) - preview) ** 2)
    assert 10 * np.log10(255**2 / error) > 26


def test_a_live_frame_needs_the_small_net_alone_and_is_interpolated_beyond_what_it_draws(picture):
    nets.release(idle_s=0)
    drawn = resolution.draw(picture, 128, net="animevideo", is_live=True, yield_point=calmly)
    for size in (200, 300):
        large = resolution.draw(picture, size, net="animevideo", is_live=True, yield_point=calmly)
        assert np.array_equal(large, resolution.resize(drawn, size))
    # A pass that goes no further than the size is made.
    fine = resolution.draw(picture, 512, net="animevideo", is_live=True, yield_point=calmly)
    assert not np.array_equal(fine, resolution.resize(drawn, 512))
    assert list(nets.sizes()) == ["upscaler of live frames"]


def test_a_live_frame_looks_like_the_print(picture):
    both = [
        resolution.draw(picture, 128, net="animevideo", is_live=is_live, yield_point=calmly)
        for is_live in (False, True)
    ]
    error = np.mean((both[0].astype(float) - both[1]) ** 2)
    assert 10 * np.log10(255**2 / error) > 28


def test_a_better_net_that_somebody_chose_draws_live_frames_too(picture):
    live, printed = (
        resolution.draw(picture, 128, net="anime", is_live=is_live, yield_point=calmly)
        for is_live in (True, False)
    )
    assert np.array_equal(live, printed)


def test_progress_grows_towards_one(picture):
    seen = []
    resolution.enlarge(picture[:16, :16], 300, settings("animevideo"), yield_point=seen.append)
    assert len(seen) == 34
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] < 1


def test_smooth_enlarging_sharpens_without_halos():
    step = np.zeros((32, 32, 3), np.uint8)
    step[:, :16], step[:, 16:] = 60, 200
    large = resolution.smooth(step, 256)
    assert large.min() >= 60
    assert large.max() <= 200
    plain = resolution.resize(step, 256)
    assert (
        np.abs(np.diff(large[128, :, 0].astype(int))).max()
        > np.abs(np.diff(plain[128, :, 0].astype(int))).max()
    )


def test_pixel_art_is_made_of_few_flat_squares(picture):
    large = resolution.enlarge(picture, 256, settings("pixels", colours=8), yield_point=calmly)
    squares = large.reshape(32, 8, 32, 8, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    assert len(np.unique(large.reshape(-1, 3), axis=0)) <= 8
    rounded = resolution.enlarge(
        picture, 256, settings("pixels", colours=8, rounded=1), yield_point=calmly
    )
    assert len(np.unique(rounded.reshape(-1, 3), axis=0)) <= 8
    assert not np.array_equal(rounded, large)
