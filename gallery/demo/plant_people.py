"""Plants the people of the demo garden: their accounts, likes, follows, comments and collections.

Nobody can log in to these accounts, so nobody is notified.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.utils import timezone

from gallery.demo.evaluation import evaluate_pixels
from gallery.demo.facts import Facts, collect_facts
from gallery.demo.history import save_dated, soon_after
from gallery.demo.people import CURATOR, PEOPLE, ensure_account
from gallery.demo.plan import random_slug
from gallery.demo.plant_collections import (
    COLLECTIONS,
    plant_collections,
    plant_exhibitions,
    write_pick_notes,
)
from gallery.demo.plant_licences import vary_licences
from gallery.demo.talk import plant_comments
from gallery.demo.words import english_slug
from gallery.maintenance import refresh_rankings
from gallery.models import Artwork, Collection, Follow, Like, LineageEdge, Role, User
from generation.codecs.image import read_image

MIN_LIKES, MAX_LIKES = 8, 75  # By one person.
FOLLOWS = (3, 10)  # By one person; the second number is excluded.
BEAUTY_WEIGHT = 0.6
TASTE_FACTOR = 3.0  # How much more likely people are to like what is to their taste.


def plant_people(works: Iterable[Artwork], *, seed: int, now: datetime | None = None) -> int:
    """Let people use the garden, and return their number; 0 where there are no works or they did.

    works: those of the demo garden. Everything follows from the works and the random seed, except
    for the dates, which count back from now.
    """
    now = now or timezone.now()
    rng = np.random.default_rng([seed, 31])
    slugs = [random_slug(rng) for _ in range(len(COLLECTIONS) + 2)]
    facts = _read_facts(works)
    if not facts or Collection.objects.filter(slug__in=slugs).exists():
        return 0
    with transaction.atomic():
        people = {name: ensure_account(person, now=now) for name, person in PEOPLE.items()}
        curator = people[CURATOR.username]
        curator.role = Role.CURATOR
        curator.save(update_fields=["role"])
        vary_licences(facts, rng)
        likes = _plant_likes(facts, people=people, now=now, rng=rng)
        _plant_follows(facts, people=people, now=now, rng=rng)
        plant_comments(facts, people=people, likes=likes, now=now, rng=rng)
        plant_collections(facts, people=people, likes=likes, slugs=slugs[2:], now=now, rng=rng)
        plant_exhibitions(facts, curator=curator, likes=likes, slugs=slugs[:2], now=now)
        write_pick_notes(facts, curator=curator)
    refresh_rankings()
    return len(people)


def _read_facts(works: Iterable[Artwork]) -> list[Facts]:
    ids = [work.pk for work in works]
    found = Artwork.objects.filter(pk__in=ids).select_related("author", "species")
    tags: dict[int, list[str]] = {}
    links = Artwork.tags.through.objects.filter(artwork__in=ids)
    for work_id, tag in links.values_list("artwork", "tag__slug"):
        tags.setdefault(work_id, []).append(english_slug(tag))
    edges = LineageEdge.objects.filter(child__in=ids).values_list("parent", "child", "share")
    return collect_facts(list(found.order_by("published_at", "slug")), tags=tags, edges=list(edges))


def _plant_likes(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    now: datetime,
    rng: np.random.Generator,
) -> Counter[int]:
    """Save likes, unevenly spread over works and people; their number by the id of the work."""
    popularity = np.array(
        [(1 + one.descendants) ** 0.6 * (2 if one.work.is_featured else 1) for one in facts]
    )
    popularity *= np.exp(BEAUTY_WEIGHT * _relative_beauty(facts))
    popularity *= np.exp(0.9 * rng.standard_normal(len(facts)))
    rows: list[Like] = []
    dates: list[datetime] = []
    for name, user in people.items():
        taste = set(PEOPLE[name].liked_tags)
        weights = popularity * [TASTE_FACTOR if one.tags & taste else 1.0 for one in facts]
        weights *= [one.work.author_id != user.pk for one in facts]
        size = int(np.clip(rng.lognormal(3.3, 0.7), MIN_LIKES, MAX_LIKES))
        size = min(size, int(np.count_nonzero(weights)))
        for place in rng.choice(len(facts), size=size, replace=False, p=weights / weights.sum()):
            rows.append(Like(user=user, artwork=facts[place].work))
            dates.append(soon_after(facts[place].published_at, days=6, now=now, rng=rng))
    save_dated(rows, dates)
    return Counter(row.artwork_id for row in rows)


def _relative_beauty(facts: Sequence[Facts]) -> np.ndarray:
    """Beauty within the species, in standard deviations [works]; 0 for works without a picture."""
    species = np.array([one.work.species_id for one in facts])
    beauty = np.full(len(facts), np.nan)
    for place, one in enumerate(facts):
        if one.work.thumbnail and not one.work.is_music:
            with one.work.thumbnail.open("rb") as file:
                pixels = read_image(file.read())
            kind = one.work.species_id
            beauty[place], _ = evaluate_pixels(pixels, kind=kind, has_figure=kind != "patterns")
    for kind in set(species):
        same = (species == kind) & ~np.isnan(beauty)
        if same.any():
            spread = max(1e-6, beauty[same].std())
            beauty[same] = (beauty[same] - beauty[same].mean()) / spread
    return np.nan_to_num(beauty)


def _plant_follows(
    facts: Sequence[Facts],
    *,
    people: Mapping[str, User],
    now: datetime,
    rng: np.random.Generator,
) -> None:
    """Let everybody follow a few people, mostly makers of works that are to their taste."""
    rows: list[Follow] = []
    dates: list[datetime] = []
    for name, user in people.items():
        taste = set(PEOPLE[name].liked_tags)
        liked_works = Counter(one.work.author_id for one in facts if one.tags & taste)
        others = [other for other in people.values() if other.pk != user.pk]
        weights = np.array([1.0 + liked_works[other.pk] for other in others])
        size = min(len(others), int(rng.integers(*FOLLOWS)))
        for place in rng.choice(len(others), size=size, replace=False, p=weights / weights.sum()):
            rows.append(Follow(follower=user, followed=others[place]))
            dates.append(soon_after(user.date_joined, days=12, now=now, rng=rng))
    save_dated(rows, dates)
