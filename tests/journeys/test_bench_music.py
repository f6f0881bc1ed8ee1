"""A visitor breeds tunes: the roll changes under the slider while it plays, a child is heard
properly, published and played.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from generation.engine.frames import NOTES, key_for
from generation.engine.render import render_batch
from generation.genome import Genome
from tests.journeys.conftest import log_in, until
from tests.journeys.garden import Garden
from tests.journeys.test_bench import (
    GROWN,
    PATIENCE_MS,
    draw,
    frame_number,
    kept,
    open_bench,
    wait_for_rest,
)

TUNES = "/bench/?parents=seed:tunes:1,seed:tunes:2"
PLAY, PLACE, WORDS = "#bench-tune .play-button", "#bench-tune input", "#bench-tune .bench-hint"
BEAT = f"Number(document.querySelector('{PLACE}').value)"
PLAYER = "document.querySelector('#player audio')"
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


def stored(garden: Garden, slug: str) -> tuple[Genome, dict]:
    """The genome and the notes of a work, as the garden keeps them."""
    question = "SELECT genome, notes FROM gallery_artwork WHERE slug = ?"
    ((genome, notes),) = garden.ask(question, slug)
    file = garden.data / "media" / notes
    return Genome.from_json(json.loads(genome)), json.loads(file.read_text(encoding="utf-8"))


def test_the_notes_change_under_the_slider_and_the_tune_goes_on_where_it_was(page: Page):
    open_bench(page, TUNES)
    before, number = wait_for_rest(page), frame_number(page)
    page.keyboard.press("Space")
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    until(page, f"{BEAT} > 1")
    # Far from the end, at which the tune would begin anew on a slow machine.
    page.locator(PLACE).fill("8")
    place = beat(page)
    draw(page, page.locator("#bench-pair-range"), to=0.9)
    until(page, f"document.getElementById('bench-canvas').dataset.frame > {number + 2}")
    until(page, f"{BEAT} > {place}")  # It neither stopped nor began again.
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Play")
    stopped = beat(page)
    assert wait_for_rest(page) != before
    assert beat(page) == stopped
    expect(page.locator("#bench-canvas")).to_have_attribute(
        "aria-label", re.compile(r"Piano roll of the child: .+ bpm")
    )
    # The style is a choice of the species: another band, told in words. The leads are named after
    # the instruments that they are in it.
    bar = page.locator("#bench-tune")
    page.locator("#bench-tab-finish").click()
    page.locator("[data-step=style] summary").click()
    page.get_by_role("radio", name="Chamber").check()
    expect(bar).to_contain_text("Chamber", timeout=PATIENCE_MS)
    lead = page.locator("[data-step=lead]")
    lead.locator("summary").click()
    lead.get_by_role("radio", name="Oboe").check()
    expect(lead.locator("summary")).to_contain_text("Oboe")
    page.locator("[data-step=style]").get_by_role("radio", name="Synth").check()
    expect(lead.locator("summary")).to_contain_text("Square lead")


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


@pytest.mark.slow
def test_a_tune_is_heard_properly_published_and_plays_what_was_bred(page: Page, garden: Garden):
    log_in(page, "ada")
    open_bench(page, TUNES)
    draw(page, page.locator("#bench-pair-range"), to=0.35)
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
    slug = urlsplit(page.url).path.split("/")[2]
    genome, notes = stored(garden, slug)
    (frame,) = render_batch(
        key_for(genome, size=0, media_type=NOTES, supersample=1), [genome], lambda progress: None
    )
    assert json.loads(frame.payload) == notes
    play.click()
    expect(page.locator("#player")).to_be_visible()
    expect(page.locator("#player [data-sound-at]")).to_have_text(
        re.compile(r"0:0[1-9]"), timeout=20_000
    )
    # Seeking needs a server that sends parts.
    page.evaluate(f"{PLAYER}.currentTime = 20")
    until(page, f"{PLAYER}.currentTime > 20.2")
    page.goto("/")
    expect(page.locator(f'main img[src="/art/{slug}/thumbnail.svg"]')).to_be_visible()


def wait_for_rest_of_tune(page: Page) -> None:
    """Silence, and then the picture of the tune once it no longer changes."""
    page.locator(PLAY).click()
    expect(page.locator(PLAY)).to_have_attribute("aria-label", "Play")
    wait_for_rest(page)
