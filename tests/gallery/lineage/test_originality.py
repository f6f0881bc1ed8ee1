"""Nobody makes somebody else's work theirs, by import, API, bench or upload; reserved genomes."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gallery.archive.importing import import_works
from gallery.archive.reading import read_archive
from gallery.artworks.publishing import publish_child
from gallery.job_runner import run_next
from gallery.lineage.originality import genomes_of_others
from gallery.models import Artwork, Licence, State, User, Visibility
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.factories import make_artwork, make_genome, make_species, make_user
from tests.gallery.archive.accounts import exported, repacked

pytestmark = pytest.mark.django_db
PEDIGREE = {"roots": ["seed:patterns:7"], "steps": [{"parents": [0], "recipe": {"seed": 3}}]}


def stolen(work: Artwork) -> bytes:
    """The archive of a thief: somebody else's work as their own, without parents, from 2001."""
    helper = make_user()
    mine = make_artwork(helper)
    data = exported(helper)
    Artwork.objects.filter(pk=mine.pk).delete()
    row = {
        "slug": "stolenstolen",
        "title": "Mine",
        "description": "",
        "alt_text": "",
        "tags": [],
        "licence": Licence.CC0,
        "visibility": "public",
        "may_be_bred": True,
        "may_train": True,
        "genome": work.genome,
        "identity": work.genome_identity,
        "pedigree": {},
        "novelty": 1,
        "depth": 0,
        "width": 64,
        "height": 64,
        "published_at": "2001-01-01T00:00:00+00:00",
        "parents": [],
    }
    return repacked(data, works=[row])


def publish(user: User, *roots: str) -> Artwork:
    step = Step(tuple(range(len(roots))), Recipe(weights=(1.0,) * len(roots)))
    words = {"title": "Child", "licence": Licence.CC_BY, "visibility": Visibility.PUBLIC}
    return publish_child(user, pedigree=Pedigree(roots, (step,)), **words)[0]


def test_an_archive_does_not_make_somebody_elses_work_ones_own(squares_engine):
    original = make_artwork(make_user("ada"), title="Reef", licence=Licence.RESERVED)
    thief = make_user("eve")
    report = import_works(thief, read_archive(stolen(original)))
    assert report.imported == 0 and not thief.artworks.exists()
    ((title, template, values),) = report.problems
    assert title == "Mine" and values == {"title": "Reef", "maker": "ada"}
    assert "report that work" in template


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": Visibility.PRIVATE},
        {"visibility": Visibility.UNLISTED},
        {"state": State.HIDDEN},
        {"state": State.QUARANTINED},
        {"state": State.DELETED},
    ],
)
def test_a_refusal_says_nothing_of_a_work_that_is_not_public(squares_engine, fields):
    original = make_artwork(make_user("ada"), title="Reef", **fields)
    report = import_works(make_user("eve"), read_archive(stolen(original)))
    assert report.imported == 0
    assert "Reef" not in str(report.problems) and "ada" not in str(report.problems)


def test_ones_own_works_are_recognized_and_deleted_ones_come_back(squares_engine):
    ada = make_user("ada")
    own = make_artwork(ada)
    data = exported(ada)
    assert import_works(ada, read_archive(data)).known == 1
    own.delete()
    assert import_works(ada, read_archive(data)).imported == 1


def test_a_placeholder_of_another_site_does_not_keep_its_maker_out(squares_engine):
    ada = make_user("ada")
    mother = make_artwork(ada)
    make_artwork(make_user("bo"), parents=[mother], title="Child", pedigree=PEDIGREE)
    bo, archives = User.objects.get(username="bo"), {}
    archives["bo"], archives["ada"] = exported(bo), exported(ada)
    for work in Artwork.objects.order_by("-pk"):
        work.delete()
    assert import_works(make_user("bo2"), read_archive(archives["bo"])).imported == 1
    assert Artwork.objects.filter(state=State.REMOVED).exclude(genome_identity="").exists()
    report = import_works(make_user("ada2"), read_archive(archives["ada"]))
    assert (report.imported, report.problems) == (1, [])


