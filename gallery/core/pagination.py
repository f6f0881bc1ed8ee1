"""Keyset pagination: a page starts where the last one ended, so all pages cost the same.

There is no OFFSET and no COUNT.
"""

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet

from gallery.models import Artwork
from generation.refusal import Refused
from generation.words import word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_MICROSECONDS = 10**17  # The year 5138.
_DAMAGED = word("This page address is damaged. Start again from the first page.")


@dataclass(frozen=True)
class Page:
    """items: the rows. next_cursor: the cursor (`after`) of the next page, "" on the last page."""

    items: list[Any]
    next_cursor: str


def page(
    queryset: QuerySet[Artwork], *, after: str = "", size: int = 24, key: str = "published_at"
) -> Page:
    """One page of works, the highest first by (key, id); unpublished works are left out.

    key: published_at, or the name of a numeric column. after: `next_cursor` of the page before, ""
    for the first. Raises Refused for an invalid cursor, and for one of another kind of key.
    """
    rows = queryset.filter(published_at__isnull=False).order_by(f"-{key}", "-pk")
    if after:
        edge: datetime | float
        if key == "published_at":
            edge, pk = read_cursor(after)
        else:
            edge, pk = read_score_cursor(after)
            if isinstance(queryset.model._meta.get_field(key), IntegerField):
                edge = int(edge)  # PostgreSQL uses an index on integers only for integers.
        # The first condition is a plain range for which an index can be searched;
        # (a < x OR (a = x AND id < y)) alone would scan it.
        rows = rows.filter(Q(**{f"{key}__lte": edge}) & (Q(**{f"{key}__lt": edge}) | Q(pk__lt=pk)))
    items = list(rows[: size + 1])
    last = items[size - 1] if len(items) > size else None
    return Page(items[:size], cursor_of(last, key) if last else "")


def page_by_id(queryset: QuerySet[Any], *, after: str = "", size: int = 24) -> Page:
    """One page of any rows, the newest first by id; the cursor is the id of the last row.

    Raises Refused for an invalid cursor.
    """
    rows = queryset.order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=read_id(after))
    items = list(rows[: size + 1])
    return Page(items[:size], str(items[size - 1].pk) if len(items) > size else "")


def read_id(cursor: str) -> int:
    """The id in a cursor of `page_by_id`. Raises Refused for an invalid one."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refused(_DAMAGED)
    return int(cursor)


def cursor_of(row: Any, key: str) -> str:
    """The cursor that continues after this row of a list ordered by `key`."""
    value = getattr(row, key)
    return (
        write_cursor(value, row.pk) if key == "published_at" else write_score_cursor(value, row.pk)
    )


def write_score_cursor(score: float, pk: int) -> str:
    """The cursor of a row in a list ordered by a number, which it holds bit by bit."""
    return _pack(f"s{struct.pack('>d', score).hex()}.{pk}")


def read_score_cursor(cursor: str) -> tuple[float, int]:
    """The inverse of `write_score_cursor`. Raises Refused for anything else, NaN and infinity."""
    try:
        score, _, pk = _unpack(cursor).partition(".")
        (value,) = struct.unpack(">d", bytes.fromhex(score.removeprefix("s")))
        if (
            score[:1] != "s"
            or not math.isfinite(value)
            or abs(value) > 2**62
            or not pk.isdigit()
            or int(pk) >= 2**63
        ):
            raise ValueError(cursor)
        return value, int(pk)
    except (ValueError, struct.error, binascii.Error) as error:
        raise Refused(_DAMAGED) from error


def write_cursor(time: datetime, pk: int) -> str:
    """The cursor of a row in a list ordered by time: exact to the microsecond, and URL-safe."""
    return _pack(f"{(time - _EPOCH) // _MICROSECOND}.{pk}")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """The inverse of `write_cursor`. Raises Refused for anything else."""
    try:
        moment, _, pk = _unpack(cursor).partition(".")
        if (
            not moment.isdigit()
            or not pk.isdigit()
            or int(moment) > _MAX_MICROSECONDS
            or int(pk) >= 2**63
        ):
            raise ValueError(cursor)
        return _EPOCH + int(moment) * _MICROSECOND, int(pk)
    except (ValueError, binascii.Error) as error:
        raise Refused(_DAMAGED) from error


def _pack(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpack(cursor: str) -> str:
    if len(cursor) > 60:
        raise ValueError(cursor[:60])
    return base64.b64decode(
        cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True
    ).decode("ascii")
