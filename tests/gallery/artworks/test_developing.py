"""Broods of slow species: painted by a job, kept, and published byte for byte."""

import json

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from gallery import studio
from gallery.accounts.closing import close_account
from gallery.archive.pruning import prune_media
from gallery.artworks.developing import (
    LIFETIME,
    Bed,
    enqueue_development,
    file_of,
    make_development,
)
from gallery.artworks.publishing import publish_child
from gallery.job_runner import run_next
from gallery.jobs.leases import claim
from gallery.jobs.queue import cancel
from gallery.models import Job, User
from generation.breeding import BROOD_SIZE
from generation.genome import Recipe
from generation.pedigree import Pedigree, Step
from generation.refusal import Refused
from tests.factories import make_job, make_species, make_user
from tests.squares import make_engine, render_squares

pytestmark = pytest.mark.django_db
ROOTS = ("seed:patterns:1", "seed:patterns:2")
RECIPE = Recipe(weights=(0.4, 0.6), mutation_rate=0.3, seed=5)


class Press:
    """Paints squares, and counts them."""

    def __init__(self) -> None:
        self.painted = 0

    def render(self, key, genomes, yield_point):
        frames = render_squares(key, genomes, yield_point)
        self.painted += len(frames)
        return frames


@pytest.fixture
def press():
    made = Press()
    studio.use_engine(make_engine(render_batch=made.render))
    yield made
    studio.use_engine(None)


def bed() -> Bed:
    return Bed(Pedigree(ROOTS, ()), (0, 1), RECIPE)


def form() -> dict[str, str]:
    return {"bed": json.dumps(bed().to_json())}


def publish(author: User, recipe: Recipe):
    work, _ = publish_child(
        author,
        pedigree=Pedigree(ROOTS, (Step((0, 1), recipe),)),
        title="Dune",
        licence="CC-BY-4.0",
        visibility="public",
    )
    assert run_next()
    work.refresh_from_db()
    return work


def test_what_was_developed_is_published_without_being_painted_again(press, client: Client):
    make_species()
    ada = make_user("ada")
    client.force_login(ada)
    answer = client.post("/bench/develop/", form()).json()
    assert answer["state"] == "queued" and len(answer["children"]) == BROOD_SIZE
    assert run_next() and press.painted == BROOD_SIZE
    answer = client.get(f"/bench/develop/{answer['id']}/").json()
    assert answer["state"] == "done" and answer["progress"] == 1
    assert len(answer["pictures"]) == BROOD_SIZE
    picture = client.get(answer["pictures"][3]["url"])
    assert picture["Content-Type"] == "image/webp" and picture.content[:4] == b"RIFF"
    assert f"?develop={answer['id']}" in client.get(f"/job/{answer['id']}/").content.decode()
    shown = client.get(f"/bench/?develop={answer['id']}").content.decode()
    assert answer["id"] in shown and all(root in shown for root in ROOTS)
    work = publish(ada, Recipe.from_json(answer["children"][3], parents=2))
    with default_storage.open(file_of(ada, work.genome_identity)) as kept:
        assert work.master.read() == kept.read()
    assert press.painted == BROOD_SIZE
    # What somebody else developed is not theirs: their print is painted.
    publish(make_user("bo"), Recipe.from_json(answer["children"][4], parents=2))
    assert press.painted == BROOD_SIZE + 1


def test_only_the_owner_sees_it_and_visitors_are_told_to_log_in(press, client: Client):
    assert client.post("/bench/develop/", form()).json()["error"] == "Log in first."
    job = enqueue_development(make_user("ada"), bed())
    client.force_login(make_user("bo", role="moderator"))
    assert run_next()
    for path in (f"/bench/develop/{job.pk}/", f"/bench/develop/{job.pk}/0.webp"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"chosen": [0, 7]},
        {"chosen": "all"},
        {"chosen": [0, True]},
        {"recipe": 5},
        {"parents": {"roots": []}},
        {"parents": {"roots": ["no-such-work"]}, "chosen": [0], "recipe": {}},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(press, client: Client, change):
    client.force_login(make_user())
    answer = client.post("/bench/develop/", {"bed": json.dumps(bed().to_json() | change)})
    assert answer.status_code == 400 and answer.json()["error"].endswith(".")
    assert not Job.objects.exists()


def test_one_brood_at_a_time_and_asking_again_gives_the_same(press):
    ada = make_user()
    job = enqueue_development(ada, bed())
    assert enqueue_development(ada, bed()) == job
    other = Bed(Pedigree(ROOTS, ()), (0, 1), Recipe(weights=(0.5, 0.5), seed=6))
    with pytest.raises(Refused, match="still being developed"):
        enqueue_development(ada, other)
    cancel(ada, job)
    assert enqueue_development(ada, other) != job


def test_a_cancelled_brood_stops_and_one_that_is_asked_for_again_goes_on_where_it_was(press):
    ada = make_user()
    enqueue_development(ada, bed())
    job = claim()
    assert make_development(job, on_progress=lambda progress: press.painted < 4) is None
    cancel(ada, job)
    assert len(Job.objects.get().payload["developed"]) == press.painted == 4
    enqueue_development(ada, bed())
    assert run_next() and press.painted == BROOD_SIZE


def test_a_brood_gives_way_to_the_prints_of_others_after_each_child_and_goes_on_where_it_was(press):
    job = enqueue_development(make_user("ada"), bed())
    prints = [make_job() for _ in range(2)]
    for done in range(1, 3):
        assert run_next()
        job.refresh_from_db()
        assert job.state == "queued" and job.attempts == 0
        assert len(job.payload["developed"]) == done and job.progress == done / BROOD_SIZE
        assert run_next()
        assert sum(Job.objects.get(pk=one.pk).state == "done" for one in prints) == done
    assert run_next() and not run_next()
    job.refresh_from_db()
    assert job.state == "done" and press.painted == BROOD_SIZE + len(prints)


def test_a_brood_that_finds_no_other_job_to_give_way_to_goes_on_at_once(press):
    job = enqueue_development(make_user("ada"), bed())
    other = make_job()
    assert run_next()
    other.give_up("Nobody wants it.", timezone.now())
    assert run_next()
    job.refresh_from_db()
    assert job.state == "done" and press.painted == BROOD_SIZE


def test_developed_pictures_are_kept_for_a_while_and_go_with_the_account(
    press, django_capture_on_commit_callbacks
):
    ada, bo = make_user("ada"), make_user("bo")
    for person in (ada, bo):
        enqueue_development(person, bed())
        assert run_next()
    assert prune_media() == []
    with django_capture_on_commit_callbacks(execute=True):
        close_account(ada, user_name="ada")
    assert default_storage.listdir(f"developed/{ada.pk}")[1] == []
    gone = prune_media(now=timezone.now() + LIFETIME)
    assert len(gone) == 2 * BROOD_SIZE and all(f"developed/{bo.pk}/" in name for name in gone)
