"""A prepared set appears whole or not at all, and never in the place of something else."""

import os
import subprocess
import sys

import pytest

from generation.data.prepared_folder import new_folder, set_name
from generation.refusal import Refused
from tests.generation.limits import largest_file


def fill(target, content="new"):
    with new_folder(target) as work:
        for name in ("pictures.npy", "card.json"):
            (work / name).write_text(content)


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_it_appears_when_all_of_it_is_there_and_replaces_an_earlier_set(tmp_path):
    for content in ("old", "new"):
        fill(tmp_path / "set", content)
    assert contents(tmp_path / "set") == {"pictures.npy": "new", "card.json": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: (path / "set").mkdir() or (path / "set" / "holiday.png").write_text("mine"),
        lambda path: (path / "set").write_text("mine"),
        lambda path: (path / "set").symlink_to(path),
    ],
)
def test_what_is_no_prepared_set_is_left_alone(tmp_path, make):
    make(tmp_path)
    with pytest.raises(Refused, match="is no prepared set, so nothing is put in its place.*--to"):
        fill(tmp_path / "set")
    assert (
        (tmp_path / "set" / "holiday.png").exists()
        or (tmp_path / "set").is_symlink()
        or (tmp_path / "set").is_file()
    )


def test_the_current_folder_is_never_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused, match="--to"):
        fill(type(tmp_path)("."))


def test_a_failure_leaves_the_earlier_set_and_nothing_half_written(tmp_path):
    fill(tmp_path / "set", "old")
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "set") as work:
        (work / "pictures.npy").write_text("half")
        raise KeyboardInterrupt
    assert contents(tmp_path / "set")["pictures.npy"] == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    (tmp_path / "set.partial" / "deep").mkdir(parents=True)
    (tmp_path / "set.partial" / "pictures.raw").write_text("half")
    fill(tmp_path / "set")
    assert set(contents(tmp_path / "set")) == {"pictures.npy", "card.json"}


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    with (
        largest_file(1_000),
        pytest.raises(Refused, match=r"could not be written \(File too large\). Make room"),
    ):
        fill(tmp_path / "set", "x" * 100_000)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Refused, match=r"could not be written \(.+\).*another place with --to"):
        fill(tmp_path / "file" / "set")


HOLD = """
import sys
from pathlib import Path
from generation.data.prepared_folder import new_folder
with new_folder(Path(sys.argv[1])) as work:
    (work / "pictures.npy").write_text("theirs")
    print("begun", flush=True)
    sys.stdin.readline()
    (work / "card.json").write_text("theirs")
"""


def test_two_processes_cannot_prepare_the_same_set_at_once(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "set")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout.readline() == "begun\n"
        with pytest.raises(Refused, match="Another process is preparing .*set. Wait"):
            fill(tmp_path / "set")
    finally:
        other.communicate("\n")
    assert contents(tmp_path / "set") == {"pictures.npy": "theirs", "card.json": "theirs"}


@pytest.mark.parametrize(
    "called, name",
    [
        ("flags", "flags"),
        ("My Pictures (2) – 花", "My-Pictures-2-花"),
        ("with.dot", "with.dot"),
        ("new\nline", "new-line"),
        (os.fsdecode(b"byte\xff"), "byte"),
        ("-dash", "dash"),
        ("..hidden", "hidden"),
    ],
)
def test_a_set_is_named_like_its_folder_in_letters_digits_dots_and_dashes(tmp_path, called, name):
    (tmp_path / called).mkdir()
    assert set_name(str(tmp_path / called)) == name
    assert set_name(f"{tmp_path / called}/") == name


def test_a_zip_gives_its_name_without_the_ending_and_a_known_set_its_own(tmp_path):
    (tmp_path / "coins.zip").touch()
    assert (set_name(str(tmp_path / "coins.zip")), set_name("tunes-4")) == ("coins", "tunes-4")


def test_the_current_folder_has_the_name_it_is_reached_by(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert set_name(".") == "mine"


def test_a_folder_without_a_name_is_refused():
    with pytest.raises(Refused, match="Say with --to"):
        set_name("/")
