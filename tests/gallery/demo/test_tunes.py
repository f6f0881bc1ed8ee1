import pytest
from django.utils import timezone

from gallery.actions.generators import sync_generators
from gallery.demo.plant_tunes import plant_tunes
from gallery.demo.tunes import FOUNDERS_A_STYLE, plan_tunes
from gallery.models import Artwork, Job, LineageEdge, State
from generation.finishing.styles import STYLES
from generation.pedigree import grow


def test_the_plan_has_every_style_three_generations_and_titles_of_its_own():
    plants = plan_tunes(11)
    assert len(plants) >= 30 and {plant.depth for plant in plants} == {0, 1, 2}
    founders = [plant.style for plant in plants if not plant.parents]
    assert sorted(founders) == sorted(list(STYLES) * FOUNDERS_A_STYLE)
    assert (
        len({plant.title for plant in plants})
        == len({plant.slug for plant in plants})
        == len(plants)
    )
    for plant in plants:
        assert all(parent.age > plant.age for parent in plant.parents)
        assert plant.parents == () or sum(plant.shares.values()) == pytest.approx(1)


def test_a_bred_tune_follows_from_its_pedigree():
    plants = {plant.slug: plant for plant in plan_tunes(11)}
    child = next(plant for plant in plants.values() if len(plant.parents) == 2)
    grown = grow(child.pedigree, [plants[root].genome for root in child.pedigree.roots])[-1]
    assert grown.identity == child.genome.identity


@pytest.mark.django_db
def test_tunes_are_planted_once_and_wait_for_their_sound():
    assert plant_tunes(seed=11) == [], "Without the species nothing is planted."
    sync_generators()
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