def test_dates_from_outside_order_nothing(squares_engine, client: Client):
    first = make_artwork(published_at=timezone.now())
    original = make_artwork()
    data = stolen(original)
    original.delete()
    eve = make_user("eve")
    before = timezone.now()
    import_works(eve, read_archive(data))
    while run_next():
        pass
    work = eve.artworks.get()
    assert work.published_at >= before and work.created_at >= before
    assert work.made_elsewhere_at.year == 2001
    listed = client.get("/api/works").json()["items"]
    assert [each["slug"] for each in listed] == [work.slug, first.slug]
    page = client.get(work.get_absolute_url()).content.decode()
    assert "Made elsewhere" in page and "2001" in page
    again = read_archive(exported(eve))
    assert again[0].made_at.year == 2001, "The first date travels on."


def test_the_second_to_breed_the_same_child_changes_something(client: Client):
    one, two = make_artwork(), make_artwork()
    ada, bo = make_user("ada"), make_user("bo")
    child = publish(ada, one.slug, two.slug)
    with pytest.raises(Refused, match="very child can't be published"):
        publish(bo, one.slug, two.slug)  # Still being printed, so nobody may know of it.
    Artwork.objects.filter(pk=child.pk).update(state=State.PUBLISHED)
    with pytest.raises(Refused, match="exactly “Child” by ada"):
        publish(bo, one.slug, two.slug)
    client.force_login(bo)
    recipe = {"operator": "blend", "weights": [1, 1]}
    body = {
        "roots": [one.slug, two.slug],
        "steps": [{"parents": [0, 1], "recipe": recipe}],
        "title": "Mine",
        "licence": "CC-BY-4.0",
    }
    answer = client.post(
        "/api/works", json.dumps(body), "application/json", headers={"X-Requested-With": "test"}
    )
    assert answer.status_code == 400 and "Move a slider" in answer.json()["detail"]
    form = {"pedigree": json.dumps({key: body[key] for key in ("roots", "steps")})}
    form |= {"title": "Mine", "licence": "CC-BY-4.0", "visibility": "public", "size": "64"}
    answer = client.post("/bench/publish/", form)
    assert answer.status_code == 400 and "exactly “Child” by ada" in answer.content.decode()
    Artwork.objects.filter(pk=child.pk).update(created_at=timezone.now() - timedelta(days=1))
    assert publish(ada, one.slug, two.slug).author == ada, "One's own child may be published again."


def test_the_genome_of_a_reserved_work_is_its_makers_alone(client: Client):
    ada = make_user("ada")
    reserved = make_artwork(ada, licence=Licence.RESERVED, pedigree=PEDIGREE)
    child = make_artwork(
        ada,
        parents=[reserved],
        pedigree={"roots": [reserved.slug], "steps": PEDIGREE["steps"]},
    )
    callers = (None, make_user("eve"), make_user("mo", role="moderator"))
    for caller in callers:
        if caller:
            client.force_login(caller)
        answer = client.get(f"/api/works/{reserved.slug}/genome")
        assert answer.status_code == 403 and "genes" not in answer.content.decode()
        for work in (reserved, child):
            lineage = client.get(f"/api/works/{work.slug}/lineage").json()
            assert "steps" not in lineage["pedigree"], "The steps would lead to the genome."
    client.force_login(make_user("root", role="administrator", is_staff=True, is_superuser=True))
    page = client.get(f"/admin/gallery/artwork/{reserved.pk}/change/")
    assert reserved.genome["genes"][:40] not in page.content.decode()
    client.force_login(ada)
    assert client.get(f"/api/works/{reserved.slug}/genome").status_code == 200
    assert client.get(f"/api/works/{child.slug}/lineage").json()["pedigree"]["steps"]


def test_the_oldest_work_that_may_be_named_is_named():
    genome = make_genome(5)
    make_species()
    make_artwork(genome=genome, visibility=Visibility.PRIVATE)
    open_one = make_artwork(genome=genome)
    make_artwork(genome=genome)
    other = make_genome(6)
    assert genomes_of_others(make_user(), [genome.identity, other.identity, ""]) == {
        genome.identity: open_one
    }
