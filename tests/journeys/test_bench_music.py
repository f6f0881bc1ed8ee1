"""A visitor breeds tunes: the roll changes under the slider while it plays, a child is heard
properly, published and played.
"""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import log_in, until
from tests.journeys.test_bench import (
    GROWN,
    PATIENCE_MS,
    frame_number,
    kept,
    open_bench,
    wait_for_rest,
)

TUNES = "/bench/?parents=seed:tunes:1,seed:tunes:2"
PLAY, PLACE, WORDS = "#bench-tune .play-button", "#bench-tune input", "#bench-tune .bench-hint"
# Plays a note of an instrument with the little band, off-line, and tells its loudest sample.
LOUDEST = """async ([role, program, pitch]) => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const { makeBand } = await import(loaded.find((name) => name.includes("/bench/music/voices.")));
  const context = new OfflineAudioContext(2, 44100, 44100);
  const out = new GainNode(context);
  out.connect(context.destination);
  makeBand(context, out).play({ role, program }, [0, 1, pitch, 100], 0.05, 0.6);
  const samples = (await context.startRendering()).getChannelData(0);
  return samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
}"""


def beat(page: Page) -> float:
    return float(page.locator(PLACE).input_value())


def drag(page: Page, *, to: float) -> None:
    """Draw the slider between both parents from the middle to a share of its width, slowly."""
    box = page.locator("#bench-pair-range").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(
            box["x"] + box["width"] * (0.5 + (to - 0.5) * step / 20), box["y"] + box["height"] / 2
        )
        page.wait_for_timeout(60)
    page.mouse.up()


def test_the_notes_change_under_the_slider_and_the_tune_goes_on_where_it_was(page: Page):
    open_bench(page, TUNES)
    before, number = wait_for_rest(page), frame_number(page)
    page.keyboard.press("Space")
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    expect(page.locator(PLACE)).not_to_have_value("0")
    page.wait_for_timeout(1500)
    place = beat(page)
    drag(page, to=0.9)
    page.wait_for_timeout(1500)
    assert frame_number(page) > number + 2
    assert beat(page) > place  # It neither stopped nor began again.
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Play")
    stopped = beat(page)
    assert wait_for_rest(page) != before
    assert beat(page) == stopped
    expect(page.locator("#bench-canvas")).to_have_attribute(
        "aria-label", re.compile(r"Piano roll of the child: .+ bpm")
    )


def test_a_child_of_the_brood_plays_when_it_is_picked_and_breeds_on(page: Page):
    open_bench(page, TUNES)
    page.locator(".bench-seedling").nth(4).click()
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    assert kept(page)["picked"] == [4]
    page.get_by_role("button", name="Breed on", exact=True).click()
    expect(page.locator("#bench-parents .bench-parent-title")).to_have_text(["Seedling"])
    expect(page.locator(GROWN)).to_have_count(12, timeout=PATIENCE_MS)
    expect(page.locator("#bench-pair .bench-end img")).to_have_attribute(
        "src", re.compile("^data:image/")
    )
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")


def test_the_place_in_the_tune_is_chosen_by_keyboard_and_on_the_roll(page: Page):
    open_bench(page, TUNES)
    page.locator(PLACE).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert beat(page) == 3
    expect(page.locator(PLACE)).to_have_attribute(
        "aria-valuetext", re.compile(r"^0:0\d of 0:\d\d$")
    )
    page.locator("#bench-canvas").click()  # In its middle, once it lies still.
    until(page, f"document.querySelector('{PLACE}').value > 3")
    assert 30 < beat(page) < 60  # In the middle of the second of three lines.


def test_every_instrument_of_the_little_band_sounds_and_none_is_too_loud(page: Page):
    open_bench(page, TUNES)
    melodic = [("melody", program, 60) for program in (*range(0, 128, 8), 46, 53)]
    others = [
        ("bass", 33, 36),
        ("pad", 89, 60),
        *(("drums", 0, pitch) for pitch in (36, 38, 42, 45, 46, 49)),
    ]
    loudest = {
        instrument: page.evaluate(LOUDEST, list(instrument)) for instrument in melodic + others
    }
    assert {instrument: peak for instrument, peak in loudest.items() if not 0.01 < peak < 0.6} == {}


def test_a_tune_is_heard_properly_published_and_played(page: Page):
    log_in(page, "ada")
    open_bench(page, TUNES)
    page.locator("#bench-pair-range").fill("0.35")
    wait_for_rest(page)
    expect(page.locator(WORDS)).to_contain_text("sketch")
    page.get_by_role("button", name="Hear it properly").click()
    expect(page.locator("#bench-hear")).to_have_text("Played properly", timeout=PATIENCE_MS)
    expect(page.locator(WORDS)).to_contain_text("mastered")
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    page.get_by_label("Tempo", exact=True).fill("0.5")
    expect(page.get_by_role("button", name="Hear it properly")).to_be_enabled()
    expect(page.locator(WORDS)).to_contain_text("sketch")
    wait_for_rest_of_tune(page)
    page.get_by_role("button", name="Publish this child").click()
    dialog = page.locator("#bench-publisher")
    dialog.get_by_label("Title").fill("Two seeds humming")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/art/[a-z0-9]+/$"))
    play = page.locator("[data-play][data-is-main]")
    expect(play).to_be_visible(timeout=2 * PATIENCE_MS)
    play.click()
    expect(page.locator("#player")).to_be_visible()
    expect(page.locator("#player [data-sound-at]")).to_have_text(
        re.compile(r"0:0[1-9]"), timeout=20_000
    )


def wait_for_rest_of_tune(page: Page) -> None:
    """Silence, and then the picture of the tune once it no longer changes."""
    page.locator(PLAY).click()
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Play")
    wait_for_rest(page)
