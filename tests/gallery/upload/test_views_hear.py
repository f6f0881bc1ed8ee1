"""Hearing what was transcribed before a work is made of it."""

import json

import pytest
from django.urls import reverse

from gallery.models import Artwork, Job
from gallery.species.actions import sync_species
from gallery.upload import views_hear
from tests.factories import make_user
from tests.gallery.upload.test_views import bring, melody_of
from tests.generation.midi_examples import TUNE, tune_midi

pytestmark = pytest.mark.django_db(transaction=True)
SKETCH, LISTEN = "upload_sketch", "upload_listen"


@pytest.fixture
def melody(client) -> str:
    sync_species()
    client.force_login(make_user())
    return melody_of(bring(client, tune_midi()))


def test_the_tune_plays_in_the_chosen_style_and_nothing_is_stored(client, melody):
    heard = {}
    for style in ("folk", "lullaby"):
        answer = client.post(reverse(SKETCH), {"melody": melody, "style": style})
        assert answer.status_code == 200
        heard[style] = answer.json()
        assert heard[style]["notes"]["style"] == style
        assert heard[style]["score"].startswith("<svg")
    folk, lullaby = (heard[style]["notes"] for style in ("folk", "lullaby"))
    programs = [[part["program"] for part in notes["parts"]] for notes in (folk, lullaby)]
    assert programs[0] != programs[1]
    # The melody that was heard is in the tune.
    line = next(part["notes"] for part in folk["parts"] if part["role"] == "melody")
    steps = [b[2] - a[2] for a, b in zip(line, line[1:], strict=False)]
    brought = [b - a for a, b in zip(TUNE, TUNE[1:], strict=False)]
    assert str(brought[:6])[1:-1] in str(steps)
    assert not Artwork.objects.exists() and not Job.objects.exists()


def test_it_sounds_with_real_instruments(client, melody):
    answer = client.post(reverse(LISTEN), {"melody": melody, "style": "chamber"})
    assert answer.status_code == 200 and answer["Content-Type"] == "audio/flac"
    assert answer.content.startswith(b"fLaC") and answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", [SKETCH, LISTEN])
@pytest.mark.parametrize(
    "wrong", [{"melody": ""}, {"melody": "[" * 9000}, {"style": "polka"}], ids=str
)
def test_a_wrong_request_gets_a_sentence(client, melody, name, wrong):
    answer = client.post(reverse(name), {"melody": melody, "style": "folk"} | wrong)
    assert answer.status_code == 400 and answer.json()["error"].endswith(".")


def test_so_many_a_minute(client, melody, monkeypatch):
    monkeypatch.setattr(views_hear, "sketch_limiter", views_hear.RateLimiter("sketch a tune", 1))
    statuses = [
        client.post(reverse(SKETCH), {"melody": melody, "style": "folk"}).status_code
        for _ in range(2)
    ]
    assert statuses == [200, 429]


def test_only_people_with_an_account_hear_it(client):
    assert client.post(reverse(SKETCH), {"melody": json.dumps({})}).status_code == 302
