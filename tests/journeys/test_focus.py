"""The keyboard keeps its place after swaps, removals and dialogs, with and without script."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import log_in
from tests.journeys.garden import Garden

LIKE = re.compile(r"^Like")


def open_work(page: Page) -> None:
    page.goto("/search/?q=moss")
    page.locator(".wall a").first.click()
    page.wait_for_url("**/art/*/")
    page.wait_for_load_state()


def test_the_focus_goes_to_what_replaces_or_follows_the_focused_element(page: Page):
    log_in(page, "keeper")
    open_work(page)
    button = page.get_by_role("button", name=LIKE)
    pressed = button.get_attribute("aria-pressed")
    for state in ("false" if pressed == "true" else "true", pressed):
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", state)
        expect(button).to_be_focused()

    page.get_by_label("Your comment", exact=True).fill("The first of two.")
    page.get_by_role("button", name="Comment", exact=True).press("Enter")
    expect(page.locator(".comment")).to_be_focused()

    # A row that goes hands the focus to the next one, the last one to the one before.
    page.evaluate(
        """() => {
          const list = document.createElement("ul");
          list.innerHTML = "<li><a href='#1'>one</a></li>".repeat(3);
          document.querySelector("main").append(list);
          list.children[1].firstChild.focus();
          list.children[1].remove();
        }"""
    )
    rows = page.locator("main > ul:last-child a")
    expect(rows.nth(1)).to_be_focused()
    page.evaluate("document.activeElement.closest('li').remove()")
    expect(rows.nth(0)).to_be_focused()

    # Whoever has clicked beside everything is left alone.
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('main > ul:last-child').remove()")
    expect(page.locator("body")).to_be_focused()


def test_a_dialog_gives_the_focus_back_even_from_within_a_menu(page: Page):
    page.goto("/")
    page.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML("beforeend", `
            <details class="menu" id="test-menu"><summary>Menu</summary>
              <button data-opens="test-dialog">Open</button></details>
            <dialog id="test-dialog"><button data-closes>Close</button></dialog>`);
        }"""
    )
    page.locator("#test-menu summary").click()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#test-menu summary")).to_be_focused()


def test_without_script_a_like_keeps_its_place(context: BrowserContext, garden: Garden, page: Page):
    log_in(page, "keeper")
    open_work(page)
    plain = context.browser.new_context(
        base_url=garden.url,
        java_script_enabled=False,
        locale="en",
        storage_state=context.storage_state(),
    )
    slow = plain.new_page()
    slow.goto(page.url)
    button = slow.get_by_role("button", name=LIKE)
    pressed = button.get_attribute("aria-pressed")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    expect(button).to_be_focused()
    plain.close()
