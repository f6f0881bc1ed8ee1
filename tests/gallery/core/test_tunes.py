import json

import pytest
from django.core.files.base import ContentFile

from gallery.core.tunes import read_notes, tune_page
from gallery.templatetags.gallery_tags import clock
from tests.factories import make_artwork, make_genome, make_species
from tests.generation.finishing.music_examples import make_song

pytestmark = pytest.mark.django_db
NOTES = make_song().to_json()


@pytest.fixture
def tune(settings):
    """A published tune with its files; what they sound like does not matter here."""
    work = make_artwork(
        species=make_species("tunes", medium="music", digest=make_genome(1).digest),
        genome=make_genome(1),
        title="Salt <Road>",
        seconds=83.4,
        width=0,
        height=0,
    )
    for field, name, content in (
        ("notes", "notes.json", json.dumps(NOTES).encode()),
        ("audio", "audio.mp3", b"sound"),
        ("master", "master.flac", b"sound"),
        ("thumbnail", "thumbnail.svg", b"<svg/>"),
    ):
        getattr(work, field).save(name, ContentFile(content), save=False)
    work.save()
    return work


def test_a_tunes_page_shows_its_score_players_and_facts(client, tune):
    page = client.get(tune.get_absolute_url()).content.decode()
    assert (
        page.count('<svg class="score"') == 1
        and 'aria-label="The score of Salt &lt;Road&gt;"' in page
    )
    assert f'data-seconds="{NOTES["beats"] * 60 / NOTES["bpm"]:.3f}"' in page
    for part in NOTES["parts"]:
        assert part["name"] in page
    assert f"{NOTES['bpm']:.0f} beats a minute" in page and "1:23" in page
    assert f'<audio controls preload="none" src="{tune.audio_url}">' in page, (
        "Without script the browser's own player helps."
    )
    assert f'property="og:audio" content="http://testserver{tune.audio_url}"' in page


def test_a_tunes_card_has_a_button_that_is_a_link_to_its_sound(client, tune):
    wall = " ".join(client.get("/").content.decode().split())
    assert (
        f'<a class="play-button" href="{tune.audio_url}" data-play="{tune.audio_url}"'
        ' data-title="Salt &lt;Road&gt;"' in wall
    )
    assert "1:23" in wall and tune.thumbnail_url in wall


def test_a_picture_has_neither_score_nor_play_button(client):
    work = make_artwork(has_files=True)
    assert "play-button" not in client.get("/").content.decode()
    page = client.get(work.get_absolute_url()).content.decode()
    assert "play-button" not in page and "score-stage" not in page


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b'{"parts": []}', b"\xff\xfe"])
def test_a_tune_whose_notes_are_damaged_still_plays(client, tune, content):
    tune.notes.save("notes-2.json", ContentFile(content))
    assert read_notes(tune) is None and tune_page(tune) is None
    page = client.get(tune.get_absolute_url())
    assert page.status_code == 200 and "play-button" in page.content.decode()


def test_lengths_are_written_as_players_do():
    assert [clock(seconds) for seconds in (0, 9.9, 60, 83.4, 3600)] == [
        "0:00",
        "0:09",
        "1:00",
        "1:23",
        "60:00",
    ]
