"""The bench in windows of many sizes: nothing that is adjusted hides the child.

And no page is wider than its window.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import log_in
from tests.journeys.page_checks import TOO_WIDE
from tests.journeys.test_bench import kept, open_bench, works
from tests.journeys.test_bench_music import TUNES


def is_whole(page: Page, part: Locator) -> bool:
    """Whether all of it is inside the window."""
    box, window = part.bounding_box(), page.viewport_size
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= window["width"] + 1
        and box["y"] + box["height"] <= window["height"] + 1
    )


def test_child_blend_and_brood_are_seen_together(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    names = ["#bench-preview", "#bench-pair", "#bench-dice", "#bench-pocket", "#bench-publish"]
    parts = [*(page.locator(name) for name in names), *page.locator(".bench-seed").all()]
    for width, height in [(1440, 900), (1280, 720), (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        assert all(is_whole(page, part) for part in parts), width


def test_the_child_stays_in_sight_while_the_last_slider_moves(page: Page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_bench(page, works(page, "Moss", "Fern"))
    last = page.locator("#bench-gene-groups input[type=range]").last
    last.focus()  # It is below the end of the column, which scrolls by itself.
    page.keyboard.press("Shift+ArrowRight")
    assert kept(page)["recipe"]["edits"] == {"grain": 0.1}
    assert is_whole(page, last) and is_whole(page, page.locator("#bench-preview"))
    expect(page.locator("#bench-explains")).to_contain_text("How fine the material is")
    page.locator("#bench-tab-finish").click()
    expect(page.locator("#bench-finish")).to_be_visible()
    expect(page.locator("#bench-gene-groups")).to_be_hidden()
    assert is_whole(page, page.locator("#bench-preview"))


def test_on_a_phone_undo_redo_and_publish_stay_and_the_brood_is_right_below(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_bench(page, works(page, "Moss", "Fern"))
    brood, blend = page.locator("#bench-seedlings"), page.locator("#bench-blend")
    assert brood.bounding_box()["y"] < 844 - 60  # Its first row is seen without scrolling.
    assert brood.bounding_box()["y"] > blend.bounding_box()["y"]
    page.locator("#bench-gene-groups input[type=range]").last.fill("0.5")
    bar = [page.locator(f"#bench-{name}") for name in ("undo", "redo", "publish", "to-pocket")]
    for part in [*bar, page.locator("#bench-preview"), page.locator("#bench-pair")]:
        assert is_whole(page, part)
    bar[0].click()
    assert kept(page)["recipe"]["edits"] == {}
    bar[1].click()
    assert kept(page)["recipe"]["edits"] == {"grain": 0.5}
    page.get_by_role("button", name="Roll").last.click()
    expect(page.locator("#bench-surprise")).to_have_value("0.25")


def test_the_places_of_the_header_are_in_a_menu_where_it_is_narrow(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/about/")
    expect(page.get_by_role("link", name="Collections")).to_be_hidden()
    page.locator(".site-menu summary").click()
    page.get_by_role("link", name="Collections").click()
    page.wait_for_url("**/collections/")
    page.get_by_role("banner").get_by_role("link", name="Search").click()
    page.wait_for_url("**/search/**")


def test_no_page_is_wider_than_its_window(page: Page):
    log_in(page, "ada")
    four = works(page, "Moss", "Fern", "Lichen", "Reed")
    for address in ("/", four, TUNES, "/collections/new/", "/me/notifications/settings/"):
        page.goto(address)
        for width in (320, 390, 720, 768, 860, 1440):  # 720: 1440 at a zoom of 200 %.
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(TOO_WIDE) == [], (address, width)


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("count", [3, 4])
def test_on_a_phone_sliders_set_exact_shares_in_the_place_of_the_pad(
    page: Page, width: int, count: int
):
    page.set_viewport_size({"width": width, "height": 844})
    open_bench(page, works(page, *["Moss", "Fern", "Lichen", "Reed"][:count]))
    blend, sliders = page.locator("#bench-blend"), page.locator("#bench-parents input[type=range]")
    expect(page.locator("#bench-pad")).to_be_visible()
    expect(sliders.filter(visible=True)).to_have_count(0)
    height = blend.bounding_box()["height"]
    toggle = page.get_by_role("button", name="Sliders")
    toggle.click()
    expect(page.locator("#bench-pad")).to_be_hidden()
    expect(sliders.filter(visible=True)).to_have_count(count)
    assert abs(blend.bounding_box()["height"] - height) <= 2
    assert page.evaluate(TOO_WIDE) == []
    assert all(slider.bounding_box()["width"] >= 80 for slider in sliders.all())
    sliders.first.fill("0.37")
    expect(page.locator(".bench-parent-share").first).to_have_text("37 %")
    weights = kept(page)["recipe"]["weights"]
    assert weights == pytest.approx([0.37] + [0.63 / (count - 1)] * (count - 1), abs=0.001)
    toggle.click()
    expect(page.locator("#bench-pad")).to_be_visible()


def test_the_last_parent_gives_way_to_the_others_in_equal_parts(page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})  # With room for pad and sliders.
    open_bench(page, works(page, "Moss", "Fern", "Lichen"))
    sliders = page.locator("#bench-parents input[type=range]")
    sliders.first.fill("1")
    assert kept(page)["recipe"]["weights"] == [1, 0, 0]
    sliders.first.fill("0.5")
    assert kept(page)["recipe"]["weights"] == [0.5, 0.25, 0.25]
