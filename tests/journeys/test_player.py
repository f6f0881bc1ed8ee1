"""A tune of one's own: bring it, breed with it, hear it everywhere."""

import http.client
import importlib.util
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.generation.midi_examples import TUNE, tune_midi
from tests.journeys.conftest import log_in, until
from tests.journeys.garden import Garden

pytestmark = pytest.mark.browser
AUDIO = "document.querySelector('#player audio')"
TIME = f"{AUDIO}.currentTime"
SOUND_PATIENCE_MS = 120_000


def test_a_tune_is_brought_heard_and_played_while_browsing(page: Page):
    log_in(page, "ada")
    slug = bring(page)
    open_when_sounding(page, slug)
    score = page.get_by_role("slider", name="Position in Grandmother's song")
    expect(score.locator("text").filter(has_text=re.compile("^A$"))).to_have_count(1)

    # By keyboard: start, five seconds on, and the playhead follows.
    score.focus()
    page.keyboard.press("ArrowRight")
    until(page, f"{TIME} >= 5")
    # The sound jumps first; the playhead follows with the player's next event.
    expect(score.locator(".score-head")).not_to_have_attribute(
        "style", re.compile(r"translateX\(0px\)")
    )
    page.keyboard.press("Space")
    player = page.get_by_role("region", name="Player")
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()

    # By click: the middle of the score is the middle of the tune.
    box = score.bounding_box()
    score.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    length = float(score.get_attribute("data-seconds"))
    until(page, f"Math.abs({TIME} - {length / 2}) < 2")

    # On the next page it is where it was, and the card's button knows it.
    page.goto("/me/")
    expect(player.get_by_role("link", name="Grandmother's song")).to_be_visible()
    until(page, f"{TIME} > {length / 2 - 2}")
    player.get_by_role("button", name="Close the player").click()
    expect(player).to_be_hidden()
    page.get_by_role("link", name="Play Grandmother's song").click()
    expect(page.get_by_role("link", name="Pause Grandmother's song")).to_be_visible()
    until(page, f"{TIME} > 0.2")


def test_the_player_goes_through_what_is_on_the_wall(page: Page, garden: Garden):
    plant_tones(garden, "First tone", "Second tone", "Third tone")
    page.goto("/?q=&medium=music&shelf=fresh")
    names = ["Third tone", "Second tone", "First tone"]
    page.get_by_role("link", name=f"Play {names[0]}").click()
    player = page.get_by_role("region", name="Player")
    shown = player.locator("[data-player-title]")
    expect(shown).to_have_text(names[0])
    player.get_by_role("button", name="Queue").click()
    queue = page.get_by_role("complementary", name="Queue")
    expect(queue.get_by_role("listitem").first).to_contain_text(names[0])

    # Next, the one before, and any of them; then the keys.
    player.get_by_role("button", name="Next tune").click()
    expect(shown).to_have_text(names[1])
    rewind(page)
    player.get_by_role("button", name="Previous tune").click()
    expect(shown).to_have_text(names[0])
    queue.get_by_role("button", name=names[2]).click()
    expect(shown).to_have_text(names[2])
    queue.get_by_role("button", name="Close the queue").click()
    expect(queue).to_be_hidden()
    rewind(page)
    page.locator("body").press("Shift+ArrowLeft")
    expect(shown).to_have_text(names[1])

    # A tune on repeat begins again; without, the next one follows.
    player.get_by_role("button", name="Repeat this tune").click()
    page.evaluate(f"{AUDIO}.currentTime = {AUDIO}.duration - 0.2")
    until(page, f"{TIME} < 2 && !{AUDIO}.paused")
    expect(shown).to_have_text(names[1])
    page.locator("body").press("l")
    page.evaluate(f"{AUDIO}.currentTime = {AUDIO}.duration - 0.2")
    expect(shown).to_have_text(names[2])

    # Volume, queue and place go along to the next page.
    player.get_by_role("slider", name="Volume").fill("40")
    player.get_by_role("button", name="Pause", exact=True).click()
    page.goto("/about/")
    expect(shown).to_have_text(names[2])
    expect(player.get_by_role("slider", name="Volume")).to_have_value("40")
    player.get_by_role("button", name="Mute").click()
    expect(player.get_by_role("button", name="Unmute")).to_be_visible()
    rewind(page)
    player.get_by_role("button", name="Previous tune").click()
    expect(shown).to_have_text(names[1])
    player.get_by_role("button", name="Close the player").click()
    expect(player).to_be_hidden()


def test_the_frame_on_other_sites_has_the_same_player(page: Page, garden: Garden):
    (slug,) = plant_tones(garden, "A tone elsewhere")
    page.goto(f"/art/{slug}/embed/")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "document.querySelector('audio').currentTime > 0.2")
    page.get_by_role("slider", name="Position in the tune").fill("2")
    until(page, "document.querySelector('audio').currentTime >= 2")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def rewind(page: Page) -> None:
    """Hold the tune at its beginning: later than three seconds, “previous” only begins it again."""
    page.evaluate(f"{AUDIO}.pause(); {AUDIO}.currentTime = 0")


