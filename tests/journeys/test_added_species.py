"""Species that an operator has added: one that paints from words, a slow one, one for adults."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.adult_species import KEY, add_patterns, write_scorer
from tests.dreams import SETTINGS_JSON, add_species
from tests.journeys.conftest import Watch, log_in, open_profile
from tests.journeys.garden import Garden
from tests.journeys.page_checks import problems_of
from tests.journeys.test_bench import GROWN

WORDS = (
    "a lighthouse in fog\nNegative prompt: text\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 77, Size: 64x64, Model: dreams"
)


@pytest.fixture(scope="module")
def garden(
    chromium: str, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Garden]:
    """A garden of its own, with species that others have none of; the nets of one are not here."""
    checkpoints = tmp_path_factory.mktemp("checkpoints")
    add_species(checkpoints / "dreams", json.dumps(SETTINGS_JSON))
    add_patterns(checkpoints, key="dunes", name="Dunes", seconds=60)
    add_patterns(checkpoints, key=KEY, name="Bodies", age_gate=True)
    packages = tmp_path_factory.mktemp("packages")
    write_scorer(packages)
    garden = Garden(tmp_path_factory.mktemp("added"))
    garden.prepare(shared)
    garden.environment |= {
        "ARBORETUM_CHECKPOINTS": str(checkpoints),
        "ARBORETUM_UNSAFE_SCORE": "0.8",
        "PYTHONPATH": str(packages),
    }
    garden.manage("sync_species")
    garden.start()
    yield garden
    garden.stop()


@pytest.fixture(scope="module")
def profile(garden: Garden, browser: Browser) -> Iterator[BrowserContext]:
    """The browser profile of this garden."""
    yield from open_profile(garden, browser)


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


def test_a_slow_species_is_developed_and_a_child_of_it_published(page: Page):
    log_in(page, "ada")
    page.goto("/bench/?parents=seed:dunes:1,seed:dunes:2")
    expect(page.get_by_text("This species paints slowly")).to_be_visible()
    expect(page.locator("#bench-publish")).to_be_disabled()
    page.get_by_role("button", name="Develop 12 children").click()
    expect(page.locator("#bench-develop")).to_be_visible()
    page.goto("/about/")  # The job goes on, and the bench finds it again.
    page.goto("/bench/")
    expect(page.locator(GROWN)).to_have_count(12)
    expect(page.locator("#bench-develop")).to_be_hidden()
    assert problems_of(page, language="en", scheme="light", of_people=[]) == []
    page.locator(".bench-seedling").nth(3).click()
    page.locator("#bench-publish").click()
    page.get_by_label("Title").fill("A developed dune")
    page.locator("#bench-publisher-form").get_by_role("button", name="Publish").click()
    page.wait_for_url(re.compile(r"/art/"))
    expect(page.get_by_role("heading", name="A developed dune", level=1)).to_be_visible()


def test_works_for_adults_are_seen_by_members_who_ask_for_them(page: Page, watch: Watch):
    watch.allow(r"status of 400 .*bodies")
    bodies = f"/bench/?parents=seed:{KEY}:1,seed:{KEY}:2"
    log_in(page, "ada")
    page.goto(bodies)
    expect(page.get_by_text("is for adults")).to_be_visible()
    page.goto("/me/profile/")
    page.get_by_label("Show me works for adults").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(bodies)
    # The scorer of the tests takes a bright child for an unsafe one, which is not shown.
    withheld = page.locator(".bench-seedling[data-state=withheld]")
    expect(page.locator(GROWN).or_(withheld)).to_have_count(12)
    expect(page.locator(GROWN).first).to_be_visible()
