"""Indexing the words of works in gallery.models.text_index, and narrowing walls by a relation."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from gallery.models import Artwork, User, text_index
from gallery.models.artwork import ArtworkQuerySet
from gallery.models.text_index import MANY

CHUNK = 500


def index_words(artwork: Artwork) -> None:
    """Index a work's title, tags, description and maker, in place of what was indexed."""
    text_index.write([(artwork.pk, _text_of(artwork))])


def index_works_of(user: User) -> None:
    """Reindex all works of a person, after they changed their name."""
    index_all(Artwork.objects.filter(author=user))


def index_all(works: QuerySet[Artwork]) -> None:
    """Reindex these works, a chunk at a time."""
    for chunk in _chunks(
        works.select_related("author").defer("genome", "pedigree").prefetch_related("tags")
    ):
        text_index.write((work.pk, _text_of(work)) for work in chunk)


def unindex_words(artwork: Artwork) -> None:
    """Remove a work from the index."""
    text_index.delete(artwork.pk)


def unindex_deleted() -> None:
    """Remove deleted works from the index."""
    text_index.delete_orphans(Artwork._meta.db_table)


def _text_of(artwork: Artwork) -> str:
    tags = " ".join(tag.name for tag in artwork.tags.all())
    maker = artwork.author
    return f"{artwork.title} {tags} {maker.username} {maker.display_name} {artwork.description}"


def _chunks(works: QuerySet[Artwork]) -> Iterator[list[Artwork]]:
    """The works in chunks, by id."""
    last = 0
    while chunk := list(works.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def narrow_to_words(works: ArtworkQuerySet, query: str) -> tuple[ArtworkQuerySet, bool]:
    """The works that match a query, and whether they are so few that they can be counted."""
    few = text_index.find(query)
    if len(few) < MANY:
        return works.filter(pk__in=few), True
    return works.matching(query), False


def narrow(works: ArtworkQuerySet, rows: QuerySet[Any]) -> ArtworkQuerySet:
    """The works to which one of `rows`, by its column artwork, refers.

    A first query, limited to MANY, decides the plan. Few works are fetched and sorted. With many,
    the database reads along the order of the wall and tests each work, which soon fills a page: of
    100,000 works, a tag on half of them took 3 ms instead of 360.
    """
    if len(rows.values_list("artwork_id")[:MANY]) < MANY:
        return works.filter(pk__in=rows.values("artwork"))
    return works.filter(Exists(rows.filter(artwork=OuterRef("pk"))))


def search(query: str, works: ArtworkQuerySet) -> ArtworkQuerySet:
    """The works that match the query (`ArtworkQuerySet.matching`), newest first."""
    return works.matching(query).order_by("-published_at", "-pk")
