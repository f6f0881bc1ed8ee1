"""The replay of a pedigree: every brood with its parents, its sentences and its picture, and
nothing of what is closed.
"""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from PIL import Image

from gallery.lineage import replay
from gallery.lineage.replay import draw_step, stages
from gallery.models import Artwork, State, Visibility
from gallery.sharing.downloads import kept_copies
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step, grow
from generation.refusal import Refused
from tests.factories import make_artwork, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("squares_engine")]
VISITOR = AnonymousUser()


@pytest.fixture
def bred() -> Artwork:
    """Fern and Rust give a seedling, that and a fresh seed another one, and that the work."""
    fern, rust = (
        make_artwork(title="Fern", has_files=True),
        make_artwork(title="Rust", has_files=True),
    )
    pedigree = Pedigree(
        (fern.slug, rust.slug, "seed:patterns:3"),
        (
            Step((0, 1), Recipe("crossover", (0.75, 0.25), seed=1)),
            Step((3, 2), Recipe(weights=(0.5, 0.5))),
            Step((4,), Recipe(weights=(1.0,), mutation_rate=0.2, seed=2)),
        ),
    )
    return make_artwork(
        title="Child", parents=[fern, rust], pedigree=pedigree.to_json(), has_files=True
    )


def fern_of(work: Artwork) -> Artwork:
    return Artwork.objects.get(slug=work.pedigree["roots"][0])


def test_every_brood_is_told_with_its_parents_and_pictures(bred, django_assert_num_queries):
    with django_assert_num_queries(1):
        first, second, last = stages(bred, VISITOR)
    assert [source.name for source in first.sources] == ["“Fern”", "“Rust”"]
    assert [source.share for source in first.sources] == [0.75, 0.25]
    assert first.sources[0].picture == fern_of(bred).thumbnail_url and first.sources[0].url
    assert first.picture == f"/art/{bred.slug}/step/3.jpg" == second.sources[0].picture
    assert second.sources[0].name == "the seedling of brood 1" and second.sources[
        1
    ].picture.endswith("/step/2.jpg")
    assert last.is_last and last.picture == bred.thumbnail_url
    assert "75\u202f% “Fern”" in " ".join(
        first.sentences
    ) and "20\u202f% of random change" in " ".join(last.sentences)


@pytest.mark.parametrize(
    "fields", [{"visibility": Visibility.PRIVATE}, {"state": State.REMOVED, "genome": {}}]
)
def test_what_stands_behind_a_closed_work_is_neither_named_nor_drawn(bred, fields):
    Artwork.objects.filter(pk=fern_of(bred).pk).update(**fields)
    first, second, last = stages(bred, VISITOR)
    assert first.sources[0] == replay.Source("a work that is not public", "", "", 0.75)
    assert not first.picture and not second.picture and second.sources[1].picture and last.picture
    assert "Fern" not in str([first, second, last])
    for position in (0, 3, 4):
        with pytest.raises(LookupError):
            draw_step(bred, VISITOR, position)


def test_a_step_is_drawn_from_its_genome_and_kept_beside_the_work(bred):
    works = [Artwork.objects.get(slug=slug) for slug in bred.pedigree["roots"][:2]]
    assert (
        len(
            grow(
                Pedigree.from_json(bred.pedigree),
                [work.read_genome() for work in works] + [works[0].read_genome()],
            )
        )
        == 6
    )
    data, media_type = draw_step(bred, VISITOR, 3)
    assert media_type == "image/jpeg" and Image.open(io.BytesIO(data)).size == (
        replay.SIZE,
        replay.SIZE,
    )
    (name,) = kept_copies(bred)
    with default_storage.open(name, "wb") as file:
        file.write(b"kept")
    assert draw_step(bred, VISITOR, 3)[0] == b"kept"
    assert draw_step(bred, VISITOR, 4)[0] != b"kept"


def test_steps_that_do_not_exist_are_not_found_and_founders_have_none(bred):
    for position in (6, 99):
        with pytest.raises(LookupError):
            draw_step(bred, VISITOR, position)
    assert stages(make_artwork(), VISITOR) == []
    with pytest.raises(LookupError):
        draw_step(make_artwork(pedigree=Pedigree(("seed:patterns:3",), ()).to_json()), VISITOR, 0)


def test_when_too_many_look_the_next_one_is_asked_to_come_back(bred):
    for _ in range(replay.AT_ONCE):
        replay._places.acquire()
    try:
        with pytest.raises(Refused) as refused:
            draw_step(bred, VISITOR, 3)
    finally:
        for _ in range(replay.AT_ONCE):
            replay._places.release()
    assert refused.value.retry_after


def test_the_pages_answer_and_keep_closed_works_closed(client, bred):
    page = client.get(f"/art/{bred.slug}/replay/")
    assert page.status_code == 200 and b"Brood 1" in page.content and b"<html" in page.content
    fragment = client.get(f"/art/{bred.slug}/replay/", headers={"HX-Request": "true"})
    assert b"Brood 1" in fragment.content and b"<html" not in fragment.content
    step = client.get(f"/art/{bred.slug}/step/3.jpg")
    assert step["Content-Type"] == "image/jpeg" and "private" in step["Cache-Control"]
    assert client.get(f"/art/{bred.slug}/step/3.svg").status_code == 404
    assert client.get(f"/art/{bred.slug}/step/99.jpg").status_code == 404
    Artwork.objects.filter(pk=bred.pk).update(visibility=Visibility.PRIVATE)
    for path in ("replay/", "step/3.jpg", "family/", "children/"):
        assert client.get(f"/art/{bred.slug}/{path}").status_code == 404
    client.force_login(make_user())
    assert client.get(f"/art/{bred.slug}/step/3.jpg").status_code == 404
