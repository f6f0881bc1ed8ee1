"""Reading a pickle in a child process: sound files are read, others get a sentence."""

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from generation.importing.reader import read_in_child
from generation.refusal import Refused
from tests.generation.importing.official_pickles import (
    Persistent,
    make_second,
    make_third,
    snapshot,
    write_pickle,
)

no_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_sound_file_becomes_tensors_and_a_configuration(tmp_path: Path, protocol: int):
    generator = make_second(c_dim=2)
    file = write_pickle(tmp_path / "coins.pkl", snapshot(generator), protocol=protocol)
    folder = tmp_path / "read"
    folder.mkdir()
    facts = read_in_child(file, folder)
    assert facts["architecture"] == "stylegan2"
    assert facts["net"]["widths"] == [12, 10, 8] and facts["net"]["c_dim"] == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "mapping.safetensors",
        "weights.safetensors",
    ]
    weights = load_file(folder / "weights.safetensors")
    expected = generator["synthesis"]["b8"]["conv0"].parameters["weight"].astype(np.float32)
    assert np.array_equal(weights["blocks.1.first.weight"], expected)


def test_a_generator_that_was_pickled_alone_is_read_too(tmp_path: Path):
    file = write_pickle(tmp_path / "coins.pkl", make_third())
    assert read_in_child(file, tmp_path)["architecture"] == "stylegan3"


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02N.")


OTHER_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: path.write_bytes(b""), "no StyleGAN pickle, or it is damaged"),
    "text": (
        lambda path: path.write_text("Once upon a time there was a fox."),
        "no StyleGAN pickle, or it is damaged",
    ),
    "zeros": (lambda path: path.write_bytes(bytes(5000)), "no StyleGAN pickle, or it is damaged"),
    "a ZIP archive": (write_zip, "is a ZIP archive and no StyleGAN pickle"),
    "a picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "no StyleGAN pickle"),
    "a cut file": (
        lambda path: path.write_bytes(
            write_pickle(path, snapshot(make_second())).read_bytes()[:-900]
        ),
        "damaged or cut short",
    ),
    "no generator": (
        lambda path: write_pickle(path, {"D": None, "training_set_kwargs": {}}),
        "holds no generator: it has no “G_ema”",
    ),
    "an empty generator": (
        lambda path: write_pickle(path, {"G_ema": None}),
        "holds no generator: it has no “G_ema”",
    ),
    "a command": (
        lambda path: path.write_bytes(b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R."),
        "asks for “posix.system”, which no StyleGAN network needs. Nothing of it was run.",
    ),
}


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_any_other_file_gets_a_sentence(tmp_path: Path, kind: str):
    make, sentence = OTHER_FILES[kind]
    file = tmp_path / "coins.pkl"
    make(file)
    with pytest.raises(Refused, match=sentence):
        read_in_child(file, tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_file_gets_a_sentence(tmp_path: Path):
    with pytest.raises(Refused, match="There is no file"):
        read_in_child(tmp_path / "coins.pkl", tmp_path)


def put(generator: Persistent, place: str, value: np.ndarray | float | None) -> None:
    """Replace a parameter, buffer or setting at a dotted place."""
    *modules, name = place.split(".")
    module = generator
    for one in modules:
        module = module[one]
    for tensors in (module.parameters, module.buffers):
        if name in tensors:
            assert not isinstance(value, float | int)
            tensors[name] = value
            return
    module.fields[name] = value


SPOILT: dict[str, tuple[str, np.ndarray | float | str | None, str]] = {
    "no number": ("mapping.fc1.weight", np.full((14, 14), np.nan), "not finite"),
    "an infinite bias": ("synthesis.b8.torgb.bias", np.full(3, np.inf), "not finite"),
    "another width": ("synthesis.b8.conv1.weight", np.zeros((10, 9, 3, 3)), "10 x 9 x 3 x 3"),
    "another kernel": ("synthesis.b8.conv0.weight", np.zeros((10, 12, 5, 5)), "10 x 12 x 5 x 5"),
    "another style": ("synthesis.b8.conv1.affine.weight", np.zeros((10, 3)), "10 x 3"),
    "another constant": ("synthesis.b4.const", np.zeros((12, 5, 5)), "12 x 5 x 5"),
    "another average": ("mapping.w_avg", np.zeros(3), "shape 3"),
    "other noise": ("synthesis.b16.conv0.noise_const", np.zeros((8, 8)), "8 x 8"),
    "a filter that is no square": ("synthesis.b4.resample_filter", np.zeros((4, 3)), "not fit"),
    "two more w": ("mapping.num_ws", 8, "do not fit each other"),
    "half a resolution": ("synthesis.img_resolution", 24, "only powers of 2"),
    "a huge resolution": ("synthesis.img_resolution", 2**20, "cannot be used here"),
    "no resolution": ("synthesis.img_resolution", None, "lacks “synthesis.img_resolution”"),
    "five channels": ("synthesis.img_channels", 5, "cannot be used here"),
    "another count of channels": ("synthesis.img_channels", 1, "do not fit each other"),
    "another activation": ("synthesis.b8.conv1.activation", "swish", "= swish, which cannot"),
    "another architecture": ("synthesis.b4.architecture", "unet", "= unet, which cannot"),
    "a thousand layers": ("mapping.num_layers", 1000, "= 1000, which cannot be used here"),
    "fewer layers": ("mapping.num_layers", 4, "lacks “mapping.fc3”"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_network_that_does_not_fit_gets_a_sentence(tmp_path: Path, kind: str):
    place, value, sentence = SPOILT[kind]
    generator = make_second()
    put(generator, place, value)
    file = write_pickle(tmp_path / "coins.pkl", snapshot(generator))
    with pytest.raises(Refused, match=sentence):
        read_in_child(file, tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_a_third_network_whose_sizes_do_not_fit_gets_a_sentence(tmp_path: Path):
    generator = make_third()
    name = generator["synthesis"].fields["layer_names"][1]
    generator["synthesis"][name].fields["padding"] = [3, 3, 3, 3]
    file = write_pickle(tmp_path / "coins.pkl", snapshot(generator))
    with pytest.raises(Refused, match="do not fit each other"):
        read_in_child(file, tmp_path)


@no_limits
def test_a_child_that_would_need_much_memory_is_stopped(tmp_path: Path):
    file = write_pickle(tmp_path / "coins.pkl", snapshot(make_second()))
    with pytest.raises(Refused, match="more memory or time"):
        read_in_child(file, tmp_path, spare_bytes=2**20)
    assert not (tmp_path / "network.json").exists()


def test_a_child_that_takes_long_is_stopped(tmp_path: Path):
    file = write_pickle(tmp_path / "coins.pkl", snapshot(make_second()))
    with pytest.raises(Refused, match="takes too long"):
        read_in_child(file, tmp_path, seconds=0.005)
    assert list(tmp_path.iterdir()) == [file]
