"""Digests of files are remembered between starts, and a changed file is noticed."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generation import digests
from generation.digests import MIN_REMEMBERED, NAME, SETTLED_NS, remember_in, sha256_of


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which digests are remembered during the test."""
    folder = tmp_path / "data"
    folder.mkdir()
    before = digests._folder
    remember_in(folder)
    yield folder
    remember_in(before)


def write(path: Path, content: bytes, *, size: int = MIN_REMEMBERED, changed_ns: int) -> Path:
    """A file that begins with the content and goes on with zeros, changed at that time."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)
        file.truncate(size)
    os.utime(path, ns=(changed_ns, changed_ns))
    return path


def plain(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_large_file_is_read_once_and_again_when_it_changed(tmp_path, memory):
    path = write(tmp_path / "net.safetensors", b"one", changed_ns=SETTLED_NS)
    first = sha256_of(path)
    assert first == plain(path)
    # Nothing that is compared has changed, so the file is not read: its new content goes unseen.
    write(path, b"two", changed_ns=SETTLED_NS)
    assert sha256_of(path) == first != plain(path)
    write(path, b"two", changed_ns=SETTLED_NS + 1)
    assert sha256_of(path) == plain(path)


def test_another_size_and_another_inode_are_noticed(tmp_path, memory):
    path = write(tmp_path / "net.safetensors", b"one", changed_ns=SETTLED_NS)
    first = sha256_of(path)
    write(path, b"one", size=MIN_REMEMBERED + 1, changed_ns=SETTLED_NS)
    assert sha256_of(path) == plain(path) != first
    write(tmp_path / "other", b"two", size=MIN_REMEMBERED + 1, changed_ns=SETTLED_NS).replace(path)
    assert sha256_of(path) == plain(path)


def test_small_and_fresh_files_are_not_remembered(tmp_path, memory):
    small = write(tmp_path / "small", b"one", size=MIN_REMEMBERED - 1, changed_ns=SETTLED_NS)
    sha256_of(small)
    fresh = write(tmp_path / "fresh", b"one", changed_ns=2**62)
    assert sha256_of(fresh) == plain(fresh)
    assert not (memory / NAME).exists()


def test_what_is_gone_is_forgotten_and_a_damaged_memory_does_no_harm(tmp_path, memory):
    old = write(tmp_path / "old", b"one", changed_ns=SETTLED_NS)
    new = write(tmp_path / "new", b"two", changed_ns=SETTLED_NS)
    sha256_of(old)
    old.unlink()
    sha256_of(new)
    assert list(json.loads((memory / NAME).read_text())) == [str(new)]
    for damage in ("{", "[]", f'{{"{new}": 3}}', f'{{"{new}": [1]}}'):
        (memory / NAME).write_text(damage)
        assert sha256_of(new) == plain(new)


def test_a_memory_that_cannot_be_written_only_means_reading_again(tmp_path, memory):
    (memory / f"{NAME}.lock").mkdir()
    path = write(tmp_path / "net.safetensors", b"one", changed_ns=SETTLED_NS)
    assert sha256_of(path) == plain(path)
    assert not (memory / NAME).exists()
