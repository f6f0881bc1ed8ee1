import hashlib
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from generation.data.sources import (
    DOWNLOADS,
    Package,
    downloads_lock,
    fetch,
    run_client,
    run_tool,
    unpack,
)
from generation.refusal import Refused

ROOT = Path(__file__).resolve().parents[3]
CONTENT = b"exactly these bytes"
PACKAGE = Package(
    "npm", "some-package", "1.0.0", "some-package-1.0.0.tgz", hashlib.sha256(CONTENT).hexdigest()
)


def silent(text):
    pass


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Downloads are looked for below the current folder."""
    monkeypatch.chdir(tmp_path)
    DOWNLOADS.mkdir(parents=True)


def test_a_package_that_is_there_is_not_fetched_again():
    (DOWNLOADS / PACKAGE.file).write_bytes(CONTENT)
    assert fetch(PACKAGE, report=silent).read_bytes() == CONTENT


def test_a_truncated_package_is_refused():
    (DOWNLOADS / PACKAGE.file).write_bytes(CONTENT[:-3])
    with pytest.raises(Refused, match="damaged or another version.*Delete it"):
        fetch(PACKAGE, report=silent)


def test_a_failing_client_is_reported_in_its_own_words(tmp_path):
    script = "echo trying >&2; echo Error: no route >&2; echo see the log >&2; exit 1"
    with pytest.raises(
        Refused, match=r"dolls could not be fetched with sh \(Error: no route\).*data/.downloads"
    ):
        run_client(["sh", "-c", script], folder=tmp_path, what="dolls")


def test_a_missing_client_is_named(tmp_path):
    with pytest.raises(Refused, match="“no-such-client” is needed for dolls"):
        run_client(["no-such-client"], folder=tmp_path, what="dolls")


def test_a_client_that_hangs_is_given_up(tmp_path):
    with pytest.raises(
        Refused, match="Fetching dolls took longer than 0.2 seconds. Look at your network"
    ):
        run_client(["sleep", "20"], folder=tmp_path, what="dolls", seconds=0.2)


def test_drawing_that_fails_is_not_blamed_on_the_network(tmp_path):
    with pytest.raises(
        Refused, match=r"dolls could not be made with sh \(Error: no ink\). Delete data/.downloads"
    ):
        run_tool(["sh", "-c", "echo Error: no ink >&2; exit 1"], folder=tmp_path, what="dolls")


FETCH_TOO = """
import sys
from generation.data.sources import downloads_lock
print("waiting", flush=True)
with downloads_lock():
    print("in turn", flush=True)
"""


def test_two_processes_fetch_one_after_the_other():
    with downloads_lock():
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        other = subprocess.Popen(
            [sys.executable, "-c", FETCH_TOO], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert other.stdout.readline() == "waiting\n"
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.2)
    assert other.communicate(timeout=60)[0] == "in turn\n"


def test_a_download_folder_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    (tmp_path / "other" / "data").write_text("no folder")
    with pytest.raises(Refused, match="data/.downloads cannot be written .*Make room"):
        fetch(PACKAGE, report=silent)


def test_an_archive_is_unpacked_once(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inner/file.txt", "hello")
    folder = unpack(tmp_path / "a.zip", tmp_path / "a")
    (folder / "mark").touch()
    assert (unpack(tmp_path / "a.zip", tmp_path / "a") / "mark").exists()
    assert (folder / "inner/file.txt").read_text() == "hello"


def test_an_archive_that_wants_out_of_its_folder_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo("../outside.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"hello"))
    with pytest.raises(Refused, match="cannot be unpacked"):
        unpack(tmp_path / "a.tar", tmp_path / "a")
    assert not (tmp_path / "outside.txt").exists()
    assert not (tmp_path / "a").exists()
