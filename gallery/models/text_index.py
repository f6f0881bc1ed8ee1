"""The full-text index of works: FTS5 on SQLite, a tsvector under a GIN index on PostgreSQL, behind
the same few functions.

It is a table `gallery_artworktext` that Django knows nothing of (made by a migration): the words of
a work under its id. The words are cut and folded here, not by the database, so that both find the
same: lower case, accents off, and Chinese, Japanese and Korean text in pairs of characters, because
it has no spaces between its words. No FTS5 feature needs more than 3.40.

Measured on SQLite at 100,000 works against a plain table with a row a word, which this replaced: 16
MB instead of 134, 40 times quicker to write; a rare word 0.1 ms on both, two words 9 ms instead of
38; a word on every sixth work 4 ms instead of 0.1 and one on every work 26 ms, which is well within
the 60 ms that a page may take (`python -m benchmarks discovery` measures pages).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import BigIntegerField, F, Func, QuerySet
from django.db.models.expressions import RawSQL

TABLE = "gallery_artworktext"
MAX_WORD = 40
MAX_WORDS = 400  # Of a work; a title and a long description stay far below.
MAX_QUERY_WORDS = 6
# From so many works on it is quicker to walk along the wall than to fetch and sort all of them.
MANY = 500
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_VOICED = "\u3099\u309a"  # The marks of Japanese syllables tell words apart; they are no accents.


class Walked(Func):
    """A column that no index is to be looked up by: the database then walks along another one and
    asks of each row.
    """

    template = "+%(expressions)s"
    arity = 1


def fold(text: str) -> list[str]:
    """The different words of a text, lower case and without accents, in their order."""
    return list(dict.fromkeys(word[:MAX_WORD] for word in _words(text)))


def read_terms(text: str) -> list[str]:
    """The different terms under which a text is indexed, in their order."""
    return list(dict.fromkeys(part for run in _runs(text) for part in _cut(run, is_query=False)))


def read_query(query: str) -> list[str]:
    """The terms of a query, the last one a beginning."""
    return list(dict.fromkeys(part for run in _runs(query) for part in _cut(run, is_query=True)))[
        :MAX_QUERY_WORDS
    ]


def _runs(text: str) -> list[str]:
    return [run for word in _words(text) for run in _RUN.findall(word)]


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(
        letter for letter in decomposed if letter in _VOICED or not unicodedata.combining(letter)
    )
    return _WORD.findall(unicodedata.normalize("NFC", bare))


def _cut(run: str, *, is_query: bool) -> list[str]:
    """A word as it is, a run of unspaced script as its pairs, and its last character alone (a query
    for it is a beginning).
    """
    if not re.match(f"[{_UNSPACED}]", run):
        return [run[:MAX_WORD]]
    pairs = [run[place : place + 2] for place in range(len(run) - 1)]
    return pairs or [run] if is_query else [*pairs, run[-1]]


def write(rows: Iterable[tuple[int, str]]) -> None:
    """Index works anew: pairs of id and all their text."""
    folded = [(key, read_terms(text)[:MAX_WORDS]) for key, text in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} (id, words) VALUES (%s, array_to_tsvector(%s::text[])) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                folded,
            )
        else:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key, _ in folded]
            )
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",
                [(key, " ".join(words)) for key, words in folded],
            )


def forget(key: int) -> None:
    """Take a work out of the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {_key()} = %s", [key])


def forget_removed(table: str) -> None:
    """Take out what is left of works that are gone from their table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {_key()} NOT IN (SELECT id FROM {table})")


def narrow(works: QuerySet, query: str) -> QuerySet:
    """The works that have all words of the query, the last one also as a beginning. One small query
    decides how to look.

    Few are found by it already; they are fetched by their ids and sorted. Among many the database
    walks along the order of the wall, and asks of each work whether it is among them; that soon
    fills a page. A query without any letter or digit finds nothing.
    """
    words = read_query(query)
    if not words:
        return works.none()
    statement, parameters = _select(words)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {MANY}", parameters)
        few = [key for (key,) in cursor.fetchall()]
    if len(few) < MANY:
        return works.filter(pk__in=few)
    found = RawSQL(statement, parameters)
    return works.alias(walked=Walked(F("pk"), output_field=BigIntegerField())).filter(
        walked__in=found
    )


def _select(words: Sequence[str]) -> tuple[str, list[str]]:
    """The statement for the ids of all works with these words. They hold letters and digits alone,
    so quoting is safe.
    """
    if connection.vendor == "postgresql":
        query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
        return f"SELECT id FROM {TABLE} WHERE words @@ %s::tsquery", [query]
    query = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    return f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [query]


def _key() -> str:
    return "id" if connection.vendor == "postgresql" else "rowid"
