"""Adding a model: its files are linked or pointed to, never copied, and verified."""

import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from generation.adding import add_checkpoint
from generation.checkpoints import read_checkpoint
from generation.refusal import Refused
from tests.generation.test_checkpoints import CARD, NET, SMALL, write_files


def test_a_folder_is_linked_with_all_its_files(tmp_path):
    source = write_files(tmp_path / "moss-xl")
    (source / ".cache").mkdir()
    (source / ".cache/lock").write_bytes(b"hidden")
    (source / "unet/model.bin").write_bytes(b"a pickle")
    card = CARD | {"files": {"old": "0" * 64}, "source": "/nowhere", "weights_sha256": "0" * 64}
    made = add_checkpoint(card, source=source, root=tmp_path / "species")
    assert made.is_available and made.folder == tmp_path / "species" / "mosses"
    assert set(made.files) == {"model_index.json", "unet/model.safetensors"}
    for name in made.files:
        assert made.path(name).samefile(source / name) and not made.path(name).is_symlink()
        (source / name).unlink()
    assert read_checkpoint(made.folder).digest == made.digest != ""


def test_links_are_followed_so_that_the_files_stay_inside(tmp_path):
    blobs = write_files(tmp_path / "blobs")
    source = tmp_path / "snapshot"
    source.mkdir()
    (source / "net.safetensors").symlink_to(blobs / "unet/model.safetensors")
    made = add_checkpoint(CARD, source=source, root=tmp_path / "species")
    assert made.is_available and made.path("net.safetensors").read_bytes() == NET


def test_one_file_becomes_the_weights(tmp_path):
    file = tmp_path / "v1-5.safetensors"
    file.write_bytes(SMALL)
    made = add_checkpoint(CARD, source=file, root=tmp_path / "species")
    assert made.is_available and made.weights.samefile(file)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_on_another_disk_the_card_points_to_the_files(tmp_path):
    other = Path("/dev/shm") / f"arboretum-test-{os.getpid()}"
    if os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("needs a second file system")
    try:
        made = add_checkpoint(CARD, source=write_files(tmp_path / "moss-xl"), root=other)
        assert made.is_available and made.card["source"] == str(tmp_path / "moss-xl")
        assert [path.name for path in made.folder.rglob("*") if path.is_file()] == ["card.json"]
        assert made.path("model_index.json") == tmp_path / "moss-xl/model_index.json"
    finally:
        for path in sorted(other.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        other.rmdir()


def test_what_cannot_be_added_is_refused_and_leaves_nothing(tmp_path):
    source, root = write_files(tmp_path / "moss-xl"), tmp_path / "species"
    for card, place, sentence in (
        (CARD | {"licence": ""}, source, "lacks licence"),
        (CARD | {"use": "fun"}, source, "must be one of"),
        (CARD, tmp_path / "nothing", "holds no files"),
    ):
        with pytest.raises(Refused, match=sentence):
            add_checkpoint(card, source=place, root=root)
        assert not root.exists()
    add_checkpoint(CARD, source=source, root=root)
    with pytest.raises(Refused, match="is there already"):
        add_checkpoint(CARD, source=source, root=root)
    assert read_checkpoint(root / "mosses").is_available


def test_the_command_says_what_it_did(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS", raising=False)
    source = write_files(tmp_path / "moss-xl")
    card = tmp_path / "card.json"
    card.write_text(json.dumps(CARD))
    call_command("add_model", str(source), card=card, to=tmp_path / "species")
    assert "2 files, 0.0 MB, linked, not copied." in capsys.readouterr().out
    card.write_text("{")
    with pytest.raises(CommandError, match="is no JSON"):
        call_command("add_model", str(source), card=card, to=tmp_path / "species")
    card.write_text("[]")
    with pytest.raises(CommandError, match="must hold a JSON object"):
        call_command("add_model", str(source), card=card, to=tmp_path / "species")
    with pytest.raises(CommandError, match="Name a folder with --to"):
        call_command("add_model", str(source), card=card, to=None)
