"""Walks along the wall: a new visitor, a work and its family, themes, phones, keyboards, and
browsers without script.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from gallery.discovery.hero_film import FRAMES
from gallery.discovery.large_tiles import SQUARES
from tests.journeys.conftest import log_in, until
from tests.journeys.garden import Garden

PATIENCE_MS = 60_000
CHILD = "Child of moss and fern"
PAGES = (
    "/",
    "/?shelf=featured",
    "/search/",
    "/search/?q=moss",
    "/search/?q=unfindable",
    "/tag/moss/",
    "/species/",
    "/species/patterns/",
    "/credits/",
    "/about/",
    "/@ada/",
    "/accounts/login/",
    "/accounts/signup/",
)
# 70 works of old dates under a tag of their own, so that other journeys do not meet them.
PLANT_CROWD = """
import datetime, django
django.setup()
from gallery.models import Artwork, Tag
work, crowd = Artwork.objects.order_by("pk").first(), Tag.objects.create(slug="crowd", name="crowd")
for number in range(70):
    copy = Artwork(
        author=work.author,
        species=work.species,
        title=f"Crowd {number}",
        genome=work.genome,
        genome_identity="",
        state="published",
        master=work.master.name,
        thumbnail=work.thumbnail.name,
        width=128,
        height=128,
        published_at=datetime.datetime(2020, 1, 1, number // 60, number % 60, tzinfo=datetime.UTC),
    )
    copy.save()
    copy.tags.add(crowd)
"""


CANVAS = "document.querySelector('[data-pair] canvas')"


@pytest.fixture(scope="module")
def crowd(garden: Garden) -> None:
    garden.run("-c", PLANT_CROWD)


def open_child(page: Page) -> None:
    page.goto("/search/?q=child")
    page.get_by_role("link", name=re.compile(CHILD)).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CHILD)
    page.wait_for_load_state()  # The heading is there before the scripts that the buttons need.


def open_with_film(page: Page) -> None:
    """The home page once its pair is chosen and drawn; the first visit starts that."""
    for _ in range(PATIENCE_MS // 1000):
        page.goto("/")
        if page.locator("[data-pair]").count():
            break
        page.wait_for_timeout(1000)
    expect(page.locator(".pair-slider")).to_be_enabled(timeout=PATIENCE_MS)


def canvas_text(page: Page) -> str:
    return page.evaluate(f"{CANVAS}.toDataURL().slice(-4000)")


def test_a_new_visitor_reads_what_this_is_and_slides_between_two_works(page: Page):
    open_with_film(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Pictures and tunes that have parents"
    )
    slider = page.locator(".pair-slider")
    middle = page.locator("[data-pair] canvas")
    expect(middle).to_have_attribute("data-frame", str(FRAMES // 2))
    still = slider.input_value()
    page.wait_for_timeout(400)
    assert slider.input_value() == still  # This visitor asked for stillness.
    # Between two frames one of them is shown, never both: small moves change nothing.
    slider.fill("0.5")
    exact = canvas_text(page)
    slider.fill(str(0.5 + 0.4 / (FRAMES - 1)))
    assert canvas_text(page) == exact
    slider.fill("0")
    first = canvas_text(page)
    slider.fill("1")
    until(page, f"{CANVAS}.toDataURL().slice(-4000) !== '{first}'")
    page.get_by_role("link", name="Breed these two").click()
    expect(page).to_have_url(re.compile(r"/bench/\?parents=\w+,\w+"))


def test_the_pair_moves_by_itself_and_can_be_stopped(page: Page):
    page.emulate_media(reduced_motion="no-preference")
    open_with_film(page)
    slider = page.locator(".pair-slider")
    before = slider.input_value()
    expect(slider).not_to_have_value(before)
    page.get_by_role("button", name="Pause the animation").click()
    stopped = slider.input_value()
    page.wait_for_timeout(400)
    assert slider.input_value() == stopped


def test_from_a_work_through_its_family_to_a_parent_and_home_with_a_file(page: Page):
    open_child(page)
    expect(page.get_by_text("50\u202f%").first).to_be_visible()
    tree = page.locator(".tree.is-wide")
    expect(tree.locator("image")).to_have_count(3)
    tree.get_by_role("link", name=re.compile("^Moss by Ada Fern")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moss")
    page.get_by_label("Download and print").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^PNG")).click()
    assert download.value.suggested_filename == "moss.png"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("^PNG"))).to_be_hidden()


def test_a_picture_that_a_busy_studio_refused_is_asked_for_again(page: Page):
    refusals = [429, 429]

    def answer(route: Route) -> None:
        if refusals:
            route.fulfill(status=refusals.pop(), body="Later.")
        else:
            route.continue_()

    page.route("**/step/*.jpg", answer)
    page.goto("/search/?q=sedge")
    page.locator(".wall a").first.click()
    page.wait_for_url("**/art/*/")
    page.goto(f"{page.url}replay/")
    founder = page.locator(".replay-sources img[src*='/step/']")
    expect(founder).to_have_js_property("naturalWidth", 192)
    assert not refusals


def test_a_picture_opens_alone_zooms_and_goes_on_along_the_list(page: Page, crowd: None):
    page.goto("/tag/crowd/")
    page.locator(".work > a").nth(1).click()
    opener = page.locator(".work-picture > a")
    box, place = page.locator("#lightbox"), page.locator("[data-place]")
    first = page.locator("h1").text_content() or ""
    opener.click()
    expect(box).to_be_visible()
    expect(page).to_have_url(re.compile(r"/art/\w+/#full$"))
    expect(place).to_have_text("2 in crowd")
    for key, shown in (("+", "150 %"), ("+", "225 %"), ("-", "150 %"), ("0", "100 %")):
        page.keyboard.press(key)
        expect(page.locator("[data-zoom-shown]")).to_have_text(shown)
    page.locator("[data-picture]").dblclick()
    expect(page.locator("[data-zoom-shown]")).to_have_text("250 %")
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text("3 in crowd")
    expect(page.locator(".lightbox-title")).not_to_have_text(first)
    third = page.locator(".lightbox-title").text_content() or ""
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".lightbox-title")).to_have_text(first)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lightbox-title")).to_have_text(third)
    page.keyboard.press("Escape")  # It closes on the page of the work that is shown.
    expect(page.get_by_role("heading", level=1)).to_have_text(third)
    expect(page).to_have_url(re.compile(r"/art/\w+/$"))
    expect(page.locator(".work-picture > a")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    opener.click()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.go_back()  # "Back" closes it as well.
    expect(box).to_be_hidden()


def test_the_lightbox_goes_on_beyond_the_cards_that_were_loaded(page: Page, crowd: None):
    page.goto("/tag/crowd/")
    page.locator(".work > a").nth(SQUARES - 1).click()
    page.wait_for_url("**/art/*/")
    page.wait_for_load_state()  # Without its script the picture is a link to the file.
    page.locator(".work-picture > a").click()
    expect(page.locator("[data-place]")).to_have_text(f"{SQUARES} in crowd")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-place]")).to_have_text(f"{SQUARES + 1} of 70 in crowd")


def test_a_member_keeps_a_work_without_leaving_the_page(page: Page):
    log_in(page, "keeper")  # Nobody likes their own works.
    open_child(page)
    address = page.url
    page.get_by_role("button", name=re.compile("^Like")).click()
    kept = page.get_by_role("button", name=re.compile("^Liked"))
    expect(kept).to_have_attribute("aria-pressed", "true")
    expect(kept).to_be_focused()
    assert page.url == address
    page.goto("/me/likes/")
    expect(page.get_by_role("link", name=re.compile(CHILD))).to_be_visible()
    page.goto(address)
    page.get_by_role("button", name=re.compile("^Liked")).click()
    expect(page.get_by_role("button", name=re.compile(r"^Like(\s|\d|$)"))).to_be_visible()


def test_more_works_hang_themselves_below_and_the_keyboard_goes_on_there(page: Page, crowd: None):
    page.goto("/tag/crowd/")
    expect(page.locator(".work")).to_have_count(SQUARES)
    page.get_by_role("link", name="More works").click()
    expect(page.locator(".work")).to_have_count(70)
    expect(page.locator(".work").nth(SQUARES).locator("a")).to_be_focused()
    expect(page.get_by_role("link", name="More works")).to_have_count(0)


def test_search_from_the_header(page: Page):
    page.goto("/about/")
    page.get_by_role("searchbox").fill("lich")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Lichen"))).not_to_have_count(0)
    page.locator(".search-form").get_by_role("searchbox").fill("lcihen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Showing results for lichen")).to_be_visible()
    page.get_by_role("link", name="Search for “lcihen” instead").click()
    expect(page.get_by_role("heading", name="Nothing found for “lcihen”")).to_be_visible()


def test_a_chosen_theme_stays_without_a_flash(page: Page):
    page.emulate_media(color_scheme="light")
    page.goto("/about/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_label("Dark").check()
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert light != dark
    # Before the body exists the theme stands: nothing light is ever painted.
    page.add_init_script("""
        new MutationObserver((_, observer) => {
            if (!document.body) return;
            window.themeAtFirst = document.documentElement.dataset.theme;
            observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
    """)
    page.goto("/species/")
    assert page.evaluate("window.themeAtFirst") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
    expect(page.get_by_label("Dark")).to_be_checked()
    page.get_by_label("Auto").check()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == light


def work_pages(page: Page) -> list[str]:
    open_child(page)
    path = "/" + page.url.split("/", 3)[3]
    return [path, f"{path}family/"]


def test_nothing_is_wider_than_a_narrow_phone(page: Page, crowd: None):
    page.set_viewport_size({"width": 360, "height": 740})
    for path in [*PAGES, *work_pages(page), "/tag/crowd/"]:
        page.goto(path)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360, path


def test_every_page_has_one_heading_and_names_for_everything(page: Page):
    for path in [*PAGES, *work_pages(page)]:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("img:not([alt]), img:not([width]), img:not([height])").count() == 0, (
            path
        )
        assert (
            page.evaluate(
                """[...document.querySelectorAll(
                "a, button, input:not([type=hidden]), select, textarea, summary"
            )]
            .filter((element) => element.checkVisibility())
            .filter((element) => !(
                element.textContent.trim()
                || element.getAttribute("aria-label")
                || element.labels?.length
                || element.querySelector("img[alt]:not([alt=''])")
            ))
            .map((element) => element.outerHTML.slice(0, 200))"""
            )
            == []
        ), path
        assert (
            page.evaluate("""[...document.querySelectorAll("[id]")].map((element) => element.id)
            .filter((id, index, ids) => ids.indexOf(id) !== index)""")
            == []
        ), path


def test_the_keyboard_reaches_the_content_first(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    link = page.locator(".work a").first
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("(element) => getComputedStyle(element).outlineStyle") == "solid"
    expect(link.locator(".work-words")).to_have_css("opacity", "1")


def test_everything_but_breeding_works_without_script(
    context: BrowserContext, garden: Garden, crowd: None
):
    plain = context.browser.new_context(base_url=garden.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/")
    expect(page.locator(".pair-still")).to_be_visible()
    page.goto("/tag/crowd/")
    page.get_by_role("link", name="More works").click()
    expect(page.locator(".work")).to_have_count(70 - SQUARES)
    open_child(page)
    page.locator(".tree.is-wide").get_by_role("link", name=re.compile("^Fern")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fern")
    expect(page.locator("[data-share]")).to_be_hidden()
    log_in(page, "keeper")
    open_child(page)
    page.get_by_role("button", name=re.compile("^Like")).click()
    expect(page.get_by_role("button", name=re.compile("^Liked"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Liked")).click()
    plain.close()
