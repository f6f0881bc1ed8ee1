"""A newcomer: the tour of the bench, the question marks, and the pages that explain; by mouse,
keyboard and on a phone.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Watch
from tests.journeys.garden import Garden
from tests.journeys.test_bench import open_bench

PATIENCE_MS = 60_000
STOPS = ["blend", "brood", "publish"]
LONGEST_WAIT_MS = 30_000  # The tour itself waits ten seconds.
PHONE = {"width": 390, "height": 844}
# Without parents in the address the bench takes two works of the garden, which may be tunes that
# other journeys have published.
PICTURES = "/bench/?parents=seed:patterns:1,seed:patterns:2"


@pytest.fixture
def newcomer(browser: Browser, garden: Garden, watch: Watch) -> Iterator[Page]:
    """A page of somebody whose browser remembers nothing; the other journeys have seen the tour."""
    fresh = browser.new_context(
        base_url=garden.url,
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        locale="en",
    )
    fresh.set_default_timeout(60_000)
    fresh.on("page", watch.follow)
    yield fresh.new_page()
    fresh.close()


def meet_tour(page: Page, address: str = PICTURES) -> None:
    """The tour, called by a drag."""
    open_bench(page, address)
    expect(page.locator("#tour")).to_be_hidden()
    page.locator("#bench-pair-range").press("ArrowRight")
    expect(page.locator("#tour")).to_be_visible()


def stop_of(page: Page) -> str | None:
    return page.locator("#tour").get_attribute("data-stop")


def test_the_tour_shows_every_part_once_and_is_remembered(newcomer: Page):
    page = newcomer
    meet_tour(page)
    dialog = page.get_by_role("dialog", name="Closer to one or the other")
    expect(dialog).to_have_accessible_description(re.compile("The child takes after its parents"))
    seen = [stop_of(page)]
    while seen[-1] != "publish":
        page.get_by_role("button", name="Next", exact=True).click()
        seen.append(stop_of(page))
    assert seen == STOPS
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#tour")).to_be_hidden()
    open_bench(page, PICTURES)
    expect(page.locator("#tour")).to_be_hidden()


def test_the_tour_comes_by_itself_to_somebody_who_waits(newcomer: Page):
    open_bench(newcomer, PICTURES)
    expect(newcomer.locator("#tour")).to_be_hidden()
    expect(newcomer.locator("#tour")).to_be_visible(timeout=LONGEST_WAIT_MS)


def test_the_tour_walks_by_keys_keeps_the_focus_and_gives_it_back(newcomer: Page):
    page = newcomer
    meet_tour(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert stop_of(page) == "brood"
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#tour')"
        )
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    summary = page.locator("#bench-help summary")
    summary.press("Enter")
    page.get_by_role("button", name="Show the tour again").press("Enter")
    expect(page.locator("#tour")).to_be_visible()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()


def test_the_light_falls_on_what_the_words_are_about_even_on_a_phone(newcomer: Page):
    page = newcomer
    page.set_viewport_size(PHONE)
    meet_tour(page)
    for stop in STOPS:
        assert stop_of(page) == stop
        light, card = (
            page.locator(".tour-light").bounding_box(),
            page.locator(".tour-card").bounding_box(),
        )
        # The card is at the bottom, or at the top where the light is on the bar down there.
        is_apart = (
            light["y"] + light["height"] <= card["y"] + 1
            or card["y"] + card["height"] <= light["y"] + 1
        )
        assert light["height"] > 24 and light["y"] >= 0 and is_apart, stop
        assert light["y"] + light["height"] <= PHONE["height"] + 1, stop
        assert card["y"] + card["height"] <= PHONE["height"] + 1 and card["width"] <= PHONE["width"]
        page.keyboard.press("Enter")
    expect(page.locator("#tour")).to_be_hidden()


def test_a_bench_of_tunes_has_a_tour_of_its_own(newcomer: Page):
    meet_tour(newcomer, "/bench/?parents=seed:tunes:1,seed:tunes:2")
    newcomer.keyboard.press("ArrowRight")
    expect(newcomer.locator("#tour-words")).to_contain_text("to hear it")
    expect(newcomer.locator(".tour-place")).to_have_text("2 of 3")


def test_no_tour_stands_over_a_bench_that_failed(newcomer: Page, watch: Watch):
    watch.allow("ws/bench|WebSocket")
    newcomer.route_web_socket(re.compile("/ws/bench/"), lambda socket: socket.close())
    newcomer.goto("/bench/")
    newcomer.wait_for_timeout(3000)
    expect(newcomer.locator("#tour")).to_be_hidden()
    newcomer.locator("#bench-help summary").click()
    expect(newcomer.get_by_role("button", name="Show the tour again")).to_be_hidden()
    expect(newcomer.get_by_role("link", name="Glossary")).to_be_visible()


def test_every_slider_is_explained_in_the_last_line_and_to_listeners(page: Page):
    open_bench(page, PICTURES)
    explains = page.locator("#bench-explains")
    sliders = page.locator("#bench-gene-groups input[type=range]")
    expect(sliders).to_have_count(10)
    for slider in sliders.all():
        expect(slider).to_have_accessible_description(re.compile(r"\w+ .*\."))
    page.get_by_text("Twist", exact=True).hover()
    expect(explains).to_contain_text("Winds the whole picture around its middle.")
    page.get_by_label("Warp", exact=True).focus()
    expect(explains).to_contain_text("How much the lines bend.")
    page.locator("#bench-dice").hover()
    expect(explains).to_contain_text("Rolls the dice again")
    page.locator("#bench-tab-finish").click()
    page.locator("[data-step=style] summary").click()
    page.get_by_role("radio", name="Woodcut", exact=True).check()
    page.get_by_label("Brush", exact=True).focus()
    expect(explains).to_contain_text("Broad strokes make a bold painting")


def test_on_a_phone_a_held_label_is_explained_over_the_bar(page: Page):
    page.set_viewport_size(PHONE)
    open_bench(page, PICTURES)
    explains = page.locator("#bench-explains")
    expect(explains).to_have_css("opacity", "0")
    page.get_by_text("Twist", exact=True).dispatch_event("pointerdown", {"pointerType": "touch"})
    expect(explains).to_have_css("opacity", "1")
    expect(explains).to_contain_text("Winds the whole picture around its middle.")


def test_character_is_explained_where_a_species_has_it(page: Page):
    open_bench(page, "/bench/?parents=seed:creatures:1,seed:creatures:2")
    character = page.get_by_label("Character", exact=True)
    expect(character).to_have_accessible_description(re.compile("typical of its species"))
    character.focus()
    page.get_by_role("link", name="Character, or truncation in the glossary").click()
    page.wait_for_url("**/glossary/#truncation")


def test_from_a_control_to_the_word_in_the_glossary(page: Page):
    open_bench(page, PICTURES)
    page.get_by_label("Melt", exact=True).focus()
    page.get_by_role("link", name="Patchwork, or crossover in the glossary").click()
    page.wait_for_url("**/glossary/#crossover")
    expect(page.locator("#crossover")).to_be_in_viewport()
    page.go_back()
    page.get_by_role("button", name="What “Brood” does").click()
    page.get_by_role("link", name="Brood in the glossary").click()
    page.wait_for_url("**/glossary/#brood")
    page.get_by_role("link", name="Help", exact=True).click()
    page.get_by_role("link", name="A tour of the bench").click()
    expect(page.locator("#tour")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("path", ["/help/", "/glossary/", "/about/ai-art/", "/about/", "/credits/"])
def test_pages_of_words_fit_a_phone(page: Page, path: str):
    page.set_viewport_size(PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
