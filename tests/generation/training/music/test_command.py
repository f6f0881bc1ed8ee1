import json

import pytest
from django.core.management import CommandError, call_command

from generation.checkpoints import read_checkpoint
from generation.data.music import read_data_set
from generation.finishing.latents import read_latents
from generation.genespaces.tunes import TunesSpace
from generation.nets import music_vae
from tests.generation.data.test_music import make_book

TINY = ["z=8", "embedding=8", "encoder=16", "conductor=16", "plan=8", "decoder=24", "batch=16"]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """An empty folder to work in, with a folder of tunes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "book.abc").write_text(make_book(60), encoding="utf-8")
    return tmp_path


def test_from_a_folder_of_tunes_to_a_measured_checkpoint(workplace, monkeypatch, capsys):
    call_command("prepare_data", "mine")
    assert read_data_set(workplace / "data" / "mine")["train"].shape[1] == 32
    call_command(
        "train", "music-vae", "--data", "mine", "--run", "try", "--hours", "0.0003", "--set", *TINY
    )
    assert "manage.py export_music try --data mine" in capsys.readouterr().out
    call_command(
        "export_music", "try", "--data", "mine", "--key", "mine", "--to", str(workplace / "shipped")
    )
    checkpoint = read_checkpoint(workplace / "shipped" / "mine")
    assert checkpoint.is_available and checkpoint.card["training"]["settings"]["z"] == 8
    net, latents = music_vae.load(checkpoint.folder), read_latents(checkpoint.weights)
    assert len(latents.bank) == 768 and TunesSpace(latents).size == 2 * 8 + 13
    assert net.write(latents.bank[:3]).shape == (3, 32)
    # The evaluation command measures what the card says.
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(workplace / "shipped"))
    monkeypatch.setattr("generation.checkpoints._catalogue", None)
    capsys.readouterr()
    call_command("evaluate", "mine")
    measured, verdict = capsys.readouterr().out.split("Verdict: ")
    figures = json.loads(measured)
    assert verdict.startswith("poor.\n  memory: poor, it writes")
    assert (
        figures == {name: checkpoint.card[name] for name in figures}
        and "free_running_accuracy" in figures
    )


def test_mistakes_are_told_in_a_sentence(workplace):
    with pytest.raises(CommandError, match="prepare_data tunes"):
        call_command("train", "music-vae", "--data", "nowhere")
    call_command("prepare_data", "mine")
    with pytest.raises(CommandError, match="no setting"):
        call_command("train", "music-vae", "--data", "mine", "--set", "colour=3")
    with pytest.raises(CommandError, match="no snapshot"):
        call_command("export_music", "nothing", "--data", "mine", "--to", "species")
    with pytest.raises(CommandError, match="segments of 64 steps"):
        call_command("train", "music-rnn", "--data", "mine")
