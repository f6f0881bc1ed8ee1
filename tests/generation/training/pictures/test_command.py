"""A new data set goes through `prepare_data` and `train gan`.

Bad input is refused and leaves nothing behind.
"""

import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from django.core.management import CommandError, call_command
from PIL import Image

from generation.data.pictures import open_prepared
from generation.data.sources import DOWNLOADS, LITE0

ROOT = Path(__file__).resolve().parents[4]
WEIGHTS = ROOT / DOWNLOADS / LITE0.file
needs_features = pytest.mark.skipif(
    not WEIGHTS.exists(),
    reason=f"{DOWNLOADS / LITE0.file} is not there; `manage.py train` fetches it",
)
TRAIN = (
    "train",
    "gan",
    "--data",
    "flags",
    "--batch",
    "4",
    "--pictures",
    "12",
    "--phases",
    "autoencoding",
    "adversarial",
)
WAYS = ("png", "jpg", "webp", "gif", "bmp", "turned", "clear", "grey", "deep", "inked")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Data, runs and downloads are looked for below the current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make_flag(number: int) -> np.ndarray:
    """Red above, a chequer of its own below: uint8 [h, w, 3]."""
    rng = np.random.default_rng(number)
    pixels = np.empty((64 + number % 3 * 16, 64 + number % 5 * 16, 3), np.uint8)
    rows, columns = (np.arange(edge) * 4 // edge for edge in pixels.shape[:2])
    pixels[:] = rng.integers(0, 230, (4, 4, 3))[rows][:, columns]
    pixels[:20] = (250, 0, 0)
    return pixels


def save_flag(folder: Path, number: int) -> None:
    """The flag in one of many ways in which pictures come."""
    way, picture = WAYS[number % len(WAYS)], Image.fromarray(make_flag(number))
    name = folder / f"{number:03d}"
    if way == "turned":  # A camera held upright: turned pixels, and a note that says so.
        exif = Image.Exif()
        exif[0x0112] = 6
        picture.transpose(Image.Transpose.ROTATE_90).save(f"{name}.jpg", exif=exif, quality=95)
    elif way == "clear":
        picture.putalpha(
            Image.linear_gradient("L")
            .resize(picture.size)
            .point(lambda value: 255 if value < 200 else 0)
        )
        picture.save(f"{name}.png")
    elif way == "grey":
        picture.convert("L").save(f"{name}.png")
    elif way == "deep":
        Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257).save(
            f"{name}.png"
        )
    elif way == "inked":
        picture.convert("CMYK").save(f"{name}.jpg")
    else:
        picture.save(f"{name}.{way}")


def make_folder(folder: Path, count: int = 100) -> Path:
    folder.mkdir()
    for number in range(count):
        save_flag(folder, number)
    return folder


def prepared(folder: Path) -> np.ndarray:
    call_command("prepare_data", str(folder), "--size", "16")
    return open_prepared(folder.name)[0]


def find(pictures: np.ndarray, number: int) -> np.ndarray:
    """The prepared picture that is nearest to a flag, and it must be near."""
    flag = np.asarray(Image.fromarray(make_flag(number)).convert("RGB"))
    edge = min(flag.shape[:2])
    top, left = (flag.shape[0] - edge) // 2, (flag.shape[1] - edge) // 2
    square = Image.fromarray(flag[top : top + edge, left : left + edge]).resize(
        (16, 16), Image.Resampling.LANCZOS
    )
    distances = np.abs(pictures.astype(int) - np.asarray(square)).mean((1, 2, 3))
    assert distances.min() < 8
    return pictures[distances.argmin()]


def test_pictures_of_every_kind_are_prepared_upright_and_in_their_colours(here, capsys):
    folder = make_folder(here / "flags")
    for number in (0, 4, 10):
        Image.fromarray(make_flag(number)).save(folder / f"copy-{number}.png")
    pictures = prepared(folder)
    card = open_prepared("flags")[1]
    assert card["dropped"] == {"nearly the same as another": 3}
    assert len(pictures) == 100
    turned = find(pictures, 15)
    assert turned[1, 1].tolist()[0] > 200 and turned[1, 1].tolist()[1] < 60
    for number in (0, 1, 2, 3, 4, 9):
        find(pictures, number)
    grey = pictures[(np.ptp(pictures.astype(int), axis=3).max((1, 2)) == 0)]
    assert len(grey) == 20
    assert grey.min() < 120 and all(picture.std() > 3 for picture in grey)
    assert "Left out: 3\n       3  nearly the same as another" in capsys.readouterr().out


