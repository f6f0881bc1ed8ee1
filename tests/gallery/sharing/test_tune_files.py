"""A tune as a work: its print, what is stored of it, how it is sent to players, and what can be
taken home.
"""

import io
import json
import uuid
import zipfile

import mido
import pytest
import soundfile
from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.test import AsyncClient, Client

from gallery.artworks.deleting import delete_work
from gallery.artworks.printing import complete_print, enqueue_print, make_print
from gallery.core.files import read_range
from gallery.job_runner import run_next
from gallery.jobs.leases import claim
from gallery.models import Artwork, Job, LineageEdge, State, Visibility
from gallery.sharing.downloads import make_copy, saved_copies
from generation.refusal import Refused
from generation.song import Song
from tests.factories import make_job, make_user
from tests.gallery.deletions import after_a_minute
from tests.gallery.tunes import Whistle, make_tune, whistling

pytestmark = pytest.mark.django_db


@pytest.fixture
def tune(db) -> Artwork:
    return make_tune(title="Rain & wind")


def test_a_printed_tune_is_published_with_sound_notes_and_a_drawing(tune):
    assert tune.state == State.PUBLISHED and tune.is_music and (tune.width, tune.height) == (0, 0)
    sound = soundfile.info(tune.master.open())
    assert (
        sound.format == "FLAC"
        and sound.channels == 2
        and tune.seconds == pytest.approx(sound.duration, abs=0.02)
    )
    assert soundfile.info(tune.audio.open()).format == "MP3"
    notes = json.loads(tune.notes.read())
    assert notes == Whistle().song(tune.read_genome()).to_json()
    drawing = tune.thumbnail.read().decode()
    assert (
        drawing.startswith("<svg") and 'viewBox="0 0 512 512"' in drawing and tune.accent in drawing
    )
    assert tune.thumbnail_url.endswith("/thumbnail.svg") and "piano roll" in tune.alt


def test_a_runner_that_lost_its_job_leaves_no_file_of_a_tune():
    tune = make_tune(is_printed=False)
    make_job(tune, payload={"purpose": "master"})
    job = claim()
    with whistling():
        made = make_print(job, on_progress=lambda progress: True)
    assert len(made.names) == 4 and all(default_storage.exists(name) for name in made.names)
    Job.objects.filter(pk=job.pk).update(token=uuid.uuid4())  # Another runner took it over.
    assert not complete_print(job, made)
    tune.refresh_from_db()
    assert tune.state == State.RENDERING and not any(
        default_storage.exists(name) for name in made.names
    )


def test_a_failed_tune_is_printed_again():
    tune = make_tune(is_printed=False, state=State.FAILED)
    assert enqueue_print(tune.author, tune).payload == {"purpose": "master"}
    with whistling():
        assert run_next()
    tune.refresh_from_db()
    assert tune.state == State.PUBLISHED and len(tune.file_names) == 4


@pytest.mark.django_db(transaction=True)
def test_deleting_a_tune_deletes_its_files_and_keeps_its_place_in_the_family():
    parent = make_tune()
    child = make_tune(is_printed=False, seed=2)
    LineageEdge.objects.create(parent=parent, child=child, share=1.0)
    make_copy(parent, "ogg")
    names = parent.file_names + saved_copies(parent)
    assert len(names) == 5
    delete_work(parent.author, parent)
    after_a_minute()
    parent.refresh_from_db()
    assert parent.state == State.REMOVED and parent.seconds == 0 and not parent.file_names
    assert not any(default_storage.exists(name) for name in names)


@pytest.mark.parametrize(
    ("variant", "media_type"),
    [
        ("audio.mp3", "audio/mpeg"),
        ("master.flac", "audio/flac"),
        ("thumbnail.svg", "image/svg+xml"),
        ("notes.json", "application/json"),
    ],
)
def test_every_file_is_served_as_what_it_is(client: Client, tune, variant, media_type):
    response = client.get(f"/art/{tune.slug}/{variant}")
    assert response.status_code == 200 and response["Content-Type"] == media_type
    assert response["Accept-Ranges"] == "bytes" and len(b"".join(response.streaming_content)) > 100


@pytest.mark.parametrize("variant", ["master.png", "thumbnail.webp"])
def test_a_tune_has_no_picture_files(client: Client, tune, variant):
    assert client.get(f"/art/{tune.slug}/{variant}").status_code == 404


def test_a_player_gets_the_part_that_it_asks_for(client: Client, tune):
    path, whole = tune.audio_url, tune.audio.read()
    response = client.get(path, headers={"Range": "bytes=100-199"})
    assert response.status_code == 206 and b"".join(response.streaming_content) == whole[100:200]
    assert (
        response["Content-Range"] == f"bytes 100-199/{len(whole)}"
        and response["Content-Length"] == "100"
    )
    tail = client.get(path, headers={"Range": "bytes=-50"})
    assert b"".join(tail.streaming_content) == whole[-50:]
    beyond = client.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416 and beyond["Content-Range"] == f"bytes */{len(whole)}"
    stale = client.get(path, headers={"Range": "bytes=0-9", "If-Range": '"another version"'})
    assert stale.status_code == 200 and len(b"".join(stale.streaming_content)) == len(whole)


