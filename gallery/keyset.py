"""Keyset pages: a page begins where the last one ended, so page 2,000 costs what page 1 costs. Never OFFSET, never COUNT."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from generation.refusal import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 10**17  # Microseconds; the year 5138.


@dataclass(frozen=True)
class Page:
    """items: the rows of this page. next_cursor: give it as `after` for the next page; empty at the end."""

    items: list[Any]
    next_cursor: str


def page(queryset: QuerySet, *, after: str = "", size: int = 24) -> Page:
    """One page of a queryset of works, newest first by (published_at, id); works without a date are left out.

    after: the cursor of the page before, empty for the first. Raises Refused for a cursor that is none.
    """
    rows = queryset.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    if after:
        moment, pk = read_cursor(after)
        # The first condition is a plain range that an index can jump to; (a < x or (a = x and id < y)) alone would scan.
        rows = rows.filter(Q(published_at__lte=moment) & (Q(published_at__lt=moment) | Q(pk__lt=pk)))
    items = list(rows[: size + 1])
    last = items[size - 1] if len(items) > size else None
    return Page(items[:size], write_cursor(last.published_at, last.pk) if last else "")


def write_cursor(moment: datetime, pk: int) -> str:
    """The cursor of a row: short, exact to the microsecond, fit for an address."""
    return base64.urlsafe_b64encode(f"{(moment - _EPOCH) // _MICROSECOND}.{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, int]:
    """The inverse of `write_cursor`. Raises Refused for anything else."""
    try:
        if len(cursor) > 60:
            raise ValueError(cursor[:60])
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        moment, _, pk = text.partition(".")
        if not moment.isdigit() or not pk.isdigit() or int(moment) > _LONGEST or int(pk) >= 2**63:
            raise ValueError(text)
        return _EPOCH + int(moment) * _MICROSECOND, int(pk)
    except (ValueError, binascii.Error) as error:
        raise Refused("This address of a page is damaged. Begin again at the first page.") from error
