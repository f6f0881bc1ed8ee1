"""The tunes of the demo garden."""

import pytest
from django.utils import timezone

from gallery.demo.tunes import FOUNDERS_PER_STYLE, plan_tunes, plant_tunes
from gallery.models import Artwork, Job, LineageEdge, State
from gallery.species.actions import sync_species
from generation.finishing.styles import STYLES
from generation.pedigree import grow


def test_the_plan_has_every_style_three_generations_and_titles_of_its_own():
    tunes = plan_tunes(11)
    assert len(tunes) >= 30 and {tune.depth for tune in tunes} == {0, 1, 2}
    founders = [tune.style for tune in tunes if not tune.parents]
    assert sorted(founders) == sorted(list(STYLES) * FOUNDERS_PER_STYLE)
    assert len({tune.title for tune in tunes}) == len({tune.slug for tune in tunes}) == len(tunes)
    for tune in tunes:
        assert all(parent.age > tune.age for parent in tune.parents)
        assert tune.parents == () or sum(tune.shares.values()) == pytest.approx(1)


def test_a_bred_tune_follows_from_its_pedigree():
    tunes = {tune.slug: tune for tune in plan_tunes(11)}
    child = next(tune for tune in tunes.values() if len(tune.parents) == 2)
    grown = grow(child.pedigree, [tunes[root].genome for root in child.pedigree.roots])[-1]
    assert grown.identity == child.genome.identity


@pytest.mark.django_db
def test_tunes_are_planted_once_and_wait_for_their_sound():
    assert plant_tunes(seed=11) == [], "Without the species nothing is planted."
    sync_species()
    works = plant_tunes(seed=11)
    assert (
        len(works) == Job.objects.count() == Artwork.objects.filter(state=State.RENDERING).count()
    )
    assert LineageEdge.objects.count() > 20
    assert all(
        edge.licence == edge.parent.licence for edge in LineageEdge.objects.select_related("parent")
    )
    assert all(work.published_at < timezone.now() and not work.is_listed for work in works)
    assert plant_tunes(seed=11) == []