@pytest.mark.django_db(transaction=True)
async def test_the_real_server_sends_parts_too():
    tune = await sync_to_async(make_tune)()
    whole = await sync_to_async(tune.audio.read)()
    response = await AsyncClient().get(tune.audio_url, headers={"Range": "bytes=10-"})
    assert (
        response.status_code == 206
        and b"".join([piece async for piece in response.streaming_content]) == whole[10:]
    )


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", None),
        ("bytes=0-", (0, 100)),
        ("bytes=5-9", (5, 10)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=9-5", None),
        ("bytes=0-1,5-6", None),
        ("items=0-5", None),
        ("bytes=-", None),
        ("bytes=٣-٤", None),
    ],
)
def test_ranges_are_read_as_the_standard_says(asked, part):
    assert read_range(asked, size=100) == part


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=500-600", "bytes=-0"])
def test_a_range_beyond_the_file_is_told(asked):
    with pytest.raises(ValueError):
        read_range(asked, size=100)


@pytest.mark.parametrize(
    ("kind", "form"), [("mp3", "MP3"), ("ogg", "OGG"), ("flac", "FLAC"), ("wav", "WAV")]
)
def test_a_downloaded_sound_says_whose_it_is_and_that_a_machine_made_it(
    client: Client, tune, kind, form
):
    response = client.get(f"/art/{tune.slug}/download/{kind}/")
    assert response["Content-Disposition"] == f'attachment; filename="rain-wind.{kind}"'
    with soundfile.SoundFile(io.BytesIO(response.content)) as sound:
        words = sound.copy_metadata()
        assert sound.format == form and sound.frames / sound.samplerate == pytest.approx(
            tune.seconds, abs=0.1
        )
    assert words["title"] == "Rain & wind" and words["artist"] == tune.author.name
    assert "Made by AI" in words["comment"] and "trainedAlgorithmicMedia" in words["comment"]


def test_an_encoded_copy_is_kept_until_the_title_changes(client: Client, tune):
    path = f"/art/{tune.slug}/download/ogg/"
    folder = tune.master.name.rpartition("/")[0]
    first = client.get(path).content
    assert client.get(path).content == first
    assert sum(name.startswith("copy-") for name in default_storage.listdir(folder)[1]) == 1
    Artwork.objects.filter(pk=tune.pk).update(title="Sun")
    with soundfile.SoundFile(io.BytesIO(client.get(path).content)) as sound:
        assert sound.title == "Sun"


def test_midi_and_notes_hold_what_is_played(client: Client, tune):
    file = mido.MidiFile(file=io.BytesIO(client.get(f"/art/{tune.slug}/download/mid/").content))
    played = [
        message.note for track in file.tracks for message in track if message.type == "note_on"
    ]
    song = Whistle().song(tune.read_genome())
    assert sorted(played) == sorted(note.pitch for part in song.parts for note in part.notes)
    texts = {message.type: message for track in file.tracks for message in track if message.is_meta}
    assert tune.author.name in texts["copyright"].text and "Made by AI" in texts["text"].text
    answer = client.get(f"/art/{tune.slug}/download/json/").json()
    assert answer["title"] == "Rain & wind" and answer["parts"] == song.to_json()["parts"]
    assert Song.from_json(answer).to_json() == song.to_json()


@pytest.mark.parametrize("kind", ["png", "stems", "exe"])
def test_a_tune_has_no_other_downloads(client: Client, tune, kind):
    assert client.get(f"/art/{tune.slug}/download/{kind}/").status_code == 404


def test_the_parts_one_by_one_are_a_job(client: Client, tune):
    person = make_user()
    client.force_login(person)
    assert client.post(f"/art/{tune.slug}/print/").status_code == 302
    assert client.post(f"/art/{tune.slug}/print/").status_code == 302
    job = person.jobs.get()  # Asked twice, made once.
    with whistling():
        assert run_next()
    response = client.get(f"/job/{job.pk}/result/")
    assert 'filename="rain-wind-stems.zip"' in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.namelist() == ["melody.wav", "bass.wav"]
    tune.refresh_from_db()
    assert tune.master.name.endswith(".flac") and tune.state == State.PUBLISHED


def test_a_private_tune_is_closed_and_reserved_parts_are_its_makers(client: Client, tune):
    Artwork.objects.filter(pk=tune.pk).update(visibility=Visibility.PRIVATE)
    for path in ("audio.mp3", "notes.json", "download/mp3/", "download/mid/"):
        assert client.get(f"/art/{tune.slug}/{path}").status_code == 404
    with pytest.raises(Refused):
        enqueue_print(make_user(), tune)
