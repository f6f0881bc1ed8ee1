"""The preview that stands for a print: how it comes, and how the print replaces it."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from gallery import studio
from gallery.artworks.previews import make_preview
from gallery.artworks.printing import complete_print, enqueue_print, make_print
from gallery.jobs.leases import claim
from gallery.models import Artwork, State
from tests.factories import make_artwork, make_job, make_user
from tests.squares import make_engine, render_squares

pytestmark = pytest.mark.django_db


def make_unprinted(**fields) -> Artwork:
    return make_artwork(state=State.RENDERING, published_at=None, width=0, height=0, **fields)


def test_the_print_replaces_the_preview_and_its_file_is_deleted(
    squares_engine, django_capture_on_commit_callbacks
):
    work = make_unprinted()
    assert make_preview(work, patience_s=10)
    preview = Artwork.objects.get().thumbnail.name
    assert preview.endswith(".webp") and default_storage.exists(preview)
    enqueue_print(work.author, work, size=64)
    job = claim()
    with django_capture_on_commit_callbacks(execute=True):
        assert complete_print(job, make_print(job, on_progress=lambda progress: True))
    printed = Artwork.objects.get()
    assert printed.thumbnail.name != preview and not default_storage.exists(preview)
    assert all(default_storage.exists(name) for name in printed.file_names)


def test_a_preview_that_comes_after_the_print_is_dropped(squares_engine):
    work = make_unprinted()
    Artwork.objects.update(state=State.PUBLISHED)
    assert not make_preview(work, patience_s=10)
    assert not Artwork.objects.get().thumbnail
    assert default_storage.listdir(f"works/{work.slug[:2]}/{work.slug}")[1] == []


def test_a_preview_is_made_once(squares_engine):
    work = make_unprinted()
    assert make_preview(work, patience_s=10)
    name = work.thumbnail.name
    assert make_preview(work, patience_s=10) and Artwork.objects.get().thumbnail.name == name


@pytest.mark.parametrize("trouble", ["closing", "broken", "slow"])
def test_a_studio_in_trouble_leaves_the_work_without_a_preview(trouble):
    def fail(key, genomes, yield_point):
        raise RuntimeError("no")

    engine = make_engine(render_batch=fail) if trouble == "broken" else make_engine()
    studio.use_engine(engine)
    if trouble == "closing":
        engine.close()
    work = make_unprinted()
    assert not make_preview(work, patience_s=0 if trouble == "slow" else 10)
    assert not Artwork.objects.get().thumbnail
    studio.use_engine(None)


def test_its_maker_gets_the_preview_from_the_page_when_it_was_not_there_yet(client, squares_engine):
    work = make_unprinted()
    make_job(work)
    address = f"/art/{work.slug}/preview/"
    assert client.get(address).status_code == 404
    client.force_login(make_user())
    assert client.get(address).status_code == 404
    client.force_login(work.author)
    assert f'src="{address}"' in client.get(work.get_absolute_url()).content.decode()
    assert client.get(address, follow=True).status_code == 200
    assert Artwork.objects.get().thumbnail


@pytest.mark.django_db(transaction=True)  # The studio's thread changes the work.
def test_a_print_that_comes_while_the_preview_is_rendered_is_shown_in_its_place(client):
    work = make_unprinted()
    make_job(work)

    def print_meanwhile(key, genomes, yield_point):
        Artwork.objects.update(state=State.PUBLISHED, master="m.png", thumbnail="t.webp")
        connection.close()
        return render_squares(key, genomes, yield_point)

    studio.use_engine(make_engine(render_batch=print_meanwhile))
    client.force_login(work.author)
    answer = client.get(f"/art/{work.slug}/preview/")
    studio.use_engine(None)
    assert answer.status_code == 302 and answer["Location"] == Artwork.objects.get().thumbnail_url


def test_its_maker_sees_it_first_on_the_wall_and_among_their_works_and_nobody_else_does(
    client, squares_engine
):
    make_artwork()
    work = make_unprinted()
    make_job(work)
    make_preview(work, patience_s=10)
    client.force_login(work.author)
    first, *_ = client.get("/").context["page"].items
    assert first == work
    assert work.thumbnail_url in client.get("/me/").content.decode()
    client.force_login(make_user())
    assert work not in client.get("/").context["page"].items
