import importlib.util
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.models import Artwork, Job, Visibility
from gallery.species.actions import sync_species
from gallery.upload.forms import MAX_BYTES, UploadForm
from generation.codecs.audio import encode_audio
from tests.factories import make_user
from tests.generation.midi_examples import BAD_MIDI, TUNE, tune_midi
from tests.generation.test_continuation import sing, sound_of_kind

needs_weights = pytest.mark.skipif(
    importlib.util.find_spec("basic_pitch") is None, reason="basic-pitch is not installed"
)
pytestmark = pytest.mark.django_db
ADDRESS = "/bench/upload/"


@pytest.fixture
def maker(client):
    sync_species()
    user = make_user()
    client.force_login(user)
    return user


def bring(client, content, name="tune.mid"):
    return client.post(ADDRESS, {"recording": SimpleUploadedFile(name, content)})


def melody_of(response):
    return response.context["form"]["melody"].value()


def test_uploading_needs_an_account(client):
    assert client.get(ADDRESS).status_code == 302
    assert client.get(ADDRESS)["Location"].startswith(reverse("account_login"))


def test_a_midi_file_shows_its_notes_and_stores_nothing(client, maker):
    page = bring(client, tune_midi(bpm=100))
    assert page.status_code == 200
    assert f"{2 * len(TUNE)} notes, 100 beats a minute" in page.content.decode()
    assert page.content.decode().count('class="score-melody"') == 1
    assert not Artwork.objects.exists() and not Job.objects.exists()


def test_what_is_wrong_beside_the_notes_does_not_stand_in_the_way(client, maker):
    plain = tune_midi(bpm=100)
    body = b"RMIDdata" + len(plain).to_bytes(4, "little") + plain
    wrapped = b"RIFF" + len(body).to_bytes(4, "little") + body
    odd_key = plain.replace(b"\x00\xff\x51", b"\x00\xff\x59\x02\xee\x01\x00\xff\x51", 1)
    for content, name in (
        (wrapped, "tune.rmi"),
        (odd_key, "a\u202egpj.mid"),
        (plain[:-30], "cut.mp3"),
        (plain[:10] + b"\0\x09" + plain[12:], "朝 & <b>.mid"),
    ):
        page = bring(client, content, name)
        assert page.status_code == 200, name
        assert "100 beats a minute" in page.content.decode()


def test_what_cannot_be_read_is_not_offered_and_is_called_by_its_name(client, maker):
    offered = UploadForm().fields["recording"].widget.attrs["accept"].split(",")
    assert ".mid" in offered and not {".m4a", ".aac", "audio/*"} & set(offered)
    page = bring(client, b"\0\0\0\x20ftypM4A \0\0\2\0isommp42" + bytes(99), "memo.wav")
    assert page.status_code == 400 and "This is an M4A recording" in page.content.decode()


@needs_weights
def test_a_hummed_recording_shows_its_notes(client, maker):
    page = bring(client, sing(TUNE * 2), "hummed.flac")
    assert page.status_code == 200 and len(json.loads(melody_of(page))["notes"]) >= 28


def test_the_tempo_can_be_halved_and_doubled(client, maker):
    first = melody_of(bring(client, tune_midi(bpm=100)))
    half = client.post(
        ADDRESS, {"melody": first, "step": "halve", "style": "lofi", "title": "Mine"}
    )
    assert "50 beats a minute" in half.content.decode()
    assert (
        half.context["form"]["style"].value() == "lofi"
        and half.context["form"]["title"].value() == "Mine"
    )
    again = client.post(ADDRESS, {"melody": melody_of(half), "step": "double"})
    assert melody_of(again) == first
    too_slow = client.post(
        ADDRESS, {"melody": melody_of(half), "step": "halve", "title": "Mine", "style": "lofi"}
    )
    assert too_slow.status_code == 400 and "beats a minute" in too_slow.content.decode()


def test_breeding_with_it_makes_a_private_work_and_opens_the_bench(client, maker):
    melody = melody_of(bring(client, tune_midi()))
    asked = {
        "melody": melody,
        "step": "sow",
        "style": "chamber",
        "title": "Grandmother's song",
        "is_free": "on",
    }
    gone = client.post(ADDRESS, asked)
    work = Artwork.objects.get()
    assert gone.status_code == 302 and gone["Location"].startswith(f"/bench/?parents={work.slug}")
    assert (work.author, work.visibility, work.title) == (
        maker,
        Visibility.PRIVATE,
        "Grandmother's song",
    )
    assert (work.pedigree, work.novelty, work.species.medium) == (
        {"upload": "midi"},
        1.0,
        "music",
    )
    assert Job.objects.get().artwork == work
    assert "as a MIDI file" in client.get(work.get_absolute_url()).content.decode()
    client.post(ADDRESS, asked)
    assert Artwork.objects.count() == 1, "A double click sows once."


def test_a_melody_of_somebody_else_is_not_taken(client, maker):
    melody = melody_of(bring(client, tune_midi()))
    refused = client.post(
        ADDRESS, {"melody": melody, "step": "sow", "style": "folk", "title": "Not mine"}
    )
    assert refused.status_code == 400 and "yours or free to use" in refused.content.decode()
    assert not Artwork.objects.exists()


BAD = {
    "nothing": (b"", "empty"),
    "a text": (b"la la la", "cannot be read"),
    "silence": (sound_of_kind("silence"), "silent"),
    "long noise": (sound_of_kind("long noise"), "longer than 60"),
    "a header that lies": (sound_of_kind("liar"), "silent"),
    "an empty wav": (encode_audio(sound_of_kind("none"), rate=8000, kind="wav"), "shorter"),
    "too much": (b"x" * (MAX_BYTES + 1), "larger"),
} | {name: (content, "MIDI") for name, content in BAD_MIDI.items() if len(content) < MAX_BYTES}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
def test_what_is_no_tune_gets_a_sentence_and_leaves_nothing(
    client, maker, settings, content, sentence
):
    page = bring(client, content)
    assert page.status_code == 400 and sentence in page.content.decode()
    assert not Artwork.objects.exists() and not Job.objects.exists()
    assert not any(settings.MEDIA_ROOT.rglob("*"))


@pytest.mark.parametrize(
    "melody",
    ["", "{}", "[" * 100_000, '{"notes": [], "bpm": 120, "source": "midi"}', "null", "\x00"],
)
def test_a_damaged_melody_gets_a_sentence(client, maker, melody):
    page = client.post(
        ADDRESS, {"melody": melody, "step": "sow", "style": "folk", "title": "T", "is_free": "on"}
    )
    assert page.status_code == 400
    assert not Artwork.objects.exists()
