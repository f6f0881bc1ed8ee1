"""Planting the demo garden: complete families and true words; an interrupted one goes on."""

import os
from collections import Counter

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.utils import timezone

from gallery import studio
from gallery.demo.beds import BEDS, Bed
from gallery.demo.growing import plant_garden, stop_growing
from gallery.demo.people import GARDENERS
from gallery.demo.plant import FEATURED
from gallery.lineage.credit import credits
from gallery.lineage.graph import family
from gallery.lineage.parents import find_parents
from gallery.lineage.story import describe_recipe
from gallery.models import Artwork, LineageEdge, Planting, User
from generation.pedigree import Pedigree, grow
from generation.refusal import Refused
from tests.factories import make_user
from tests.squares import make_engine, render_squares

pytestmark = pytest.mark.django_db
SMALL = (Bed("patterns", 6, (4, 3, 2, 1), candidates=2, pairings=1),)
TINY = (Bed("patterns", 4, (2, 1), candidates=2, pairings=1),)
LEARNT = (
    Bed(
        "people",
        3,
        (2, 1),
        candidates=2,
        pairings=1,
        finishing_rate=1.0,
        finishings=((("duotone", {"dark": "#000000"}),),),
    ),
    Bed("garments", 3, (1,), candidates=2, pairings=1),
    Bed("unicorns", 5, (5,)),
)


def plant(**options) -> list[Artwork]:
    return plant_garden(**({"seed": 5, "beds": SMALL, "with_people": False} | options))


def test_every_work_is_what_its_pedigree_breeds(squares_engine):
    works = plant()
    assert len(works) == SMALL[0].works == 16
    assert {work.depth for work in works} == {0, 1, 2, 3, 4}
    for work in works:
        pedigree = Pedigree.from_json(work.pedigree)
        parents = find_parents(AnonymousUser(), pedigree.roots)
        assert grow(pedigree, [parent.genome for parent in parents])[-1] == work.read_genome()
        edges = list(work.parent_edges.select_related("parent"))
        assert sum(edge.share for edge in edges) == pytest.approx(1 if edges else 0)
        assert {edge.parent.slug for edge in edges} <= set(pedigree.roots)
        assert all(edge.licence == edge.parent.licence for edge in edges)
        assert all(edge.parent.published_at < work.published_at for edge in edges)
        assert work.depth == 1 + max((edge.parent.depth for edge in edges), default=-1)
        assert sum(credit.share for credit in credits(work, AnonymousUser())) == pytest.approx(1)
        assert describe_recipe(work, AnonymousUser())[0].startswith("It ")


def test_the_wall_is_dressed_for_strangers(squares_engine):
    works = plant()
    listed = Artwork.objects.listed()
    assert listed.count() == len(works)
    assert len({work.title for work in works}) == len(works)
    assert all(
        work.alt_text.endswith(".") and work.thumbnail.size and work.master.size for work in works
    )
    assert all(3 <= work.tags.count() <= 7 for work in works)
    assert all(Artwork.objects.matching(work.title).filter(pk=work.pk).exists() for work in works)
    assert {work.author.username for work in works} == {gardener.username for gardener in GARDENERS}
    assert 1 <= listed.filter(is_featured=True).count() <= FEATURED
    assert max(work.published_at for work in works) < timezone.now()
    assert len(family(works[-1], AnonymousUser()).members) > 1
    assert LineageEdge.objects.count() >= 10


def test_learnt_species_grow_beside_and_a_missing_one_leaves_its_bed_empty(squares_engine):
    progress = []
    works = plant(
        beds=LEARNT, on_progress=lambda growing: progress.append((growing.planted, growing.total))
    )
    assert Counter(work.species_id for work in works) == {"people": 6, "garments": 4}
    assert progress[-1] == (10, 10)
    assert len({work.title for work in works}) == 10 and all(
        work.alt_text.endswith(".") for work in works
    )
    for work in works:
        parents = find_parents(AnonymousUser(), Pedigree.from_json(work.pedigree).roots)
        assert (
            grow(Pedigree.from_json(work.pedigree), [parent.genome for parent in parents])[-1]
            == work.read_genome()
        )
    bred = [work for work in works if work.species_id == "people" and work.depth]
    assert len(bred) == 3 and all("duotone" in dict(work.read_genome().finishing) for work in bred)
    assert all("two inks" in work.tags.values_list("name", flat=True) for work in bred)


def test_nothing_is_planted_where_no_species_of_the_beds_is_here():
    with pytest.raises(Refused, match="There is no species to plant with"):
        plant(beds=LEARNT[2:])
    assert not User.objects.exists() and not Planting.objects.exists()


def test_the_beds_hold_enough_for_a_full_wall():
    assert sum(bed.works for bed in BEDS) >= 150 and len({bed.species for bed in BEDS}) == len(BEDS)
    assert all(len(bed.generations) >= 3 for bed in BEDS)


def test_the_same_seed_plants_the_same_garden(squares_engine):
    first = [
        (work.slug, work.title, work.genome_identity, work.licence) for work in plant(beds=TINY)
    ]
    with pytest.raises(Refused, match="is already here"):
        plant(beds=TINY)
    people = set(User.objects.values_list("username", flat=True))
    assert Artwork.objects.exclude(species="tunes").count() == len(first)
    LineageEdge.objects.all().delete()
    Artwork.objects.all().delete()
    Planting.objects.all().delete()
    assert [
        (work.slug, work.title, work.genome_identity, work.licence) for work in plant(beds=TINY)
    ] == first
    assert set(User.objects.values_list("username", flat=True)) == people


def test_a_person_with_a_gardeners_name_keeps_it(squares_engine):
    person = make_user(GARDENERS[0].username)
    works = plant(beds=TINY)
    assert not person.artworks.exists()
    assert Counter(work.author.username for work in works)[f"{person.username}-2"]


def test_a_garden_that_was_interrupted_grows_on_to_what_it_would_have_been(squares_engine):
    whole = [(work.slug, work.title, work.description) for work in plant(beds=TINY)]
    for model in (LineageEdge, Artwork, Planting):
        model.objects.all().delete()
    before, count = files(), 0

    def stumble(key, genomes, yield_point):
        nonlocal count
        count += key.media_type == "image/png"  # Prints; other pictures are only looked at.
        if count > 3:
            raise RuntimeError("out of paint")
        return render_squares(key, genomes, yield_point)

    studio.use_engine(make_engine(render_batch=stumble, max_batch_size=1))
    with pytest.raises(RuntimeError, match="out of paint"):
        plant(beds=TINY)
    there = Artwork.objects.exclude(species="tunes").count()
    assert 0 < there < len(whole)
    assert files() - before == there * 2  # Nothing is left of the print that failed.
    stop_growing()
    studio.use_engine(make_engine())
    assert [(work.slug, work.title, work.description) for work in plant(beds=TINY)] == whole
    assert files() - before == len(whole) * 2


def files() -> int:
    return sum(len(names) for _, _, names in os.walk(default_storage.location))