def test_a_folder_of_texts_is_refused(here):
    (here / "letters").mkdir()
    for number in range(80):
        (here / "letters" / f"{number}.png").write_text("Dear friend, this is no picture.")
    with pytest.raises(
        CommandError,
        match=r"Only 0 usable pictures were found \(80 not a picture\); at least 64 are needed",
    ):
        call_command("prepare_data", "letters")
    assert sorted(path.name for path in here.rglob("*") if path.is_dir()) in (
        ["data", "letters"],
        ["letters"],
    )


def test_one_picture_is_refused(here):
    make_folder(here / "single", count=1)
    with pytest.raises(CommandError, match="Only 1 usable pictures were found .*at least 64"):
        call_command("prepare_data", "single", "--size", "32")
    assert not (here / "data" / "single").exists()


def test_a_download_that_was_cut_is_refused(here):
    DOWNLOADS.mkdir(parents=True)
    (DOWNLOADS / "lobehub-fluent-emoji-3d-1.1.0.tgz").write_bytes(b"\x1f\x8b" + bytes(1000))
    with pytest.raises(
        CommandError,
        match=r"lobehub-fluent-emoji-3d-1.1.0.tgz.*damaged or another version.*Delete it",
    ):
        call_command("prepare_data", "objects")
    assert not (here / "data" / "objects").exists()


GIANT = """
import os
from pathlib import Path
import django
from django.core.management import call_command
os.environ["DJANGO_SETTINGS_MODULE"] = "genart_site.settings"
django.setup()
call_command("prepare_data", "giants", "--size", "16")
status = Path("/proc/self/status")
if status.exists():
    lines = status.read_text().splitlines()
    print("peak", [int(line.split()[1]) // 1024 for line in lines if "VmHWM" in line][0])
"""


def make_giant(edge: int) -> bytes:
    """A whole black PNG of one bit a pixel: small as a file, edge x edge pixels when decoded."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    header, rows = (
        struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0),
        zlib.compress(bytes(edge * (edge // 8 + 1)), 1),
    )
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_a_picture_of_30000_pixels_is_left_out_without_being_decoded(here):
    folder = make_folder(here / "giants", count=80)
    (folder / "giant.png").write_bytes(make_giant(30_000))
    with (folder / "heavy.png").open("wb") as file:
        file.truncate(3_000_000_000)  # Sparse: three gigabytes that take no room.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", GIANT], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "80 pictures of 16 px" in done.stdout
    assert "1  more than 16 million pixels" in done.stdout
    assert "1  more than 64 MB" in done.stdout
    if (
        "peak" in done.stdout
    ):  # Told by Linux alone; in MB. Decoded to RGB the picture alone would take 2,700.
        assert int(done.stdout.split("peak")[1]) < 1_000


def test_training_on_nothing_is_refused_and_leaves_no_run(here):
    with pytest.raises(
        CommandError, match="“flags” is not a prepared data set. Run: manage.py prepare_data flags"
    ):
        call_command(*TRAIN)
    prepared(make_folder(here / "flags"))
    with pytest.raises(CommandError, match="Use --device cpu"):
        call_command(*TRAIN, "--device", "nonsense")
    assert not (here / "runs").exists()


@pytest.fixture
def features(here):
    """The feature net where the command looks for it."""
    (here / DOWNLOADS).mkdir(parents=True)
    (here / DOWNLOADS / LITE0.file).symlink_to(WEIGHTS)
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


@needs_features
def test_a_killed_training_goes_on_where_its_snapshot_is_and_ends_bit_for_bit_the_same(
    here, features, capsys
):
    prepared(make_folder(here / "flags"))
    command = [sys.executable, str(ROOT / "manage.py"), *TRAIN, "--run", "killed"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        first_phase, deadline = here / "runs" / "killed" / "autoencoding.pt", time.monotonic() + 240
        while not first_phase.exists() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGSTOP)  # In the middle of the second phase.
        with pytest.raises(CommandError, match="Another process is training in runs/killed"):
            call_command(*TRAIN, "--run", "killed")
    finally:
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
    call_command(*TRAIN, "--run", "killed")
    call_command(*TRAIN, "--run", "straight")
    assert capsys.readouterr().out.count("Done: 24 pictures seen") == 2
    one, other = (
        torch.load(here / "runs" / run / "snapshot.pt", weights_only=True)
        for run in ("killed", "straight")
    )
    for state in (one, other):
        assert set(state["course"].pop("seconds")) == {"autoencoding", "adversarial"}
    assert_equal(one, other)


def assert_equal(one: object, other: object) -> None:
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            assert_equal(one[name], other[name])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_equal(a, b)
    else:
        assert torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other
