"""Works of species for adults: hidden and blurred until a member asks for them."""

import io
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from gallery import studio
from gallery.job_runner import run_next
from gallery.lineage.parents import find_parents, surprise
from gallery.models import Artwork, Report, State, User
from gallery.species.actions import sync_species
from generation.breeding import sample
from generation.engine.engine import LocalEngine
from generation.refusal import Refused
from tests.adult_species import KEY, add_adult_species, install_scorer
from tests.factories import make_artwork, make_job, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def nude(more_checkpoints: Path) -> Artwork:
    """A public work of a species for adults, which is the only one there is."""
    add_adult_species(more_checkpoints)
    (species,) = (one for one in sync_species() if one.key == KEY)
    assert species.has_age_gate
    return make_artwork(genome=sample(KEY, seed=1), species=species, title="Dune", has_files=True)


def grown_up() -> User:
    return make_user(sees_adult_works=True)


def edge_of(answer) -> float:
    """The mean step between neighbouring pixels of a picture: small in a blur."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("L"), np.float32)
    return float(np.abs(np.diff(pixels, axis=1)).max())


def test_walls_search_feeds_and_the_api_show_it_only_to_those_who_asked(nude: Artwork):
    make_artwork(title="Moss", has_files=True)
    for path in ("/", "/search/?q=dune", "/feed/", "/api/works", "/api/works/search?q=dune"):
        visitor, member = Client(), Client()
        member.force_login(grown_up())
        assert "Dune" not in visitor.get(path).content.decode(), path
        assert path == "/feed/" or "Dune" in member.get(path).content.decode(), path


def test_its_page_tells_why_the_picture_is_blurred_until_the_member_changes_the_setting(
    nude: Artwork, client: Client
):
    # Sharp stripes, of which a blur leaves nothing.
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::8] = 255
    for name, kind in (("thumbnail", "WEBP"), ("master", "PNG")):
        with getattr(nude, name).open("wb") as file:
            Image.fromarray(stripes).save(file, kind)
    files = [nude.thumbnail_url, nude.thumbnail_url.replace("thumbnail.webp", "master.png")]
    page = client.get(nude.get_absolute_url()).content.decode()
    assert "This work is for adults" in page and "Log in to see it" in page
    for path in files:
        answer = client.get(path)
        assert edge_of(answer) < 30 and answer["Cache-Control"] == "private, no-cache"
    assert client.get(f"/art/{nude.slug}/download/png/").status_code != 200
    ada = make_user("ada")
    client.force_login(ada)
    assert "Choose what you see" in client.get(nude.get_absolute_url()).content.decode()
    form = {"display_name": "", "bio": "", "language": "", "links": "", "avatar": ""}
    assert client.post("/me/profile/", form | {"sees_adult_works": "on"}).status_code == 302
    page = client.get(nude.get_absolute_url()).content.decode()
    assert "This work is for adults" not in page
    for path in files:
        answer = client.get(path)
        assert edge_of(answer) > 100 and answer["Cache-Control"] == "private, no-cache"
    client.post("/me/profile/", form)
    assert edge_of(client.get(files[0])) < 30


def test_only_those_who_asked_can_breed_it(nude: Artwork):
    ada, bo = grown_up(), make_user()
    for reference in (nude.slug, f"seed:{KEY}:3"):
        assert find_parents(ada, [reference])[0].genome.generator == KEY
        with pytest.raises(Refused, match="is for adults"):
            find_parents(bo, [reference])
    assert not any(KEY in name or name == nude.slug for name in surprise(bo, count=2))
    assert nude.slug in surprise(ada, count=1, generator=KEY)


def test_a_print_above_the_score_waits_for_moderators_and_a_preview_is_not_kept(
    nude: Artwork, client: Client, tmp_path, monkeypatch, settings
):
    install_scorer(tmp_path / "packages", monkeypatch)
    settings.UNSAFE_SCORE = 0.01
    studio.use_engine(LocalEngine())
    try:
        ada = grown_up()
        artwork = make_artwork(
            ada,
            genome=sample(KEY, seed=2),
            species=nude.species,
            state=State.RENDERING,
            published_at=None,
        )
        job = make_job(artwork)
        client.force_login(ada)
        assert client.get(f"/art/{artwork.slug}/preview/").status_code == 404
        assert run_next()
        job.refresh_from_db()
        artwork.refresh_from_db()
        assert job.state == "done" and artwork.master
        assert artwork.state == State.QUARANTINED and Report.objects.get().reason == "sexual"
        plain = make_job()
        settings.UNSAFE_SCORE = 1.0
        assert run_next()
        plain.artwork.refresh_from_db()
        assert plain.artwork.state == State.PUBLISHED
    finally:
        studio.use_engine(None)
