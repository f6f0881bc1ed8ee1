"""A visitor finishes a child: styles, palettes, kinds; what the preview showed is what is
printed.
"""

import io
import json
import re
import time
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from generation.engine.frames import key_for
from generation.engine.render import render_batch
from generation.genome import Genome
from tests.journeys.conftest import Watch, log_in
from tests.journeys.garden import Garden
from tests.journeys.test_bench import PATIENCE_MS, kept, open_bench, wait_for_rest

PRINT_EDGE = 256  # Of the journeys' garden.


def fold(page: Page, name: str) -> Locator:
    """A finishing step of the panel, unfolded."""
    page.locator("#bench-tab-finish").click()
    found = page.locator(f"[data-step={name}]")
    found.locator("summary").click()
    return found


def step(page: Page, name: str) -> Locator:
    """A finishing step of the panel, unfolded and switched on."""
    found = fold(page, name)
    found.get_by_role("switch").check()
    return found


def settled(page: Page, *, like: str = "", unlike: tuple[str, ...] = ()) -> str:
    """The resting picture once it is like one, or unlike all of the others: the first frame of a
    step waits for its net.
    """
    end = time.monotonic() + PATIENCE_MS / 1000
    shown = wait_for_rest(page)
    while time.monotonic() < end and (shown in unlike or (like and shown != like)):
        shown = wait_for_rest(page)
    assert shown not in unlike and (not like or shown == like)
    return shown


def publish(page: Page, title: str) -> str:
    """Publish the child as it is; the slug of its page, once the print is there."""
    page.get_by_role("button", name="Publish this child").click()
    dialog = page.locator("#bench-publisher")
    dialog.get_by_role("button", name="Publish", exact=True).wait_for()
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/art/[a-z0-9]+/$"))
    expect(page.locator('main img[src*="master.png"]').first).to_be_visible(timeout=PATIENCE_MS)
    return urlsplit(page.url).path.split("/")[2]


def stored_genome(garden: Garden, slug: str) -> Genome:
    ((genome,),) = garden.ask("SELECT genome FROM gallery_artwork WHERE slug = ?", slug)
    return Genome.from_json(json.loads(genome))


def master(page: Page, slug: str) -> np.ndarray:
    answer = page.request.get(f"/art/{slug}/master.png")
    return np.asarray(Image.open(io.BytesIO(answer.body())))


def rendered(genome: Genome) -> np.ndarray:
    key = key_for(genome, size=PRINT_EDGE, media_type="image/png", supersample=2)
    (frame,) = render_batch(key, [genome], lambda progress: None)
    return np.asarray(Image.open(io.BytesIO(frame.payload)))


@pytest.mark.slow
def test_the_strength_of_a_style_changes_the_preview_and_is_printed(page: Page, garden: Garden):
    log_in(page, "ada")
    open_bench(page, "/bench/?parents=seed:people:3,seed:people:8")
    plain = wait_for_rest(page)
    style = fold(page, "style")
    expect(style.locator("summary")).to_contain_text("As bred")
    # Small pictures of this very child: the first dozen, then all.
    first = style.locator(".looks-group").first
    looks = first.locator(".look:not([hidden]) img:not(.is-stale)")
    expect(looks.filter(visible=True)).to_have_count(12, timeout=PATIENCE_MS)
    style.get_by_role("button", name="All 26 styles").click()
    expect(looks.filter(visible=True)).to_have_count(27, timeout=PATIENCE_MS)
    first.get_by_role("radio", name="Woodcut", exact=True).check()
    expect(style.locator("summary")).to_contain_text("Woodcut")
    # Another style needs no other pictures.
    expect(first.locator(".look img.is-stale")).to_have_count(0)
    strength = style.get_by_label("Strength of the style", exact=True)
    strength.fill("0")
    settled(page, like=plain)
    strength.fill("0.5")
    half = settled(page, unlike=(plain,))
    strength.fill("1")
    settled(page, unlike=(plain, half))
    expect(page.locator("#bench-announcer")).to_contain_text("Finishing changed")
    slug = publish(page, "Woodcut face")
    genome = stored_genome(garden, slug)
    assert ("style", 1.0, "woodcut") in [
        (name, now.get("strength"), now.get("style")) for name, now in genome.finishing
    ]
    assert np.array_equal(master(page, slug), rendered(genome))


@pytest.mark.slow
def test_a_second_style_is_chosen_from_pictures_of_this_child(page: Page):
    open_bench(page, "/bench/?parents=seed:people:3,seed:people:8")
    style = fold(page, "style")
    first, second = style.locator(".looks-group").all()
    expect(second).to_be_hidden()
    first.get_by_role("radio", name="Woodcut", exact=True).check()
    alone = settled(page)
    expect(second.get_by_role("radio", name="None")).to_be_checked()
    drawn = second.locator(".look:not([hidden]) img:not(.is-stale)").filter(visible=True)
    expect(drawn).to_have_count(8, timeout=PATIENCE_MS)
    # All differ but two: Woodcut mixed with Woodcut is Woodcut alone.
    assert len({image.get_attribute("src") for image in drawn.all()}) == 7
    second.get_by_role("radio", name="Morning mist").check()
    expect(style.locator("summary")).to_contain_text("Woodcut + Morning mist")
    settled(page, unlike=(alone,))
    settings = dict(kept(page)["recipe"]["finishing"])["style"]
    assert (settings["style"], settings["second"], settings["mix"]) == ("woodcut", "mist", 0.5)
    second.get_by_role("radio", name="None").check()
    settled(page, like=alone)


