"""Plants the works of the demo garden, so that a new site does not start with an empty wall."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gallery import studio
from gallery.artworks.printing import Print, write_print
from gallery.core.files import delete_files
from gallery.demo.beds import BEDS, Bed
from gallery.demo.evaluation import evaluate
from gallery.demo.history import publication_date
from gallery.demo.people import GARDENERS, ensure_account
from gallery.demo.plan import PlannedWork, plan_garden
from gallery.demo.publication import arrange, choose_featured
from gallery.demo.words import alt_text_for, choose_title, describe, tags_for
from gallery.discovery.search import index_words
from gallery.discovery.tags import set_tags
from gallery.maintenance import refresh_rankings
from gallery.models import Artwork, LineageEdge, Pick, State, Visibility
from gallery.species.actions import sync_species
from generation.engine.frames import Frame
from generation.refusal import Refused

FEATURED = 15
ENGINES = 2
COMPARED_TITLES = 2000  # Titles on the site that are not used again.


def plant_garden(
    *,
    seed: int,
    beds: Sequence[Bed] = BEDS,
    now: datetime | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Artwork]:
    """Breed, print and publish the works; return them in the order of publication.

    Everything follows from the random seed, except for the dates, which count back from now. Files
    are written first and all rows in one transaction, so a garden is planted completely or not at
    all. Beds of unavailable species stay empty. on_progress: called with the number of printed
    works and their total. Raises Refused if no species is available, or this garden is already
    planted.
    """
    available = {each.key for each in sync_species() if each.is_available}
    beds = [bed for bed in beds if bed.species in available]
    if not beds:
        raise Refused("There is no species to plant with; see `manage.py sync_species`.")
    prints: dict[str, Print] = {}
    try:
        planned = _print_all(seed, beds, prints, on_progress)
        with transaction.atomic():
            works = _publish(planned, prints, seed=seed, now=now or timezone.now())
    except BaseException:
        delete_files([name for finished in prints.values() for name in finished.names])
        raise
    refresh_rankings()
    return works


def _print_all(
    seed: int,
    beds: Sequence[Bed],
    prints: dict[str, Print],
    on_progress: Callable[[int, int], None],
) -> list[PlannedWork]:
    """Plan the works, and print each while the next one is being planned; fills `prints`."""
    works: list[PlannedWork] = []
    waiting: list[tuple[PlannedWork, Future[Frame]]] = []
    total = sum(bed.works for bed in beds)
    with studio.bulk_engines(ENGINES) as engines:
        for number, work in enumerate(plan_garden(seed, beds, evaluate=evaluate)):
            if Artwork.objects.filter(slug=work.slug).exists():
                raise Refused(
                    "The demo garden of seed {seed} is already here. Use --seed to plant another"
                    " one.",
                    seed=seed,
                )
            works.append(work)
            frame = studio.render_artwork(
                work.genome,
                size=settings.PRINT_SIZE,
                owner="planting",
                by=engines[number % len(engines)],
            )
            waiting.append((work, frame))
            while waiting and waiting[0][1].done():
                _save_print(*waiting.pop(0), prints)
                on_progress(len(prints), total)
        for work, frame in waiting:
            _save_print(work, frame, prints)
            on_progress(len(prints), total)
    return works


def _save_print(work: PlannedWork, frame: Future[Frame], prints: dict[str, Print]) -> None:
    prints[work.slug] = write_print(
        Artwork(slug=work.slug),
        frame.result(),
        token=work.genome.identity[:12],
        with_thumbnail=True,
        is_screened=False,  # These works contain nobody's uploads.
    )


def _publish(
    planned: Sequence[PlannedWork], prints: Mapping[str, Print], *, seed: int, now: datetime
) -> list[Artwork]:
    rng = np.random.default_rng([seed, 12])
    makers = {person.username: ensure_account(person, now=now) for person in GARDENERS}
    titles = _choose_titles(planned, rng)
    featured = {work.slug for work in choose_featured(planned, count=FEATURED)}
    works: dict[str, Artwork] = {}
    ordered = arrange(planned, rng=rng)
    for place, work in enumerate(ordered):
        age = 1 - place / max(1, len(ordered) - 1)
        delay = timedelta(seconds=int(rng.integers(0, 600)))
        works[work.slug] = _save_work(
            work,
            works,
            author=makers[work.maker.username],
            title=titles[work.slug],
            description=_describe(work, titles, rng),
            is_featured=work.slug in featured,
            published_at=publication_date(age, now=now) - delay,
            **prints[work.slug].fields,
        )
    Pick.objects.bulk_create(
        Pick(artwork=work, starts_at=work.published_at)
        for work in works.values()
        if work.is_featured and work.published_at
    )
    return list(works.values())


def _choose_titles(works: Sequence[PlannedWork], rng: np.random.Generator) -> dict[str, str]:
    """A title for each slug, different from each other and from those on the site."""
    taken = set(Artwork.objects.values_list("title", flat=True)[:COMPARED_TITLES])
    titles: dict[str, str] = {}
    for work in works:
        titles[work.slug] = choose_title(work.genome, work.portrait, taken=taken, rng=rng)
        taken.add(titles[work.slug])
    return titles


def _describe(work: PlannedWork, titles: Mapping[str, str], rng: np.random.Generator) -> str:
    roots, steps = work.pedigree.roots, work.pedigree.steps
    return describe(
        steps[-1].recipe if steps else None,
        parents=[titles[root] for root in roots] if steps else (),
        seedling=work.seedling,
        seed=0 if steps else int(roots[0].rsplit(":", 1)[-1]),
        rng=rng,
    )


def _save_work(
    planned: PlannedWork, works: Mapping[str, Artwork], *, published_at: datetime, **fields: Any
) -> Artwork:
    """Save a published work. works: all its ancestors by slug; fields: its other columns."""
    artwork = Artwork.objects.create(
        slug=planned.slug,
        species_id=planned.species,
        alt_text=alt_text_for(planned.genome, planned.portrait),
        licence=planned.licence,
        visibility=Visibility.PUBLIC,
        state=State.PUBLISHED,
        genome=planned.genome.to_json(),
        genome_identity=planned.genome.identity,
        pedigree=planned.pedigree.to_json(),
        novelty=planned.novelty,
        depth=planned.depth,
        published_at=published_at,
        **fields,
    )
    created_at = published_at - timedelta(minutes=2)
    Artwork.objects.filter(pk=artwork.pk).update(created_at=created_at)
    LineageEdge.objects.bulk_create(
        LineageEdge(parent=works[slug], child=artwork, share=share, licence=works[slug].licence)
        for slug, share in planned.shares.items()
    )
    set_tags(artwork, tags_for(planned.genome, planned.portrait))
    index_words(artwork)
    return artwork
