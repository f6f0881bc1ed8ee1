"""A visitor at the bench: drags, picks, steps back, survives a restart, signs up, publishes, finds
the child on the wall.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Watch, log_in, until
from tests.journeys.garden import Garden

GROWN = ".bench-seedling[data-state=grown]"
TITLES = "#bench-parents .bench-parent-title"
# The bench asks again when the hand rests, larger each time (static/js/bench/preview.js); notes
# have no size.
ALL_DRAWN = """() => {
  const { id = 0, size = 0, at = 0 } = window.requested ?? {};
  const isTune = !document.getElementById("bench-tune").hidden;
  const isLast = size >= 768 || isTune || performance.now() - at > 1300;
  return isLast && Number(document.getElementById("bench-canvas").dataset.frame ?? 0) >= id;
}"""
# A machine that is busy with other things takes its time, and the first frame waits for the nets.
PATIENCE_MS = 60_000


def open_bench(page: Page, address: str = "/bench/") -> None:
    """A bench whose first brood has grown."""
    page.goto(address)
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    expect(page.locator("#bench-status")).to_have_attribute(
        "data-state", "live", timeout=PATIENCE_MS
    )


def frame_number(page: Page) -> int:
    return int(page.locator("#bench-canvas").get_attribute("data-frame") or 0)


def picture(page: Page) -> str:
    """What the preview shows, small and as text: equal pictures give equal text."""
    return page.evaluate("""() => {
        const small = new OffscreenCanvas(16, 16);
        const context = small.getContext("2d");
        context.drawImage(document.getElementById("bench-canvas"), 0, 0, 16, 16);
        return Array.from(context.getImageData(0, 0, 16, 16).data, (value) => value >> 4).join();
    }""")


def wait_for_rest(page: Page) -> str:
    """The picture once all that the bench asked for is drawn, and it asks for nothing more."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # It asks by then.
    until(page, ALL_DRAWN)
    return picture(page)


def draw(page: Page, slider: Locator, *, to: float) -> None:
    """Take a slider from its middle to a share of its width, slowly, by the mouse."""
    slider.hover()  # Which waits until it stands still.
    box = slider.bounding_box()
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + (to - 0.5) * step / 20), box["y"] + box["height"] / 2
        )
        page.wait_for_timeout(40)
    page.mouse.up()


def kept(page: Page) -> dict:
    """The bench as the session remembers it: what it would find on coming back now."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    return json.loads(page.evaluate("sessionStorage.getItem('arboretum.bench')"))["state"]


def works(page: Page, *titles: str) -> str:
    """The address of a bench with these works, found through the wall's search."""
    slugs = []
    for title in titles:
        page.goto(f"/bench/choose/?q={title}")
        slugs.append(
            page.locator(f'.bench-pick[data-title="{title}"]').get_attribute("data-reference")
        )
    return f"/bench/?parents={','.join(slugs)}"


