"""Fills an empty database with many plausible works, quickly: no picture is drawn. Needs Django to be set up."""

import base64
from datetime import UTC, datetime, timedelta

import numpy as np

from gallery.actions.generators import sync_generators
from gallery.models import Artwork, ArtworkWord, LineageEdge, State, Tag, User, Visibility

AUTHORS = 50
GENES = 1633  # Of the species Patterns: 8.7 kB of JSON a work, which is what makes rows long.
RARE = "nautilus"
RARE_EVERY = 2_500
WORDS = ("ember", "tidal", "velvet", "paper", "quiet", "salt", "copper", "night", "glass", "winter", "honey", "moon")
CHUNK = 5_000
FAMILY = 3_000  # The youngest works descend from each other.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def plant(count: int) -> None:
    """`count` works: nine in ten public, each with words, one in two under the tag "common", some under "rare"."""
    sync_generators()
    rng = np.random.default_rng(1)
    authors = User.objects.bulk_create(User(username=f"gardener{number}") for number in range(AUTHORS))
    common, rare = (Tag.objects.create(slug=name, name=name) for name in ("common", "rare"))
    for start in range(0, count, CHUNK):
        numbers = range(start, min(count, start + CHUNK))
        works = Artwork.objects.bulk_create((_work(number, authors, rng) for number in numbers), batch_size=500)
        ArtworkWord.objects.bulk_create(
            (ArtworkWord(artwork=work, word=word) for work in works for word in work.title.lower().split()), batch_size=5_000
        )
        through = Artwork.tags.through
        through.objects.bulk_create(
            [through(artwork=work, tag=tag) for tag, every in ((common, 2), (rare, 1_000)) for work in works[::every]],
            batch_size=5_000,
        )
    _relate(rng)


def _work(number: int, authors: list[User], rng: np.random.Generator) -> Artwork:
    first, second = rng.choice(len(WORDS), 2, replace=False)
    words = [WORDS[first], WORDS[second], *([RARE] if number % RARE_EVERY == 0 else [])]
    genes = base64.b64encode(rng.bytes(GENES * 4)).decode()
    return Artwork(
        author=authors[number % AUTHORS], generator_id="patterns", title=" ".join(words).capitalize(),
        genome={"generator": "patterns", "genes": genes}, genome_identity=f"{number:064x}", state=State.PUBLISHED,
        visibility=Visibility.PRIVATE if number % 10 == 9 else Visibility.PUBLIC, is_featured=number % 40 == 0,
        master="works/x/master.png", thumbnail="works/x/thumbnail.webp", width=1024, height=1024, accent="#406080",
        published_at=BEGINNING + timedelta(seconds=int(number)),
    )


def _relate(rng: np.random.Generator) -> None:
    family = list(Artwork.objects.order_by("-pk").values_list("pk", flat=True)[:FAMILY])[::-1]
    edges = []
    for place in range(20, len(family)):
        for parent in rng.choice(np.arange(max(0, place - 40), place), 2, replace=False):
            edges.append(LineageEdge(parent_id=family[int(parent)], child_id=family[place], share=0.5))
    LineageEdge.objects.bulk_create(edges, batch_size=5_000)