def plant_tones(garden: Garden, *titles: str) -> list[str]:
    """Public tunes whose sound is a tone of a minute; returns their slugs."""
    code = f"""
import io, json, numpy, soundfile
from django.core.files.base import ContentFile
from django.utils import timezone
from gallery.models import Species, User
from tests.factories import make_artwork, make_genome
wave = 0.1 * numpy.sin(numpy.arange(60 * 44100) * 0.05)
mp3 = io.BytesIO()
soundfile.write(mp3, wave, 44100, format="MP3")
slugs = []
for title in {titles!r}:
    work = make_artwork(User.objects.get(username="ada"), genome=make_genome(generator="tunes"),
        species=Species.objects.get(key="tunes"), title=title, published_at=timezone.now(),
        seconds=60.0)
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'
    work.thumbnail.save("thumbnail.svg", ContentFile(drawing), save=False)
    work.master.save("master.flac", ContentFile(b"fLaC"), save=False)
    work.audio.save("audio.mp3", ContentFile(mp3.getvalue()))
    slugs.append(work.slug)
print(json.dumps(slugs))
"""
    return json.loads(garden.manage("shell", "-v0", "-c", code).strip().splitlines()[-1])


def bring(page: Page) -> str:
    """Upload TUNE, hear it, try twice the tempo, and import it; the slug of the new work."""
    page.goto("/bench/upload/")
    page.get_by_label("A MIDI file").set_input_files(
        {"name": "t.mid", "mimeType": "audio/midi", "buffer": tune_midi()}
    )
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_text(f"{2 * len(TUNE)} notes, 120 beats a minute")).to_be_visible()
    page.get_by_role("button", name="Twice as fast").click()
    expect(page.get_by_text("240 beats a minute")).to_be_visible()
    page.get_by_role("button", name="Half as fast").click()
    heard = page.get_by_role("region", name="What it sounds like")
    heard.get_by_role("button", name="Play").click()
    expect(heard.locator("[data-heard-time]")).to_have_text(
        re.compile(r"0:0[1-9] / 0:[3-5]\d"), timeout=60_000
    )
    chords = heard.locator(".score-chords").first
    expect(chords).to_be_visible()
    page.get_by_label("Only the notes we heard").check(force=True)
    expect(chords).to_have_count(0)
    heard.get_by_role("button", name="Pause").click()
    page.get_by_label("Title").fill("Grandmother's song")
    page.get_by_label("Chamber").check(force=True)
    page.get_by_label("The melody is mine").check()
    page.get_by_role("button", name="Breed with it").click()
    page.wait_for_url("**/bench/?parents=*")
    return re.search(r"parents=(\w+)", page.url).group(1)


RECORD = """async () => {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  const level = context.createGain();
  tone.connect(level).connect(out);
  [0, 4, 7, 4, 5, 9, 7, 4].forEach((step, i) => {
    tone.frequency.setValueAtTime(440 * 2 ** (step / 12), context.currentTime + i / 3);
    level.gain.setValueAtTime(0.8, context.currentTime + i / 3);
    level.gain.linearRampToValueAtTime(0.05, context.currentTime + (i + 0.9) / 3);
  });
  const recorder = new MediaRecorder(out.stream, { mimeType: "audio/webm;codecs=opus" });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((end) => (recorder.onstop = end));
  recorder.start();
  tone.start();
  await new Promise((end) => setTimeout(end, 3000));
  recorder.stop();
  await ended;
  const chosen = new DataTransfer();
  chosen.items.add(new File(parts, "memo.webm"));
  document.querySelector("#upload input[type=file]").files = chosen.files;
}"""


@pytest.mark.skipif(
    importlib.util.find_spec("basic_pitch") is None, reason="basic-pitch is not installed"
)
def test_a_recording_that_only_browsers_can_read_is_converted_by_the_browser(page: Page):
    log_in(page, "ada")
    page.goto("/bench/upload/")
    expect(page.get_by_label("A MIDI file")).to_have_attribute("accept", re.compile(r"\.m4a"))
    page.evaluate(RECORD)
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_text(re.compile(r"\d+ notes, \d+ beats a minute"))).to_be_visible()


def open_when_sounding(page: Page, slug: str) -> None:
    page.goto(f"/art/{slug}/")
    # The page brings itself up to date when the sound is there.
    expect(page.locator("[data-score]")).to_be_visible(timeout=SOUND_PATIENCE_MS)


def test_what_is_far_too_large_is_turned_away_before_it_is_read(garden: Garden):
    connection = http.client.HTTPConnection("127.0.0.1", garden.port, timeout=10)
    connection.putrequest("POST", "/bench/upload/")
    connection.putheader("Content-Length", "200000000")
    connection.endheaders()
    answer = connection.getresponse()  # Nothing of the body was sent.
    assert answer.status == 413 and b"larger than 20 MB" in answer.read()


def test_a_body_that_never_ends_is_cut_off(garden: Garden):
    connection = http.client.HTTPConnection("127.0.0.1", garden.port, timeout=10)
    connection.putrequest("POST", "/bench/upload/")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    with pytest.raises(ConnectionError):
        for _ in range(400):
            connection.send(b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n")
