"""Upscaling nets: exact reading of ncnn files, size, determinism, damaged files."""

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from generation.breeding import sample
from generation.engine.render import load_painter
from generation.finishing import superres
from generation.finishing.weights import carried_file
from generation.refusal import Refused
from generation.yielding import ignore_progress


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A dark disc on a light ground, 24 px."""
    y, x = np.mgrid[:24, :24]
    disc = np.hypot(x - 11.5, y - 11.5) < 7
    return np.where(disc[..., None], np.uint8([40, 30, 60]), np.uint8([230, 220, 200]))


@pytest.mark.parametrize("name", [*sorted(superres.NETS), superres.LIVE])
def test_a_net_draws_the_same_picture_four_times_as_large(name, picture):
    large = superres.enlarge(superres.load(name), picture)
    assert large.shape == (96, 96, 3)
    assert np.array_equal(large, superres.enlarge(superres.load(name), picture))
    small = large.reshape(24, 4, 24, 4, 3).mean((1, 3))
    assert (
        np.abs(small - picture).mean() < 12
    )  # Weights in a wrong place or order would paint noise.


def test_lines_come_out_sharper_than_by_interpolation(picture):
    large = superres.enlarge(superres.load("animevideo"), picture).astype(float)
    plain = torch.from_numpy(picture).permute(2, 0, 1)[None].float()
    plain = (
        torch.nn.functional.interpolate(plain, scale_factor=4, mode="bicubic")[0]
        .permute(1, 2, 0)
        .numpy()
    )
    assert np.abs(np.diff(large[48], axis=0)).max() > 1.3 * np.abs(np.diff(plain[48], axis=0)).max()


def test_it_yields_between_layers(picture):
    calls = []
    superres.enlarge(superres.load("animevideo"), picture, yield_point=lambda: calls.append(1))
    assert len(calls) == 17


def test_the_net_of_live_frames_takes_odd_edges(picture):
    net, wide = superres.load(superres.LIVE), np.tile(picture, (2, 2, 1))
    part, whole = superres.enlarge(net, wide[:45, :41]), superres.enlarge(net, wide)
    assert part.shape == (180, 164, 3)
    assert np.array_equal(part[:80, :80], whole[:80, :80])  # Far from where the two differ.


def test_the_net_of_live_frames_draws_as_its_teacher_does():
    people = sample("people", seed=4)
    painter = load_painter("people", people.digest)
    with torch.inference_mode():
        (small,) = painter.paint([people], size=0, supersample=1, yield_point=ignore_progress)
    taught = superres.enlarge(superres.load(superres.FAST), small)
    drawn = superres.enlarge(superres.load(superres.LIVE), small)
    plain = np.asarray(Image.fromarray(small).resize((256, 256), Image.Resampling.BICUBIC))
    distances = [np.square(one.astype(float) - taught).mean() for one in (drawn, plain)]
    assert distances[0] < distances[1] / 3


def test_a_net_of_live_frames_that_is_damaged_is_refused(tmp_path):
    for name in (superres.LIVE_CARD, superres.LIVE_WEIGHTS):
        shutil.copy(superres.LIVE_FOLDER / name, tmp_path)
    superres.read_live(tmp_path)
    card = json.loads((tmp_path / superres.LIVE_CARD).read_text(encoding="utf-8"))
    card["net"]["width"] += 8
    (tmp_path / superres.LIVE_CARD).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(Refused, match="damaged"):
        superres.read_live(tmp_path)
    (tmp_path / superres.LIVE_WEIGHTS).unlink()
    with pytest.raises(Refused, match="damaged"):
        superres.read_live(tmp_path)


def write_net(
    folder: Path, *, tag: int = superres.HALF_TAG, extra: bytes = b""
) -> tuple[Path, Path]:
    """An ncnn net of one convolution with three odd weights, and one PReLU."""
    param, numbers = folder / "net.param", folder / "net.bin"
    param.write_text("7767517\n2 2\nConvolution c 1 1 a b 0=1 1=1 5=1 6=3\nPReLU p 1 1 b c 0=2\n")
    half = np.float16([1, -2, 0.5]).tobytes() + b"\0\0"
    numbers.write_bytes(
        struct.pack("<I", tag)
        + half
        + np.float32([7]).tobytes()
        + np.float32([0.1, 0.2]).tobytes()
        + extra
    )
    return param, numbers


def test_layers_are_read_number_by_number(tmp_path):
    (convolution, weight, bias), (prelu, slopes, _) = superres.read_layers(*write_net(tmp_path))
    assert (convolution, weight.tolist(), bias.tolist()) == ("Convolution", [1, -2, 0.5], [7])
    assert (prelu, slopes.tolist()) == ("PReLU", [np.float32(0.1), np.float32(0.2)])


def test_numbers_that_do_not_end_with_the_layers_are_an_error(tmp_path):
    with pytest.raises(ValueError, match="left over"):
        list(superres.read_layers(*write_net(tmp_path, extra=b"\0\0\0\0")))
    with pytest.raises(ValueError, match="unknown kind"):
        list(superres.read_layers(*write_net(tmp_path, tag=5)))


def test_weights_of_another_net_are_refused(tmp_path):
    with pytest.raises(Refused, match="another net"):
        superres.fill(superres.CompactNet(), carried_file("anime.param"), carried_file("anime.bin"))
    short = tmp_path / "short.bin"
    short.write_bytes(carried_file("animevideo.bin").read_bytes()[:100_000])
    with pytest.raises(Refused, match="damaged"):
        superres.fill(superres.CompactNet(), carried_file("animevideo.param"), short)
    with pytest.raises(Refused, match="no upscaler “giant”"):
        superres.load("giant")
