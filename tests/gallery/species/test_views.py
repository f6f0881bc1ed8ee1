"""The pages of the species, and the sheets that come with a learnt one."""

import json
import re
import shutil

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gallery.discovery.large_tiles import SQUARES
from gallery.models import Species
from gallery.species.actions import sync_species
from gallery.species.figures import describe_figures
from gallery.species.sheets import learning_stages, read_sheet
from generation import checkpoints
from generation.adding import add_checkpoint
from tests.factories import make_artwork, make_species

pytestmark = pytest.mark.django_db


@pytest.fixture
def species() -> dict[str, Species]:
    return {generator.key: generator for generator in sync_species()}


def test_a_learnt_species_shows_how_it_learnt_and_how_well(client: Client, species):
    page = client.get("/species/people/").content.decode()
    card = species["people"].card
    assert all(f"<span>{word}</span>" in page for word in card["command"].split())
    assert card["trained_at"] in page and "19,818 examples" in page
    assert (
        page.count("data-words=") == len(card["learning"])
        and f"{card['learning'][-1]:,} pictures seen" in page
    )
    assert f"{card['figures']['held_out_psnr']:.1f} dB" in page
    assert 'href="/bench/founders/people/"' in page


def test_what_a_net_may_be_used_for_and_its_files_are_shown(client: Client, more_checkpoints):
    source = more_checkpoints / "elsewhere" / "moss-xl"
    (source / "unet").mkdir(parents=True)
    (source / "unet/net.safetensors").write_bytes(bytes(3 * 2**20))
    (source / "index.json").write_bytes(b"{}")
    card = json.loads((checkpoints.SHIPPED / "patterns/card.json").read_text())
    card |= {"key": "mosses", "name": "Mosses", "licence": "NVIDIA Source Code License"}
    card |= {"age_gate": True, "exact": False}
    add_checkpoint(card, source=source, root=more_checkpoints)
    sync_species()
    text = words_of(client.get("/species/mosses/").content.decode())
    assert "May be used For research only" in text
    assert "Its works may carry CC BY-NC 4.0 All rights reserved" in text
    assert "Age For adults only" in text and "slightly different colours" in text
    assert "2 files, 3.0\xa0MB index.json 2\xa0bytes unet/net.safetensors 3.0\xa0MB" in text
    pointing = more_checkpoints / "mosses" / "card.json"
    pointing.write_text(json.dumps(json.loads(pointing.read_text()) | {"source": str(source)}))
    sync_species()
    assert "source" not in Species.objects.get(key="mosses").card
    assert str(source) not in client.get("/species/mosses/").content.decode()


def test_a_free_and_exact_net_says_so(client: Client, species):
    text = words_of(client.get("/species/people/").content.decode())
    assert "May be used For anything, commercially too Its works may carry Any licence" in text
    assert "gives exactly the same work again" in text and "For adults only" not in text
    size = checkpoints.find("people").weights.stat().st_size / 2**20
    assert f"Files weights.safetensors, {size:.1f}\xa0MB" in text


