"""A pickle becomes a species: on disk, on its page and on the bench."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from gallery.models import Species
from gallery.species.sheets import read_sheet
from generation.breeding import breed, sample
from generation.checkpoints import catalogue, find
from generation.engine.frames import key_for
from generation.engine.render import render_batch
from generation.genespaces import species
from generation.genome import Recipe
from generation.yielding import ignore_progress
from tests.generation.importing.official_pickles import (
    Persistent,
    make_second,
    make_third,
    snapshot,
    write_pickle,
)

WORDS = ("--name", "Old Coins", "--licence", "CC-BY-4.0", "--credit", "Ida")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an imported species of each generation, old-coins and mosses."""
    root = tmp_path_factory.mktemp("species")
    patch = pytest.MonkeyPatch()
    patch.setenv("ARBORETUM_CHECKPOINTS", str(root))
    patch.setattr("generation.management.commands.import_stylegan.call_command", lambda *a, **k: 0)
    pickles = tmp_path_factory.mktemp("pickles")
    for generator, words in (
        (make_second(resolution=64, widths=(9, 8, 7, 6, 5), c_dim=2), WORDS),
        (make_third(), ("--name", "Mosses", "--licence", "CC0-1.0", "--credit", "Bo")),
    ):
        file = write_pickle(pickles / "network.pkl", snapshot(generator))
        call_command("import_stylegan", str(file), *words)
    patch.undo()
    return root


@pytest.fixture
def installed(imported: Path, more_checkpoints: Path) -> Path:
    shutil.copytree(imported, more_checkpoints, dirs_exist_ok=True)
    catalogue(refresh=True)
    return more_checkpoints


def run_command(more: Path, generator: Persistent, *words: str) -> None:
    file = write_pickle(more.parent / "network.pkl", snapshot(generator))
    call_command("import_stylegan", str(file), *(words or WORDS))


def test_a_species_is_a_whole_folder_with_files_that_its_card_lists(installed: Path):
    folder = installed / "old-coins"
    assert sorted(path.name for path in folder.iterdir()) == [
        "card.json",
        "mapping.safetensors",
        "samples.png",
        "weights.safetensors",
    ]
    checkpoint = find("old-coins")
    assert set(checkpoint.files) == {"mapping.safetensors", "weights.safetensors"}
    card = json.loads((folder / "card.json").read_text())
    assert card["licence"] == "CC-BY-4.0" and card["credit"] == "Ida"
    assert card["imported_from"]["file"] == "network.pkl"
    assert [group["layers"] for group in card["gene_groups"]] == [
        [0, 1, 2],
        [3, 4, 5, 6],
        [7, 8, 9],
    ]
    assert card["sliders"] and all(slider["effect"] >= 0.2 for slider in card["sliders"])


@pytest.mark.parametrize("name", ["weights.safetensors", "mapping.safetensors"])
def test_both_files_are_watched_by_the_manifest(installed: Path, name: str):
    before = find("old-coins").digest
    path = installed / "old-coins" / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert catalogue(refresh=True)["old-coins"].problem
    assert before


@pytest.mark.parametrize("key", ["old-coins", "mosses"])
def test_founders_are_bred_and_painted_at_any_size(installed: Path, key: str):
    parents = [sample(key, seed=seed) for seed in (1, 2)]
    child = breed(parents, Recipe(weights=(0.5, 0.5), mutation_rate=0.2, seed=3, psi=0.9))
    assert child.genes.size == species(key).space.size
    for size, media_type in ((48, "image/jpeg"), (200, "image/png")):
        frame = key_for(child, size=size, media_type=media_type, supersample=1)
        (first,) = render_batch(frame, [child], ignore_progress)
        again = render_batch(frame, [parents[0], child, parents[1]], ignore_progress)
        assert first.width == size and again[1].payload == first.payload
        assert again[0].payload != first.payload != again[2].payload


def test_the_sheet_shows_founders_of_the_species(installed: Path, django_db_blocker):
    with Image.open(installed / "old-coins" / "samples.png") as sheet:
        assert sheet.size == (16 * 65 + 1, 3 * 65 + 1)
        tiles = {sheet.crop((1 + 65 * i, 1, 65 + 65 * i, 65)).tobytes() for i in range(16)}
    assert len(tiles) == 16
    found = read_sheet(find("old-coins"), "samples.png")
    assert found is not None and found.count == 48


@pytest.mark.django_db
def test_the_command_puts_the_species_on_the_site(more_checkpoints: Path, client: Client):
    run_command(more_checkpoints, make_second())
    row = Species.objects.get(key="old-coins")
    assert row.is_available, row.problem
    page = client.get("/species/old-coins/").content.decode()
    for words in ("Old Coins", "Ida", "Random founders", "Karras et al. 2020"):
        assert words in page
    assert "/bench/founders/old-coins/" in page


@pytest.mark.django_db
def test_a_key_that_is_taken_is_refused_and_the_species_stays(installed: Path):
    before = sorted(installed.rglob("*"))
    with pytest.raises(CommandError, match="a species “old-coins” already.*--key"):
        run_command(installed, make_second())
    with pytest.raises(CommandError, match="a species “people” already"):
        run_command(installed, make_second(), *WORDS, "--key", "people")
    assert sorted(installed.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--key", "Old Coins!"), "is no key of a species"),
        (("--kinds", "ducat", "penny"), "has 0 classes, and 2 names were given"),
        (("--works", "CC0-1.0", "--licence", "CC-BY-NC-4.0"), "CC0-1.0"),
    ],
)
def test_words_that_do_not_fit_are_refused_and_leave_nothing(
    more_checkpoints: Path, words: tuple[str, ...], sentence: str
):
    with pytest.raises(CommandError, match=sentence):
        run_command(more_checkpoints, make_second(), *WORDS, *words)
    assert list(more_checkpoints.iterdir()) == []


def test_a_broken_network_leaves_nothing_half_registered(more_checkpoints: Path):
    generator = make_second()
    generator["mapping"]["fc0"].parameters["weight"][0, 0] = np.nan
    with pytest.raises(CommandError, match="not finite"):
        run_command(more_checkpoints, generator)
    assert list(more_checkpoints.iterdir()) == []
    assert "old-coins" not in catalogue(refresh=True)


def test_a_folder_that_is_not_whole_yet_is_in_no_catalogue(more_checkpoints: Path):
    (more_checkpoints / ".import-1").mkdir()
    assert ".import-1" not in catalogue(refresh=True)


def test_classes_can_be_named(more_checkpoints: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "generation.management.commands.import_stylegan.call_command", lambda *a, **k: 0
    )
    run_command(more_checkpoints, make_second(c_dim=2), *WORDS, "--kinds", "ducat", "big penny")
    catalogue(refresh=True)
    (choice,) = species("old-coins").space.choices
    assert choice.options == (("ducat", "Ducat"), ("big-penny", "Big penny"))