def test_dragging_the_slider_changes_the_picture_and_says_so(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    first, number = wait_for_rest(page), frame_number(page)
    draw(page, page.locator("#bench-pair-range"), to=0.92)
    assert wait_for_rest(page) != first
    assert frame_number(page) > number + 2
    expect(page.locator("#bench-announcer")).to_contain_text("More of B, Fern")
    # One drag is one step of the history, and undoing it shows the first picture again.
    page.keyboard.press("Control+z")
    assert wait_for_rest(page) == first
    assert kept(page)["recipe"]["weights"] == [0.5, 0.5]


def test_every_control_works_by_keyboard(page: Page):
    open_bench(page, works(page, "Moss", "Fern", "Lichen"))
    knob = page.locator(".bench-pad-knob")
    knob.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    a, b, c = kept(page)["recipe"]["weights"]
    assert (
        b > c
        and abs(a + b + c - 1) < 0.001
        and f"B {round(100 * b)} %" in knob.get_attribute("aria-valuetext")
    )
    warp = page.get_by_label("Warp", exact=True)
    warp.focus()
    page.keyboard.press("ArrowRight")
    assert kept(page)["recipe"]["edits"] == {"warp": 0.01}
    page.keyboard.press("Delete")
    assert kept(page)["recipe"]["edits"] == {"warp": 0}
    page.get_by_label("Colour from parent B").focus()
    page.keyboard.press("Space")
    assert kept(page)["recipe"]["mask"] == {"palette": 1}
    page.locator(".bench-seedling").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert kept(page)["picked"] == [1]
    expect(page.locator(".bench-seedling").nth(1)).to_have_attribute("aria-pressed", "true")


def test_picked_children_become_parents_and_the_trail_leads_back(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    page.locator(".bench-seedling").nth(2).click()
    page.locator(".bench-seedling").nth(5).click()
    child = kept(page)["brood"]["children"][5]
    assert kept(page)["recipe"]["seed"] == child["seed"]  # The picked one is shown large.
    page.get_by_role("button", name="Breed on with 2").click()
    expect(page.locator(TITLES)).to_have_text(["Seedling", "Seedling"])
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    page.locator(".bench-seedling").first.click()
    page.get_by_role("button", name="Breed on", exact=True).click()
    expect(page.locator("#bench-trail-steps li")).to_have_count(3)
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    # The way from the works to here is kept whole: three steps, one of which nobody descends from
    # any more or all.
    state = kept(page)
    assert len(state["roots"]) == 2 and len(state["steps"]) == 3 and state["chosen"] == [4]
    page.reload()
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    assert kept(page)["steps"] == state["steps"]
    page.get_by_role("button", name="Go back to The start").click()
    expect(page.locator(TITLES).first).to_have_text("Moss")
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    assert kept(page)["brood"]["children"][5] == child


def test_a_new_bench_offers_the_way_back_to_the_last_one(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    page.locator("#bench-surprise").fill("0.4")
    before = kept(page)
    open_bench(page)
    page.get_by_role("link", name="Back to your last bench").click()
    expect(page.locator(TITLES).first).to_have_text("Moss")
    assert kept(page)["recipe"] == before["recipe"]


def test_parents_are_added_from_the_picker_and_taken_off(page: Page):
    open_bench(page, works(page, "Moss"))
    page.get_by_role("button", name="Add a parent").click()
    page.get_by_role("searchbox", name="Search by word or tag").fill("Thistle")
    page.locator("#bench-picker").get_by_role("button", name="Search").click()
    page.locator("#bench-picker .bench-pick[data-title=Thistle]").click()
    expect(page.locator(TITLES)).to_have_text(["Moss", "Thistle"])
    page.get_by_role("button", name="Add a parent").click()
    page.get_by_role("button", name="New founder", exact=True).click()
    expect(page.locator(TITLES)).to_have_text(["Moss", "Thistle", re.compile("Founder")])
    expect(page.locator("#bench-pad .bench-end img[src]")).to_have_count(
        3
    )  # The seed's portrait was drawn.
    page.get_by_role("button", name="Take parent A, Moss, off the bench").click()
    expect(page.locator(TITLES)).to_have_text(["Thistle", re.compile("Founder")])
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)


def test_it_resumes_after_the_server_restarts(page: Page, garden: Garden, watch: Watch):
    watch.allow("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
    open_bench(page, works(page, "Moss", "Fern"))
    page.locator(".bench-seedling").nth(3).click()
    page.get_by_role("button", name="Breed on", exact=True).click()
    expect(page.locator(TITLES)).to_have_text(["Seedling"])
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    shown = wait_for_rest(page)
    garden.stop()
    expect(page.locator("#bench-status")).to_have_text("Reconnecting")
    page.locator("#bench-surprise").fill("0.6")  # Moved while nobody listens.
    number = frame_number(page)
    garden.start()
    expect(page.locator("#bench-canvas")).not_to_have_attribute(
        "data-frame", str(number), timeout=PATIENCE_MS
    )
    expect(page.locator("#bench-status")).to_have_text("Live", timeout=PATIENCE_MS)
    assert wait_for_rest(page) != shown
    page.locator("#bench-undo").click()
    assert wait_for_rest(page) == shown


@pytest.mark.slow
def test_a_visitor_signs_up_publishes_and_finds_the_child_on_the_wall_and_in_its_family(page: Page):
    open_bench(page, works(page, "Moss", "Fern"))
    page.locator("#bench-pair-range").fill("0.25")
    page.locator("#bench-surprise").fill("0.3")
    wait_for_rest(page)
    before = kept(page)
    page.get_by_role("button", name="Publish this child").click()
    dialog = page.locator("#bench-publisher")
    title = dialog.get_by_label("Title")
    expect(title).to_have_value("Moss and Fern")  # A suggestion, selected to be written over.
    expect(title).to_be_focused()
    dialog.get_by_role("button", name="Another suggestion").click()
    expect(title).not_to_have_value("Moss and Fern")
    page.keyboard.type("Mossfern")
    title.hover()  # Whoever selects it beyond the dialog's edge does not close the dialog.
    page.mouse.down()
    page.mouse.move(4, 4)
    page.mouse.up()
    expect(title).to_have_value("Mossfern")
    expect(dialog).to_be_visible()
    dialog.get_by_text("Tags and words").click()
    dialog.get_by_label("Tags").fill("moss, first light")
    expect(dialog.locator("[data-sum=words] summary")).to_contain_text("2 tags · described")
    dialog.get_by_role("button", name="Sign up to publish").click()
    page.get_by_label("Username", exact=False).first.fill("newcomer")
    passwords = page.locator("input[type=password]")
    for number in range(passwords.count()):
        passwords.nth(number).fill("moss-under-old-stones")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/bench/**")
    # The dialog opens again by itself, with what was typed.
    expect(title).to_have_value("Mossfern", timeout=PATIENCE_MS)
    after = kept(page)
    assert (after["roots"], after["recipe"]) == (before["roots"], before["recipe"])
    dialog.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/art/[a-z0-9]+/$"))
    address = page.url
    # The preview is there at once; the print takes its place, in the same size.
    picture = page.locator(".work-picture img")
    expect(picture).to_be_visible()
    before_print = picture.bounding_box()
    printed = page.locator('.work-picture img[src*="master.png"]')
    expect(printed).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".print-strip")).to_contain_text("on the wall now")
    assert printed.bounding_box()["width"] == pytest.approx(before_print["width"], abs=1)
    assert printed.bounding_box()["y"] == pytest.approx(before_print["y"], abs=1)
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_label("Address", exact=True)).to_have_value(address)
    page.goto("/")
    expect(page.locator(f'a[href="{urlsplit(address).path}"]').first).to_be_visible()
    page.goto(address + "family/")
    tree = page.locator("svg").filter(has=page.locator("a")).first
    expect(tree).to_be_visible()
    for title in ("Moss", "Fern", "Mossfern"):
        assert title in page.content()


def open_publisher(page: Page) -> Locator:
    """The dialog of publishing, with its form, and the fold of words open."""
    page.get_by_role("button", name="Publish this child").click()
    dialog = page.locator("#bench-publisher")
    dialog.get_by_text("Tags and words").click()
    expect(dialog.get_by_label("Description")).to_be_visible()
    return dialog


@pytest.mark.slow
def test_what_was_written_waits_until_it_is_published(page: Page):
    log_in(page, "ada")
    open_bench(page, works(page, "Moss", "Fern"))
    page.locator("#bench-surprise").fill("0.4")
    dialog = open_publisher(page)
    dialog.get_by_label("Title").fill("Written slowly")
    dialog.get_by_label("Description").fill("Two evenings.")
    dialog.get_by_role("radio", name="With the link").check()
    dialog.get_by_role("button", name="Not yet").click()
    expect(dialog).to_be_hidden()
    page.locator("#bench-surprise").fill("0.5")  # Another child of the same parents.
    suggested = None  # The tags of that child, whose colours may differ from the first one's.
    for open_again in (lambda: None, lambda: page.reload()):
        open_again()
        expect(page.locator("#bench-publish")).to_be_enabled()
        dialog = open_publisher(page)
        expect(dialog.get_by_label("Title")).to_have_value("Written slowly")
        expect(dialog.get_by_label("Description")).to_have_value("Two evenings.")
        expect(dialog.get_by_role("radio", name="With the link")).to_be_checked()
        suggested = suggested or dialog.get_by_label("Tags").input_value()
        expect(dialog.get_by_label("Tags")).to_have_value(suggested)
        expect(dialog.get_by_text("A suggestion.")).to_be_hidden()
        page.keyboard.press("Escape")
    dialog = open_publisher(page)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/art/[a-z0-9]+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Written slowly")
    open_bench(page, works(page, "Moss", "Fern"))
    dialog = open_publisher(page)
    expect(dialog.get_by_label("Title")).to_have_value("Moss and Fern")
    expect(dialog.get_by_label("Description")).to_have_value("")


def test_it_fits_a_phone_and_the_preview_stays_in_sight(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    open_bench(page, works(page, "Moss", "Fern"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("#bench-gene-groups").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight * 0.6)")
    box = page.locator("#bench-preview").bounding_box()
    assert 0 <= box["y"] <= 16 and box["height"] <= 740 * 0.45


def test_a_gardener_picks_parents_from_own_works(page: Page):
    log_in(page, "ada")
    open_bench(page)
    page.get_by_role("button", name="Add a parent").click()
    shelf = page.locator("#bench-picker").get_by_role("link", name="Your works")
    shelf.click()
    expect(shelf).to_have_attribute("aria-current", "page")
    makers = page.locator("#bench-picker .bench-pick-maker")
    expect(makers).not_to_have_count(0)
    expect(makers.filter(has_not_text="Ada Fern")).to_have_count(0)
