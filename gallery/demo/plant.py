"""Planting the demo garden, so that a new site does not begin with an empty wall."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gallery import studio
from gallery.actions.generators import sync_generators
from gallery.actions.printing import Print, delete_files, write_print
from gallery.actions.tagging import set_tags
from gallery.actions.tending import tend
from gallery.demo.beds import BEDS, GARDENERS, Bed, Gardener
from gallery.demo.looks import look_at
from gallery.demo.names import alt_text_of, tags_of, title_of
from gallery.demo.plan import Plant, arrange, choose_featured, plan_garden
from gallery.demo.words import describe
from gallery.models import Artwork, LineageEdge, Pick, State, User, Visibility
from gallery.search import index_words
from generation.refusal import Refused

FEATURED = 15
OLDEST, NEWEST = timedelta(days=34), timedelta(minutes=25)
ENGINES = 2


def plant_garden(
    *,
    seed: int,
    beds: Sequence[Bed] = BEDS,
    now: datetime | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> list[Artwork]:
    """Breed, print and publish a garden; the works in the order of publication.

    Everything follows from the seed, but for the dates, which count back from now. The files are
    written first and the rows in one transaction, so a garden is planted whole or not at all. The
    beds of species that are unavailable stay empty. Raises Refused when that is all of them, or
    this very garden stands here already. tell: called with how many works are printed, and how many
    there will be.
    """
    ready = {generator.key for generator in sync_generators() if generator.is_available}
    beds = [bed for bed in beds if bed.species in ready]
    if not beds:
        raise Refused(
            "No species is available that could be planted; see `manage.py sync_generators`."
        )
    prints: dict[str, Print] = {}
    try:
        plants = _print_all(seed, beds, prints, tell)
        with transaction.atomic():
            works = _publish(plants, prints, seed=seed, now=now or timezone.now())
    except BaseException:
        delete_files([name for made in prints.values() for name in made.names])
        raise
    tend()
    return works


def _print_all(
    seed: int, beds: Sequence[Bed], prints: dict[str, Print], tell: Callable[[int, int], None]
) -> list[Plant]:
    """Choose the plants, and print each while the next one is being chosen."""
    plants: list[Plant] = []
    waiting: list[tuple[Plant, Future]] = []
    total = sum(bed.works for bed in beds)
    with studio.bulk_engines(ENGINES) as engines:
        for number, plant in enumerate(plan_garden(seed, beds, look=look_at)):
            if Artwork.objects.filter(slug=plant.slug).exists():
                raise Refused(
                    "The garden of seed {seed} stands here already. Plant another one with --seed.",
                    seed=seed,
                )
            plants.append(plant)
            by = engines[number % len(engines)]
            frame = studio.render_artwork(
                plant.genome, size=settings.PRINT_SIZE, owner="planting", by=by
            )
            waiting.append((plant, frame))
            while waiting and waiting[0][1].done():
                _write(*waiting.pop(0), prints)
                tell(len(prints), total)
        for plant, frame in waiting:
            _write(plant, frame, prints)
            tell(len(prints), total)
    return plants


def _write(plant: Plant, frame: Future, prints: dict[str, Print]) -> None:
    mark = plant.genome.identity[:12]
    # Nobody's own pictures are among them, so none is looked at for what may not be shown.
    prints[plant.slug] = write_print(
        Artwork(slug=plant.slug), frame.result(), mark=mark, with_thumbnail=True, is_screened=False
    )


def _publish(
    plants: Sequence[Plant], prints: dict[str, Print], *, seed: int, now: datetime
) -> list[Artwork]:
    rng = np.random.default_rng([seed, 12])
    people = {gardener.username: settle(gardener, now) for gardener in GARDENERS}
    titles = _name_all(plants, rng)
    featured = {plant.slug for plant in choose_featured(plants, count=FEATURED)}
    works: dict[str, Artwork] = {}
    order = arrange(plants, rng=rng)
    for place, plant in enumerate(order):
        part = 1 - place / max(1, len(order) - 1)
        published_at = (
            now - NEWEST - OLDEST * part**1.3 - timedelta(seconds=int(rng.integers(0, 600)))
        )
        works[plant.slug] = _write_rows(
            plant,
            works,
            prints[plant.slug],
            author=people[plant.gardener.username],
            title=titles[plant.slug],
            description=_describe(plant, titles, rng),
            is_featured=plant.slug in featured,
            published_at=published_at,
        )
    shown = [work for work in works.values() if work.is_featured]
    Pick.objects.bulk_create(Pick(artwork=work, starts_at=work.published_at) for work in shown)
    return list(works.values())


def settle(gardener: Gardener, now: datetime) -> User:
    """The gardener's account. Nobody can log in to it; a person who has that name already keeps it
    for themselves.
    """
    username, number = gardener.username, 1
    while (
        user := User.objects.filter(username__iexact=username).first()
    ) and user.has_usable_password():
        number += 1
        username = f"{gardener.username}-{number}"
    if user is None:
        user = User(
            username=username,
            display_name=gardener.name,
            bio=gardener.bio,
            date_joined=now - OLDEST - NEWEST,
        )
        user.set_unusable_password()
        user.save()
    return user


def _name_all(plants: Sequence[Plant], rng: np.random.Generator) -> dict[str, str]:
    taken = set(Artwork.objects.values_list("title", flat=True)[:2000])
    titles = {}
    for plant in plants:
        titles[plant.slug] = title_of(plant.genome, plant.portrait, taken=taken, rng=rng)
        taken.add(titles[plant.slug])
    return titles


def _describe(plant: Plant, titles: dict[str, str], rng: np.random.Generator) -> str:
    roots = plant.pedigree.roots
    if not plant.pedigree.steps:
        return describe(None, parents=(), place=0, seed=int(roots[0].rsplit(":", 1)[-1]), rng=rng)
    recipe = plant.pedigree.steps[-1].recipe
    return describe(
        recipe, parents=[titles[root] for root in roots], place=plant.brood_place, seed=0, rng=rng
    )


def _write_rows(plant: Plant, works: dict[str, Artwork], made: Print, **fields) -> Artwork:
    artwork = Artwork.objects.create(
        slug=plant.slug,
        generator_id=plant.species,
        alt_text=alt_text_of(plant.genome, plant.portrait),
        licence=plant.licence,
        visibility=Visibility.PUBLIC,
        state=State.PUBLISHED,
        genome=plant.genome.to_json(),
        genome_identity=plant.genome.identity,
        pedigree=plant.pedigree.to_json(),
        novelty=plant.novelty,
        depth=plant.depth,
        **made.fields,
        **fields,
    )
    Artwork.objects.filter(pk=artwork.pk).update(
        created_at=artwork.published_at - timedelta(minutes=2)
    )
    LineageEdge.objects.bulk_create(
        LineageEdge(parent=works[slug], child=artwork, share=share, licence=works[slug].licence)
        for slug, share in plant.shares.items()
    )
    set_tags(artwork, tags_of(plant.genome, plant.portrait))
    index_words(artwork)
    return artwork
