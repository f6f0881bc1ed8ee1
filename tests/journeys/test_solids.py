"""A sculpture is turned on its page, and the browser draws it as the server does."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from generation.genespaces.sculptures.layout import PLACES
from generation.genespaces.sculptures.sampling import draw_genes
from generation.genespaces.sculptures.uniforms import uniforms_of
from generation.genome import Genome
from generation.nets.sculptures import SculpturesNet
from tests.journeys.conftest import ARGUMENTS, open_profile
from tests.journeys.garden import Garden
from tests.journeys.page_checks import violations, width_violations
from tests.journeys.solid_shots import SOFTWARE, difference, draw

PLANT = """
from tests.journeys.plant import publish
from gallery.models import User
from generation.genome import Recipe
recipe = Recipe(weights=(1.0,), mutation_rate=0.1, seed=2)
publish(User.objects.get(username="ada"), "Spindle", ("seed:sculptures:2",), recipe)
"""
LOSE = """
document.querySelector(".solid-canvas").getContext("webgl2")
  .getExtension("WEBGL_lose_context").loseContext()
"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One that draws in three dimensions without a graphics card."""
    arguments = [each for each in ARGUMENTS if each != "--disable-gpu"]
    browser = playwright.chromium.launch(executable_path=chromium, args=[*arguments, *SOFTWARE])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def profile(garden: Garden, browser: Browser) -> Iterator[BrowserContext]:
    """The profile of this browser."""
    yield from open_profile(garden, browser)


@pytest.fixture(scope="module", autouse=True)
def _planted(garden: Garden) -> None:
    garden.run("-c", PLANT)


def open_work(page: Page) -> None:
    page.goto("/search/?q=spindle")
    page.get_by_role("link", name="Spindle").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Spindle")
    page.wait_for_load_state()


def turn(page: Page) -> None:
    page.get_by_role("button", name="Turn it").click()
    page.locator(".solid-canvas[data-shown]").wait_for()


def test_somebody_turns_a_sculpture_by_keys_and_sliders_and_goes_back(page: Page):
    open_work(page)
    turn(page)
    slider = page.get_by_label("Turn", exact=True)
    expect(page.get_by_role("group", name="Turn the sculpture")).to_be_visible()
    assert [*violations(page, within=".work-picture"), *width_violations(page)] == []
    before = float(slider.input_value())
    page.keyboard.press("ArrowRight")  # The canvas has the focus.
    expect(slider).to_have_js_property("value", str(round(before + 5)))
    page.get_by_label("Tilt").focus()
    page.keyboard.press("End")
    expect(page.get_by_label("Tilt")).to_have_attribute("aria-valuetext", "85°")
    page.get_by_role("button", name="As in the picture").click()
    expect(slider).to_have_js_property("value", str(round(before)))
    page.get_by_role("button", name="Back to the picture").click()
    expect(page.locator(".solid-canvas")).to_have_count(0)
    expect(page.get_by_role("button", name="Turn it")).to_be_focused()
    expect(page.get_by_role("link", name="Spindle at full size")).to_be_enabled()


def test_the_picture_is_there_again_when_the_card_fails_or_the_page_is_left(page: Page):
    open_work(page)
    turn(page)
    page.evaluate(LOSE)
    expect(page.get_by_text("The graphics card stopped")).to_be_visible()
    expect(page.locator(".solid-canvas")).to_have_count(0)
    turn(page)
    page.goto("/about/")
    page.go_back()
    expect(page.get_by_role("button", name="Turn it")).to_be_visible()
    expect(page.locator(".solid-canvas")).to_have_count(0)


def test_a_browser_without_webgl_shows_the_picture_alone(page: Page):
    page.add_init_script("delete window.WebGL2RenderingContext")
    open_work(page)
    expect(page.locator(".work-picture img")).to_be_visible()
    expect(page.get_by_role("button", name="Turn it")).to_have_count(0)


def test_the_browser_draws_what_the_server_draws(page: Page):
    open_work(page)
    place = PLACES["material"]
    for material in range(place.stop - place.start):  # Clay, glaze, bronze, glass and pearl.
        genes = draw_genes(np.random.default_rng(material))
        genes[place] = -1
        genes[place.start + material] = 2
        seen = draw(page, uniforms_of(genes), 64)
        painted = SculpturesNet().render(Genome("sculptures", "", genes), size=64, supersample=2)
        assert difference(seen, painted) < 3, f"material {material}"
