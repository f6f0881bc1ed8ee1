"""Checkpoints: a damaged species is reported by name and never stops the others."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from generation import checkpoints
from generation.breeding import sample
from generation.checkpoints import catalogue, find, read_checkpoint
from generation.genespaces import species
from generation.refusal import Refused

CARD = {
    "key": "mosses",
    "name": "Mosses",
    "medium": "picture",
    "architecture": "patterns",
    "version": 1,
    "licence": "CC0-1.0",
    "credit": "us",
    "description": "Green.",
}


def write(folder: Path, card: dict, weights: bytes | None = None) -> Path:
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps(card))
    if weights is not None:
        (folder / "weights.safetensors").write_bytes(weights)
    return folder


def test_the_digest_names_the_content_and_not_the_wording(tmp_path):
    one = read_checkpoint(write(tmp_path / "a", CARD))
    reworded = read_checkpoint(write(tmp_path / "b", CARD | {"description": "Greener."}))
    newer = read_checkpoint(write(tmp_path / "c", CARD | {"version": 2}))
    assert one.is_available and one.digest == reworded.digest != newer.digest


def test_good_weights_are_accepted_and_damaged_ones_named(tmp_path):
    card = CARD | {"weights_sha256": hashlib.sha256(b"good").hexdigest()}
    assert read_checkpoint(write(tmp_path / "good", card, b"good")).is_available
    assert "damaged" in read_checkpoint(write(tmp_path / "bad", card, b"evil")).problem
    assert "missing" in read_checkpoint(write(tmp_path / "none", card)).problem


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


NET, SMALL = b"a net of several", b"a part of it"
FILES = {"unet/model.safetensors": sha256(NET), "model_index.json": sha256(SMALL)}


def write_files(folder: Path) -> Path:
    (folder / "unet").mkdir(parents=True)
    (folder / "unet/model.safetensors").write_bytes(NET)
    (folder / "model_index.json").write_bytes(SMALL)
    return folder


def test_the_digests_of_the_shipped_species_are_those_that_genomes_carry():
    assert {key: one.digest[:12] for key, one in catalogue().items()} == {
        "brushwork": "474eaacdaa52",
        "creatures": "f8e457584f0d",
        "flames": "e8b0a14bb509",
        "garments": "6443e0bf09a0",
        "glass": "fbfb3785caf6",
        "ink": "b52fb17bc525",
        "patterns": "5332448e2a6e",
        "people": "3308f73be64d",
        "pictures": "182e6e436ab9",
        "sculptures": "f9e510f84159",
        "things": "4279502c5cff",
        "tunes": "c5982bf9aa0c",
    }


def test_weights_mean_the_same_whichever_field_names_them(tmp_path):
    digest = sha256(b"good")
    older = read_checkpoint(write(tmp_path / "a", CARD | {"weights_sha256": digest}, b"good"))
    files = {"files": {"weights.safetensors": digest}}
    newer = read_checkpoint(write(tmp_path / "b", CARD | files, b"good"))
    both = read_checkpoint(
        write(tmp_path / "c", CARD | files | {"weights_sha256": digest}, b"good")
    )
    assert older.is_available and older.digest == newer.digest == both.digest
    assert older.files == newer.files == files["files"]
    other = CARD | files | {"weights_sha256": sha256(b"evil")}
    assert "two different" in read_checkpoint(write(tmp_path / "d", other, b"good")).problem


def test_a_net_of_several_files_is_verified_and_found(tmp_path):
    folder = write_files(write(tmp_path / "mosses", CARD | {"files": FILES}))
    found = read_checkpoint(folder)
    assert found.is_available and found.files == FILES
    assert found.path("unet/model.safetensors").read_bytes() == NET
    assert found.sizes == {"unet/model.safetensors": len(NET), "model_index.json": len(SMALL)}
    less = CARD | {"files": {name: FILES[name] for name in list(FILES)[:1]}}
    (folder / "card.json").write_text(json.dumps(less))
    assert read_checkpoint(folder).digest != found.digest
    (folder / "card.json").write_text(json.dumps(CARD | {"files": FILES}))
    (folder / "unet/model.safetensors").write_bytes(NET[::-1])
    damaged = read_checkpoint(folder)
    assert damaged.problem.startswith("Its file “unet/model.safetensors” is damaged")
    assert damaged.digest == ""
    (folder / "unet/model.safetensors").unlink()
    assert read_checkpoint(folder).problem == "Its file “unet/model.safetensors” is missing."


def test_files_may_lie_elsewhere_and_those_in_the_folder_come_first(tmp_path):
    source = write_files(tmp_path / "models" / "moss")
    pointing = CARD | {"files": FILES, "source": str(source)}
    folder = write(tmp_path / "mosses", pointing)
    found = read_checkpoint(folder)
    assert found.is_available
    assert found.path("unet/model.safetensors") == source / "unet/model.safetensors"
    (folder / "model_index.json").write_bytes(SMALL)
    found = read_checkpoint(folder)
    assert found.is_available and found.path("model_index.json") == folder / "model_index.json"
    (source / "unet/model.safetensors").unlink()
    assert "model.safetensors” is missing" in read_checkpoint(folder).problem
    shutil.rmtree(source)
    assert "“source” is missing" in read_checkpoint(folder).problem


def test_the_source_may_be_one_file_of_another_name(tmp_path):
    file = tmp_path / "v1-5.safetensors"
    file.write_bytes(NET)
    (tmp_path / "old.ckpt").write_bytes(b"beside it")
    one = CARD | {"source": str(file), "files": {"weights.safetensors": sha256(NET)}}
    found = read_checkpoint(write(tmp_path / "mosses", one))
    assert found.is_available and found.weights == file
    several = CARD | {"source": str(file), "files": FILES}
    assert "lacks several" in read_checkpoint(write(tmp_path / "ferns", several)).problem


@pytest.mark.parametrize(
    "name",
    ["../net.safetensors", "/net.safetensors", "a/../../b", "./a", "a//b", "", "a\\b", "C:a"],
)
def test_names_that_leave_the_folder_are_refused(tmp_path, name: str):
    (tmp_path / "net.safetensors").write_bytes(NET)
    found = read_checkpoint(write(tmp_path / "mosses", CARD | {"files": {name: sha256(NET)}}))
    assert "is no name of a file inside its folder" in found.problem


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_links_that_leave_the_folder_are_refused(tmp_path, is_folder: bool):
    secret = write_files(tmp_path / "elsewhere")
    folder = write(tmp_path / "mosses", CARD | {"files": FILES})
    (folder / "model_index.json").write_bytes(SMALL)
    if is_folder:
        (folder / "unet").symlink_to(secret / "unet")
    else:
        (folder / "unet").mkdir()
        (folder / "unet/model.safetensors").symlink_to(secret / "unet/model.safetensors")
    assert "is a link that leads out of its folder" in read_checkpoint(folder).problem
    source = folder.rename(tmp_path / "source")
    pointing = CARD | {"files": FILES, "source": str(source)}
    assert "leads out" in read_checkpoint(write(tmp_path / "ferns", pointing)).problem


@pytest.mark.parametrize("name", ["unet/model.bin", "old.ckpt", "net.PT", "net.pkl"])
def test_pickles_are_refused_listed_or_not(tmp_path, name: str):
    folder = write_files(write(tmp_path / "mosses", CARD | {"files": FILES}))
    (folder / name).write_bytes(b"code")
    assert f"“{name}” in its folder is a pickle" in read_checkpoint(folder).problem
    listed = CARD | {"files": {name: sha256(b"code")}}
    (folder / "card.json").write_text(json.dumps(listed))
    assert "is a pickle, which can run code" in read_checkpoint(folder).problem
    card = CARD | {"files": FILES, "source": str(folder)}
    assert f"“{name}” in its folder" in read_checkpoint(write(tmp_path / "b", card)).problem


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"key": "x"}'])
def test_a_broken_card_is_a_problem_and_no_exception(tmp_path, content):
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "card.json").write_text(content)
    assert not read_checkpoint(folder).is_available


def test_a_broken_species_stands_beside_the_good_ones(tmp_path, monkeypatch):
    write(tmp_path / "mosses", CARD | {"weights_sha256": "0" * 64})
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints, "_catalogue", None)
    assert catalogue()["patterns"].is_available
    with pytest.raises(Refused, match="unavailable: Its weights file is missing"):
        find("mosses")
    with pytest.raises(Refused, match="not installed"):
        find("ferns")


def test_a_species_that_is_added_while_a_process_runs_is_found_there(tmp_path, monkeypatch):
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints, "_catalogue", None)
    with pytest.raises(Refused, match="not installed"):
        find("mosses")
    write(tmp_path / "mosses", CARD)
    first = find("mosses")
    assert checkpoints.medium_of("mosses") == "picture" and catalogue()["mosses"] == first
    # So is another version beside the one that is known.
    newer = read_checkpoint(write(tmp_path / "mosses-2", CARD | {"version": 2}))
    assert newer.digest != first.digest and find("mosses", digest=newer.digest) == newer
    assert find("mosses", digest=first.digest) == first


@pytest.mark.parametrize(
    "change",
    [{"key": ["mosses"]}, {"key": "../mosses"}, {"key": "Mosses"}, {"architecture": {"a": 1}}],
)
def test_a_card_with_a_key_or_architecture_that_is_no_word_is_a_problem_and_no_exception(
    tmp_path, monkeypatch, change: dict
):
    write(tmp_path / "x", CARD | change)
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints, "_catalogue", None)
    assert "card.json must be" in read_checkpoint(tmp_path / "x").problem
    assert catalogue()["patterns"].is_available


def test_two_species_of_the_same_content_keep_their_own_keys(tmp_path, monkeypatch):
    write(tmp_path / "mosses", CARD)
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    monkeypatch.setattr(checkpoints, "_catalogue", None)
    assert find("mosses").digest == find("patterns").digest
    assert (species("patterns").key, species("mosses").key) == ("patterns", "mosses")
    assert sample("mosses", seed=1).generator == "mosses"