def words_of(page: str) -> str:
    """The text of a page, without tags and with single spaces."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", page))


def test_sheets_come_from_the_checkpoint_and_are_cached_forever(client: Client, species):
    sheet = read_sheet(checkpoints.find("people"), "samples.png")
    assert sheet.url in client.get("/species/people/").content.decode()
    assert (sheet.columns, sheet.rows, sheet.step) == (16, 6, 65)
    response = client.get(sheet.url)
    assert response.content == (checkpoints.find("people").folder / "samples.png").read_bytes()
    assert response["Content-Type"] == "image/png" and "immutable" in response["Cache-Control"]
    stale = client.get("/species/people/000000000000/samples.png")
    assert stale.status_code == 302 and stale.url == sheet.url


@pytest.mark.parametrize(
    "path",
    [
        "/species/people/000000000000/card.json",
        "/species/people/000000000000/weights.safetensors",
        "/species/people/000000000000/..%2Fsamples.png",
        "/species/unknown/000000000000/samples.png",
        "/species/patterns/000000000000/learning.png",
        "/species/..%2Fpeople/000000000000/samples.png",
    ],
)
def test_nothing_but_sheets_is_sent_from_the_folder_of_a_species(
    client: Client, species, path: str
):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_damaged_sheet_is_left_out_and_the_page_stands(
    client: Client, tmp_path, monkeypatch, content: bytes
):
    folder = shutil.copytree(checkpoints.find("patterns").folder, tmp_path / "mosses")
    card = json.loads((folder / "card.json").read_text()) | {"key": "mosses", "name": "Mosses"}
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "samples.png").write_bytes(content)
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    sync_species()
    assert "Mosses" in client.get("/species/").content.decode()
    page = client.get("/species/mosses/")
    assert page.status_code == 200 and "samples.png" not in page.content.decode()
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    checkpoints.catalogue(refresh=True)


def test_all_installed_versions_are_listed(client: Client, tmp_path, monkeypatch):
    folder = shutil.copytree(checkpoints.find("patterns").folder, tmp_path / "next")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"version": 2}))
    broken = shutil.copytree(folder, tmp_path / "torn")
    (broken / "card.json").write_text(json.dumps(card | {"version": 3, "weights_sha256": "0" * 64}))
    monkeypatch.setenv("ARBORETUM_CHECKPOINTS", str(tmp_path))
    sync_species()
    page = client.get("/species/patterns/").content.decode()
    monkeypatch.delenv("ARBORETUM_CHECKPOINTS")
    checkpoints.catalogue(refresh=True)
    assert "Version 2, used for breeding now" in page and "Version 1, kept for works" in page
    assert "Version 3: Its weights file is missing." in page


def test_the_overview_shows_founders_of_species_without_works_at_three_queries(
    client: Client, species
):
    make_artwork()
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/species/").content.decode()
    assert len(captured.captured_queries) <= 2
    for key in ("people", "creatures", "garments", "patterns", "flames"):
        assert read_sheet(checkpoints.find(key), "samples.png").url in page


def test_a_species_page_costs_the_same_few_queries(client: Client, species):
    for _ in range(3):
        make_artwork()
    with CaptureQueriesContext(connection) as captured:
        client.get("/species/patterns/")
    assert len(captured.captured_queries) <= 2


def test_later_pages_of_a_species_show_its_works_alone(client: Client, species):
    for _ in range(SQUARES + 3):
        make_artwork()
    first = client.get("/species/patterns/")
    later = client.get(
        "/species/patterns/", {"after": first.context["page"].next_cursor}
    ).content.decode()
    assert "What it is" in first.content.decode() and "What it is" not in later


@pytest.mark.parametrize(
    "card",
    [
        None,
        [],
        {},
        {"figures": 3},
        {"figures": {"held_out_psnr": "much", "coverage": {"samples": None}}},
        {"figures": {"held_out_psnr": float("nan"), "samples": {"nearest_median": True}}},
        {"copies_in_1000": [1]},
    ],
)
def test_a_card_without_valid_figures_shows_none(card):
    assert describe_figures(card) == []


def test_closeness_to_the_training_pictures_is_stated():
    def words(made: float) -> str:
        return describe_figures(
            {"figures": {"samples": {"nearest_median": made, "nearest_among_real_median": 1.0}}}
        )[0].words

    assert "no copies" in words(1.02) and "nearly as far" in words(0.82) and "closer" in words(0.5)


def test_stages_are_numbered_when_the_card_has_no_counts(species):
    sheet = read_sheet(checkpoints.find("creatures"), "learning.png")
    assert learning_stages(sheet, {})[0]["words"] == f"Stage 1 of {sheet.rows}"
    assert learning_stages(sheet, {"learning": [1, 2]})[1]["words"] == f"Stage 2 of {sheet.rows}"
    assert (
        learning_stages(sheet, {"learning": [100, 2000, *range(3, sheet.rows + 1)]})[1]["words"]
        == "2,000 pictures seen"
    )


def test_an_unavailable_species_still_shows_its_card(client: Client):
    make_species(is_available=False, problem="Its weights are damaged; fetch them again.")
    page = client.get("/species/patterns/").content.decode()
    assert (
        "Its weights are damaged" in page
        and "/bench/founders/" not in page
        and "What it is" in page
    )
