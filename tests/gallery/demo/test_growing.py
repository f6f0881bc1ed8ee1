"""The demo garden grows one work at a time, by one process at a time, and never twice."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gallery.demo import growing
from gallery.demo.beds import Bed
from gallery.demo.growing import grow_next, start_planting, step, stop_growing
from gallery.demo.memory import Memory
from gallery.demo.plan import plan_garden
from gallery.models import Artwork, Job, Pick, Planting, State, User
from gallery.species.actions import sync_species
from generation.genespaces.patterns.portrait import portray
from generation.genespaces.patterns.sampling import score
from generation.refusal import Refused

pytestmark = pytest.mark.django_db
TINY = (
    Bed("patterns", 4, (2, 1), candidates=2, pairings=1),
    Bed("garments", 2, (1,), candidates=2, pairings=1),
)


@pytest.fixture(autouse=True)
def planted(squares_engine, settings):
    """An empty site that wants a garden; this process forgets it afterwards."""
    settings.DEMO_GARDEN = True
    sync_species()
    yield
    growing._growths.clear()


def pictures() -> int:
    """How many works there are; tunes come all at once, at the end."""
    return Artwork.objects.exclude(species="tunes").count()


def start() -> Planting:
    return start_planting(seed=5, with_people=False, beds=TINY)


def test_each_step_publishes_one_work_at_most_parents_first_and_all_species_in_turn():
    planting = start()
    counts = []
    while step(planting, TINY):
        counts.append(pictures())
        planting.refresh_from_db()
        assert planting.planted == counts[-1]
    assert all(after - before in (0, 1) for before, after in zip(counts, counts[1:], strict=False))
    assert counts[-1] == planting.total == planting.planted == 10
    first = Artwork.objects.order_by("pk")[:3]
    assert {work.species_id for work in first} == {"patterns", "garments"}
    assert all(work.state == State.PUBLISHED and work.thumbnail.size for work in first)


def test_a_garden_that_has_grown_is_arranged_and_left_alone():
    planting = start()
    while step(planting, TINY):
        pass
    planting.refresh_from_db()
    assert planting.finished_at is not None and planting.token is None
    assert Pick.objects.count() == Artwork.objects.filter(is_featured=True).count() > 0
    for work in Artwork.objects.filter(depth__gt=0):
        assert all(edge.parent.published_at < work.published_at for edge in work.parent_edges.all())
    assert Job.objects.filter(artwork__species="tunes").exists()  # Tunes follow as jobs.
    assert not step(planting, TINY) and not grow_next()
    with pytest.raises(Refused, match="is already here"):
        start()


def test_another_process_waits_for_the_lease_and_then_goes_on(monkeypatch):
    planting = start()
    assert step(planting, TINY) and step(planting, TINY)
    there = list(Artwork.objects.values_list("slug", flat=True))
    monkeypatch.setattr(growing, "_token", uuid.uuid4())  # As in another process.
    growing._growths.clear()
    assert not step(planting, TINY)
    Planting.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    while step(planting, TINY):
        pass
    assert pictures() == 10
    assert set(there) < set(Artwork.objects.values_list("slug", flat=True))


def test_a_process_that_ends_well_gives_its_lease_back():
    planting = start()
    step(planting, TINY)
    planting.refresh_from_db()
    assert planting.token is not None
    stop_growing()
    planting.refresh_from_db()
    assert planting.token is None and planting.lease_until is None


def test_a_site_that_wants_no_garden_any_more_stops_growing_it(settings):
    start()
    settings.DEMO_GARDEN = False
    assert not grow_next() and not Artwork.objects.exists()


def test_what_fails_is_logged_and_tried_again_later(monkeypatch, caplog):
    planting = start()
    monkeypatch.setattr(growing, "BEDS", TINY)
    monkeypatch.setattr(growing.Growth, "grow", lambda growth: 1 / 0)
    assert not grow_next()
    assert "goes on in two minutes" in caplog.text
    planting.refresh_from_db()
    assert planting.lease_until > timezone.now() + timedelta(seconds=90)


def test_children_of_a_work_that_was_deleted_meanwhile_are_left_out():
    planting = start()
    founders = sum(bed.founders for bed in TINY)
    while Artwork.objects.count() < founders:
        step(planting, TINY)
    gone = Artwork.objects.filter(species="patterns", child_edges__isnull=True).first()
    gone.delete()
    while step(planting, TINY):
        pass
    planting.refresh_from_db()
    assert planting.finished_at is not None
    assert not Artwork.objects.filter(slug=gone.slug).exists()
    assert User.objects.filter(artworks__isnull=False).exists()


def test_what_was_judged_is_remembered_exactly(tmp_path: Path):
    calls = 0

    def evaluate(genomes):
        nonlocal calls
        calls += 1
        return {
            key: (score(genome.genes), portray(genome.genes)) for key, genome in genomes.items()
        }

    path = tmp_path / "memory.jsonl"
    beds = TINY[:1]
    first = list(plan_garden(5, beds, evaluate=Memory(path, evaluate)))
    judged = calls
    with path.open("a") as file:
        file.write('["half a line')  # A power cut.
    again = list(plan_garden(5, beds, evaluate=Memory(path, evaluate)))
    assert calls == judged > 0
    assert [(work.slug, work.genome.identity, work.fitness) for work in again] == [
        (work.slug, work.genome.identity, work.fitness) for work in first
    ]
    memory = Memory(path, evaluate)
    memory.forget()
    assert not path.exists()
