"""What of a work is found by words (gallery.models.text_index has the index itself), and walls narrowed by
a table of relations.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet

from gallery.models import Artwork, User, text_index
from gallery.models.text_index import MANY

CHUNK = 500


def index_words(artwork: Artwork) -> None:
    """Index the words of a work's title, tags, description and maker, in place of those that were
    there.
    """
    text_index.write([(artwork.pk, _text_of(artwork))])


def index_works_of(user: User) -> None:
    """Index all works of a person again, after they changed their name."""
    index_all(Artwork.objects.filter(author=user))


def index_all(works: QuerySet) -> None:
    """Index these works again, a chunk at a time."""
    for chunk in _chunks(
        works.select_related("author").defer("genome", "pedigree").prefetch_related("tags")
    ):
        text_index.write((work.pk, _text_of(work)) for work in chunk)


def unindex_words(artwork: Artwork) -> None:
    """Take a work out of the index."""
    text_index.delete(artwork.pk)


def unindex_deleted() -> None:
    """Take out of the index what is left of deleted works."""
    text_index.delete_orphans(Artwork._meta.db_table)


def _text_of(artwork: Artwork) -> str:
    tags = " ".join(tag.name for tag in artwork.tags.all())
    maker = artwork.author
    return f"{artwork.title} {tags} {maker.username} {maker.display_name} {artwork.description}"


def _chunks(works: QuerySet) -> Iterator[Iterable[Artwork]]:
    last = 0
    while chunk := list(works.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def narrow(works: QuerySet, rows: QuerySet) -> QuerySet:
    """The works that one of `rows` (with a column artwork) names. One small query decides how the
    database shall look.

    Few rows are fetched and sorted. For many it walks along the wall, newest first, and asks of
    each work whether a row names it; that soon fills a page. At 100,000 works a tag on half of them
    took 360 ms fetched and sorted, and 3 ms walked.
    """
    if len(rows.values_list("artwork_id")[:MANY]) < MANY:
        return works.filter(pk__in=rows.values("artwork"))
    return works.filter(Exists(rows.filter(artwork=OuterRef("pk"))))


def search(query: str, works: QuerySet) -> QuerySet:
    """The works of a queryset that have all words of the query, the last one also as a beginning;
    newest first.
    """
    return works.matching(query).order_by("-published_at", "-pk")
