"""Fills an empty database with many plausible works without rendering any.

Needs Django to be set up.
"""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from gallery.discovery.colours import SWATCHES
from gallery.models import (
    Artwork,
    Licence,
    Like,
    LineageEdge,
    Pick,
    Species,
    State,
    Tag,
    User,
    Visibility,
    text_index,
)
from gallery.species.actions import sync_species

AUTHORS = 50
GENES = 1633  # Of the species Patterns: 8.7 kB of JSON a work, which is what makes rows long.
RARE = "nautilus"
RARE_EVERY = 2_500
WORDS = (
    "ember",
    "tidal",
    "velvet",
    "paper",
    "quiet",
    "salt",
    "copper",
    "night",
    "glass",
    "winter",
    "honey",
    "moon",
)
VOCABULARY = 5_000  # Other words, in descriptions, with the frequencies of a language (Zipf).
DESCRIPTION_WORDS = 20
CHUNK = 5_000
FAMILY = 3_000  # The youngest works descend from each other.
KIN = 40  # A child's parents are among so many works before it.
LIKES = 3  # Of each work on average, with has_people.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def plant(count: int, *, index_words: Any, has_people: bool = False, times: int = 1) -> None:
    """Creates `count` works: nine in ten public, half tagged "common", some tagged "rare".

    index_words: called with (work, text) of every few thousand works. has_people: also three likes
    and two parents for each work. times: how many copies of each work there are; see `_repeat`.
    """
    sync_species()
    rng = np.random.default_rng(1)
    species = list(Species.objects.values_list("key", flat=True))
    authors = User.objects.bulk_create(
        User(username=f"gardener{number}") for number in range(AUTHORS)
    )
    common, rare = (Tag.objects.create(slug=name, name=name) for name in ("common", "rare"))
    vocabulary = [_invent(rng) for _ in range(VOCABULARY)]
    through = Artwork.tags.through
    for start in range(0, count, CHUNK):
        numbers = range(start, min(count, start + CHUNK))
        made = [_work(number, authors, species, vocabulary, rng) for number in numbers]
        works = Artwork.objects.bulk_create(made, batch_size=500)
        index_words(
            (work, f"{work.title} {work.description} {work.author.username}") for work in works
        )
        through.objects.bulk_create(
            [
                through(artwork=work, tag=tag)
                for tag, every in ((common, 2), (rare, 1_000))
                for work in works[::every]
            ],
            batch_size=5_000,
        )
    for number in range(1, times):
        _repeat(count, number)
    keys = np.array(Artwork.objects.order_by("pk").values_list("pk", flat=True))
    if has_people:
        picked = Artwork.objects.listed().filter(is_featured=True)
        Pick.objects.bulk_create(
            Pick(artwork=work, starts_at=work.published_at) for work in picked.only("published_at")
        )
        _relate(keys, rng)
        _like(keys, authors, rng)
    else:
        _relate(keys[-FAMILY:], rng)


def _invent(rng: np.random.Generator) -> str:
    return "".join(
        rng.choice(list("bdfgklmnprst")) + rng.choice(list("aeiou"))
        for _ in range(int(rng.integers(2, 5)))
    )


def _work(
    number: int,
    authors: list[User],
    species: list[str],
    vocabulary: list[str],
    rng: np.random.Generator,
) -> Artwork:
    first, second = rng.choice(len(WORDS), 2, replace=False)
    words = [WORDS[first], WORDS[second], *([RARE] if number % RARE_EVERY == 0 else [])]
    genes = base64.b64encode(rng.bytes(GENES * 4)).decode()
    zipf = np.minimum(rng.zipf(1.3, DESCRIPTION_WORDS), VOCABULARY) - 1
    colour = list(SWATCHES)[int(rng.integers(len(SWATCHES)))]
    moment = BEGINNING + timedelta(seconds=int(number))
    return Artwork(
        author=authors[number % AUTHORS],
        species_id=species[int(rng.zipf(1.6)) % len(species)],
        title=" ".join(words).capitalize(),
        description=" ".join(vocabulary[place] for place in zipf),
        genome={"generator": "patterns", "genes": genes},
        genome_identity=f"{number:064x}",
        state=State.PUBLISHED,
        licence=Licence.values[int(rng.integers(len(Licence.values)))],
        visibility=Visibility.PRIVATE if number % 10 == 9 else Visibility.PUBLIC,
        is_featured=number % 40 == 0,
        master="works/x/master.png",
        thumbnail="works/x/thumbnail.webp",
        width=1024,
        height=1024,
        accent=SWATCHES[colour],
        colour=colour,
        published_at=moment,
        mix=moment.timestamp(),
        depth=int(rng.geometric(0.3)) - 1,
    )


