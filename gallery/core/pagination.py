"""Keyset pages: a page begins where the last one ended, so page 2,000 costs what page 1 costs.
Never OFFSET, never COUNT.
"""

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import IntegerField, Q, QuerySet

from generation.refusal import Refused
from generation.words import word

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 10**17  # Microseconds; the year 5138.
_DAMAGED = word("This page address is damaged. Start again from the first page.")


@dataclass(frozen=True)
class Page:
    """items: the rows of this page. next_cursor: give it as `after` for the next page; empty at the
    end.
    """

    items: list[Any]
    next_cursor: str


def page(queryset: QuerySet, *, after: str = "", size: int = 24, key: str = "published_at") -> Page:
    """One page of a queryset of works, the highest first by (key, id); works without a date are
    left out.

    key: published_at, or the name of a column of numbers. after: the cursor of the page before,
    empty for the first. Raises Refused for a cursor that is none, and for one of another key.
    """
    rows = queryset.filter(published_at__isnull=False).order_by(f"-{key}", "-pk")
    if after:
        edge, pk = read_cursor(after) if key == "published_at" else read_score_cursor(after)
        if isinstance(queryset.model._meta.get_field(key), IntegerField):
            edge = int(edge)  # PostgreSQL uses the index of whole numbers for whole numbers only.
        # The first condition is a plain range that an index can jump to; (a < x or (a = x and id <
        # y)) alone would scan.
        rows = rows.filter(Q(**{f"{key}__lte": edge}) & (Q(**{f"{key}__lt": edge}) | Q(pk__lt=pk)))
    items = list(rows[: size + 1])
    last = items[size - 1] if len(items) > size else None
    return Page(items[:size], cursor_of(last, key) if last else "")


def page_by_id(queryset: QuerySet, *, after: str = "", size: int = 24) -> Page:
    """One page of any rows, the newest first by id; the cursor is the last row's id. Raises Refused
    for any other.
    """
    rows = queryset.order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=read_id(after))
    items = list(rows[: size + 1])
    return Page(items[:size], str(items[size - 1].pk) if len(items) > size else "")


def read_id(cursor: str) -> int:
    """The id in a cursor of `page_by_id`. Raises Refused for anything else."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Refused(_DAMAGED)
    return int(cursor)


def cursor_of(work: Any, key: str) -> str:
    """The cursor after a row of a list in the order of `key`."""
    value = getattr(work, key)
    return (
        write_cursor(value, work.pk)
        if key == "published_at"
        else write_score_cursor(value, work.pk)
    )


def write_score_cursor(score: float, pk: int) -> str:
    """The cursor of a row of a list in the order of a number: the number bit for bit."""
    return _pack(f"s{struct.pack('>d', score).hex()}.{pk}")


def read_score_cursor(cursor: str) -> tuple[float, int]:
    """The inverse of `write_score_cursor`. Raises Refused for anything else, and for what is no
    number.
    """
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


def write_cursor(moment: datetime, pk: int) -> str:
    """The cursor of a row: short, exact to the microsecond, fit for an address."""
    return _pack(f"{(moment - _EPOCH) // _MICROSECOND}.{pk}")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """The inverse of `write_cursor`. Raises Refused for anything else."""
    try:
        moment, _, pk = _unpack(cursor).partition(".")
        if not moment.isdigit() or not pk.isdigit() or int(moment) > _LONGEST or int(pk) >= 2**63:
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
