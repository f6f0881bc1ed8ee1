"""Planting the people of the demo garden: what they like, whom they follow, what they say and what
they put together.

Rows are written as they would stand after some weeks, with the dates of those weeks; nobody is told
anything, because nobody can log in to these accounts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import models, transaction
from django.utils import timezone

from gallery.actions.tending import tend
from gallery.demo.beds import GARDENERS
from gallery.demo.collections import COLLECTIONS
from gallery.demo.facts import Facts, gather
from gallery.demo.looks import judge
from gallery.demo.people import CURATOR, NEIGHBOURS, TASTES
from gallery.demo.plant import NEWEST, settle
from gallery.demo.plant_collections import collect, exhibit, note_picks
from gallery.demo.plant_licences import vary_terms
from gallery.demo.talk import REMARKS, Remark
from gallery.demo.tunes import MUSICIANS
from gallery.models import Artwork, Collection, Comment, Follow, Like, LineageEdge, Role, User
from generation.codecs.image import read_image

FEWEST_LIKES, MOST_LIKES = 8, 75  # By one person.
BEAUTY_WEIGHT = 0.6
KEEN = 3.0  # How much readier people are to like what is to their taste.
MOST_THREADS = 3  # Under one work.
FOLLOWED_A_PERSON = (3, 10)


def plant_people(works: Iterable[Artwork], *, seed: int, now: datetime | None = None) -> int:
    """Let people live in a planted garden; how many there are. Nothing, and 0, where they do
    already.

    works: those that were planted. Everything follows from the seed and the works, but for the
    dates, which count back from now.
    """
    now = now or timezone.now()
    rng = np.random.default_rng([seed, 31])
    slugs = [_slug(rng) for _ in range(len(COLLECTIONS) + 2)]
    facts = _read_facts(works)
    if not facts or Collection.objects.filter(slug__in=slugs).exists():
        return 0
    with transaction.atomic():
        people = _settle_all(now)
        vary_terms(facts, rng)
        likes = _like(facts, people=people, now=now, rng=rng)
        _follow(facts, people=people, now=now, rng=rng)
        _talk(facts, people=people, likes=likes, now=now, rng=rng)
        collect(facts, people=people, likes=likes, slugs=slugs[2:], now=now, rng=rng)
        exhibit(facts, people=people, likes=likes, slugs=slugs[:2], now=now)
        note_picks(facts, curator=people[CURATOR.username])
    tend()
    return len(people)


def _slug(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz23456789"), 12))


def _read_facts(works: Iterable[Artwork]) -> list[Facts]:
    keys = [work.pk for work in works]
    found = list(
        Artwork.objects.filter(pk__in=keys)
        .select_related("author", "generator")
        .order_by("published_at", "slug")
    )
    tags: dict[int, list[str]] = {}
    for key, tag in Artwork.tags.through.objects.filter(artwork__in=keys).values_list(
        "artwork", "tag__slug"
    ):
        tags.setdefault(key, []).append(tag)
    edges = LineageEdge.objects.filter(child__in=keys).values_list("parent", "child", "share")
    return gather(found, tags=tags, edges=list(edges))


def _settle_all(now: datetime) -> dict[str, User]:
    """Everybody by the name that the data of the garden calls them; their own may differ, see
    `settle`.
    """
    gardeners = {gardener.username: gardener for gardener in (*GARDENERS, *MUSICIANS, *NEIGHBOURS)}
    people = {name: settle(gardener, now) for name, gardener in gardeners.items()}
    curator = people[CURATOR.username]
    curator.role = Role.CURATOR
    curator.save(update_fields=["role"])
    return people


def _like(
    facts: Sequence[Facts], *, people: dict[str, User], now: datetime, rng: np.random.Generator
) -> Counter[int]:
    """Likes of very unequal works by very unequal people; how many each work got, by id."""
    appeal = np.array(
        [(1 + one.descendants) ** 0.6 * (2 if one.work.is_featured else 1) for one in facts]
    )
    appeal *= np.exp(BEAUTY_WEIGHT * _beauties(facts))
    appeal *= np.exp(0.9 * rng.standard_normal(len(facts)))
    rows, moments = [], []
    for name, user in people.items():
        tastes = set(TASTES[name])
        pull = appeal * [KEEN if one.tags & tastes else 1.0 for one in facts]
        pull *= [one.work.author_id != user.pk for one in facts]
        many = int(np.clip(rng.lognormal(3.3, 0.7), FEWEST_LIKES, MOST_LIKES))
        liked = rng.choice(
            len(facts), size=min(many, np.count_nonzero(pull)), replace=False, p=pull / pull.sum()
        )
        for place in liked:
            rows.append(Like(user=user, artwork=facts[place].work))
            moments.append(_soon_after(facts[place].work.published_at, days=6, now=now, rng=rng))
    _write(rows, moments)
    return Counter(row.artwork_id for row in rows)


def _beauties(facts: Sequence[Facts]) -> np.ndarray:
    """How much more beautiful each work is than others of its species, in standard deviations
    [works]; 0 without a picture.
    """
    beauties = np.full(len(facts), np.nan)
    for place, one in enumerate(facts):
        if one.work.thumbnail and not one.work.is_music:
            with one.work.thumbnail.open("rb") as file:
                pixels = read_image(file.read())
            species = one.work.generator_id
            beauties[place], _portrait = judge(
                pixels, kind=species, is_figure=species != "patterns"
            )
    for species in {one.work.generator_id for one in facts}:
        same = np.array([one.work.generator_id == species for one in facts]) & ~np.isnan(beauties)
        if same.any():
            beauties[same] = (beauties[same] - beauties[same].mean()) / max(
                1e-6, beauties[same].std()
            )
    return np.nan_to_num(beauties)


def _soon_after(
    moment: datetime, *, days: float, now: datetime, rng: np.random.Generator
) -> datetime:
    """Some time after a moment, mostly within so many days, and in the past."""
    left = (now - moment) / timedelta(days=1)
    return moment + timedelta(
        days=min(float(rng.exponential(days)), left * float(rng.uniform(0.1, 0.95)))
    )


def _follow(
    facts: Sequence[Facts], *, people: dict[str, User], now: datetime, rng: np.random.Generator
) -> None:
    """Everybody follows a few people: those whose works are to their taste, and now and then
    somebody who only looks.
    """
    rows, moments = [], []
    for name, user in people.items():
        tastes = set(TASTES[name])
        shared = Counter(one.work.author_id for one in facts if one.tags & tastes)
        others = [other for other in people.values() if other.pk != user.pk]
        pull = np.array([1.0 + shared[other.pk] for other in others])
        many = min(len(others), int(rng.integers(*FOLLOWED_A_PERSON)))
        for place in rng.choice(len(others), size=many, replace=False, p=pull / pull.sum()):
            rows.append(Follow(follower=user, followed=others[place]))
            moments.append(_soon_after(user.date_joined, days=12, now=now, rng=rng))
    _write(rows, moments)


def _talk(
    facts: Sequence[Facts],
    *,
    people: dict[str, User],
    likes: Counter[int],
    now: datetime,
    rng: np.random.Generator,
) -> None:
    """Every remark under one work that it fits, rather under a well-liked one; answers follow
    within hours.
    """
    threads: Counter[int] = Counter()
    said: list[tuple[datetime, Remark, Facts]] = []
    for remark in REMARKS:
        by = people[remark.by]
        fitting = [
            one
            for one in facts
            if remark.fits.covers(one)
            and one.work.author_id != by.pk
            and threads[one.work.pk] < MOST_THREADS
            and one.can_say(remark.text, remark.answer, remark.then, also="friend")
        ]
        if not fitting:
            continue
        pull = np.array(
            [(1 + likes[one.work.pk]) ** 2 * (1 + threads[one.work.pk]) for one in fitting], float
        )
        one = fitting[int(rng.choice(len(fitting), p=pull / pull.sum()))]
        threads[one.work.pk] += 1
        since = (
            one.children[remark.fits.children - 1].work.published_at
            if remark.fits.children
            else one.work.published_at
        )
        said.append((_soon_after(since, days=4, now=now - NEWEST / 2, rng=rng), remark, one))
    for moment, remark, one in sorted(said, key=lambda each: each[0]):
        _say(remark, one, people=people, at=moment, now=now, rng=rng)


def _say(
    remark: Remark,
    one: Facts,
    *,
    people: dict[str, User],
    at: datetime,
    now: datetime,
    rng: np.random.Generator,
) -> None:
    by = people[remark.by]
    friend = _friend(remark, one, people)
    words = one.words | {"friend": friend.username}
    answering = friend if remark.answers_by == "friend" else one.work.author
    speakers = (by, answering, by)
    first = None
    for speaker, text in zip(speakers, (remark.text, remark.answer, remark.then), strict=True):
        if text:
            comment = Comment(
                artwork=one.work, author=speaker, parent=first, text=text.format(**words)
            )
            _write([comment], [at])
            first = first or comment
            at = _soon_after(at, days=0.2, now=now, rng=rng)


def _friend(remark: Remark, one: Facts, people: dict[str, User]) -> User:
    """Whoever else has most taste for this work, and neither says it nor made it."""
    others = {
        name: user
        for name, user in people.items()
        if name != remark.by and user.pk != one.work.author_id
    }
    return others[max(others, key=lambda name: len(one.tags & set(TASTES[name])))]


def _write(rows: Sequence[models.Model], moments: Sequence[datetime]) -> None:
    """Write rows in the order of their moments, which become their `created_at`."""
    if not rows:
        return
    pairs = sorted(zip(moments, rows, strict=True), key=lambda pair: pair[0])
    in_order = [row for _moment, row in pairs]
    kind = type(in_order[0])
    kind.objects.bulk_create(in_order)
    for moment, row in pairs:  # A row that is made is dated today, whatever it says.
        row.created_at = moment
    kind.objects.bulk_update(in_order, ["created_at"], batch_size=500)
