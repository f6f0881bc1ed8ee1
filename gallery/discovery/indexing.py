"""Indexing the words of people and collections, so that they are found as works are."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

from gallery.models import Collection, User, text_index

CHUNK = 500
Row = TypeVar("Row", bound=Model)


def index_person(person: User) -> None:
    """Index a person's names and what they say of themselves, in place of what was indexed."""
    text_index.write([(person.pk, _text_of_person(person))], table=text_index.PEOPLE)


def index_collection(collection: Collection) -> None:
    """Index a collection's title and text, in place of what was indexed."""
    text_index.write(
        [(collection.pk, _text_of_collection(collection))], table=text_index.COLLECTIONS
    )


def index_new_rows() -> int:
    """Index people and collections that are newer than the newest one indexed; returns how many."""
    people = _index_newer(User.objects.all(), text_index.PEOPLE, _text_of_person)
    return people + _index_newer(
        Collection.objects.all(), text_index.COLLECTIONS, _text_of_collection
    )


def _index_newer(rows: QuerySet[Row], table: str, text_of: Callable[[Row], str]) -> int:
    last, done = text_index.last_key(table), 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        text_index.write(_texts(chunk, text_of), table=table)
        last, done = chunk[-1].pk, done + len(chunk)
    return done


def _texts(rows: Iterable[Row], text_of: Callable[[Row], str]) -> list[tuple[int, str]]:
    return [(row.pk, text_of(row)) for row in rows]


def _text_of_person(person: User) -> str:
    return f"{person.username} {person.display_name} {person.bio}"


def _text_of_collection(collection: Collection) -> str:
    return f"{collection.title} {collection.text}"


def unindex_person(person: User) -> None:
    """Remove a person from the index."""
    text_index.delete(person.pk, table=text_index.PEOPLE)


def unindex_deleted_collections() -> None:
    """Remove deleted collections from the index."""
    text_index.delete_orphans(Collection._meta.db_table, table=text_index.COLLECTIONS)
