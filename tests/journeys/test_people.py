"""Two people meet: one likes, comments and answers, the other hears of it at once, and may keep the
first away.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Watch, log_in, until
from tests.journeys.garden import Garden

WORK = "Sedge"
PATIENCE_MS = 60_000
MAKE_VISITOR = """
import django
django.setup()
from gallery.models import User
from tests.journeys.garden import PASSWORD
User.objects.create_user("wren", password=PASSWORD, display_name="Wren")
"""


@pytest.fixture(scope="module")
def wren(garden: Garden) -> None:
    garden.run("-c", MAKE_VISITOR)


def open_work(page: Page) -> None:
    page.goto(f"/search/?q={WORK.lower()}")
    page.locator(".wall a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORK, timeout=PATIENCE_MS)
    page.wait_for_load_state()  # The heading is there before the scripts that the buttons need.


def test_what_one_person_does_the_other_hears_at_once(
    context: BrowserContext, garden: Garden, wren: None
):
    ada, other = (
        context.new_page(),
        context.browser.new_context(base_url=garden.url, locale="en").new_page(),
    )
    log_in(ada, "ada")
    log_in(other, "wren")
    until(ada, "window.received > 0")  # The socket is open by now.
    open_work(other)

    other.get_by_role("button", name="Like", exact=True).click()
    expect(other.get_by_role("button", name=re.compile("^Liked"))).to_be_focused(
        timeout=PATIENCE_MS
    )
    expect(ada.locator("#toasts")).to_contain_text(f"Wren likes “{WORK}”.", timeout=PATIENCE_MS)

    other.get_by_label("Your comment", exact=True).fill("Fine moss, @ada. <b>")
    other.get_by_role("button", name="Comment", exact=True).click()
    expect(other.locator(".comment-text").first).to_have_text(
        "Fine moss, @ada. <b>", timeout=PATIENCE_MS
    )
    expect(other.locator(".mention")).to_have_attribute("href", "/@ada/")
    ada.locator("#toasts").get_by_role("link", name=re.compile("commented")).click()

    expect(ada.locator(".comment-text")).to_contain_text("Fine moss", timeout=PATIENCE_MS)
    ada.locator(".comment-open summary", has_text="Reply").click()
    ada.get_by_label("Your reply to Wren").fill("Thank you!")
    ada.locator(".comment-open button", has_text="Reply").click()
    expect(ada.locator(".answers .comment-text")).to_have_text("Thank you!", timeout=PATIENCE_MS)
    expect(other.locator("#toasts")).to_contain_text(
        "Ada Fern replied to your comment", timeout=PATIENCE_MS
    )
    expect(other.locator(".notifications-link .unread-count")).to_have_text(
        "1", timeout=PATIENCE_MS
    )
    other.goto("/me/notifications/")
    other.get_by_role("button", name="Mark all as read").click()
    expect(other.locator(".notifications-link .unread-count")).to_be_hidden(timeout=PATIENCE_MS)
    other.context.close()


def test_following_blocking_and_letting_back_in(page: Page, watch: Watch, wren: None):
    log_in(page, "wren")
    page.goto("/@ada/")
    page.get_by_role("button", name="Follow Ada Fern").click()
    expect(page.get_by_role("button", name=re.compile("^Following Ada Fern"))).to_be_focused(
        timeout=PATIENCE_MS
    )
    page.get_by_label("More options for Ada Fern").click()
    page.get_by_role("button", name=re.compile("^Block")).click()
    expect(page.get_by_text("You have blocked Ada Fern.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Follow Ada Fern")).to_have_count(0)
    page.goto("/me/people/")
    page.get_by_role("button", name="Remove restriction").click()
    expect(page.get_by_text("You haven't muted or blocked anyone.")).to_be_visible(
        timeout=PATIENCE_MS
    )


def test_without_script_everything_is_a_form(context: BrowserContext, garden: Garden, wren: None):
    bare = context.browser.new_context(base_url=garden.url, java_script_enabled=False, locale="en")
    page = bare.new_page()
    log_in(page, "wren")
    open_work(page)
    page.get_by_label("Your comment", exact=True).fill("Said without any script.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment-text").first).to_have_text(
        "Said without any script.", timeout=PATIENCE_MS
    )
    page.locator(".comment").first.locator(".comment-more").click()
    page.locator(".comment").first.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Said without any script.")).to_have_count(0)
    bare.close()
