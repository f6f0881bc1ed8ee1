"""Planting the tunes of the demo garden: rows now, their sound by the site's own jobs, so that
nobody waits for it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gallery import job_bell
from gallery.actions.tagging import set_tags
from gallery.demo.plant import NEWEST, OLDEST, settle
from gallery.demo.tunes import SPECIES, TunePlant, plan_tunes
from gallery.models import Artwork, Generator, Job, JobKind, LineageEdge, Visibility
from gallery.search import index_words


def plant_tunes(*, seed: int, now: datetime | None = None) -> list[Artwork]:
    """Publish the tunes as works that are still being made; each appears on the walls when its
    sound is done.

    Nothing where the species is not installed or these very tunes stand here already.
    """
    if not Generator.objects.filter(key=SPECIES, is_available=True).exists():
        return []
    plants = plan_tunes(seed)
    if Artwork.objects.filter(slug__in=[plant.slug for plant in plants]).exists():
        return []
    now = now or timezone.now()
    works: dict[str, Artwork] = {}
    with transaction.atomic():
        for plant in plants:
            works[plant.slug] = _write_rows(plant, works, now=now)
    job_bell.work_waits.set()
    return list(works.values())


def _write_rows(plant: TunePlant, works: dict[str, Artwork], *, now: datetime) -> Artwork:
    author = settle(plant.gardener, now)
    artwork = Artwork.objects.create(
        slug=plant.slug,
        author=author,
        generator_id=SPECIES,
        title=plant.title,
        description=plant.description,
        licence=plant.licence,
        visibility=Visibility.PUBLIC,
        genome=plant.genome.to_json(),
        genome_identity=plant.genome.identity,
        pedigree=plant.pedigree.to_json(),
        novelty=plant.novelty,
        depth=plant.depth,
        published_at=now - NEWEST - OLDEST * plant.age**1.3,
    )
    LineageEdge.objects.bulk_create(
        LineageEdge(parent=works[slug], child=artwork, share=share, licence=works[slug].licence)
        for slug, share in plant.shares.items()
    )
    set_tags(artwork, plant.tags)
    index_words(artwork)
    Job.objects.create(
        kind=JobKind.PRINT, owner=author, artwork=artwork, payload={"purpose": "master"}
    )
    return artwork