def _repeat(count: int, number: int) -> None:
    """The works once more, with their tags and words, under ids and at moments behind all others.
    SQLite alone, which copies ten times as fast as works are invented.
    """
    shift = count * number
    quote, through = connection.ops.quote_name, Artwork.tags.through._meta.db_table
    changed = {
        "id": f"id + {shift}",
        "slug": f"slug || 'x{number}'",
        "mix": f"mix + {shift}",
        "published_at": f"datetime(published_at, '+{shift} seconds')",
    }
    columns = [field.column for field in Artwork._meta.concrete_fields]
    taken = ", ".join(changed.get(column, quote(column)) for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Artwork._meta.db_table} ({', '.join(map(quote, columns))}) "
            f"SELECT {taken} FROM {Artwork._meta.db_table} WHERE id <= {count}"
        )
        cursor.execute(
            f"INSERT INTO {through} (artwork_id, tag_id) "
            f"SELECT artwork_id + {shift}, tag_id FROM {through} WHERE artwork_id <= {count}"
        )
        cursor.execute(
            f"INSERT INTO {text_index.TABLE} (rowid, words) "
            f"SELECT rowid + {shift}, words FROM {text_index.TABLE} WHERE rowid <= {count}"
        )


def _relate(family: np.ndarray, rng: np.random.Generator) -> None:
    """Two parents for every work but the oldest, among the KIN before it."""
    edges = []
    for place in range(KIN // 2, len(family)):
        for parent in rng.choice(np.arange(max(0, place - KIN), place), 2, replace=False):
            edges.append(
                LineageEdge(parent_id=int(family[parent]), child_id=int(family[place]), share=0.5)
            )
        if len(edges) >= CHUNK:
            LineageEdge.objects.bulk_create(edges)
            edges = []
    LineageEdge.objects.bulk_create(edges)


def _like(keys: np.ndarray, authors: list[User], rng: np.random.Generator) -> None:
    """LIKES for each work on average, most of them of a few works, within the last 100 days."""
    people = User.objects.bulk_create(User(username=f"visitor{number}") for number in range(1_000))
    users = np.array([user.pk for user in [*authors, *people]])
    ranks = rng.pareto(1.2, 2 * LIKES * len(keys)) * len(keys) / 40
    popular = rng.permutation(keys)[np.minimum(len(keys) - 1, ranks).astype(int)]
    pairs = np.unique(np.column_stack([rng.choice(users, len(popular)), popular]), axis=0)
    pairs = rng.permutation(pairs)[: LIKES * len(keys)]
    days = rng.exponential(20, len(pairs))
    rows = [
        (int(user), int(work), BEGINNING + timedelta(days=150) - timedelta(days=float(day)))
        for (user, work), day in zip(pairs, days, strict=True)
    ]
    _insert_likes(rows)


def _insert_likes(rows: Iterable[tuple[int, int, datetime]]) -> None:
    """By plain SQL: `created_at` of the model is the moment of writing."""
    table = connection.ops.quote_name(Like._meta.db_table)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (user_id, artwork_id, created_at) VALUES (%s, %s, %s)",
            [(user, work, adapt(moment)) for user, work, moment in rows],
        )
