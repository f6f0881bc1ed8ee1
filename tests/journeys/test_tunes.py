"""A visitor breeds two tunes: the notes change under the slider while they play; the published
child plays on its page.
"""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from generation.engine.frames import NOTES, key_for
from generation.engine.render import render_batch
from generation.genome import Genome
from tests.journeys.conftest import log_in
from tests.journeys.garden import Garden
from tests.journeys.test_bench import PATIENCE_MS, frame_number, open_bench, wait_for_rest

TUNES = "/bench/?parents=seed:tunes:1,seed:tunes:2"
BEAT = "Number(document.querySelector('#bench-tune input').value)"
PLAYER = "document.querySelector('#player audio')"


def drag(page: Page, *, to: float) -> None:
    """Take the closeness slider to a place between A (0) and B (1), slowly."""
    box = page.locator("#bench-pair-range").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(1, 16):
        page.mouse.move(box["x"] + box["width"] * (0.5 + (to - 0.5) * step / 15), middle)
        page.wait_for_timeout(60)
    page.mouse.up()


def until(page: Page, condition: str) -> None:
    """Wait for something in the page's script; Playwright's own way would need eval, which the
    site's policy forbids.
    """
    end = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came: {condition}"
        page.wait_for_timeout(100)


def stored(garden: Garden, slug: str) -> tuple[Genome, dict]:
    """The genome and the notes of a work, from the garden's own database."""
    code = (
        "import json; from gallery.models import Artwork; work ="
        f" Artwork.objects.get(slug={slug!r}); print(json.dumps([work.genome,"
        " json.loads(work.notes.read())]))"
    )
    genome, notes = json.loads(garden.manage("shell", "-v0", "-c", code).strip().splitlines()[-1])
    return Genome.from_json(genome), notes


def test_notes_change_under_the_hand_while_the_tune_goes_on(page: Page):
    open_bench(page, TUNES)
    before, number = wait_for_rest(page), frame_number(page)
    bar = page.locator("#bench-tune")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Play", exact=True).click()
    until(page, f"{BEAT} > 1")
    bar.get_by_role("slider").fill(
        "8"
    )  # Far from the end, at which the tune would begin anew on a slow machine.
    at = page.evaluate(BEAT)
    drag(page, to=0.95)
    # Other notes, and the beat went on instead of beginning anew.
    assert frame_number(page) > number + 2
    assert page.evaluate(BEAT) > at
    expect(bar.get_by_role("button", name="Pause")).to_be_visible()
    bar.get_by_role("button", name="Pause").click()
    assert wait_for_rest(page) != before
    # The style is a choice of the species: another band, told in words. The leads are named after
    # the instruments that they are in it.
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


@pytest.mark.slow
def test_a_bred_tune_is_published_and_plays_what_was_bred(page: Page, garden: Garden):
    log_in(page, "ada")
    open_bench(page, TUNES)
    drag(page, to=0.3)
    page.get_by_role("button", name="Publish this child").click()
    dialog = page.locator("#bench-publisher")
    dialog.get_by_label("Title").fill("Rain on reeds")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/art/[a-z0-9]+/$"))
    play = page.locator("[data-play]").first
    expect(play).to_be_visible(timeout=PATIENCE_MS)
    slug = urlsplit(page.url).path.split("/")[2]
    genome, notes = stored(garden, slug)
    (frame,) = render_batch(
        key_for(genome, size=0, media_type=NOTES, supersample=1), [genome], lambda progress: None
    )
    assert json.loads(frame.payload) == notes
    play.click()
    until(page, f"{PLAYER}.currentTime > 0.3")
    # Seeking needs a server that sends parts.
    page.evaluate(f"{PLAYER}.currentTime = 20")
    until(page, f"{PLAYER}.currentTime > 20.2")
    page.goto("/")
    expect(page.locator(f'main img[src="/art/{slug}/thumbnail.svg"]')).to_be_visible()
