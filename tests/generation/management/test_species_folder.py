from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from generation.checkpoints import SHIPPED
from generation.management.species_folder import how_to_show, species_folder
from generation.refusal import Refused


def test_species_go_to_where_the_site_looks_for_added_ones(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    assert species_folder(None) == tmp_path
    assert species_folder(tmp_path / "mine") == tmp_path / "mine"
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    with pytest.raises(Refused, match="Name a folder with --to"):
        species_folder(None)


def test_a_species_elsewhere_is_told_with_how_to_switch_it_on(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path / "known"))
    for known in (tmp_path / "known" / "coins", SHIPPED / "coins"):
        assert how_to_show(known).endswith("manage.py sync_species")
        assert "another folder" not in how_to_show(known)
    said = how_to_show(tmp_path / "mine" / "coins")
    assert f"Set ARBORETUM_CHECKPOINTS to {tmp_path / 'mine'}," in said
    assert f"copy coins to {tmp_path / 'known'}." in said


@pytest.mark.parametrize("command", ["export_pictures", "export_music"])
def test_an_export_without_a_run_leaves_nothing_in_the_checkout(
    tmp_path: Path, monkeypatch, command: str
):
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path / "species"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="holds no snapshot"):
        call_command(command, "nothing")
    assert not (SHIPPED / "nothing").exists() and not (tmp_path / "species").exists()
