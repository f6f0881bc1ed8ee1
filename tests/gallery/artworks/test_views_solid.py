"""Works that are bodies: who gets the numbers to turn them, and 3D models as jobs."""

import json

import numpy as np
import pytest
from django.test import Client

from gallery import studio
from gallery.artworks.printing import enqueue_print
from gallery.job_runner import run_next
from gallery.models import Artwork, JobState, Licence, State, User, Visibility
from generation.checkpoints import find
from generation.codecs import solids
from generation.codecs.solids import Solid, encode_solid
from generation.engine.frames import Frame
from generation.genome import Genome
from generation.refusal import Refused
from tests.factories import make_artwork, make_species, make_user
from tests.squares import make_engine

pytestmark = pytest.mark.django_db
needs_surfaces = pytest.mark.skipif(
    not solids.is_installed(), reason="scikit-image or trimesh is not installed"
)


@pytest.fixture
def sculpture(db) -> Artwork:
    checkpoint = find("sculptures")
    genome = Genome("sculptures", checkpoint.digest, np.zeros(68, np.float32))
    species = make_species("sculptures", card=checkpoint.card)
    return make_artwork(genome=genome, species=species, title="Rain", has_files=True)


def ask(artwork: Artwork, user: User | None = None, path: str = "solid.json"):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/art/{artwork.slug}/{path}")


def test_everybody_who_sees_an_open_work_may_turn_it(sculpture):
    answer = ask(sculpture)
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-cache"
    assert len(answer.json()["numbers"]) == 107
    page = ask(sculpture, path="").content.decode()
    assert f'data-numbers="/art/{sculpture.slug}/solid.json"' in page and "solid.js" in page


def test_the_numbers_tell_the_genome_so_reserved_ones_are_their_makers(sculpture):
    Artwork.objects.filter(pk=sculpture.pk).update(licence=Licence.RESERVED)
    for user in (None, make_user()):
        assert ask(sculpture, user).status_code == 404
        assert "data-solid-open" not in ask(sculpture, user, "").content.decode()
    assert ask(sculpture, sculpture.author).status_code == 200
    assert "data-solid-open" in ask(sculpture, sculpture.author, "").content.decode()


@pytest.mark.parametrize(
    "closed", [{"visibility": Visibility.PRIVATE}, {"state": State.QUARANTINED}]
)
def test_a_closed_work_is_not_turned(sculpture, closed):
    Artwork.objects.filter(pk=sculpture.pk).update(**closed)
    assert ask(sculpture, make_user()).status_code == 404


def test_a_flat_work_has_neither_numbers_nor_models():
    flat = make_artwork(has_files=True)
    assert ask(flat, flat.author).status_code == 404
    assert "data-solid-open" not in ask(flat, flat.author, "").content.decode()
    with pytest.raises(Refused, match="no 3D model"):
        enqueue_print(flat.author, flat, solid="stl")


@needs_surfaces
def test_a_model_is_a_job_whose_file_says_whose_work_it_is(sculpture, client: Client):
    def render(key, genomes, yield_point):
        corners = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]], np.float32)
        faces = np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]])
        body = Solid(corners, corners, corners, faces, 0.0, 1.0)
        return [Frame(encode_solid(body, key.media_type), key.media_type, 0, 0, 0.1)]

    person = make_user()
    client.force_login(person)
    assert "3D model in colour (GLB)" in client.get(f"/art/{sculpture.slug}/").content.decode()
    before = sculpture.master.name
    for _ in range(2):  # Asked twice, made once.
        answer = client.post(f"/art/{sculpture.slug}/print/", {"solid": "glb"})
        assert answer.status_code == 302
    job = person.jobs.get()
    assert "3D model of" in client.get(f"/job/{job.pk}/").content.decode()
    studio.use_engine(make_engine(render_batch=render))
    try:
        assert run_next()
    finally:
        studio.use_engine(None)
    job.refresh_from_db()
    sculpture.refresh_from_db()
    assert job.state == JobState.DONE and sculpture.master.name == before
    response = client.get(f"/job/{job.pk}/result/")
    assert 'filename="rain-model.glb"' in response["Content-Disposition"]
    data = b"".join(response.streaming_content)
    asset = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])["asset"]
    assert asset["extras"]["title"] == "Rain" and sculpture.author.name in asset["copyright"]


@needs_surfaces
def test_another_format_is_refused_and_so_is_a_reserved_work_of_somebody_else(sculpture):
    with pytest.raises(Refused, match="GLB or an STL"):
        enqueue_print(sculpture.author, sculpture, solid="obj")
    Artwork.objects.filter(pk=sculpture.pk).update(licence=Licence.RESERVED)
    with pytest.raises(Refused, match="reserves all rights"):
        enqueue_print(make_user(), sculpture, solid="stl")
    assert enqueue_print(sculpture.author, sculpture, solid="stl").is_for_solid


def test_where_packages_are_missing_the_menu_says_which(sculpture, client: Client, monkeypatch):
    monkeypatch.setattr(solids, "PACKAGES", ("no_such_package",))
    client.force_login(sculpture.author)
    page = client.get(f"/art/{sculpture.slug}/").content.decode()
    assert "scikit-image and trimesh are missing" in page and "(GLB)" not in page
    with pytest.raises(Refused, match="scikit-image and trimesh are missing"):
        enqueue_print(sculpture.author, sculpture, solid="stl")
