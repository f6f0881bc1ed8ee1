"""Only what makers and licences allow is exported for training, each work with its credit."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gallery.models import Licence, State, Visibility
from generation.codecs.provenance import read
from generation.data.examples import examples_in
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db


def test_only_public_works_with_permission_and_an_open_licence_are_written(tmp_path: Path, capsys):
    fit = [
        make_artwork(licence=licence, has_files=True)
        for licence in (Licence.CC0, Licence.CC_BY, Licence.CC_BY_SA)
    ]
    for fields in (
        {"may_train": False},
        {"licence": Licence.CC_BY_NC},
        {"licence": Licence.RESERVED},
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
    ):
        make_artwork(has_files=True, **fields)
    folder = tmp_path / "ours"
    call_command("export_training", str(folder))
    assert capsys.readouterr().out == "3 works with their credits; 3 works are withheld.\n"
    assert {path.stem for path in (folder / "works").iterdir()} == {work.slug for work in fit}
    assert {Path(example.name).suffix for example in examples_in(folder)} == {".png", ".csv"}


def test_the_credits_name_every_maker_and_licence_and_are_in_the_files_too(tmp_path: Path):
    work = make_artwork(
        make_user(display_name="Ada, of the Moss"),
        title="Fern",
        licence=Licence.CC_BY,
        has_files=True,
    )
    call_command("export_training", str(tmp_path / "ours"))
    with (tmp_path / "ours" / "credits.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (
        row["file"] == f"works/{work.slug}.png"
        and row["maker"] == "Ada, of the Moss"
        and row["licence"] == "CC BY 4.0"
    )
    assert row["address"].endswith(f"/art/{work.slug}/") and row["licence_url"].startswith(
        "https://creativecommons.org/"
    )
    inside = read((tmp_path / "ours" / row["file"]).read_bytes())
    assert inside.creator == "Ada, of the Moss" and inside.may_train is True


def test_a_full_folder_and_a_site_without_works_are_refused_and_nothing_is_left(tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "keep.txt").write_text("mine")
    make_artwork(has_files=True, may_train=False)
    with pytest.raises(CommandError, match="is not empty"):
        call_command("export_training", str(tmp_path / "full"))
    with pytest.raises(CommandError, match="may be used for training"):
        call_command("export_training", str(tmp_path / "new"))
    assert {path.name for path in tmp_path.iterdir()} - {"media"} == {"full"}
    assert (tmp_path / "full" / "keep.txt").read_text() == "mine"
