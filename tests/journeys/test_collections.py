"""Collecting at a real browser: the dialog on a work's page, and an order by mouse, by keyboard,
and without script.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import log_in
from tests.journeys.garden import PASSWORD, Garden

TITLES = ("Reed", "Sedge", "Clover")


def open_work(page: Page, title: str) -> None:
    page.goto(f"/search/?q={title}")
    page.get_by_role("link", name=re.compile(f"^{title}")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()  # The heading is there before the scripts that open the dialog.


def collect(page: Page, title: str, *, new: str = "", tick: str = "") -> None:
    """By the dialog: into a new collection, or into one that there is."""
    open_work(page, title)
    page.get_by_role("link", name="Collect", exact=True).click()
    dialog = page.get_by_role("dialog", name="Collect")
    if new:
        dialog.get_by_label("New collection").fill(new)
    else:
        dialog.get_by_role("checkbox", name=tick).check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("status")).to_have_text("Saved.")
    expect(dialog.get_by_role("checkbox", name=new or tick)).to_be_checked()
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_be_hidden()


def rows(page: Page) -> Locator:
    return page.locator(".arrange-title > a")


def expect_order(page: Page, *titles: str) -> None:
    """As it is seen, and as it is stored."""
    expect(rows(page)).to_have_text(titles)
    page.reload()
    expect(rows(page)).to_have_text(titles)


def drag(page: Page, grip: Locator, *, onto: Locator) -> None:
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] + 30, steps=6)
    page.mouse.move(end["x"] + 10, end["y"] + 4, steps=3)
    page.mouse.up()


def test_works_are_collected_and_ordered_by_keyboard_and_mouse(page: Page):
    log_in(page, "ada")
    collect(page, TITLES[0], new="Night walk")
    collect(page, TITLES[1], tick="Night walk")
    collect(page, TITLES[2], tick="Night walk")
    page.goto("/me/collections/")
    page.get_by_role("link", name="Night walk").click()
    page.get_by_role("link", name="Arrange").click()
    expect(rows(page)).to_have_text(TITLES)
    grips = page.locator(".arrange-grip")
    grips.first.focus()
    page.keyboard.press("ArrowDown")
    said = page.locator("#arrange-status")
    expect(said).to_have_text("Position 2 of 3")
    expect(said).to_have_text("Order saved.")
    expect_order(page, TITLES[1], TITLES[0], TITLES[2])
    drag(page, grips.last, onto=grips.first)
    expect(said).to_have_text("Order saved.")
    expect_order(page, TITLES[2], TITLES[1], TITLES[0])
    # The buttons do the same without script, and their values have followed.
    page.get_by_role("button", name="Move down").first.click()
    page.wait_for_url(re.compile("#item-"))
    expect_order(page, TITLES[1], TITLES[2], TITLES[0])


def test_a_visitor_without_script_is_led_to_the_door(page: Page, garden: Garden):
    plain = page.context.browser.new_context(
        base_url=garden.url, java_script_enabled=False, locale="en"
    )
    reader = plain.new_page()
    open_work(reader, TITLES[0])
    reader.get_by_role("link", name="Collect", exact=True).click()
    expect(reader).to_have_url(re.compile(r"/accounts/login/\?next=/art/.*/collect/"))
    log_in_here(reader)
    reader.get_by_label("New collection").fill("Read by lamplight")
    reader.get_by_role("button", name="Save").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLES[0])
    reader.goto("/me/collections/")
    expect(reader.get_by_role("link", name="Read by lamplight")).to_be_visible()
    plain.close()


def log_in_here(page: Page) -> None:
    """By the form that is open, which leads back to where one came from."""
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
