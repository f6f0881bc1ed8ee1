"""Somebody brings a picture of another program: its words start a founder, a work is grafted beside
it, and the picture itself is kept.
"""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect

from tests.dreams import SETTINGS_JSON, add_species
from tests.journeys.conftest import log_in
from tests.journeys.garden import Garden
from tests.journeys.page_checks import problems_of
from tests.shared import ROOT

WORDS = (
    "a lighthouse in fog\nNegative prompt: text\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 77, Size: 64x64, Model: dreams"
)


@pytest.fixture(scope="module")
def garden(
    chromium: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Garden]:
    """A garden of its own, with a species that paints from words; its nets are not here."""
    checkpoints = tmp_path_factory.mktemp("checkpoints")
    add_species(checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    garden = Garden(tmp_path_factory.mktemp("worded"))
    garden.prepare(shared)
    garden.environment["ARBORETUM_CHECKPOINTS"] = str(checkpoints)
    sync = [sys.executable, "manage.py", "sync_species"]
    subprocess.run(sync, cwd=ROOT, env=garden.environment, check=True, capture_output=True)
    garden.start()
    yield garden
    garden.stop()


def picture() -> bytes:
    info, buffer = PngInfo(), io.BytesIO()
    info.add_text("parameters", WORDS)
    Image.linear_gradient("L").convert("RGB").save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def bring(page: Page) -> None:
    page.goto("/bench/upload/")
    page.get_by_role("link", name="A picture", exact=True).click()
    file = {"name": "fog.png", "mimeType": "image/png", "buffer": picture()}
    page.get_by_label("A picture", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="What we found")).to_be_visible()


def test_words_a_graft_and_an_uploaded_picture(page: Page):
    log_in(page, "ada")
    bring(page)
    expect(page.get_by_text("This net is here, as Dreams.")).to_be_visible()
    assert problems_of(page, language="en", scheme="light", of_people=[]) == []
    page.get_by_role("button", name="Start a founder with these words").click()
    page.wait_for_url(re.compile(r"parents=seed%3Adreams"))
    titles = page.locator(".bench-parent-title")
    expect(titles).to_have_text(["a lighthouse in fog"])
    slider = page.get_by_role("slider", name="Closeness to the graft")
    expect(page.get_by_role("slider", name="Closeness to the words")).to_be_visible()
    expect(slider).to_have_count(0)

    page.locator("#bench-add").click()
    page.get_by_role("link", name="Graft a picture").click()
    page.locator(".bench-pick", has_text="Moss").first.click()
    form = page.locator("#bench-picker [data-words]")
    form.get_by_label("What should be painted?").fill("a paper boat, at noon")
    form.get_by_label("Keep away from (optional)").fill("people")
    form.get_by_role("button", name="Paint over it").click()
    expect(titles).to_have_text(["a lighthouse in fog", "a paper boat, at noon"])
    expect(slider).to_be_visible()

    bring(page)
    page.get_by_label("I took this photo").check()
    page.get_by_label("Title").fill("Fog")
    page.get_by_role("button", name="Keep the picture").click()
    expect(page.get_by_role("heading", name="Fog")).to_be_visible()
    expect(page.get_by_text("Its maker took this photo and uploaded it.")).to_be_visible()
    page.get_by_text("Graft", exact=True).click()
    page.get_by_role("link", name="Graft onto Dreams").click()
    expect(
        page.get_by_role("heading", name=re.compile("Graft .*Fog.* onto Dreams"))
    ).to_be_visible()
    assert problems_of(page, language="en", scheme="light", of_people=[]) == []