@pytest.mark.slow
def test_a_garment_turns_into_another_kind_and_back(page: Page):
    open_bench(page, "/bench/?parents=seed:garments:3")
    bred = wait_for_rest(page)
    kind = page.get_by_label("Kind", exact=True)
    for label in ("Bag", "Trousers"):
        kind.select_option(label=label)
        settled(page, unlike=(bred,))
        assert kept(page)["recipe"]["choices"] == {"kind": label.lower()}
    page.locator("#bench-undo").click()
    expect(kind).to_have_value("bag")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(kind).to_have_value("")
    settled(page, like=bred)


@pytest.mark.slow
def test_a_portrait_without_its_ground_is_printed_transparent(page: Page, garden: Garden):
    log_in(page, "ada")
    open_bench(page, "/bench/?parents=seed:people:3,seed:people:8")
    step(page, "background")
    wait_for_rest(page)
    slug = publish(page, "Cut out")
    printed = master(page, slug)
    assert printed.shape == (PRINT_EDGE, PRINT_EDGE, 4)
    assert printed[2, 2, 3] == 0 and printed[PRINT_EDGE // 2, PRINT_EDGE // 2, 3] == 255
    small = np.asarray(
        Image.open(io.BytesIO(page.request.get(f"/art/{slug}/thumbnail.webp").body()))
    )
    assert small.shape[2] == 4 and small[2, 2, 3] == 0


def test_an_uploaded_picture_is_finished_and_published(page: Page, garden: Garden):
    log_in(page, "ada")
    page.goto("/bench/upload/picture/")
    spots = np.random.default_rng(1).integers(0, 255, (80, 80, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(spots).resize((320, 320)).save(file, "PNG")
    photo = {"name": "spots.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("Title").fill("Spots")
    page.get_by_label("I took this photo").check()
    page.get_by_role("button", name="Keep the picture").click()
    page.get_by_role("link", name="Finish", exact=True).click()
    plain = wait_for_rest(page)
    for hidden in (".bench-brood", ".bench-dials", "#bench-tab-genes", "#bench-add"):
        expect(page.locator(hidden)).to_be_hidden()
    page.keyboard.press("r")  # There is nothing to roll.
    step(page, "duotone")
    settled(page, unlike=(plain,))
    expect(page.locator("#bench-error")).to_be_hidden()
    slug = publish(page, "Spots in two inks")
    genome = stored_genome(garden, slug)
    assert genome.picture and [name for name, _ in genome.finishing] == ["duotone"]
    expect(page.locator("main")).to_contain_text("finished anew")


def test_a_style_and_a_palette_are_borrowed_and_everything_works_by_keyboard(
    page: Page, watch: Watch
):
    watch.allow("400")  # A work that is not there, asked for on purpose.
    open_bench(page, "/bench/?parents=seed:people:3")
    plain = wait_for_rest(page)
    borrowed = step(page, "borrowed-style")
    assert (
        kept(page)["recipe"]["finishing"] is None
    )  # There is nothing to show before something is borrowed.
    borrowed.get_by_label("Address of the work").fill("nowhere")
    borrowed.get_by_role("button", name="Use", exact=True).click()
    expect(borrowed.get_by_role("alert")).to_contain_text("This work doesn't exist")
    example = io.BytesIO()
    Image.effect_noise((96, 96), 90).convert("RGB").save(example, "PNG")
    picture = {"name": "noise.png", "mimeType": "image/png", "buffer": example.getvalue()}
    borrowed.locator("input[type=file]").set_input_files(picture)
    expect(borrowed.get_by_label("Strength of the style", exact=True)).to_be_visible()
    settled(page, unlike=(plain,))
    palette = fold(page, "palette")
    palette.get_by_label("Sea").focus()
    page.keyboard.press("Space")
    palette.get_by_label("Strength of the palette", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    now = dict(kept(page)["recipe"]["finishing"])["palette"]
    assert now["colours"][0] == "#0b2239" and now["amount"] == 0.99
    palette.get_by_label("Colour 1 of 5").fill("#102030")
    assert dict(kept(page)["recipe"]["finishing"])["palette"]["colours"][0] == "#102030"
    palette.get_by_label("Strength of the palette", exact=True).focus()
    page.keyboard.press("Delete")
    assert dict(kept(page)["recipe"]["finishing"])["palette"]["amount"] == 1
    page.get_by_role("button", name="Same as parent").click()
    expect(borrowed.get_by_role("switch")).not_to_be_checked()
    settled(page, like=plain)
