"""Checkpoints: a damaged species is reported by name and never stops the others."""

import hashlib
import json
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
