"""Tags are completed while they are typed, by keyboard and by mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import log_in
from tests.journeys.garden import Garden

ADD_TAGS = """
import django
django.setup()
from gallery.models import Tag
for slug, number in (("zebra-grass", 3), ("zebra", 2), ("红花", 1)):
    Tag.objects.create(slug=slug, name=slug.replace("-", " "), number=number)
"""


@pytest.fixture
def edit(page: Page, garden: Garden) -> Page:
    """The edit form of a work of ada, with tags in use that begin alike."""
    garden.run("-c", ADD_TAGS)
    log_in(page, "ada")
    page.goto("/me/")
    work = page.locator(".wall a[href^='/art/']").first.get_attribute("href")
    page.goto(f"{work}edit/")
    return page


def test_a_tag_is_chosen_by_keyboard_or_mouse(edit: Page):
    field = edit.get_by_label("Tags", exact=True)
    options = edit.get_by_role("listbox").get_by_role("option")
    field.fill("")
    field.press_sequentially("moss, Zeb")
    expect(options).to_have_text(["zebra grass", "zebra"])
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = options.nth(1).get_attribute("id") or ""
    expect(field).to_have_attribute("aria-activedescendant", chosen)
    field.press("Enter")
    expect(field).to_have_value("moss, zebra, ")
    expect(options).to_have_count(0)

    field.press_sequentially("红")
    expect(options).to_have_text(["红花"])
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press("Backspace")
    field.press_sequentially("zeb")
    expect(options).to_have_text(["zebra grass"])  # One that is in the field is not offered again.
    options.first.click()
    expect(field).to_have_value("moss, zebra, zebra grass, ")
    expect(field).to_be_focused()

    edit.get_by_role("button", name="Save").click()
    tags = edit.get_by_role("list", name="Tags").get_by_role("link")
    expect(tags).to_have_text(["moss", "zebra", "zebra grass"])
