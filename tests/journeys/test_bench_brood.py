"""The brood tells the truth: it follows the sliders, and its ticks agree with the child.

Its seedlings are compared, kept and used; parents are changed in place.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import until
from tests.journeys.test_bench import (
    GROWN,
    PATIENCE_MS,
    TITLES,
    kept,
    open_bench,
    wait_for_rest,
    works,
)
from tests.journeys.test_bench_music import TUNES

OLDER = "#bench-older"
KEPT = ".bench-kept:not(.is-slot)"
# The request for the large picture of a compared seedling would count as one for the child.
POINTER_AWAY = (5, 5)


def seedling(page: Page, number: int) -> Locator:
    """A seedling by its number, which starts at 1."""
    return page.locator(".bench-seedling").nth(number - 1)


def ticks(page: Page) -> list[int]:
    return [
        number
        for number, tile in enumerate(page.locator(".bench-seedling").all(), 1)
        if tile.get_attribute("aria-pressed") == "true"
    ]


def shown(page: Page) -> list[int]:
    """The seedling that is marked as the one in the preview."""
    return [
        number
        for number, tile in enumerate(page.locator(".bench-seedling").all(), 1)
        if "is-shown" in (tile.get_attribute("class") or "").split()
    ]


def test_a_brood_that_is_older_than_the_sliders_grows_again_when_they_rest(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    first = kept(page)["brood"]["children"]
    page.locator("#bench-pair-range").fill("0.1")
    expect(page.locator(".bench-seedling[data-state=old]").first).to_be_attached()
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    brood = kept(page)["brood"]
    assert brood["asked"]["weights"] == [0.9, 0.1] and brood["children"] != first
    expect(page.locator(OLDER)).to_be_hidden()
    # Undo brings the slider and its brood back together, redo as well.
    page.keyboard.press("Control+z")
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    assert kept(page)["brood"]["children"] == first
    page.keyboard.press("Control+Shift+z")
    assert kept(page)["brood"] == brood


def test_picks_are_not_thrown_away_and_the_brood_says_that_it_is_old(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    seedling(page, 3).click()
    page.locator("#bench-surprise").fill("0.7")
    expect(page.locator(OLDER)).to_be_visible()
    assert ticks(page) == [3] and shown(page) == []
    before = kept(page)["brood"]["children"]
    page.get_by_role("button", name="Regrow").click()
    expect(page.locator(OLDER)).to_be_hidden()
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    assert ticks(page) == [] and kept(page)["brood"]["children"] != before


def test_ticks_and_preview_agree_through_undo_redo_and_roll(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    seedling(page, 2).click()
    seedling(page, 5).click()
    page.mouse.move(*POINTER_AWAY)
    both = wait_for_rest(page)
    assert (ticks(page), shown(page)) == ([2, 5], [5])
    page.keyboard.press("r")
    assert wait_for_rest(page) != both
    assert (ticks(page), shown(page)) == ([2, 5], [])
    page.keyboard.press("Control+z")
    assert wait_for_rest(page) == both
    assert (ticks(page), shown(page)) == ([2, 5], [5])
    page.keyboard.press("Control+z")
    assert (ticks(page), shown(page)) == ([2], [2])
    page.keyboard.press("Control+Shift+z")
    assert (ticks(page), shown(page)) == ([2, 5], [5])
    seedling(page, 5).click()  # Taken back: the one that is left is shown.
    assert (ticks(page), shown(page)) == ([2], [2])


def test_a_seedling_is_compared_with_its_parents_on_hover_and_on_focus(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    compare, words = page.locator("#bench-compare"), page.locator("#bench-compare-words")
    seedling(page, 4).hover()
    expect(compare).to_be_visible()
    expect(words).to_have_text(re.compile("^Seedling 4: "))
    expect(compare.locator("figure img")).to_have_count(2)
    page.mouse.move(*POINTER_AWAY)
    expect(compare).to_be_hidden()
    seedling(page, 1).focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_have_text(re.compile("^Seedling 2: "))
    expect(seedling(page, 2)).to_have_accessible_description(re.compile("^Seedling 2: "))
    page.keyboard.press("Tab")
    expect(compare).to_be_hidden()
    assert kept(page)["picked"] == []


def test_a_finger_that_rests_on_a_seedling_compares_and_keeps_it(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    tile = seedling(page, 6)
    finger = {"pointerType": "touch", "clientX": 50, "clientY": 50, "isPrimary": True}
    tile.dispatch_event("pointerdown", finger)
    keep = page.get_by_role("button", name="Keep", exact=True)
    expect(keep).to_be_visible()
    tile.dispatch_event("pointerup", finger)
    keep.click()
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator("#bench-compare")).to_be_hidden()
    assert kept(page)["picked"] == []


def test_the_pocket_survives_a_reload_and_its_seedlings_come_back_or_become_parents(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    child = kept(page)["brood"]["children"][6]
    seedling(page, 7).hover()
    page.get_by_role("button", name="Keep child 7 in the pocket").click()
    expect(page.locator(KEPT)).to_have_count(1)
    page.keyboard.press("p")  # The pointer is still on it.
    expect(page.locator("#bench-announcer")).to_have_text("It is in the pocket already.")
    open_bench(page, works(page, "Lichen", "Reed"))
    page.reload()
    expect(page.locator(KEPT)).to_have_count(1)
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    page.locator(KEPT).click()
    page.get_by_role("button", name="Use as a parent").click()
    expect(page.locator(TITLES)).to_have_text(["Lichen", "Reed", "Seedling"])
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    state = kept(page)
    assert len(state["roots"]) == 4 and state["steps"][-1]["recipe"]["seed"] == child["seed"]
    page.locator(KEPT).click()
    page.get_by_role("button", name="Show it again").click()
    expect(page.locator(TITLES)).to_have_text(["Moss", "Fern"])
    assert kept(page)["recipe"]["seed"] == child["seed"]
    page.keyboard.press("Control+z")
    expect(page.locator(TITLES)).to_have_text(["Lichen", "Reed", "Seedling"])
    page.locator(KEPT).click()
    page.get_by_role("button", name="Take out of the pocket").click()
    expect(page.locator(KEPT)).to_have_count(0)


def test_a_work_or_a_seedling_is_dragged_onto_a_parent(page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})
    open_bench(page, works(page, "Moss", "Fern"))
    ends = page.locator("#bench-pair .bench-end")
    page.get_by_role("button", name="Add a parent").click()
    page.locator("#bench-picker .bench-pick[data-title=Thistle]").drag_to(ends.nth(1))
    expect(page.locator(TITLES)).to_have_text(["Moss", "Thistle"])
    page.keyboard.press("Escape")
    expect(page.locator("#bench-picker")).to_be_hidden()
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    page.locator(".bench-seed").nth(2).drag_to(ends.nth(0))
    expect(page.locator(TITLES)).to_have_text(["Seedling", "Thistle"])


def test_an_end_changes_its_parent_and_a_new_pair_can_be_undone(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    page.get_by_role("button", name="Parent B, Fern: change or remove").click()
    page.get_by_role("button", name="A new founder instead").click()
    expect(page.locator(TITLES)).to_have_text(["Moss", re.compile("Founder")])
    page.get_by_role("button", name="Parent A, Moss: change or remove").click()
    page.get_by_role("button", name="Change this parent").click()
    page.locator("#bench-picker .bench-pick[data-title=Ivy]").click()
    expect(page.locator(TITLES)).to_have_text(["Ivy", re.compile("Founder")])
    before = kept(page)["roots"]
    page.get_by_role("button", name=re.compile("^Parent B, Founder")).click()
    page.get_by_role("button", name="Take off the bench").click()
    expect(page.locator(TITLES)).to_have_text(["Ivy"])
    page.get_by_role("link", name="New pair").click()
    expect(page.locator("#bench-announcer")).to_contain_text("Two other works")
    assert len(kept(page)["roots"]) == 2
    for _ in range(2):
        page.keyboard.press("Control+z")
    assert kept(page)["roots"] == before
    # The header leads back to this bench, from anywhere.
    page.goto("/about/")
    page.get_by_role("banner").get_by_role("link", name="Bench").click()
    expect(page.locator(TITLES)).to_have_text(["Ivy", re.compile("Founder")])


def test_single_keys_do_what_the_help_says_and_can_be_switched_off(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    page.keyboard.press("1")
    page.keyboard.press("=")
    assert ticks(page) == [1, 12]
    page.keyboard.press("f")
    expect(page.locator("#bench-finish")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#bench-gene-groups")).to_be_visible()
    page.locator("#bench-help summary").click()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Single keys work while no field has the focus").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    assert ticks(page) == [1, 12]
    page.reload()
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    page.keyboard.press("n")
    assert ticks(page) == [1, 12]
    page.locator("#bench-help summary").click()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Single keys work while no field has the focus").check()
    page.keyboard.press("Escape")
    page.locator("#bench-title, .bench-title").click()
    page.keyboard.press("Enter")  # Breeds on with both.
    expect(page.locator(TITLES)).to_have_text(["Seedling", "Seedling"])


def test_a_tune_of_the_brood_is_heard_under_the_pointer_and_the_bench_goes_on_after_it(page: Page):
    open_bench(page, TUNES)
    play = page.locator("#bench-tune .play-button")
    play.click()
    expect(play).to_have_attribute("aria-label", "Pause")
    seedling(page, 2).hover()
    expect(page.locator("#bench-compare")).to_be_visible()
    expect(play).to_have_attribute("aria-label", "Play")  # The bench's own tune waits.
    page.mouse.move(*POINTER_AWAY)
    expect(play).to_have_attribute("aria-label", "Pause")
    until(page, "document.querySelector('#bench-tune input').value > 0")
