"""Publishes works of the demo garden one after the other, and in the end arranges them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from gallery.artworks.printing import Print
from gallery.demo.history import publication_date
from gallery.demo.people import ensure_account
from gallery.demo.plan import PlannedWork
from gallery.demo.publication import arrange, choose_featured
from gallery.demo.words import alt_text_for, choose_title, describe, tags_for
from gallery.discovery.figures import initial_rankings, recount_children
from gallery.discovery.search import index_words
from gallery.discovery.tags import set_tags
from gallery.models import Artwork, LineageEdge, Pick, State, Visibility

FEATURED = 15
COMPARED_TITLES = 2000  # Titles on the site that are not used again.
BETWEEN = timedelta(minutes=2)  # From the first click on Publish to the finished print.


def publish_work(
    planned: PlannedWork, made: Print, *, seed: int, place: int, total: int, now: datetime
) -> Artwork | None:
    """Publish a printed work in one transaction; None if one of its parents was deleted meanwhile.

    place: its place in the plan of `total` works, by which its date counts back from now. Titles,
    texts and dates follow from the seed and the place alone, so a garden that is interrupted grows
    as one that is not.
    """
    rng = np.random.default_rng([seed, 12, place])
    delay = timedelta(seconds=int(rng.integers(0, 600)))
    published_at = publication_date(1 - place / max(1, total - 1), now=now) - delay
    with transaction.atomic():
        taken = set(Artwork.objects.values_list("title", flat=True)[:COMPARED_TITLES])
        parents = {
            work.slug: work for work in Artwork.objects.filter(slug__in=list(planned.shares))
        }
        if len(parents) < len(planned.shares):
            return None
        work = _save_work(
            planned,
            parents,
            author=ensure_account(planned.maker, now=now),
            title=planned.title
            or choose_title(planned.genome, planned.portrait, taken=taken, rng=rng),
            description=_describe(planned, rng),
            published_at=published_at,
            **made.fields,
        )
        recount_children(parents.values())
    return work


def arrange_garden(planned: Sequence[PlannedWork], *, seed: int, now: datetime) -> None:
    """Give the grown works the order that suits them side by side, and feature the best.

    Works that are gone meanwhile are left out. Doing it twice does no harm.
    """
    rng = np.random.default_rng([seed, 12])
    works = Artwork.objects.in_bulk([each.slug for each in planned], field_name="slug")
    ordered = arrange([each for each in planned if each.slug in works], rng=rng)
    featured = {each.slug for each in choose_featured(ordered, count=FEATURED)}
    with transaction.atomic():
        for place, each in enumerate(ordered):
            age = 1 - place / max(1, len(ordered) - 1)
            delay = timedelta(seconds=int(rng.integers(0, 600)))
            work = works[each.slug]
            work.published_at = publication_date(age, now=now) - delay
            work.created_at = work.published_at - BETWEEN
            work.is_featured = each.slug in featured
        Artwork.objects.bulk_update(
            works.values(), ["published_at", "created_at", "is_featured"], batch_size=100
        )
        picked = set(
            Pick.objects.filter(artwork__in=works.values()).values_list("artwork_id", flat=True)
        )
        Pick.objects.bulk_create(
            Pick(artwork=work, starts_at=work.published_at)
            for work in works.values()
            if work.is_featured and work.published_at and work.pk not in picked
        )


def _describe(work: PlannedWork, rng: np.random.Generator) -> str:
    roots, steps = work.pedigree.roots, work.pedigree.steps
    titles = dict(Artwork.objects.filter(slug__in=roots).values_list("slug", "title"))
    return describe(
        steps[-1].recipe if steps else None,
        parents=[titles[root] for root in roots if root in titles] if steps else (),
        seedling=work.seedling,
        seed=0 if steps else int(roots[0].rsplit(":", 1)[-1]),
        rng=rng,
    )


def _save_work(
    planned: PlannedWork, works: Mapping[str, Artwork], *, published_at: datetime, **fields: Any
) -> Artwork:
    """Save a published work. works: all its ancestors by slug; fields: its other columns."""
    artwork = Artwork(
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
    initial_rankings(artwork)
    artwork.save()
    Artwork.objects.filter(pk=artwork.pk).update(created_at=published_at - BETWEEN)
    LineageEdge.objects.bulk_create(
        LineageEdge(parent=works[slug], child=artwork, share=share, licence=works[slug].licence)
        for slug, share in planned.shares.items()
    )
    set_tags(artwork, tags_for(planned.genome, planned.portrait))
    index_words(artwork)
    return artwork
